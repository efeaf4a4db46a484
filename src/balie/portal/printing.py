"""A question with its whole conversation, for paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.portal.money import as_far_as_seen
from balie.portal.visitors import CustomerVisit, customers_only
from balie.portal.wording import STATES
from balie.tickets import clocks
from balie.tickets.access import messages_for, ticket_for


@customers_only
@require_safe
def print_ticket(request: CustomerVisit, number: int) -> HttpResponse:
    """Everything that the customer may read of it, nothing folded away; never an internal note."""
    ticket = ticket_for(request.user, number)
    context = {
        "ticket": ticket,
        "reasons": as_far_as_seen(clocks.decision_of(ticket).reasons, request.contact),
        "conversation": messages_for(request.user, ticket),
        "states": STATES,
    }
    return render(request, "portal/print.html", context)
