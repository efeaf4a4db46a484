"""The form of a new question."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.portal.letters import Letter
from balie.portal.topics import can_be_chosen
from balie.portal.visitors import CustomerVisit, situation_of
from balie.tickets.call_form import CallDetails
from balie.tickets.models import Draft

LONGEST_SUBJECT = 200


class Question(CallDetails, Letter):
    """A new question. `urgent` and how to be helped are fields of the terms, which know what can be had."""

    topic = forms.CharField(label=_("What is it about?"))
    subject = forms.CharField(label=_("Your question in one line"), max_length=LONGEST_SUBJECT)
    answer_mode = forms.CharField(required=False)
    billing_mode = forms.CharField(required=False)
    urgent = forms.BooleanField(required=False)
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
        self.hours, self.situation = hours, situation_of(request)

    @property
    def picked(self) -> dict[str, Any]:
        """What is filled in now, valid or not: `picked["times"]` is a list."""
        names = ("topic", "answer_mode", "billing_mode", "urgent", "times")
        return {name: self[name].value() or ("" if name != "times" else []) for name in names}

    def without_errors(self) -> Question:
        """The same form, of which nobody said yet that it is complete; only a refused file is told at once."""
        kept = {name: found for name, found in self.errors.items() if name == "files"}
        self._errors = forms.utils.ErrorDict(kept)
        return self

    def clean_topic(self) -> str:
        topic: str = self.cleaned_data["topic"]
        if not can_be_chosen(topic, self.situation.row):
            raise ValidationError(gettext("This topic cannot be chosen. Choose another one."))
        return topic
