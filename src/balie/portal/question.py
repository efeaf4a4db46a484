"""The form of a new question."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.portal.letters import Letter
from balie.portal.reaching import anydesk_in, phone_in, times_in
from balie.portal.topics import active_topics, keys_of
from balie.portal.visitors import CustomerVisit, situation_of
from balie.rules.wishes import AnswerMode
from balie.tickets.models import Category, Draft

LONGEST_SUBJECT = 200
MOST_TIMES = 30


class AnyChoices(forms.MultipleChoiceField):
    """Several values that are checked later: which of them can be had depends on the moment."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) < 30


class Question(Letter):
    """A new question. `urgent` and how to be helped are fields of the terms, which know what can be had."""

    topic = forms.CharField(label=_("What is it about?"))
    subject = forms.CharField(label=_("Your question in one line"), max_length=LONGEST_SUBJECT)
    answer_mode = forms.CharField(required=False)
    billing_mode = forms.CharField(required=False)
    urgent = forms.BooleanField(required=False)
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
    seen = forms.CharField(required=False)

    field_order = ("topic", "subject", "text", "files")
    kept_fields: ClassVar = (
        "topic",
        "subject",
        "text",
        "answer_mode",
        "billing_mode",
        "urgent",
        "phone",
        "anydesk",
        "times",
    )

    def __init__(
        self,
        request: CustomerVisit,
        *,
        bound: bool,
        draft: Draft | None = None,
        initial: dict[str, Any] | None = None,
        hours: str | None = None,
    ) -> None:
        super().__init__(request, bound=bound, draft=draft, initial=initial)
        self._country, self._hours, self._situation = request.desk.country, hours, situation_of(request)

    @cached_property
    def topics(self) -> list[Category]:
        """What it can be about."""
        return active_topics()

    @property
    def picked(self) -> dict[str, Any]:
        """What is filled in now, valid or not: `picked["times"]` is a list."""
        names = ("topic", "answer_mode", "billing_mode", "urgent", "times")
        return {name: self[name].value() or ("" if name != "times" else []) for name in names}

    @property
    def mode(self) -> AnswerMode:
        found = self.data.get("answer_mode") if self.is_bound else self.initial.get("answer_mode")
        return next((each for each in AnswerMode if each.value == found), AnswerMode.SITE)

    def without_errors(self) -> Question:
        """The same form, of which nobody said yet that it is complete."""
        self._errors = forms.utils.ErrorDict()
        return self

    def clean_topic(self) -> str:
        topic: str = self.cleaned_data["topic"]
        if topic not in keys_of(self.topics):
            raise ValidationError(gettext("This topic cannot be chosen. Choose another one."))
        return topic

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if self.mode is AnswerMode.SITE or (not text and self.mode is AnswerMode.ANYDESK):
            return ""
        if not text:
            raise ValidationError(gettext("Give the number on which we can call you back."))
        return phone_in(text, country=self._country)

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
        return [] if self.mode is AnswerMode.SITE else times_in(values, self._situation, self._hours)
