"""The desk as rows: what a preset filled in and an administrator may change."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from balie.rules.desk import LineKind, Window
from balie.rules.hours_notation import UnreadableHours, format_windows, parse_windows


def validate_hours(text: str) -> None:
    """Refuse a text that is no opening hours, in the words of the rule."""
    try:
        parse_windows(text)
    except UnreadableHours as refusal:
        raise ValidationError(refusal.reason.render(gettext), code="hours") from refusal


if TYPE_CHECKING:
    _TextField = models.CharField[str, str]
else:
    _TextField = models.CharField


class HoursField(_TextField):
    """The windows of one day as `09:00-12:00, 13:00-17:00`; empty is closed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.validators.append(validate_hours)

    def clean(self, value: object, model_instance: models.Model | None) -> str:
        return format_windows(parse_windows(super().clean(value, model_instance)))


class InTwoLanguages(models.Model):
    """Something with a Dutch and an English name."""

    name_nl = models.CharField(_("Dutch name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "nl").startswith("en") else self.name_nl


class MailIn(models.TextChoices):
    TICKET = "ticket", _("a mail becomes a ticket")
    POINTER = "pointer", _("a mail is answered with the way to the portal")


class Notification(models.TextChoices):
    """What the mail about an answer holds (IB-15)."""

    ANSWER = "answer", _("the whole answer and a link")
    LINK = "link", _("only the link")


class PhoneUse(models.TextChoices):
    """Who may phone on a line (SW-03, SW-04, IB-03)."""

    NOBODY = "", _("nobody")
    URGENT_INCIDENTS = "urgent_incidents", _("urgent incidents")
    TILL_INCIDENTS = "till_incidents", _("till incidents")
    RECOGNISED_CALLERS = "recognised_callers", _("recognised callers with a phone contract")


class Desk(models.Model):
    """The one desk of this installation: who it is, and the single values of its rules.

    `revision` is new whenever anything changes that a decision may depend on (this row, lines, hours, plans,
    products, contract types): triggers see to it. What was read under one revision may be remembered.
    """

    key = models.SlugField(_("preset"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=60, help_text=_("For instance Europe/Amsterdam."))
    country = models.CharField(_("country of the holidays"), max_length=2, default="NL")
    region = models.CharField(_("region of the holidays"), max_length=3, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    mail_address = models.EmailField(_("mail address of the desk"), blank=True)
    website = models.URLField(_("website"), blank=True)
    is_demo = models.BooleanField(_("demo desk"), default=False, editable=False)

    default_plan = models.SlugField(_("plan of a customer without any other"), blank=True)
    counts_with_support_contract = models.SlugField(_("hours that count with a support contract"), blank=True)
    counts_without_support_contract = models.SlugField(
        _("hours that count without a support contract"), blank=True
    )
    free_plan_lapses_after_months = models.PositiveSmallIntegerField(
        _("months without paid support after which a free plan lapses"), null=True, blank=True
    )
    tickets_per_month = models.PositiveSmallIntegerField(
        _("tickets a month on a free plan"), null=True, blank=True
    )
    reactions_per_ticket = models.PositiveSmallIntegerField(
        _("reactions a ticket on a free plan"), null=True, blank=True
    )
    warn_before_minutes = models.PositiveSmallIntegerField(
        _("working minutes before a deadline at which the desk is warned"), default=60
    )
    closes_after_silent_days = models.PositiveSmallIntegerField(
        _("silent days after which an answered ticket closes"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    warns_before_closing_days = models.PositiveSmallIntegerField(
        _("days before closing at which the customer is warned"), default=3
    )
    reopens_within_days = models.PositiveSmallIntegerField(
        _("days after closing in which a reply re-opens the ticket"), default=60
    )
    mail_in = models.CharField(
        _("mail that comes in"), max_length=10, choices=MailIn.choices, default=MailIn.TICKET
    )
    notification = models.CharField(
        _("mail about an answer holds"),
        max_length=10,
        choices=Notification.choices,
        default=Notification.ANSWER,
    )
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds in which a sent answer can be taken back"),
        default=10,
        validators=[MaxValueValidator(120)],
        help_text=_("The customer sees nothing of it before. With 0 an answer leaves at once."),
    )
    call_back_minutes = models.PositiveSmallIntegerField(
        _("minutes for which a call-back is planned"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    call_back_reminder_minutes = models.PositiveSmallIntegerField(
        _("minutes before a call-back at which its owner is reminded"),
        default=10,
        validators=[MaxValueValidator(240)],
        help_text=_("With 0 nobody is reminded before it; that it is overdue is always told."),
    )
    call_back_attempts = models.PositiveSmallIntegerField(
        _("failed attempts after which the customer gets a mail"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    offers_other_urgent = models.BooleanField(_("“other urgent” may be phoned too"), default=True)
    offers_chat = models.BooleanField(_("has a chat"), default=False)
    accepts_when_maintained_elsewhere = models.BooleanField(
        _("first accepts a call-back when somebody else maintains the system"), default=True
    )
    hourly_rate = models.DecimalField(
        _("rate an hour where no rate zone says another (EUR)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    urgent_surcharge_percent = models.PositiveSmallIntegerField(
        _("surcharge of an urgent question, as a percentage of the rate"), null=True, blank=True
    )
    urgent_surcharge = models.DecimalField(
        _("surcharge of an urgent question, once (EUR)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    fair_use_months = models.PositiveSmallIntegerField(_("months of fair use"), default=12)
    fair_use_percent = models.PositiveSmallIntegerField(
        _("cost of support as a percentage of revenue at which the desk is warned"), default=50
    )
    agents_use_second_factor = models.BooleanField(_("agents must log in in two steps"), default=False)
    address_claim_waiting_hours = models.PositiveSmallIntegerField(
        _("hours before a claimed login takes effect"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("In this time everybody at the customer can stop it."),
    )
    how_to_pay_nl = models.TextField(
        _("how a customer pays beforehand, in Dutch"),
        max_length=1000,
        blank=True,
        help_text=_("Shown wherever work waits for a payment: to which account, and what to mention."),
    )
    how_to_pay_en = models.TextField(
        _("how a customer pays beforehand, in English"), max_length=1000, blank=True
    )
    example_keys = models.JSONField(default=list, editable=False)
    demo_logins = models.JSONField(default=list, editable=False)
    demo_progress = models.JSONField(default=dict, editable=False)

    revision = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desk")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="desk_one_row"),
            models.CheckConstraint(
                condition=models.Q(warns_before_closing_days__lt=models.F("closes_after_silent_days")),
                name="desk_warns_before_it_closes",
                violation_error_message=_("The warning must come before the closing."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def how_to_pay(self) -> str:
        """In the reader's language, else in the other; empty when the desk says nothing."""
        texts = (self.how_to_pay_nl, self.how_to_pay_en)
        first, second = reversed(texts) if (get_language() or "nl").startswith("en") else texts
        return first or second

    @property
    def demo_is_loading(self) -> bool:
        """Whether the tickets of the demo are still coming in: `demo_progress` has `done`, `total` and `begun_at`."""
        progress: dict[str, int] = self.demo_progress
        return progress.get("done", 0) < progress.get("total", 0)


class Line(InTwoLanguages):
    """A named set of opening hours: a telephone line, the helpdesk, a rate zone."""

    KINDS = [(LineKind.CHANNEL.value, _("line")), (LineKind.RATE_ZONE.value, _("rate zone"))]

    key = models.SlugField(_("key"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    phone_use = models.CharField(
        _("who may phone"), max_length=20, choices=PhoneUse.choices, default=PhoneUse.NOBODY, blank=True
    )
    rate_nl = models.CharField(_("Dutch name of the rate"), max_length=60, blank=True)
    rate_en = models.CharField(_("English name of the rate"), max_length=60, blank=True)
    hourly_rate = models.DecimalField(
        _("rate an hour (EUR)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines and rate zones")
        ordering = ["position", "key"]


class DayHours(models.Model):
    """What `WeekdayHours`, `HolidayHours` and `DatedHours` share: the windows of a day."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, verbose_name=_("line"))
    hours = HoursField(_("hours"), help_text=_("For instance 09:00-12:00, 13:00-17:00. Empty is closed."))

    class Meta:
        abstract = True

    @property
    def windows(self) -> tuple[Window, ...]:
        return parse_windows(self.hours)


class WeekdayHours(DayHours):
    """The hours of a weekday, 0 is Monday."""

    WEEKDAYS = [
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    ]

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)

    class Meta:
        verbose_name = _("hours of a weekday")
        verbose_name_plural = _("hours of the week")
        ordering = ["line", "weekday"]
        default_related_name = "weekdays"
        constraints = [
            models.UniqueConstraint(fields=["line", "weekday"], name="weekday_hours_once"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}: {self.hours or _('closed')}"


class HolidayHours(DayHours):
    """The hours that replace a day's when a holiday falls on it (SW-02)."""

    holiday = models.SlugField(_("holiday"), max_length=40)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["line", "holiday"]
        default_related_name = "holidays"
        constraints = [models.UniqueConstraint(fields=["line", "holiday"], name="holiday_hours_once")]

    def __str__(self) -> str:
        return f"{self.holiday}: {self.hours or _('closed')}"


class DatedHours(DayHours):
    """The hours that replace one day's: an exception."""

    on = models.DateField(_("day"))
    because = models.CharField(_("because"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["line", "on"]
        default_related_name = "exceptions"
        constraints = [models.UniqueConstraint(fields=["line", "on"], name="dated_hours_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.hours or _('closed')}"
