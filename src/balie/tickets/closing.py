"""Tickets whose customer stays silent: warned, then closed (IB-23). Looked up by index, a batch at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from balie.desk.queries import the_desk
from balie.tickets import actions
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket

log = logging.getLogger(__name__)

BATCH = 200


def announce_due(*, now: datetime) -> int:
    """Warn everybody whose ticket closes soon; answers how many. A second time warns nobody."""
    return _each_due("warn_closing_at", actions.announce_closing, now)


def close_due(*, now: datetime) -> int:
    """Close what has been silent for too long; answers how many. A second time closes nothing."""
    return _each_due("closes_at", actions.close_silent, now)


def _each_due(
    moment: Literal["warn_closing_at", "closes_at"], act: Callable[..., bool], now: datetime
) -> int:
    """Let `act` loose on every ticket whose `moment` has come, each in a transaction of its own.

    A ticket that cannot be acted on is logged and passed by: it stops no other, and is tried again next time.
    """
    situation = Situation(the_desk(), now=now)
    done, last = 0, 0
    while keys := _due(moment, now, after=last):
        for last in keys:
            try:
                done += act(Ticket(pk=last), situation=situation)
            except Exception:
                log.exception("Ticket with key %s cannot be closed by itself.", last)
    return done


def _due(moment: str, now: datetime, *, after: int) -> list[int]:
    due = Ticket.objects.filter(**{f"{moment}__lte": now}, pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
