"""Mailboxes and how they stand, files with mail that were handed in, and alarms about mail that does not come."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balie.desk import sealing

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Security(models.TextChoices):
    TLS = "tls", _("encrypted from the start (TLS)")
    STARTTLS = "starttls", _("encrypted after STARTTLS")
    NONE = "none", _("not encrypted (this very machine only)")


class Login(models.TextChoices):
    PASSWORD = "password", _("user name and password")
    OAUTH2 = "oauth2", _("OAuth2 (Microsoft 365, Gmail)")


class BeginsWith(models.TextChoices):
    """What of the messages that are there when Balie first looks into a folder is taken in."""

    UNSEEN = "unseen", _("what has not been read yet")
    ALL = "all", _("everything")
    NEW = "new", _("nothing: only what comes from then on")


class Mailbox(models.Model):
    """One folder of an IMAP account that is emptied into the desk.

    `last_uid` is the highest UID that is kept for good; it moves in the transaction that keeps the messages.
    `first_uid` is the UID that would have come next when Balie first looked: what lies below it is taken as
    `begins_with` says, what lies above it always. Both belong to `uid_validity` and begin anew with another one.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_on = models.BooleanField(_("is emptied"), default=True)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(
        _("encryption"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    user = models.CharField(_("user name"), max_length=320)
    login = models.CharField(_("login"), max_length=10, choices=Login.choices, default=Login.PASSWORD)
    sealed_password = models.TextField(blank=True, editable=False)
    token_url = models.URLField(_("token endpoint"), max_length=500, blank=True)
    client_id = models.CharField(_("client id"), max_length=200, blank=True)
    scope = models.CharField(_("scope"), max_length=500, blank=True)
    sealed_client_secret = models.TextField(blank=True, editable=False)
    sealed_refresh_token = models.TextField(blank=True, editable=False)

    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    processed_folder = models.CharField(
        _("folder for what was worked on"),
        max_length=200,
        blank=True,
        help_text=_("Empty: such mail stays where it is, marked as read."),
    )
    automatic_folder = models.CharField(_("folder for automatic mail"), max_length=200, blank=True)
    quarantine_folder = models.CharField(_("folder for what is in quarantine"), max_length=200, blank=True)
    begins_with = models.CharField(
        _("of what is there already, take"),
        max_length=10,
        choices=BeginsWith.choices,
        default=BeginsWith.UNSEEN,
    )
    poll_seconds = models.PositiveIntegerField(
        _("seconds between two looks"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(86_400)],
    )
    uses_idle = models.BooleanField(
        _("the server tells at once (IDLE)"),
        default=True,
        help_text=_("Used when the server can do it; it is looked at every so many seconds all the same."),
    )
    alarm_after_minutes = models.PositiveIntegerField(
        _("minutes out of reach before the alarm"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(10_080)],
    )
    address = models.EmailField(
        _("address of this mailbox"),
        blank=True,
        help_text=_("Also an address of the desk: what is written to it by another way is taken, too."),
    )
    category = models.ForeignKey(
        "tickets.Category",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic of what comes by it"),
    )

    uid_validity = models.BigIntegerField(null=True, editable=False)
    first_uid = models.BigIntegerField(default=0, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    looked_at = models.DateTimeField(_("last emptied"), null=True, editable=False)
    unreachable_since = models.DateTimeField(_("out of reach since"), null=True, editable=False)
    trouble = models.JSONField(_("what is wrong"), default=dict, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(security__in=Security.values) & Q(login__in=Login.values),
                name="mailbox_choices_known",
            ),
            models.CheckConstraint(
                condition=~Q(security=Security.NONE) | Q(host__in=LOOPBACK),
                name="mailbox_open_on_loopback_only",
                violation_error_message=_(
                    "Without encryption only a server on this very machine is spoken to."
                ),
            ),
            models.CheckConstraint(
                condition=Q(last_uid__gte=0) & Q(first_uid__gte=0), name="mailbox_uids_count_up"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def seal(self, *, password: str = "", client_secret: str = "", refresh_token: str = "") -> None:
        """Put secrets on the row, unreadable without the secret of this installation; an empty one changes nothing."""
        self.sealed_password = sealing.seal(password) if password else self.sealed_password
        self.sealed_client_secret = (
            sealing.seal(client_secret) if client_secret else self.sealed_client_secret
        )
        self.sealed_refresh_token = (
            sealing.seal(refresh_token) if refresh_token else self.sealed_refresh_token
        )


class Fetched(models.Model):
    """A message that is kept for good and still lies in its mailbox, until it is marked, or moved, by its result."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="fetched")
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    inbound = models.ForeignKey("mail.InboundMail", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="fetched_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.uid_validity}/{self.uid}"


class MailFile(models.Model):
    """A `.eml` or mbox that an administrator handed in, and how far it has been read."""

    name = models.CharField(_("file"), max_length=200)
    stored_as = models.CharField(max_length=80, blank=True, editable=False)
    size = models.BigIntegerField(_("size in bytes"))
    handed_in_at = models.DateTimeField(_("handed in at"))
    by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    read_bytes = models.BigIntegerField(default=0, editable=False)
    kept = models.PositiveIntegerField(_("new"), default=0, editable=False)
    known = models.PositiveIntegerField(_("known already"), default=0, editable=False)
    left_out = models.PositiveIntegerField(_("left out"), default=0, editable=False)
    trouble = models.JSONField(_("what is wrong"), default=dict, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    class Meta:
        verbose_name = _("file with mail")
        verbose_name_plural = _("files with mail")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_bytes__gte=0) & Q(read_bytes__lte=F("size")), name="mail_file_read_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """How far it is read, 0 to 100."""
        return int(100 * self.read_bytes / self.size) if self.size else 100


class AlarmKind(models.TextChoices):
    UNREACHABLE = "unreachable", _("a mailbox is out of reach")
    SILENCE = "silence", _("no mail comes in")


class Alarm(models.Model):
    """Something about the ways in that an administrator must know, from when it began until it was over.

    `reason` is a `Reason` as JSON. Each is mailed once.
    """

    kind = models.CharField(max_length=12, choices=AlarmKind.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, null=True, related_name="alarms")
    began_at = models.DateTimeField()
    reason = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AlarmKind.values), name="mail_alarm_kind_known"),
            models.UniqueConstraint(
                fields=["kind", "mailbox"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="mail_alarm_rings_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
