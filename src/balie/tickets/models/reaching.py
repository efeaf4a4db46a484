"""How a customer is to be reached: the number and the times of a call-back, the address of AnyDesk (IB-15, IB-24)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balie.customers.numbers import as_people_write
from balie.tickets.models.ticket import Ticket

E164 = r"^\+[1-9][0-9]{6,14}$"
ANYDESK = r"^([0-9]{9,10}|[a-z0-9._-]{1,50}@[a-z0-9._-]{1,30})$"


class CallRequest(models.Model):
    """Where we call back, or with which computer we connect; at least one of the two.

    `phone` is in E.164. `anydesk` is an address of nine or ten digits, or an alias such as `till-2@bakery`.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, related_name="call_request", verbose_name=_("ticket")
    )
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    anydesk = models.CharField(_("AnyDesk address"), max_length=81, blank=True)

    class Meta:
        verbose_name = _("call-back request")
        verbose_name_plural = _("call-back requests")
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(anydesk=""), name="call_request_reaches"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=E164), name="call_request_e164"),
            models.CheckConstraint(
                condition=Q(anydesk="") | Q(anydesk__regex=ANYDESK), name="call_request_anydesk"
            ),
        ]

    def __str__(self) -> str:
        return self.phone or self.anydesk

    @property
    def phone_as_written(self) -> str:
        """The number as people write it; empty when there is none."""
        return as_people_write(self.phone) if self.phone else ""


class PreferredTime(models.Model):
    """A stretch of time in which a call suits the customer: a wish, not an appointment."""

    call_request = models.ForeignKey(
        CallRequest,
        on_delete=models.CASCADE,
        related_name="preferred_times",
        verbose_name=_("call-back request"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("preferred time")
        verbose_name_plural = _("preferred times")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["call_request", "starts_at"], name="preferred_time_once"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="preferred_time_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}-{self.ends_at:%H:%M}"
