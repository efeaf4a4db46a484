"""All questions of the customer that this contact may see, open ones first (SW-19, IB-05, IB-18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from balie.customers.access import viewer_of
from balie.portal.listed import Listed, listed
from balie.portal.support import status_of
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.portal.wording import STATES
from balie.rules.desk import Desk
from balie.rules.visibility import Viewer
from balie.tickets.queries import LONGEST_SEARCH
from balie.tickets.searching import find_as

PAGE = 25
ENDED_BESIDE_OPEN = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list. `next`: the key below which it goes on, or `None`."""

    rows: list[Listed]
    next: int | None


@customers_only
@require_safe
def my_tickets(request: CustomerVisit) -> HttpResponse:
    """The list. `show=ended` shows only what has ended, `before` goes on below a ticket's key, `q` searches."""
    if text := request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]:
        return _found(request, text)
    show_ended = request.GET.get("show") == "ended"
    before = _key(request.GET.get("before", ""))
    viewer, situation = viewer_of(request.user), situation_of(request)
    desk = situation.desk
    context: dict[str, Any]
    if show_ended:
        context = {"open": None, "ended": _part(viewer, desk, is_open=False, limit=PAGE, before=before)}
    else:
        is_begin = before is None
        ended = _part(viewer, desk, is_open=False, limit=ENDED_BESIDE_OPEN) if is_begin else None
        context = {"open": _part(viewer, desk, is_open=True, limit=PAGE, before=before), "ended": ended}
    context["states"] = STATES
    if request.htmx and before is not None:
        return render(request, "portal/my_tickets_more.html", context)
    customer = request.contact.customer
    status = status_of(situation.facts(customer), situation) if customer is not None else None
    return render(request, "portal/my_tickets.html", {**context, "status": status, "before": before})


def _found(request: CustomerVisit, text: str) -> HttpResponse:
    """What a search finds among what this contact may see; a number, entered, opens that question."""
    found = find_as(viewer_of(request.user), text)
    if [str(row.number) for row in found] == [text.lstrip("#")]:
        return redirect("my_ticket", found[0].number)
    return render(request, "portal/my_tickets_found.html", {"text": text, "found": found, "states": STATES})


def _part(viewer: Viewer, desk: Desk, *, is_open: bool, limit: int, before: int | None = None) -> Part:
    """The newest `limit` below a key; one more is read to know whether it goes on."""
    found = listed(viewer, desk, is_open=is_open, limit=limit + 1, before=before)
    return Part(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
