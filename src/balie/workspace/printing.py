"""A ticket with its whole conversation, for paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.rules.lifecycle import State
from balie.tickets import access, clocks, wording
from balie.tickets.reading import call_request_of
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.wording import PRICES


@agents_only
@require_safe
def print_ticket(request: AgentRequest, number: int) -> HttpResponse:
    """Nothing folded away. Internal notes only when asked for (`?notes=1`): paper is given away."""
    ticket = access.ticket_for(request.user, number)
    decision = clocks.decision_of(ticket)
    messages = access.messages_for(request.user, ticket)
    with_notes = request.GET.get("notes") == "1"
    context = {
        "ticket": ticket,
        "state_label": wording.STATES[State(ticket.state)],
        "decision": decision,
        "price": PRICES[decision.price] if decision.price else "",
        "call": call_request_of(ticket),
        "with_notes": with_notes,
        "conversation": messages if with_notes else messages.filter(is_internal=False),
    }
    return render(request, "workspace/print.html", context)
