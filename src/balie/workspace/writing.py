"""Writing on a ticket: an answer to the customer, a note for colleagues. What was typed is never lost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from balie.rules.lifecycle import Move
from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.tickets.models import HeldAnswer, Ticket
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import Note, Reply
from balie.workspace.ticket import page, trouble


@agents_only
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """Answer the customer, for a moment to be taken back; refused when somebody wrote what this agent has not seen."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return redirect("ticket", number)
    form = Reply.sent(request, prefix="reply", back=actions.taken_back(ticket, request.user))
    if not form.is_valid():
        return _again(request, ticket, form)
    try:
        sent = actions.hold(
            ticket,
            writing=form.writing(),
            by=request.user,
            seen=form.cleaned_data["seen"],
            move=form.chosen_move,
            situation=situation_of(request),
            again=form.sent_anew,
            keeps=form.cleaned_data["keeps"],
        )
    except Refusal as refusal:
        return _again(request, access.ticket_for(request.user, number), form, refusal)
    if isinstance(sent, HeldAnswer):
        return _written(request, ticket)  # the page shows it, with the way back
    if form.chosen_move is Move.SOLVE:
        undo.offer_reopening(request, ticket, _("Your answer is on its way and the ticket is solved."))
    else:
        messages.success(request, _("Your answer is on its way to %(who)s.") % {"who": ticket.contact})
    return _written(request, ticket)


@agents_only
def note(request: AgentRequest, number: int) -> HttpResponse:
    """Leave a note that the customer never sees."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return redirect("ticket", number)
    form = Note.sent(request, prefix="note")
    if not form.is_valid():
        return _again(request, ticket, form)
    try:
        actions.note(ticket, writing=form.writing(), by=request.user, situation=situation_of(request))
    except Refusal as refusal:
        return _again(request, ticket, form, refusal)
    messages.success(request, _("Your note is on the ticket."))
    return _written(request, ticket)


def _again(
    request: AgentRequest, ticket: Ticket, form: Reply | Note, refusal: Refusal | None = None
) -> HttpResponse:
    if request.htmx:
        return trouble(request, ticket, form, refusal)
    if isinstance(form, Reply):
        return page(request, ticket, reply=form, refusal=refusal, status=422)
    return page(request, ticket, note=form, refusal=refusal, status=422)


def _written(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    address = reverse("ticket", args=[ticket.number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
