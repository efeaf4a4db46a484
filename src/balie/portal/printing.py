"""A question with its whole conversation, for paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.portal.money import as_far_as_seen
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.portal.wording import STATES
from balie.rules.promises import says_normally
from balie.tickets import clocks
from balie.tickets.access import public_messages, ticket_for


@customers_only
@require_safe
def print_ticket(request: CustomerVisit, number: int) -> HttpResponse:
    """Everything that the customer may read of it, nothing folded away; never an internal note."""
    ticket = ticket_for(request.user, number)
    decision = clocks.decision_of(ticket)
    context = {
        "ticket": ticket,
        "is_normally": says_normally(decision.plan, situation_of(request).desk),
        "reasons": as_far_as_seen(decision.reasons, request.contact),
        "conversation": public_messages(ticket),
        "states": STATES,
    }
    return render(request, "portal/print.html", context)
