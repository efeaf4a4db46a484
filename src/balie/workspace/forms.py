"""What agents fill in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import Agent
from balie.rules.lifecycle import Move
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import wording
from balie.tickets.actions import SUBJECT_LENGTH, CallWish, Upload, Writing
from balie.tickets.call_form import CallDetails
from balie.tickets.calling import call_wish_in
from balie.tickets.facts import Situation
from balie.tickets.models import Category, HeldAnswer
from balie.web.forms import Styled
from balie.web.uploads import FilesField, safe_name, too_large

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfAgents = forms.ModelChoiceField[Agent]
    OneOfCategories = forms.ModelChoiceField[Category]
else:
    OneOfAgents = OneOfCategories = forms.ModelChoiceField

LONGEST_TEXT = 100_000
MOST_COPIES = 20
MOVES_OF_AN_ANSWER = (Move.ANSWER, Move.ASK_BACK, Move.SOLVE)
LARGEST_KEY = 2**63 - 1


class AgentChoice(OneOfAgents):
    """Colleagues, with their teams."""

    def label_from_instance(self, obj: Agent) -> str:
        return f"{obj.user} ({obj.team})" if obj.team else str(obj.user)


class CategoryChoice(OneOfCategories):
    """Topics by their name in the reader's language, the parts below the whole."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class AddressesField(forms.CharField):
    """Mail addresses with commas, semicolons or spaces between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2000, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "email"}

    def clean(self, value: Any) -> list[str]:
        """The addresses, in lower case; a wrong one is named."""
        found = list(dict.fromkeys(re.split(r"[\s,;]+", super().clean(value).lower().strip(" ,;"))))
        addresses = [each for each in found if each]
        for each in addresses:
            try:
                validate_email(each)
            except forms.ValidationError:
                raise forms.ValidationError(_("“%(address)s” is no mail address."), params={"address": each})
        if len(addresses) > MOST_COPIES:
            raise forms.ValidationError(_("At most %(count)s addresses."), params={"count": MOST_COPIES})
        return addresses


class Written(Styled):
    """A text with files, sent once: the same form with the same words is the same message.

    `submission` is made with the form. Words changed after the back button make another message, so that nobody
    is told "sent" about words that were not.
    """

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea({"rows": 7, "data-autogrow": True}),
    )
    attachments = FilesField(label=_("Files"), help_text=_("At most 25 MB together."))
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-draft"] = self.prefix or "new"

    @classmethod
    def sent(cls, request: HttpRequest, *, prefix: str | None = None, **knows: Any) -> Self:
        """The form as it came in, also when files too large to keep were left out on the way."""
        form = cls(request.POST, request.FILES, prefix=prefix, **knows)
        if getattr(request, "has_left_out_files", False):
            form.add_error("attachments", too_large())
        return form

    def writing(self) -> Writing:
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        uploads = tuple(
            Upload(
                name=safe_name(each.name or ""),
                content_type=each.content_type or "application/octet-stream",
                content=each.read(),
            )
            for each in self.cleaned_data["attachments"]
        )
        return Writing(text=text, uploads=uploads, submission=self._submission(text, uploads))

    def _submission(self, text: str, uploads: tuple[Upload, ...]) -> UUID:
        files = "".join(f"\0{each.name}\0{len(each.content)}" for each in uploads)
        form: UUID = self.cleaned_data["submission"]
        return uuid5(form, text + files)


class Reply(Written):
    """An answer to the customer. `seen`: the newest message that was on the agent's screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_KEY)
    move = forms.ChoiceField(choices=[(each.value, each.value) for each in MOVES_OF_AN_ANSWER])
    copies = AddressesField(label=_("Copy to"))
    blind_copies = AddressesField(label=_("Blind copy to"))
    again = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_KEY)
    keeps = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, back: HeldAnswer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Answer")
        self.back = back
        if back is not None:
            self.fields["keeps"].choices = [(each.pk, each.name) for each in back.files.all()]  # type: ignore[attr-defined]

    @property
    def sent_anew(self) -> HeldAnswer | None:
        """The answer that was taken back and is sent anew by this form."""
        return self.back if self.back and self.cleaned_data["again"] == self.back.pk else None

    def writing(self) -> Writing:
        return replace(
            super().writing(),
            copies=tuple(self.cleaned_data["copies"]),
            blind_copies=tuple(self.cleaned_data["blind_copies"]),
        )

    @property
    def chosen_move(self) -> Move:
        return Move(self.cleaned_data["move"])


