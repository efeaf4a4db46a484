"""Moving a ticket: to another state, to another person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from balie.accounts.models import User
from balie.rules.lifecycle import Actor, Move
from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.tickets.models import Ticket
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import Assignment, Step
from balie.workspace.ticket import page
from balie.workspace.wording import BUTTONS


@agents_only
def move(request: AgentRequest, number: int) -> HttpResponse:
    """Make a move that the lifecycle allows; refused when somebody wrote what this agent has not seen."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return redirect("ticket", number)
    form = Step(request.POST)
    if not form.is_valid() or form.what not in BUTTONS:
        return _not_moved(request, ticket, form)
    button = BUTTONS[form.what]
    try:
        _make(request, ticket, form)
    except Refusal as refusal:
        ticket = access.ticket_for(request.user, number)
        because = form.cleaned_data["because"]
        return page(request, ticket, refusal=refusal, because=because, status=422)
    if button.can_hurt:
        undo.offer_reopening(request, ticket, str(button.done))
    else:
        messages.success(request, str(button.done))
    return redirect("ticket", number)


@agents_only
def assign(request: AgentRequest, number: int) -> HttpResponse:
    """Give the ticket to an agent, or back to everybody."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return redirect("ticket", number)
    form = Assignment(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person does not work here any more; the ticket stays where it was."))
        return redirect("ticket", number)
    before, chosen = ticket.assigned_to, form.cleaned_data["to"]
    to = chosen.user if chosen else None
    if to != before:
        actions.assign(ticket, to=to, by=request.user, situation=situation_of(request))
        undo.offer_assigning_back(request, ticket, _said(to, request.user), before=before)
    return redirect("ticket", number)


def _make(request: AgentRequest, ticket: Ticket, form: Step) -> None:
    """Accepting is more than a move: what must be paid first then waits for the payment (IB-19, IB-20)."""
    situation = situation_of(request)
    if form.what is Move.ACCEPT:
        actions.accept(ticket, by=request.user, situation=situation)
        return
    actions.move(
        ticket,
        form.what,
        actor=Actor.AGENT,
        by=request.user,
        situation=situation,
        because=form.cleaned_data["because"],
        seen=form.cleaned_data["seen"] if BUTTONS[form.what].can_hurt else None,
    )


def _said(to: User | None, by: User) -> str:
    if to is None:
        return _("The ticket is nobody's now.")
    return _("The ticket is yours now.") if to == by else _("The ticket is %(who)s's now.") % {"who": to}


def _not_moved(request: AgentRequest, ticket: Ticket, form: Step) -> HttpResponse:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return page(request, ticket, because=str(form.data.get("because", "")), status=422)
