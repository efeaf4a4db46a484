"""Mail as it came in and as it goes out: stored first, worked on after."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Customer
from balie.tickets.models import Message, Ticket


class InboundState(models.TextChoices):
    STORED = "stored", _("stored, waiting its turn")
    DONE = "done", _("done")
    QUARANTINED = "quarantined", _("in quarantine")
    WAITING = "waiting", _("waits for an agent")
    SPAM = "spam", _("spam")
    DROPPED = "dropped", _("dropped")


ASIDE = (InboundState.WAITING.value, InboundState.SPAM.value)
"""Worked on, and neither a ticket nor done: an agent may still let it through."""


class Way(models.TextChoices):
    """How a message came in."""

    PIPE = "pipe", _("the pipe of a mail server")
    LMTP = "lmtp", "LMTP"
    IMAP = "imap", _("a mailbox")
    FILE = "file", _("a file of an administrator")


class InboundOutcome(models.TextChoices):
    """What became of a message."""

    NEW_TICKET = "new_ticket", _("a new ticket")
    FOLLOW_UP = "follow_up", _("a message on its ticket")
    POINTER = "pointer", _("a new ticket, with a note about another")
    LINKED = "linked", _("a new ticket that follows an old one")
    AUTOMATIC = "automatic", _("automatic mail, filed")
    BOUNCE = "bounce", _("undeliverable mail, filed")
    PORTAL = "portal", _("answered with the way to the portal")
    DUPLICATE = "duplicate", _("received before")
    OWN = "own", _("our own mail")
    STRANGER = "stranger", _("from a sender whom nobody knows")
    FORGED = "forged", _("from a sender who may be forged")
    SPAM = "spam", _("spam")
    NOT_OURS = "not_ours", _("not for us")
    ROLE = "role", _("a new ticket for the administrators")


class InboundMail(models.Model):
    """One raw message, kept before anything else is done with it.

    `digest` is the SHA-256 of what was received, so the same mail offered twice is one row. `fingerprint` is the same
    for one message by whatever way it came, and set once it has been worked on. `client`: the server that sent it, as
    the mail server in front told: `address`, `helo` and `sender` (of the envelope). `meant_for`: to which of the desk's
    addresses it was sent; its ticket is answered from there. `released_by`: who let it through
    that waited or was spam; `released_to`: at which customer its sender was placed.
    """

    received_at = models.DateTimeField(_("received at"))
    way = models.CharField(
        _("came by"), max_length=8, choices=Way.choices, default=Way.PIPE, db_default=Way.PIPE.value
    )
    mailbox = models.ForeignKey(
        "mail.Mailbox",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mailbox"),
    )
    file = models.ForeignKey(
        "mail.MailFile",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("file"),
    )
    client = models.JSONField(
        _("server that sent it"), default=dict, db_default=Value({}, models.JSONField()), editable=False
    )
    digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    raw = models.BinaryField(_("raw message"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    state = models.CharField(
        _("state"), max_length=12, choices=InboundState.choices, default=InboundState.STORED
    )
    message_id_header = models.TextField(_("Message-ID"), blank=True)
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=40, choices=InboundOutcome.choices, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    error = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, editable=False)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ticket")
    )
    message = models.OneToOneField(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inbound_mail",
        verbose_name=_("message"),
    )
    meant_for = models.CharField(
        _("desk address"), max_length=320, blank=True, editable=False, db_default="", default=""
    )
    processed_at = models.DateTimeField(_("processed at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("let through by"),
    )
    released_to = models.ForeignKey(
        Customer,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("placed at"),
    )

    class Meta:
        verbose_name = _("mail that came in")
        verbose_name_plural = _("mail that came in")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InboundState.values), name="inbound_state_known"),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="inbound_fingerprint_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="stored"), name="inbound_waiting"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="stored", released_by__isnull=False),
                name="inbound_released",
            ),
            models.Index(fields=["id"], condition=Q(state="quarantined"), name="inbound_quarantined"),
            models.Index(fields=["state", "id"], condition=Q(state__in=ASIDE), name="inbound_aside"),
            models.Index(fields=["sender", "-id"], condition=~Q(sender=""), name="inbound_of_sender"),
            models.Index(
                fields=["message_id_header"], condition=~Q(message_id_header=""), name="inbound_message_id"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id_header or str(self.pk)


class OutboundState(models.TextChoices):
    QUEUED = "queued", _("on its way")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not delivered")
    KEPT = "kept", _("stays in the mail folder")


class OutboundKind(models.TextChoices):
    CONFIRMATION = "confirmation", _("confirmation")
    STATUS = "status", _("change of state")
    REPLY = "reply", _("answer")
    CLOSING = "closing", _("warning before closing")
    POINTER = "pointer", _("way to the portal")
    QUOTA = "quota", _("over the quota")
    ACCOUNT = "account", _("account")
    PHONE_NUMBER = "phone_number", _("phone number")
    VIDEO = "video", _("back-up video")
    CALL_PLANNED = "call_planned", _("planned call")
    CALL_GIVEN_UP = "call_given_up", _("could not be reached")
    URGENT = "urgent", _("made urgent by us")
    NOT_URGENT = "not_urgent", _("urgency taken back by us")


class MailText(models.Model):
    """The desk's own words for one kind of mail in one language; without a row the standard text holds.

    What it was before is on the record.
    """

    kind = models.CharField(_("kind"), max_length=20)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="mail_text_once"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="mail_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class OutboundMail(models.Model):
    """One message to one person.

    `message_id_header` is made once and never changes, so that a second attempt is recognisable. A queued one is
    delivered from `next_attempt_at` on, again if need be; the others wait for nothing. `trouble` is a
    `rules.delivery.Trouble`: of the newest attempt, or of the report that came back later.
    """

    created_at = models.DateTimeField(_("created at"))
    kind = models.CharField(_("kind"), max_length=14, choices=OutboundKind.choices)
    message_id_header = models.CharField(_("Message-ID"), max_length=255, unique=True)
    sender = models.CharField(_("from"), max_length=320)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("formatted text"), blank=True)
    headers = models.JSONField(_("other headers"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=OutboundState.choices, default=OutboundState.QUEUED
    )
    brings_files = models.BooleanField(_("brings the files of the message"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    error = models.TextField(_("what the server said"), blank=True)
    trouble = models.CharField(_("what it means"), max_length=20, blank=True, db_default="", default="")
    failed_at = models.DateTimeField(_("not delivered since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="outbound_mails",
        verbose_name=_("ticket"),
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="outbound_mails",
        verbose_name=_("message"),
    )

    class Meta:
        verbose_name = _("mail that goes out")
        verbose_name_plural = _("mail that goes out")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OutboundState.values), name="outbound_state_known"),
            models.CheckConstraint(condition=Q(kind__in=OutboundKind.values), name="outbound_kind_known"),
            models.CheckConstraint(
                condition=Q(state="queued", next_attempt_at__isnull=False)
                | (~Q(state="queued") & Q(next_attempt_at__isnull=True)),
                name="outbound_queued_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="outbound_waiting"),
            models.Index(fields=["id"], condition=Q(state="failed"), name="outbound_failed"),
            models.Index(fields=["recipient", "created_at"], name="outbound_of_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"


class AddressMark(models.Model):
    """What came back from an address: for good (`undeliverable_since`), or for now (`soft_bounces` in a row).

    The row goes when a mail comes from the address, or when an agent has looked into it.
    """

    email = models.EmailField(_("e-mail address"))
    undeliverable_since = models.DateTimeField(_("undeliverable since"), null=True, blank=True)
    soft_bounces = models.PositiveSmallIntegerField(_("times it came back for now"), default=0)
    trouble = models.CharField(_("what it means"), max_length=20)
    words = models.TextField(_("what the server said"), blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("address that mail comes back from")
        verbose_name_plural = _("addresses that mail comes back from")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="address_mark_once"),
            models.CheckConstraint(
                condition=Q(undeliverable_since__isnull=False) | Q(soft_bounces__gt=0),
                name="address_mark_says_something",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class SigningKey(models.Model):
    """A key that signs what leaves for one domain (DKIM). `private_key` is sealed (`desk.sealing`).

    It signs from when it is `is_active`: first its record must be in the DNS.
    """

    domain = models.CharField(_("domain"), max_length=253)
    selector = models.SlugField(_("selector"), max_length=63)
    public_key = models.TextField(_("public key"))
    private_key = models.TextField(editable=False)
    is_active = models.BooleanField(_("signs"), default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("key that signs mail")
        verbose_name_plural = _("keys that sign mail")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "selector"], name="signing_key_once"),
            models.UniqueConstraint(
                fields=["domain"], condition=Q(is_active=True), name="signing_key_one_signs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


# They name the tables above.
from balie.mail.seal_models import KnownKey as KnownKey  # noqa: E402
from balie.mail.seal_models import MessageSeal as MessageSeal  # noqa: E402
from balie.mail.seal_models import Verdict as Verdict  # noqa: E402
from balie.mail.sorting_models import DeskAddress as DeskAddress  # noqa: E402
from balie.mail.sorting_models import MailSettings as MailSettings  # noqa: E402
from balie.mail.sorting_models import MailStep as MailStep  # noqa: E402
from balie.mail.sorting_models import Step as Step  # noqa: E402
from balie.mail.ways_in.models import Alarm as Alarm  # noqa: E402
from balie.mail.ways_in.models import Fetched as Fetched  # noqa: E402
from balie.mail.ways_in.models import Mailbox as Mailbox  # noqa: E402
from balie.mail.ways_in.models import MailFile as MailFile  # noqa: E402
