"""Calls that are planned for a ticket, and what came of each attempt (IB-15, IB-21, IB-24, SW-18)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balie.customers.numbers import as_people_write
from balie.rules.call_backs import Outcome, Standing
from balie.tickets.models.reaching import ANYDESK, E164
from balie.tickets.models.ticket import Ticket

STANDINGS = {
    Standing.PLANNED: _("is planned"),
    Standing.REACHED: _("reached"),
    Standing.GIVEN_UP: _("not reached"),
    Standing.CANCELLED: _("cancelled"),
}
OUTCOMES = {
    Outcome.REACHED: _("reached"),
    Outcome.NO_ANSWER: _("no answer"),
    Outcome.BUSY: _("busy"),
    Outcome.WRONG_NUMBER: _("wrong number"),
}


class CallBack(models.Model):
    """A planned call or AnyDesk session: always of a ticket (IB-21), to a number in E.164, an AnyDesk address, or both.

    `owner` makes the call; without one it is anybody's. `reminded_at` and `overdue_told_at`: when the owner was told.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="call_backs", verbose_name=_("ticket")
    )
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    anydesk = models.CharField(_("AnyDesk address"), max_length=81, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="call_backs",
        verbose_name=_("who calls"),
    )
    planned_from = models.DateTimeField(_("planned from"))
    planned_until = models.DateTimeField(_("planned until"))
    standing = models.CharField(
        _("standing"),
        max_length=10,
        choices=[(each.value, name) for each, name in STANDINGS.items()],
        default=Standing.PLANNED.value,
    )
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("planned call")
        verbose_name_plural = _("planned calls")
        ordering = ["planned_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(anydesk=""), name="call_back_reaches"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=E164), name="call_back_e164"),
            models.CheckConstraint(
                condition=Q(anydesk="") | Q(anydesk__regex=ANYDESK), name="call_back_anydesk"
            ),
            models.CheckConstraint(
                condition=Q(planned_from__lt=F("planned_until")), name="call_back_has_length"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[each.value for each in Standing]), name="call_back_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.PLANNED, ended_at=None)
                | (~Q(standing=Standing.PLANNED) & Q(ended_at__isnull=False)),
                name="call_back_planned_or_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "planned_from"], name="call_back_of_ticket"),
            models.Index(
                fields=["planned_from", "id"],
                condition=Q(standing=Standing.PLANNED),
                name="call_back_planned",
            ),
            models.Index(
                fields=["owner", "planned_from"],
                condition=Q(standing=Standing.PLANNED),
                name="call_back_planned_of_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone or self.anydesk}, {self.planned_from:%Y-%m-%d %H:%M}"

    @property
    def is_planned(self) -> bool:
        return self.standing == Standing.PLANNED

    @property
    def phone_as_written(self) -> str:
        """The number as people write it; empty when there is none."""
        return as_people_write(self.phone) if self.phone else ""


class CallAttempt(models.Model):
    """One attempt to reach the customer; written once."""

    call_back = models.ForeignKey(
        CallBack, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("planned call")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who called")
    )
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=[(each.value, name) for each, name in OUTCOMES.items()]
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[each.value for each in Outcome]), name="call_attempt_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"
