"""Reading calls: the log, what goes on now, the wallboard, the calls about a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from balie.customers.models import Customer
from balie.phone.actions.forgotten import LONGEST_CALL
from balie.phone.models import OPEN_CALL_STATES, Call, CallState, Extension
from balie.rules.routing import Action
from balie.tickets.facts import Situation
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


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone, whose it is, and the call that it has."""

    extension: Extension
    call: Call | None


@dataclass(frozen=True, slots=True)
class Wallboard:
    """What goes on at this moment. `waiting`: put through and not answered yet, the longest first.

    `open_lines`: the keys of the telephone lines that are open now. `missed_today` counts since midnight at the desk.
    """

    waiting: tuple[Call, ...]
    talking: tuple[Call, ...]
    telephones: tuple[Telephone, ...]
    open_lines: tuple[str, ...]
    missed_today: int
    answered_today: int
    now: datetime

    @property
    def longest_wait(self) -> timedelta:
        return self.now - self.waiting[0].began_at if self.waiting else timedelta(0)


def wallboard(situation: Situation) -> Wallboard:
    """The wallboard at the moment of `situation`."""
    now = situation.now
    going_on = open_calls(now=now)
    talking = tuple(each for each in going_on if each.state == CallState.TALKING)
    waiting = tuple(
        each for each in going_on if each.state == CallState.RINGING and each.action in ("", Action.FORWARD)
    )
    at_telephone = {each.extension_id: each for each in talking}
    telephones = Extension.objects.select_related("user").order_by("number")
    today = Call.objects.filter(began_at__gte=_midnight(situation), direction="in")
    return Wallboard(
        waiting=waiting,
        talking=talking,
        telephones=tuple(Telephone(each, at_telephone.get(each.pk)) for each in telephones),
        open_lines=tuple(key for key in _telephone_lines(situation) if situation.calendar(key).is_open(now)),
        missed_today=today.filter(state=CallState.MISSED).count(),
        answered_today=today.filter(answered_at__isnull=False).count(),
        now=now,
    )


def _telephone_lines(situation: Situation) -> list[str]:
    return [key for key, line in situation.desk.lines.items() if line.phone_use]


def _midnight(situation: Situation) -> datetime:
    local = situation.now.astimezone(ZoneInfo(situation.row.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
