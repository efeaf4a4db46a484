"""The fields about calling back, on the form of a customer and on that of an agent (IB-15, IB-24)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.rules.wishes import AnswerMode
from balie.tickets.calling import anydesk_in, phone_in, times_in
from balie.tickets.facts import Situation

MOST_TIMES = 30


class AnyChoices(forms.MultipleChoiceField):
    """Several values that are checked later: which of them can be had depends on the moment."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) < 30


class CallDetails(forms.Form):
    """Where and when to call. What the way of being helped does not ask for is left out of the cleaned data.

    The form that has it says how to be helped (`mode`), which line's hours count (`hours`), and the `situation`.
    """

    phone = forms.CharField(
        label=_("The number on which we reach you"),
        required=False,
        max_length=40,
        widget=forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    anydesk = forms.CharField(
        label=_("The AnyDesk address of that computer"),
        required=False,
        max_length=90,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    times = AnyChoices(label=_("When does it suit you?"), required=False)

    situation: Situation
    hours: str | None

    @property
    def mode(self) -> AnswerMode:
        """How to be helped, as it is filled in now; an answer on the site when that is nonsense."""
        found = self.data.get("answer_mode") if self.is_bound else self.initial.get("answer_mode")
        return next((each for each in AnswerMode if each.value == found), AnswerMode.SITE)

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if self.mode is AnswerMode.SITE or (not text and self.mode is AnswerMode.ANYDESK):
            return ""
        if not text:
            raise ValidationError(gettext("Give the number on which we can call you back."))
        return phone_in(text, country=self.situation.row.country)

    def clean_anydesk(self) -> str:
        text: str = self.cleaned_data["anydesk"]
        if self.mode is not AnswerMode.ANYDESK:
            return ""
        if not text:
            raise ValidationError(
                gettext("Give the AnyDesk address: it stands in the AnyDesk window on that computer.")
            )
        return anydesk_in(text)

    def clean_times(self) -> list[Any]:
        values = self.cleaned_data["times"][:MOST_TIMES]
        return [] if self.mode is AnswerMode.SITE else times_in(values, self.situation, self.hours)
