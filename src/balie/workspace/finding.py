"""Finding tickets and customers: by number, name, phone number and words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from balie.tickets import queries
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.listing import Listing


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


def _the_number(text: str, found: queries.Found) -> int | None:
    """The ticket whose number was entered, and nothing else."""
    numbers = [row.number for row in found.tickets]
    return numbers[0] if len(numbers) == 1 and text.lstrip("#") == str(numbers[0]) else None
