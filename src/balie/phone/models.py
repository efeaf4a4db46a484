"""Exchanges, the telephones of agents, and calls as their events tell them (decision 0029)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Contact, Customer
from balie.customers.numbers import validate_e164
from balie.desk.models import Line
from balie.phone.dial_models import DialKind, DialOrder, DialState
from balie.phone.missed_models import MissedCaller
from balie.phone.prompt_models import PromptText
from balie.rules.routing import Action, Announcement
from balie.tickets.models import Category, Ticket

__all__ = [
    "E164",
    "LONGEST_NAME",
    "OPEN_CALL_STATES",
    "SUPPOSED",
    "Call",
    "CallEvent",
    "CallState",
    "CalledNumber",
    "DialKind",
    "DialOrder",
    "DialState",
    "Direction",
    "Exchange",
    "Extension",
    "MissedCaller",
    "PromptText",
    "QueuePlace",
]

E164 = r"^\+[1-9][0-9]{6,14}$"
LONGEST_NAME = 200
"""Of an identity that an exchange gives to a call or an event."""
SUPPOSED = "balie-supposes-"
"""How the name of an event begins that no exchange told: `actions.end_forgotten` supposes that a call is over."""
SILENT_AFTER = timedelta(days=1)
NEW_NUMBERS_AT_ONCE = 3000
"""A store of numbers that an exchange may ask about for the first time (`limits`): 50 calls a second for a minute."""


class Exchange(models.Model):
    """A telephone exchange that may ask and tell; it proves who it is by a token of which only the digest is kept."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField(_("may ask"), default=True)
    dial_kind = models.CharField(
        _("dialling from a page"), max_length=8, choices=DialKind.choices, default=DialKind.TEL
    )
    dial_url = models.URLField(_("address for dialling"), blank=True)
    dial_user = models.CharField(_("user for dialling"), max_length=80, blank=True)
    sealed_dial_secret = models.TextField(blank=True, editable=False)
    dial_context = models.CharField(
        _("domain or context"),
        max_length=80,
        blank=True,
        help_text=_(
            "With Kamailio the SIP domain of the telephones, else that of the address. With Asterisk the context of "
            "the dialplan from which a telephone dials, else “default”."
        ),
    )
    made_at = models.DateTimeField(_("made at"), editable=False)
    last_heard_at = models.DateTimeField(_("last heard at"), null=True, blank=True, editable=False)
    new_numbers_left = models.FloatField(default=NEW_NUMBERS_AT_ONCE, editable=False)
    new_numbers_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("telephone exchange")
        verbose_name_plural = _("telephone exchanges")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dial_kind__in=DialKind.values), name="exchange_dial_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(dial_kind=DialKind.TEL) | ~Q(dial_url=""), name="exchange_dials_at_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dials(self) -> bool:
        """Whether it can be asked to make a call."""
        return self.is_active and self.dial_kind != DialKind.TEL

    def is_silent(self, *, now: datetime) -> bool:
        """Whether it was not heard for a day: its token, the network or the exchange itself may be the cause."""
        return now - (self.last_heard_at or self.made_at) > SILENT_AFTER


