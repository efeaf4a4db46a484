"""All questions of the customer that this contact may see, open ones first (SW-19, IB-05, IB-18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.customers.access import viewer_of
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.portal.wording import STATES
from balie.rules import entitlement
from balie.rules.reasons import Reason
from balie.tickets.access import visible_tickets
from balie.tickets.facts import Situation
from balie.tickets.models import IS_OPEN, Ticket
from balie.tickets.queries import Row, rows

PAGE = 25
ENDED_BESIDE_OPEN = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list. `next`: the key below which it goes on, or `None`."""

    rows: list[Row]
    next: int | None


@dataclass(frozen=True, slots=True)
class SupportStatus:
    """The line of IB-18 with what is behind it. `look`: how the badge looks."""

    sentence: Reason
    reasons: tuple[Reason, ...]
    look: str


LOOKS = {
    entitlement.StatusKind.VALID: "green",
    entitlement.StatusKind.VALID_UNTIL: "green",
    entitlement.StatusKind.EXPIRED_ON: "yellow",
    entitlement.StatusKind.PAYMENT: "orange",
    entitlement.StatusKind.NONE: "secondary",
}


@customers_only
@require_safe
def my_tickets(request: CustomerVisit) -> HttpResponse:
    """The list. `show=ended` shows only what has ended; `before` goes on below a ticket's key."""
    show_ended = request.GET.get("show") == "ended"
    before = _key(request.GET.get("before", ""))
    tickets = visible_tickets(viewer_of(request.user)).order_by("-id")
    context: dict[str, Any]
    if show_ended:
        context = {"open": None, "ended": _part(tickets.exclude(IS_OPEN), before, PAGE)}
    else:
        ended = _part(tickets.exclude(IS_OPEN), None, ENDED_BESIDE_OPEN) if before is None else None
        context = {"open": _part(tickets.filter(IS_OPEN), before, PAGE), "ended": ended}
    context["states"] = STATES
    if request.htmx and before is not None:
        return render(request, "portal/my_tickets_more.html", context)
    status = support_status(request, situation_of(request))
    return render(request, "portal/my_tickets.html", {**context, "status": status, "before": before})


def support_status(request: CustomerVisit, situation: Situation) -> SupportStatus | None:
    """How the customer's support stands today (IB-18); `None` for a desk without plans."""
    customer = request.contact.customer
    if customer is None or not situation.desk.plans:
        return None
    found = entitlement.assess_plan(situation.facts(customer), situation.desk, at=situation.now)
    sentence = found.status.sentence()
    plan = situation.desk.plans.get(found.status.plan or "")
    named = replace(sentence, values={**sentence.values, "plan": plan.name if plan else ""})
    return SupportStatus(named, found.reasons, LOOKS[found.status.kind])


def _part(tickets: QuerySet[Ticket], before: int | None, limit: int) -> Part:
    """The newest `limit` below a key; one more is read to know whether it goes on."""
    if before is not None:
        tickets = tickets.filter(id__lt=before)
    found = rows(tickets[: limit + 1])
    return Part(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
