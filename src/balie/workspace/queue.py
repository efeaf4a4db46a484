"""The queue: what to do next, in the order of `tickets.models.QUEUE_RANK`."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from balie.tickets import queries
from balie.tickets.queries import COUNTED, PAGE, Place, Tab
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.listing import Listing

MOST_ROWS = 500
"""What a screen that has asked for more pages may ask again in one go, when something changed."""


@dataclass(frozen=True, slots=True)
class TabLink:
    """One tab with how many tickets it has, as far as anybody wants to know."""

    tab: Tab
    label: str
    count: str


@agents_only
def queue(request: AgentRequest) -> HttpResponse:
    """The whole page; for HTMX the list with its tabs, or the next rows of it (`after`)."""
    tab = _tab(request.GET.get("tab", ""))
    after = Place.read(request.GET.get("after", ""))
    limit = _limit(request.GET.get("rows", ""))
    found = queries.queue(tab, request.user, after=after, limit=limit + 1)
    rows = found[:limit]
    context = {
        "tab": tab,
        "listing": Listing.of(rows, now=request.now),
        "next_place": str(Place.after(rows[-1])) if len(found) > limit else None,
        "is_beginning": after is None,
    }
    if request.htmx and after is not None:
        response = render(request, "workspace/queue_rows.html", context)
    else:
        context["tabs"] = _tabs(request)
        context["listens"] = ["queue"]
        page = "workspace/queue_list.html" if request.htmx else "workspace/queue.html"
        response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _tab(text: str) -> Tab:
    try:
        return Tab(text)
    except ValueError:
        return Tab.TO_DO


def _limit(text: str) -> int:
    return (
        min(max(int(text), PAGE), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 6 else PAGE
    )


def _tabs(request: AgentRequest) -> list[TabLink]:
    labels = {
        Tab.TO_DO: _("To do"),
        Tab.MINE: _("Mine"),
        Tab.UNASSIGNED: _("Unassigned"),
        Tab.WAITING: _("Waiting"),
        Tab.ALL: _("All open"),
    }
    counts = queries.counts(request.user)
    return [TabLink(tab, labels[tab], capped(counts[tab])) for tab in Tab]


def capped(count: int) -> str:
    """`999+` from a thousand on: nobody counts further."""
    return str(count) if count < COUNTED else f"{COUNTED - 1}+"