class CalledNumber(models.Model):
    """A number of the desk as an exchange names it, and the line behind it."""

    number = models.CharField(_("number called"), max_length=80, unique=True)
    line = models.ForeignKey(
        Line, on_delete=models.CASCADE, related_name="called_numbers", verbose_name=_("line")
    )

    class Meta:
        verbose_name = _("number of the desk")
        verbose_name_plural = _("numbers of the desk")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Extension(models.Model):
    """A telephone at the desk: what the exchange rings (`201`, `sip:anna@pbx.example`), and whose it is.

    `takes_calls`: its agent is there for the queue now; it can be rung directly all the same.
    """

    number = models.CharField(_("extension"), max_length=80, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("agent"),
    )
    takes_calls = models.BooleanField(_("takes calls now"), default=True)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class QueuePlace(models.Model):
    """A telephone that rings for a line. Equal positions ring together, lower ones first."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="queue", verbose_name=_("line"))
    extension = models.ForeignKey(
        Extension, on_delete=models.CASCADE, related_name="places", verbose_name=_("extension")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("place in a queue")
        verbose_name_plural = _("places in queues")
        ordering = ["line", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "extension"], name="queue_place_once_a_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.extension}"


class Direction(models.TextChoices):
    """Who phones whom."""

    IN = "in", _("in")
    OUT = "out", _("out")


class CallState(models.TextChoices):
    """How a call stands, by `rules.call_progress`."""

    RINGING = "ringing", _("ringing")
    TALKING = "talking", _("talking")
    ENDED = "ended", _("ended")
    MISSED = "missed", _("missed")
    VOICEMAIL = "voicemail", _("voicemail")
    HELPED_ON = "helped_on", _("heard an announcement")


OPEN_CALL_STATES = (CallState.RINGING.value, CallState.TALKING.value)


class Call(models.Model):
    """A call that an exchange told of.

    `caller` is the other side in E.164, empty when it hid its number or gave none; `caller_text` is what the network
    gave, cut to 200. `customers` registered that number at the moment of the call. `route` is the decision as JSON:
    action, target, announcement, reasons (for agents). `state` to `ended_at` are computed from the events.
    """

    exchange = models.ForeignKey(
        Exchange, on_delete=models.PROTECT, related_name="calls", verbose_name=_("exchange")
    )
    name = models.CharField(_("name at the exchange"), max_length=LONGEST_NAME)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.IN
    )
    caller = models.CharField(_("number"), max_length=16, blank=True, validators=[validate_e164])
    caller_text = models.CharField(_("as the network gave it"), max_length=LONGEST_NAME, blank=True)
    is_withheld = models.BooleanField(_("hides its number"), default=False)
    called = models.CharField(_("number called"), max_length=LONGEST_NAME, blank=True)
    line = models.ForeignKey(
        Line, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls", verbose_name=_("line")
    )
    topic = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("topic"),
    )
    action = models.CharField(
        _("decided"), max_length=10, blank=True, choices=[(each.value, each.value) for each in Action]
    )
    announcement = models.CharField(
        _("heard"), max_length=20, blank=True, choices=[(each.value, each.value) for each in Announcement]
    )
    route = models.JSONField(_("decision"), encoder=DjangoJSONEncoder, default=dict, blank=True)
    customers = models.ManyToManyField(
        Customer, related_name="calls", blank=True, verbose_name=_("customers")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("contact"),
    )
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("ticket"),
    )
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.RINGING)
    began_at = models.DateTimeField(_("began at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    extension = models.ForeignKey(
        Extension,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("extension"),
        help_text=_("The telephone that has the call, or had it last."),
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("agent"),
        help_text=_("Whose telephone it was at the time."),
    )
    wrapped_up_at = models.DateTimeField(_("wrapped up at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "name"], name="call_once_an_exchange"),
            models.CheckConstraint(condition=Q(caller="") | Q(caller__regex=E164), name="call_caller_e164"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="call_direction_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="call_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_CALL_STATES, ended_at=None)
                | (~Q(state__in=OPEN_CALL_STATES) & Q(ended_at__isnull=False)),
                name="call_open_or_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["began_at"], condition=Q(state__in=OPEN_CALL_STATES), name="call_open"),
            models.Index(fields=["-began_at", "-id"], name="call_log"),
            models.Index(fields=["caller", "-began_at"], condition=~Q(caller=""), name="call_of_caller"),
            models.Index(fields=["ticket"], condition=Q(ticket__isnull=False), name="call_of_ticket"),
            models.Index(
                fields=["handled_by", "-began_at", "-id"],
                condition=Q(handled_by__isnull=False),
                name="call_of_agent",
            ),
            models.Index(
                fields=["-began_at", "-id"], condition=Q(state=CallState.MISSED), name="call_missed"
            ),
        ]

    def __str__(self) -> str:
        return self.caller or self.caller_text or self.name


class CallEvent(models.Model):
    """Something that happened to a call, kept as it was told. The same `name` of an exchange is kept once."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events", verbose_name=_("call"))
    exchange = models.ForeignKey(
        Exchange, on_delete=models.PROTECT, related_name="+", verbose_name=_("exchange")
    )
    name = models.CharField(_("name at the exchange"), max_length=LONGEST_NAME)
    kind = models.CharField(_("what happened"), max_length=12)
    at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("heard at"))
    extension = models.CharField(_("extension"), max_length=80, blank=True)
    data = models.JSONField(_("told with it"), default=dict, blank=True)

    class Meta:
        verbose_name = _("call event")
        verbose_name_plural = _("call events")
        ordering = ["call", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "name"], name="call_event_once_an_exchange"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_supposed(self) -> bool:
        """Whether no exchange told it."""
        return self.name.startswith(SUPPOSED)
