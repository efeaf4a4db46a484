"""Reading calls: the log, what goes on now, the calls about a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from balie.customers.models import Customer
from balie.phone.actions.forgotten import LONGEST_CALL
from balie.phone.models import OPEN_CALL_STATES, Call
from balie.tickets.models import Ticket

LOG_ROWS = 50

Key = tuple[datetime, int]


def _with_everything() -> QuerySet[Call]:
    """Calls with all that a row shows, in two queries however many they are."""
    return Call.objects.select_related(
        "line", "topic", "contact", "ticket", "extension", "handled_by"
    ).prefetch_related(Prefetch("customers", Customer.objects.order_by("name")))


def log(
    *, only: Mapping[str, Any] | None = None, before: Key | None = None, rows: int = LOG_ROWS
) -> list[Call]:
    """The calls, the newest first, one more than `rows` when there are more.

    `only`: lookups that narrow it (`state`, `customers`, `handled_by`, `caller` …). `before`: `began_at` and key of the
    last row that was shown.
    """
    found = _with_everything().filter(**(only or {}))
    if before is not None:
        at, key = before
        found = found.filter(Q(began_at__lt=at) | Q(began_at=at, pk__lt=key))
    return list(found.order_by("-began_at", "-pk")[: rows + 1])


def open_calls(*, now: datetime) -> list[Call]:
    """The calls that ring or are talked in now, the one that began first on top."""
    found = _with_everything().filter(state__in=OPEN_CALL_STATES, began_at__gt=now - LONGEST_CALL)
    return list(found.order_by("began_at", "pk"))


def of_ticket(ticket: Ticket) -> list[Call]:
    """The calls about a ticket, the oldest first."""
    return list(_with_everything().filter(ticket=ticket).order_by("began_at", "pk"))