class Note(Written):
    """A note for colleagues."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Note")
        self.fields["text"].widget.attrs["rows"] = 4


class Step(Styled):
    """A move of the ticket, with a reason where the customer is told no."""

    move = forms.ChoiceField(choices=[(each.value, each.value) for each in Move])
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY)
    because = forms.CharField(
        label=_("Reason, for the customer to read"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("move") == Move.DECLINE and not cleaned.get("because"):
            self.add_error("because", _("Tell the customer why: a request is declined with a reason."))
        return cleaned

    @property
    def what(self) -> Move:
        return Move(self.cleaned_data["move"])


class Assignment(Styled):
    """Whose ticket it is; empty is nobody's."""

    to = AgentChoice(
        Agent.objects.filter(is_active=True, user__is_active=True)
        .select_related("user", "team")
        .order_by("user__name", "user__email"),
        label=_("Assigned to"),
        required=False,
        to_field_name="user_id",
        empty_label=_("nobody"),
    )


class NewTicket(CallDetails, Written):
    """A question that a contact asked an agent, usually on the phone. `hours`: the line within which we call."""

    subject = forms.CharField(label=_("Subject"), required=False, max_length=SUBJECT_LENGTH)
    topic = CategoryChoice(
        Category.objects.filter(is_active=True).select_related("parent"),
        label=_("Topic"),
        required=False,
        to_field_name="key",
        empty_label="…",
    )
    channel = forms.ChoiceField(
        label=_("Asked through"), choices=wording.choices(wording.CHANNELS), initial=Channel.PHONE.value
    )
    answer_mode = forms.ChoiceField(
        label=_("How to answer"),
        choices=wording.choices(wording.ANSWER_MODES),
        initial=AnswerMode.SITE.value,
    )
    billing_mode = forms.ChoiceField(
        label=_("Payment"),
        choices=wording.choices(wording.BILLING_MODES),
        initial=BillingMode.NONE.value,
    )
    urgent = forms.BooleanField(label=_("Urgent: goes before everything else"), required=False)

    field_order = (
        "subject",
        "topic",
        "text",
        "attachments",
        "channel",
        "answer_mode",
        "billing_mode",
        "urgent",
        "phone",
        "anydesk",
        "times",
    )

    def __init__(self, *args: Any, situation: Situation, hours: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.situation, self.hours = situation, hours
        self.fields["text"].label = _("Question")
        self.fields["phone"].label = _("Number to call back")
        self.fields["phone"].widget.attrs |= {"list": "known-numbers", "autocomplete": "off"}
        self.fields["times"].label = _("When does it suit the customer?")

    @property
    def picked_times(self) -> list[str]:
        """The times that are ticked now, valid or not."""
        return self["times"].value() or []

    def call(self) -> CallWish | None:
        """Where and when to call; only of a valid form."""
        return call_wish_in(self.mode, self.cleaned_data)

    def wish(self) -> Wish:
        """What the contact wants, as far as it is filled in; also of a form that is not complete yet."""
        topic = self.cleaned_data.get("topic")
        return Wish(
            channel=Channel(self.cleaned_data.get("channel") or Channel.PHONE),
            topic=topic.key if topic else None,
            answer_mode=AnswerMode(self.cleaned_data.get("answer_mode") or AnswerMode.SITE),
            billing_mode=BillingMode(self.cleaned_data.get("billing_mode") or BillingMode.NONE),
            urgent=bool(self.cleaned_data.get("urgent")),
        )
