"""Finding tickets and customers: by number, name, phone number and words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers

from balie.customers.models import Customer
from balie.tickets import queries
from balie.tickets.models import Ticket
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.listing import Listing
from balie.workspace.standing import standing_of


@agents_only
def find(request: AgentRequest) -> HttpResponse:
    """What a search finds; a ticket's number, entered, opens that ticket. While somebody types nothing jumps."""
    text = request.GET.get("q", "").replace("\0", "").strip()[: queries.LONGEST_SEARCH]
    found = queries.find(text)
    if not request.htmx and (number := _the_number(text, found)):
        return redirect("ticket", number)
    page = "workspace/found.html" if request.htmx else "workspace/find.html"
    context = {"text": text, "found": found, "listing": Listing.of(found.tickets, now=request.now)}
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@agents_only
def customer(request: AgentRequest, key: int) -> HttpResponse:
    """A customer as it stands, with its newest tickets."""
    customer = get_object_or_404(Customer, pk=key)
    tickets = queries.rows(Ticket.objects.filter(customer=customer).order_by("-id")[: queries.PAGE])
    context = {
        "standing": standing_of(customer, situation_of(request)),
        "listing": Listing.of(tickets, now=request.now),
    }
    return render(request, "workspace/customer.html", context)


def _the_number(text: str, found: queries.Found) -> int | None:
    """The ticket whose number was entered, and nothing else."""
    numbers = [row.number for row in found.tickets]
    return numbers[0] if len(numbers) == 1 and text.lstrip("#") == str(numbers[0]) else None
