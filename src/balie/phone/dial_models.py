"""Calls that an agent asks the exchange to make: click to dial."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

E164 = r"^\+[1-9][0-9]{6,14}$"


class DialKind(models.TextChoices):
    """How a number is dialled from a page."""

    TEL = "tel", _("by the agent's own device (tel:)")
    JSONRPC = "jsonrpc", _("Kamailio (jsonrpcs, dlg.bridge_dlg)")
    ARI = "ari", _("Asterisk (ARI)")


class DialState(models.TextChoices):
    """What became of it. That the other side answered is told by the call's own events."""

    ASKED = "asked", _("waits for the exchange")
    TRYING = "trying", _("the exchange is being asked")
    RINGING = "ringing", _("your telephone rings")
    FAILED = "failed", _("it did not work")


class DialOrder(models.Model):
    """One click: ring this telephone first, then the number. `trouble` is a reason as JSON, when it did not work."""

    exchange = models.ForeignKey("phone.Exchange", on_delete=models.CASCADE, related_name="dial_orders")
    extension = models.CharField(_("extension"), max_length=80)
    number = models.CharField(_("number"), max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=8, choices=DialState.choices, default=DialState.ASKED)
    trouble = models.JSONField(_("what went wrong"), encoder=DjangoJSONEncoder, null=True, blank=True)

    class Meta:
        verbose_name = _("order to dial")
        verbose_name_plural = _("orders to dial")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=E164), name="dial_order_e164"),
            models.CheckConstraint(condition=Q(state__in=DialState.values), name="dial_order_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.extension} > {self.number}"
