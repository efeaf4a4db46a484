"""Time worked on a ticket: who, when, how many minutes; priced later, by rules (SW-12, IB-22, IB-29)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from balie.tickets.models.ticket import Ticket

MINUTE = Value(timedelta(minutes=1), output_field=DurationField())
_WHOLE_MINUTES_BEFORE_THE_LAST = ExpressionWrapper((F("minutes") - 1) * MINUTE, output_field=DurationField())


class TimeKind(models.TextChoices):
    """What was done in that time."""

    CALL = "call", _("phone call")
    ANYDESK = "anydesk", _("AnyDesk")
    WORK = "work", _("work")


class TimeEntry(models.Model):
    """Minutes that a person worked on a ticket, within a stretch of time.

    `minutes` may be fewer than passed (a pause), never more. The stretch is kept because a rate zone is a matter of
    hours. Every correction is on the record; an entry that was removed stays, with `removed_at`, and counts no longer.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="time_entries", verbose_name=_("ticket")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="time_entries",
        verbose_name=_("who worked"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=TimeKind.choices, default=TimeKind.WORK)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    minutes = models.PositiveSmallIntegerField(_("minutes worked"))
    note = models.CharField(_("what was done"), max_length=500, blank=True)
    is_visible = models.BooleanField(_("the customer may see it"), default=True)
    made_at = models.DateTimeField(_("written down at"))
    changed_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        ordering = ["started_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TimeKind.values), name="time_entry_kind_known"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="time_entry_has_minutes"),
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at"))
                & Q(ended_at__lt=F("started_at") + Value(timedelta(hours=24))),
                name="time_entry_shorter_than_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at") + _WHOLE_MINUTES_BEFORE_THE_LAST),
                name="time_entry_minutes_passed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__lte=F("made_at"))
                | Q(changed_at__isnull=False, ended_at__lte=F("changed_at")),
                name="time_entry_was_worked",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "started_at"], name="time_entry_of_ticket"),
            models.Index(fields=["person", "-started_at"], name="time_entry_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min, {self.started_at:%Y-%m-%d %H:%M}"


class Stopwatch(models.Model):
    """Work that is being done now. A person works on one ticket at a time."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="stopwatches", verbose_name=_("ticket")
    )
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="stopwatch",
        verbose_name=_("who works"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=TimeKind.choices, default=TimeKind.WORK)
    started_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("stopwatch")
        verbose_name_plural = _("stopwatches")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TimeKind.values), name="stopwatch_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.started_at:%H:%M}"
