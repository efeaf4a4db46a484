"""What agents fill in about time worked and planned calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import Agent
from balie.rules.call_backs import Outcome, Span
from balie.tickets.calling import anydesk_in, phone_in
from balie.tickets.models import CallRequest, TimeEntry, TimeKind
from balie.tickets.models.call_backs import OUTCOMES
from balie.web.forms import Styled
from balie.workspace.forms import AgentChoice

LONGEST_NOTE = 500
MOST_MINUTES = 24 * 60 - 1
OWN_MOMENT = "own"


def _date(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _time(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


def owner_field() -> AgentChoice:
    return AgentChoice(
        Agent.objects.filter(is_active=True, user__is_active=True)
        .select_related("user", "team")
        .order_by("user__name", "user__email"),
        label=_("Who calls"),
        required=False,
        to_field_name="user_id",
        empty_label=_("nobody in particular"),
    )


class TimeForm(Styled):
    """Time worked. Without a stretch it ended just now, and began so many minutes before."""

    minutes = forms.IntegerField(
        label=_("Minutes worked"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    kind = forms.ChoiceField(label=_("What was it?"), choices=TimeKind.choices, initial=TimeKind.CALL)
    note = forms.CharField(label=_("What was done"), max_length=LONGEST_NOTE, required=False)
    on = _date(label=_("Day"), required=False)
    start = _time(label=_("From"), required=False)
    end = _time(label=_("Until"), required=False)
    is_visible = forms.BooleanField(label=_("The customer may see it"), required=False, initial=True)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, now: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.zone = now, ZoneInfo(zone)

    @classmethod
    def of(cls, entry: TimeEntry, *, now: datetime, zone: str) -> TimeForm:
        """The form of an entry that is corrected."""
        start, end = (each.astimezone(ZoneInfo(zone)) for each in (entry.started_at, entry.ended_at))
        initial = {
            "minutes": entry.minutes,
            "kind": entry.kind,
            "note": entry.note,
            "on": start.date(),
            "start": start.time(),
            "end": end.time(),
            "is_visible": entry.is_visible,
        }
        return cls(initial=initial, now=now, zone=zone)

    def clean(self) -> dict[str, Any]:
        """A stretch has both its ends; an end before the start is on the next day."""
        found: dict[str, Any] = super().clean() or {}
        on, start, end = found.get("on"), found.get("start"), found.get("end")
        if (start is None) != (end is None) or (on is not None and start is None):
            raise forms.ValidationError(_("Fill in both times, or none of them: then it ended just now."))
        minutes = found.get("minutes")
        if start is not None and end is not None:
            found["span"] = _span(on or self.now.astimezone(self.zone).date(), start, end, self.zone)
        elif minutes is not None:
            found["span"] = (self.now - timedelta(minutes=minutes), self.now)
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take; only of a valid form."""
        started_at, ended_at = self.cleaned_data["span"]
        return {
            "started_at": started_at,
            "ended_at": ended_at,
            "minutes": self.cleaned_data["minutes"],
            "note": self.cleaned_data["note"],
            "kind": TimeKind(self.cleaned_data["kind"]),
            "is_visible": self.cleaned_data["is_visible"],
        }


class MomentForm(Styled):
    """For when a call is planned: a moment that was offered, or one of one's own."""

    moment = forms.ChoiceField(label=_("When"), required=False)
    on = _date(label=_("Another day"), required=False)
    start = _time(label=_("From"), required=False)
    end = _time(label=_("Until"), required=False)
    agreed = forms.BooleanField(label=_("Agreed with the customer"), required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        choice = self.fields["moment"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*offered, (OWN_MOMENT, _("another moment, below"))]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        chosen = found.get("moment")
        on, start, end = (found.get(name) for name in ("on", "start", "end"))
        if chosen and chosen != OWN_MOMENT:
            found["span"] = span_in(chosen)
        elif on is not None and start is not None and end is not None:
            found["span"] = _span(on, start, end, self.zone)
        elif "moment" not in self.errors:
            raise forms.ValidationError(_("Choose a moment, or fill in a day and two times."))
        return found


class PlanForm(MomentForm):
    """A call that is planned: when, by whom, and where to."""

    phone = forms.CharField(
        label=_("Phone number"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    anydesk = forms.CharField(label=_("AnyDesk address"), required=False, max_length=100)
    owner = owner_field()
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ("moment", "on", "start", "end", "agreed", "phone", "anydesk", "owner", "submission")

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    @staticmethod
    def where(request: CallRequest | None, known: str) -> dict[str, str]:
        """What is filled in: where the customer asked to be called, else a number of it."""
        if request is None:
            return {"phone": known}
        return {"phone": request.phone_as_written, "anydesk": request.anydesk}

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        return phone_in(typed, country=self.country) if typed else ""

    def clean_anydesk(self) -> str:
        typed = self.cleaned_data["anydesk"].strip()
        return anydesk_in(typed) if typed else ""


class OwnerForm(Styled):
    """Who makes the call."""

    owner = owner_field()


class AttemptForm(Styled):
    """What came of an attempt, and when somebody was reached the minutes that it took."""

    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[(each.value, name) for each, name in OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes worked"),
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_(
            "They go to the ticket as a time entry. Leave it empty when there is nothing to write down."
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def what(self) -> Outcome:
        """Only of a valid form."""
        return Outcome(self.cleaned_data["outcome"])


class Reason(Styled):
    """Why a call is not made."""

    because = forms.CharField(label=_("Why"), max_length=200, required=False)


def value_of(span: Span) -> str:
    """A moment as a form carries it."""
    return f"{int(span[0].timestamp())}-{int(span[1].timestamp())}"


def span_in(value: str) -> Span:
    """A moment as a form carried it."""
    start, end = (datetime.fromtimestamp(int(each), ZoneInfo("UTC")) for each in value.split("-"))
    return start, end


def _span(on: date, start: time, end: time, zone: ZoneInfo) -> Span:
    """In the desk's zone; an end before the start is on the next day."""
    until = on + timedelta(days=1) if end < start else on
    return datetime.combine(on, start, zone), datetime.combine(until, end, zone)
