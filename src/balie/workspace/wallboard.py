"""The wallboard: what goes on at the telephone, for a screen on the wall that nobody touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from balie.phone import presence, queries
from balie.phone.models import Call, CallState, Direction
from balie.rules.desk import PhoneUse
from balie.rules.routing import Action
from balie.tickets.facts import Situation
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.telephone import PRESENCES


@dataclass(frozen=True, slots=True)
class LineNow:
    """A telephone line: open or not, and when that changes, if it is known."""

    name: str
    is_open: bool
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """Calls that came in since midnight at the desk. `wait`: until they were answered, on average."""

    answered: int
    missed: int
    wait: timedelta | None


@agents_only
@require_safe
def wallboard(request: AgentRequest) -> HttpResponse:
    """The whole screen; for HTMX what is on it."""
    situation = situation_of(request)
    going_on = queries.open_calls(now=request.now)
    waiting = [each for each in going_on if is_waiting(each)]
    context = {
        "waiting": waiting,
        "talking": sum(each.state == CallState.TALKING for each in going_on),
        "lines": lines_now(situation),
        "everybody": presence.of_calls(going_on),
        "presences": PRESENCES,
        "today": today(request.now),
        "in_minutes": in_minutes,
        "listens": ["phone"],
    }
    page = "workspace/wallboard_now.html" if request.htmx else "workspace/wallboard.html"
    return render(request, page, context)


def is_waiting(call: Call) -> bool:
    """Put through, and not answered yet."""
    return (
        call.state == CallState.RINGING
        and call.direction == Direction.IN
        and call.action in {"", Action.FORWARD.value}
    )


def lines_now(situation: Situation) -> list[LineNow]:
    """The lines on which somebody can phone the desk."""
    return [
        _line(key, line.name, situation)
        for key, line in situation.desk.lines.items()
        if line.phone_use is not PhoneUse.NOBODY
    ]


def _line(key: str, names: Any, situation: Situation) -> LineNow:
    calendar = situation.calendar(key)
    name = names.get((get_language() or "nl")[:2], key)
    return LineNow(name, calendar.is_open(situation.now), calendar.changes_at(situation.now))


def today(now: datetime) -> Today:
    """One question over the calls since midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = Call.objects.filter(direction=Direction.IN, began_at__gte=midnight)
    found = of_today.aggregate(
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        missed=Count("pk", filter=Q(state=CallState.MISSED)),
        wait=Avg(F("answered_at") - F("began_at")),
    )
    return Today(found["answered"], found["missed"], found["wait"])


def in_minutes(length: timedelta) -> str:
    """`2:05`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
