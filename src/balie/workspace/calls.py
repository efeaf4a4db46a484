"""The log of calls, and the page of one: what happened, what was decided and why, and its ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from balie.customers.numbers import to_e164
from balie.phone import handling, queries
from balie.phone.models import Call, CallState
from balie.rules.call_progress import Kind
from balie.tickets import access
from balie.tickets.models import Ticket
from balie.web.forms import Styled
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import LARGEST_KEY
from balie.workspace.telephone import Card, after, card_of

PAGE = 50
LONGEST_SEARCH = 40
SHOWN_ELSEWHERE = 5
"""Calls on the page of a ticket or a customer."""
MOST_EVENTS = 200
ON_THE_PAGE = "page_%s"
"""How fields on the page of a call are called: the pop-up may have the same form."""

STATE_LOOKS = {
    CallState.RINGING: ("yellow", "bell-ringing"),
    CallState.TALKING: ("green", "phone-call"),
    CallState.ENDED: ("secondary", "phone"),
    CallState.MISSED: ("red", "phone-off"),
    CallState.VOICEMAIL: ("orange", "phone-incoming"),
    CallState.HELPED_ON: ("azure", "info-circle"),
}
HAPPENED = {
    Kind.RINGING: gettext_lazy("It rang"),
    Kind.ANSWERED: gettext_lazy("It was answered"),
    Kind.TRANSFERRED: gettext_lazy("It was put through"),
    Kind.VOICEMAIL: gettext_lazy("It went to the voicemail"),
    Kind.MISSED: gettext_lazy("It was missed"),
    Kind.ENDED: gettext_lazy("It ended"),
}
DECIDED = {
    "forward": gettext_lazy("put through"),
    "menu": gettext_lazy("asked what it is about"),
    "announce": gettext_lazy("heard an announcement"),
    "refuse": gettext_lazy("refused"),
}


class Link(Styled):
    """Which ticket a call is about; none takes it off."""

    ticket = forms.IntegerField(
        label=gettext_lazy("Number of the ticket"), required=False, min_value=1, max_value=LARGEST_KEY
    )


@agents_only
@require_safe
def calls(request: AgentRequest) -> HttpResponse:
    """The log, the newest on top: of everybody, mine, missed or today's; of one number with `q`."""
    tab = request.GET.get("tab", "all")
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    only = _only(request, tab) | _of_number(text, request.desk.country)
    found = queries.log(only=only, before=_place(request.GET.get("before", "")), rows=PAGE)
    rows = found[:PAGE]
    context = words() | {
        "rows": rows,
        "tab": tab,
        "tabs": {"all": _("All"), "mine": _("Mine"), "missed": _("Missed"), "today": _("Today")},
        "text": text,
        "next_place": f"{rows[-1].began_at.isoformat()}/{rows[-1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "workspace/calls.html", context)


def words() -> dict[str, Any]:
    """What rows of calls are shown with."""
    return {"state_looks": STATE_LOOKS, "talked": talked}


def talked(call: Call) -> str:
    """`3:05`, how long a call was talked in."""
    if call.answered_at is None or call.ended_at is None:
        return ""
    minutes, seconds = divmod(int((call.ended_at - call.answered_at).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def _only(request: AgentRequest, tab: str) -> dict[str, Any]:
    midnight = timezone.localtime(request.now).replace(hour=0, minute=0, second=0, microsecond=0)
    lookups: dict[str, dict[str, Any]] = {
        "mine": {"handled_by": request.user},
        "missed": {"state": CallState.MISSED},
        "today": {"began_at__gte": midnight},
    }
    return lookups.get(tab, {})


def _of_number(text: str, country: str) -> dict[str, Any]:
    """The whole number as people write it; else the numbers that begin so."""
    if not text:
        return {}
    if number := to_e164(text, country=country):
        return {"caller": number}
    digits = "".join(each for each in text if each.isdigit() and each.isascii())
    return {"caller__startswith": f"+{digits}"} if digits else {"pk__in": []}


def _place(text: str) -> queries.Key | None:
    at, _slash, key = text.partition("/")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        return None
    return (moment, int(key)) if moment.tzinfo else None


@agents_only
@require_safe
def call(request: AgentRequest, key: int) -> HttpResponse:
    """One call."""
    return page(request, _call(key))


def page(request: AgentRequest, found: Call, *, card: Card | None = None, status: int = 200) -> HttpResponse:
    """The page of a call, with the form of what was done as it was filled in."""
    situation = situation_of(request)
    asks = found.answered_at is not None and found.ended_at is not None and found.wrapped_up_at is None
    mine = found.handled_by_id in {None, request.user.pk}
    context = words() | {
        "call": found,
        "card": card
        or (after(found, situation, auto_id=ON_THE_PAGE) if asks and mine else card_of(found, situation)),
        "events": found.events.order_by("at", "pk")[:MOST_EVENTS],
        "happened": HAPPENED,
        "decided": DECIDED.get(found.action, ""),
        "reasons": found.route.get("reasons", []),
        "link": Link(),
        "listens": ["phone"],
    }
    return render(request, "workspace/call.html", context, status=status)


def _call(key: int) -> Call:
    shown = Call.objects.select_related(
        "exchange", "line", "topic", "contact", "ticket", "extension", "handled_by"
    )
    return get_object_or_404(shown, pk=key)


@agents_only
@require_POST
def call_link(request: AgentRequest, key: int) -> HttpResponse:
    """Tie a call to a ticket, or to none; with the way back."""
    form = Link(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the number of a ticket."))
        return redirect("call", key)
    number = form.cleaned_data["ticket"]
    ticket = access.ticket_for(request.user, number) if number else None
    _call_now, before = handling.link(key, ticket, by=request.user, now=request.now)
    if before != ticket:
        _offer_back(request, key, ticket, before)
    return redirect("call", key)


def _offer_back(request: AgentRequest, key: int, ticket: Ticket | None, before: Ticket | None) -> None:
    done = (
        _("The call is tied to ticket #%(number)s.") % {"number": ticket.number}
        if ticket
        else _("The call is tied to no ticket any more.")
    )
    fields = {"ticket": str(before.number) if before else ""}
    undo.offer(request, reverse("call_link", args=[key]), done, _("Undo"), fields)


def calls_of(lookup: dict[str, Any]) -> list[Call]:
    """The newest calls of a ticket or a customer, one more than are shown."""
    return queries.log(only=lookup, rows=SHOWN_ELSEWHERE)


def times(count: int) -> str:
    """`3 times`."""
    return ngettext("%(num)s time", "%(num)s times", count) % {"num": count}
