"""Callers whom nobody answered, and who are to be phoned back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balie.customers.numbers import validate_e164

E164 = r"^\+[1-9][0-9]{6,14}$"


class Outcome(models.TextChoices):
    """How a missed caller was helped."""

    REACHED = "reached", _("reached")
    DEALT_WITH = "dealt_with", _("dealt with")


class MissedCaller(models.Model):
    """Somebody who phoned in vain, from the first of those calls until they were reached: once a number.

    `is_owed`: a customer that may phone registered the number, so the desk phones back. `last_call` is the newest of
    the calls; `times` is how many there were. `claimed_by` phones them back.
    """

    caller = models.CharField(_("number"), max_length=16, validators=[validate_e164])
    is_owed = models.BooleanField(_("to be phoned back"), default=False)
    first_at = models.DateTimeField(_("phoned first at"))
    last_at = models.DateTimeField(_("phoned last at"))
    times = models.PositiveIntegerField(_("how often"), default=1)
    last_call = models.ForeignKey(
        "phone.Call",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("newest call"),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who phones back"),
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("missed caller")
        verbose_name_plural = _("missed callers")
        ordering = ["-is_owed", "first_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["caller"], condition=Q(closed_at=None), name="missed_caller_open_once"
            ),
            models.CheckConstraint(condition=Q(caller__regex=E164), name="missed_caller_e164"),
            models.CheckConstraint(condition=Q(times__gte=1), name="missed_caller_phoned"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="missed_caller_last_after_first"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False, outcome__in=Outcome.values),
                name="missed_caller_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_owed", "first_at", "id"], condition=Q(closed_at=None), name="missed_caller_open"
            ),
        ]

    def __str__(self) -> str:
        return self.caller
