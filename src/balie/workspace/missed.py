"""Who phoned in vain: phoned back by one click, or dealt with (IB-21, SW-18)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers.numbers import as_people_write
from balie.phone import dialling, missed
from balie.phone.missed_models import MissedCaller
from balie.rules.refusals import Refusal
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.calls import times

SHOWN = 100


@agents_only
@require_safe
def missed_calls(request: AgentRequest) -> HttpResponse:
    """Everybody who is still to be phoned back; for HTMX the list alone."""
    waiting = list(missed.waiting()[:SHOWN])
    context: dict[str, Any] = {
        "waiting": waiting,
        "forgotten": {each.pk for each in waiting if missed.is_forgotten(each, now=request.now)},
        "planned": missed.planned_for(waiting),
        "times": times,
        "listens": ["phone"],
        "dials": dialling.exchange_that_dials() is not None,
    }
    page = "workspace/missed_list.html" if request.htmx else "workspace/missed.html"
    return render(request, page, context)


@agents_only
@require_POST
def missed_claim(request: AgentRequest, key: int) -> HttpResponse:
    """Phone somebody back: claimed, and dialled where an exchange does that. A refusal is said on the list."""
    try:
        caller = missed.claim(key, by=request.user, situation=situation_of(request))
        if dialling.exchange_that_dials() is not None:
            dialling.order(caller.caller, by=request.user, country=request.desk.country, now=request.now)
    except Refusal as refusal:
        said = " ".join(each.render(_) for each in (refusal.reason, *refusal.ways_forward))
        messages.error(request, said)
        return redirect("missed")
    messages.success(request, _("You phone %(number)s back.") % {"number": _written(request, caller)})
    return redirect("missed")


@agents_only
@require_POST
def missed_let_go(request: AgentRequest, key: int) -> HttpResponse:
    """Give a caller back to everybody."""
    caller = missed.let_go(key, by=request.user, now=request.now)
    said = _("%(number)s is everybody's again.") % {"number": _written(request, caller)}
    messages.success(request, said)
    return redirect("missed")


@agents_only
@require_POST
def missed_done(request: AgentRequest, key: int) -> HttpResponse:
    """Nobody has to phone back; with the way back."""
    caller = missed.deal_with(key, by=request.user, now=request.now)
    said = _("%(number)s is dealt with.") % {"number": _written(request, caller)}
    undo.offer(request, reverse("missed_undo", args=[key]), said, _("Undo"), {})
    return redirect("missed")


@agents_only
@require_POST
def missed_undo(request: AgentRequest, key: int) -> HttpResponse:
    """It was not dealt with after all."""
    try:
        caller = missed.bring_back(key, by=request.user, now=request.now)
    except Refusal as refusal:
        messages.warning(request, refusal.reason.render(_))
    else:
        said = _("%(number)s is on the list again.") % {"number": _written(request, caller)}
        messages.success(request, said)
    return redirect("missed")


def _written(request: AgentRequest, caller: MissedCaller) -> str:
    return as_people_write(caller.caller, country=request.desk.country)
