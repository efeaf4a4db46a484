"""What goes on at the telephone of one agent: what rings, what is talked in, and what is still to be written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from balie.accounts.models import User
from balie.customers.models import Customer
from balie.phone.actions.forgotten import LONGEST_CALL, LONGEST_RING
from balie.phone.models import OPEN_CALL_STATES, Call, CallEvent, CallState, Extension
from balie.prepared import ask
from balie.rules.call_backs import Standing
from balie.tickets.models import CallBack

WRAP_UP = timedelta(minutes=30)
"""For so long after a call the agent is asked what was done in it."""
MOST_RINGING = 6
MOST_ENDED = 3
MOST_DUE = 2
MOST_COUNTED = 100


def calls_at(user: User, *, now: datetime) -> list[Call]:
    """The open calls at the telephones of `user`, the oldest first, at most `MOST_RINGING`."""
    numbers = list(Extension.objects.filter(user=user).values_list("number", flat=True))
    rings = Q(pk__in=[])
    for number in numbers:
        rings |= Q(route__groups__0__contains=number)
    if numbers:
        rings |= Q(Exists(CallEvent.objects.filter(call=OuterRef("pk"), extension__in=numbers)))
    found = _shown().filter(state__in=OPEN_CALL_STATES, began_at__gt=now - LONGEST_CALL)
    rings &= Q(state=CallState.RINGING, began_at__gt=now - LONGEST_RING)
    found = found.filter(Q(state=CallState.TALKING, handled_by=user) | rings)
    return list(found.order_by("began_at", "pk")[:MOST_RINGING])


def to_wrap_up(user: User, *, now: datetime) -> list[Call]:
    """The calls in which `user` talked just now and of which nothing was written down, the oldest first."""
    found = _shown().filter(
        handled_by=user,
        began_at__gt=now - LONGEST_CALL,
        answered_at__isnull=False,
        ended_at__gt=now - WRAP_UP,
        wrapped_up_at=None,
    )
    return list(found.order_by("began_at", "pk")[:MOST_ENDED])


def due_call_backs(user: User, *, now: datetime, minutes: int) -> list[CallBack]:
    """The calls that `user` makes within so many minutes, or should have made, the first on top."""
    soon = now + timedelta(minutes=minutes)
    due = CallBack.objects.filter(standing=Standing.PLANNED, owner=user, planned_from__lte=soon)
    found = due.select_related("ticket__customer", "ticket__contact").order_by("planned_from", "pk")
    return list(found[:MOST_DUE])


def _shown() -> QuerySet[Call]:
    return Call.objects.select_related(
        "line", "topic", "contact", "ticket", "extension", "handled_by"
    ).prefetch_related(Prefetch("customers", Customer.objects.order_by("name")))


@dataclass(frozen=True, slots=True)
class Glance:
    """`may_show`: there may be calls, or reminders of planned ones, to show.

    `owed`: callers to phone back. `dials`: an exchange makes calls.
    """

    may_show: bool
    owed: int
    dials: bool


def at_a_glance(user: User, *, now: datetime) -> Glance:
    """What every page of an agent knows of the telephone: one small question."""
    rows = ask(
        _GLANCE,
        {
            "user": user.pk,
            "now": now,
            "since": now - LONGEST_CALL,
            "ended": now - WRAP_UP,
            "most": MOST_COUNTED,
        },
    )
    return Glance(*rows[0])


_GLANCE = """
    SELECT EXISTS (
        SELECT FROM phone_call WHERE state IN ('ringing', 'talking') AND began_at > %(since)s
    ) OR EXISTS (
        SELECT FROM phone_call WHERE handled_by_id = %(user)s AND began_at > %(since)s AND ended_at > %(ended)s
            AND answered_at IS NOT NULL AND wrapped_up_at IS NULL
    ) OR EXISTS (
        SELECT FROM tickets_callback, desk_desk WHERE owner_id = %(user)s AND standing = 'planned'
            AND planned_from <= %(now)s + call_back_reminder_minutes * interval '1 minute'
    ), (
        SELECT count(*) FROM (
            SELECT FROM phone_missedcaller WHERE closed_at IS NULL AND is_owed LIMIT %(most)s
        ) counted
    ), EXISTS (SELECT FROM phone_exchange WHERE is_active AND dial_kind <> 'tel')
"""
