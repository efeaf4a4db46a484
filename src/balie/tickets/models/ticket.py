"""Tickets: a question, its conversation, what happened to it, and the decision it was made under."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import Team
from balie.customers.models import Contact, Customer, Site
from balie.desk.models import InTwoLanguages
from balie.files.models import File
from balie.rules.lifecycle import ENDED, Initiative, State
from balie.rules.wishes import AnswerMode, BillingMode, Channel
from balie.tickets import wording


class CategoryKind(models.TextChoices):
    """What sort of work a question is; later issues bill and plan by it."""

    INCIDENT = "incident", _("incident")
    QUESTION = "question", _("question")
    CHANGE = "change", _("change")
    RESEARCH = "research", _("research")
    HARDWARE = "hardware", _("hardware")
    THIRD_PARTY = "third_party", _("third party")
    OTHER = "other", _("other")


class Category(InTwoLanguages):
    """A topic, in a tree. The incident types of SW-03 are those with `may_phone_in_office_hours`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=CategoryKind.choices, default=CategoryKind.QUESTION
    )
    place = models.CharField(_("place"), max_length=12, blank=True)
    may_phone_in_office_hours = models.BooleanField(_("may phone in office hours"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CategoryKind.values), name="category_kind_known"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="category_not_its_own_parent"),
        ]


class NextTicketNumber(Func):
    """The next number of the sequence `ticket_number`: never used twice, gaps are no harm."""

    template = "nextval('ticket_number')"
    output_field = models.BigIntegerField()


OPEN_STATES = tuple(state.value for state in State if state not in ENDED)
IS_OPEN = Q(state__in=OPEN_STATES)

QUEUE_RANK = Case(
    When(urgent=True, then=Value(0)), When(due_at__isnull=False, then=Value(1)), default=Value(2)
)
QUEUE_AT = Case(
    When(urgent=True, then=F("opened_at")),
    When(due_at__isnull=False, then=F("due_at")),
    default=F("opened_at"),
)


class Ticket(models.Model):
    """A question or a problem of one contact.

    `decision` holds what was decided when it was opened (facts, wish, moment, outcome), so that a later contract
    change does not rewrite history. `due_at`, `warn_at` and `closes_at` follow from the events and are kept
    here so that the queue can be sorted and watched by index.
    """

    number = models.BigIntegerField(_("number"), unique=True, editable=False, db_default=NextTicketNumber())
    subject = models.CharField(_("subject"), max_length=200)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("contact")
    )
    people = models.ManyToManyField(
        Contact, related_name="followed_tickets", verbose_name=_("people on the ticket")
    )
    site = models.ForeignKey(
        Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("site")
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("category"),
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=wording.choices(wording.CHANNELS))
    answer_mode = models.CharField(
        _("answer"),
        max_length=10,
        choices=wording.choices(wording.ANSWER_MODES),
        default=AnswerMode.SITE.value,
    )
    billing_mode = models.CharField(
        _("billing"),
        max_length=10,
        choices=wording.choices(wording.BILLING_MODES),
        default=BillingMode.NONE.value,
    )
    urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(
        _("state"), max_length=20, choices=wording.choices(wording.STATES), default=State.NEW.value
    )
    initiative = models.CharField(
        _("initiative"),
        max_length=10,
        choices=wording.choices(wording.INITIATIVES),
        default=Initiative.DESK.value,
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assigned to"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )
    decision = models.JSONField(_("decision"), encoder=DjangoJSONEncoder)
    opened_at = models.DateTimeField(_("asked at"))
    changed_at = models.DateTimeField(_("changed at"))
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    warn_at = models.DateTimeField(_("warn at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    warn_closing_at = models.DateTimeField(_("warn before closing at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes by itself at"), null=True, blank=True)
    queue_rank = models.GeneratedField(
        expression=QUEUE_RANK, output_field=models.SmallIntegerField(), db_persist=True
    )
    queue_at = models.GeneratedField(
        expression=QUEUE_AT, output_field=models.DateTimeField(), db_persist=True
    )
    search = models.GeneratedField(
        expression=SearchVector("subject", config="dutch"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="ticket_state_known"
            ),
            models.CheckConstraint(
                condition=Q(initiative__in=[each.value for each in Initiative]),
                name="ticket_initiative_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]), name="ticket_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(answer_mode__in=[each.value for each in AnswerMode]),
                name="ticket_answer_mode_known",
            ),
            models.CheckConstraint(
                condition=Q(billing_mode__in=[each.value for each in BillingMode]),
                name="ticket_billing_mode_known",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="ticket_has_a_subject"),
        ]
        indexes = [
            models.Index(fields=["queue_rank", "queue_at", "id"], condition=IS_OPEN, name="ticket_queue"),
            models.Index(
                fields=["initiative", "queue_rank", "queue_at", "id"],
                condition=IS_OPEN,
                name="ticket_queue_initiative",
            ),
            models.Index(
                fields=["assigned_to", "queue_rank", "queue_at", "id"],
                condition=IS_OPEN,
                name="ticket_queue_assigned",
            ),
            models.Index(
                fields=["queue_rank", "queue_at", "id"],
                condition=IS_OPEN & Q(assigned_to=None, initiative=Initiative.DESK),
                name="ticket_queue_unassigned",
            ),
            models.Index(fields=["customer", "-id"], name="ticket_of_customer"),
            models.Index(fields=["closes_at"], condition=Q(closes_at__isnull=False), name="ticket_closing"),
            models.Index(
                fields=["warn_closing_at"],
                condition=Q(warn_closing_at__isnull=False),
                name="ticket_closing_warning",
            ),
            GinIndex(fields=["search"], name="ticket_search"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Message(models.Model):
    """One piece of the conversation: public, or an internal note that the customer never sees.

    `text` is what the person wrote, `quoted` what the mail repeated below it, `html` the sanitised HTML of a
    mail. Exactly one of agent, contact and nobody (Balie itself) wrote it.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages", verbose_name=_("ticket")
    )
    is_internal = models.BooleanField(_("internal note"), default=False)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    channel = models.CharField(_("channel"), max_length=10, choices=wording.choices(wording.CHANNELS))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    text = models.TextField(_("text"), blank=True)
    quoted = models.TextField(_("quoted text"), blank=True)
    html = models.TextField(_("formatted text"), blank=True)
    has_remote_images = models.BooleanField(_("has remote images"), default=False)
    written_at = models.DateTimeField(_("written at"))
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("text", config="dutch"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent__isnull=True) | Q(contact__isnull=True), name="message_one_author"
            ),
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(contact__isnull=True), name="message_note_is_ours"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="message_of_ticket"),
            GinIndex(fields=["search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def author_name(self) -> str:
        return str(self.agent or self.contact or "Balie")


class Attachment(models.Model):
    """A file with a message. `content_id` places a picture inside the HTML."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("message")
    )
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=120, default="application/octet-stream")
    content_id = models.CharField(max_length=200, blank=True)
    is_inline = models.BooleanField(_("shown in the text"), default=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class TicketEvent(models.Model):
    """Something that happened to a ticket; written once.

    `clocks` has the kinds of `rules.sla.EventKind` that it means, in order: the clocks are recomputed from these.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="events", verbose_name=_("ticket")
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=30)
    clocks = models.JSONField(_("what it means to the clocks"), default=list)
    who = models.CharField(_("who"), max_length=200, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
