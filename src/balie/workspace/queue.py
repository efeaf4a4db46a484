"""The queue: what to do next, in the order of `tickets.models.QUEUE_RANK`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from balie.mail import queries as mail
from balie.tickets import queries
from balie.tickets.models import Ticket
from balie.tickets.queries import COUNTED, PAGE, Place, Row, Tab
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.listing import Listing

MOST_ROWS = 500
"""What a screen that has asked for more pages may ask again in one go, when something changed."""


class MailTab(StrEnum):
    """The part of the queue that follows from mail, open tickets or not."""

    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class TabLink:
    """One tab with how many tickets it has, as far as anybody wants to know."""

    tab: Tab | MailTab
    label: str
    count: str


@agents_only
def queue(request: AgentRequest) -> HttpResponse:
    """The whole page; for HTMX the list with its tabs, or the next rows of it (`after`)."""
    tab = _tab(request.GET.get("tab", ""))
    after = Place.read(request.GET.get("after", "")) if isinstance(tab, Tab) else None
    limit = _limit(request.GET.get("rows", "")) if isinstance(tab, Tab) else MOST_ROWS
    undelivered = mail.undelivered_tickets(now=request.now)
    if isinstance(tab, Tab):
        found = queries.queue(tab, request.user, after=after, limit=limit + 1)
    else:
        found = _in_order(undelivered[:limit])
    rows = found[:limit]
    context: dict[str, Any] = {
        "tab": tab,
        "listing": Listing.of(rows, now=request.now, undelivered=undelivered),
        "next_place": str(Place.after(rows[-1])) if len(found) > limit else None,
        "is_beginning": after is None,
    }
    if request.htmx and after is not None:
        response = render(request, "workspace/queue_rows.html", context)
    else:
        context["tabs"] = _tabs(request, tab, len(undelivered))
        context["listens"] = ["queue"]
        page = "workspace/queue_list.html" if request.htmx else "workspace/queue.html"
        response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _tab(text: str) -> Tab | MailTab:
    known: dict[str, Tab | MailTab] = {each.value: each for each in (*Tab, *MailTab)}
    return known.get(text, Tab.TO_DO)


def _in_order(keys: Sequence[int]) -> list[Row]:
    """The tickets with these keys, in their order; no query for none."""
    found = {row.id: row for row in queries.rows(Ticket.objects.filter(pk__in=keys))} if keys else {}
    return [found[key] for key in keys if key in found]


def _limit(text: str) -> int:
    return (
        min(max(int(text), PAGE), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 6 else PAGE
    )


def _tabs(request: AgentRequest, tab: Tab | MailTab, undelivered: int) -> list[TabLink]:
    """The parts, and what was not delivered as long as there is any."""
    labels = {
        Tab.TO_DO: _("To do"),
        Tab.MINE: _("Mine"),
        Tab.UNASSIGNED: _("Unassigned"),
        Tab.WAITING: _("Waiting"),
        Tab.ALL: _("All open"),
    }
    counts = queries.counts(request.user)
    links = [TabLink(each, labels[each], capped(counts[each])) for each in Tab]
    if undelivered or tab is MailTab.UNDELIVERED:
        links.append(TabLink(MailTab.UNDELIVERED, _("Undelivered"), capped(undelivered)))
    return links


def capped(count: int) -> str:
    """`999+` from a thousand on: nobody counts further."""
    return str(count) if count < COUNTED else f"{COUNTED - 1}+"
