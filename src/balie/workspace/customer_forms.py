"""What agents fill in on the page of a customer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from balie.web.forms import Styled

LONGEST_REASON = 200
MOST_MINUTES = 6000  # a hundred hours at once; more is a typing error


def _because(longest: int) -> forms.CharField:
    hint = _("For instance the invoice or the payment. It stays on the record.")
    return forms.CharField(label=_("Why"), max_length=longest, help_text=hint)


class Payment(Styled):
    """Prepaid minutes that come in. `submission` makes the same form sent twice one booking."""

    minutes_booked = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    because = _because(LONGEST_REASON - len("#1234567890: "))  # the number of the ticket stands before it
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class Booking(Payment):
    """Prepaid minutes that come in or go off."""

    IN, OUT = "in", "out"

    because = _because(LONGEST_REASON)
    direction = forms.ChoiceField(
        label=_("In or out"), choices=[(IN, _("comes in")), (OUT, _("goes off"))], initial=IN
    )

    @property
    def minutes(self) -> int:
        """With its sign; only of a valid form."""
        booked: int = self.cleaned_data["minutes_booked"]
        return booked if self.cleaned_data["direction"] == self.IN else -booked


class RefusedNumber(Styled):
    """Why a phone number is not registered."""

    because = forms.CharField(label=_("Reason, for the customer to read"), max_length=300)


def _number(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=40, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )


def _label() -> forms.CharField:
    return forms.CharField(label=_("Where or whose is it?"), required=False, max_length=60)


class NewNumber(Styled):
    """A number that an agent registers at once."""

    number = _number(_("Phone number"))
    label = _label()


class NewRange(Styled):
    """The numbers of a company's exchange, from the first to the last."""

    first = _number(_("First number"))
    last = _number(_("Last number"))
    label = _label()


class NumberLabel(Styled):
    """Where or whose a number is."""

    label = _label()
