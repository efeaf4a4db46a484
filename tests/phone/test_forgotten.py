"""A call whose end nobody told is ended on the record, and what is told late counts before that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.phone.exchange import Pbx, event, pbx, registers, rings

from balie.audit.models import Entry
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.phone import actions
from balie.phone.missed_models import MissedCaller
from balie.phone.models import Call, CallEvent

CALLER = "+31205550101"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def exchange(infobits: Desk, now: datetime) -> Pbx:
    rings("helpdesk", "201")
    return pbx(now)


def tell(exchange: Pbx, kind: str, at: datetime, **more: Any) -> Call:
    exchange.tells(event(f"{kind}-{at}", kind, at, **{"from": CALLER, "extension": "201", **more}))
    return Call.objects.get()


def test_what_rings_for_half_an_hour_was_missed_and_is_phoned_back(
    exchange: Pbx, bakery: Customer, now: datetime
) -> None:
    registers(bakery)
    rang = now - timedelta(minutes=31)
    tell(exchange, "ringing", rang)
    assert actions.end_forgotten(now=now) == 1
    call = Call.objects.get()
    assert (call.state, call.ended_at) == ("missed", rang)
    assert MissedCaller.objects.get().caller == CALLER
    assert Entry.objects.get(action="end_forgotten_call").who == "Balie"


def test_a_talk_of_half_a_day_ended_when_last_something_was_told(exchange: Pbx, now: datetime) -> None:
    tell(exchange, "ringing", now - timedelta(hours=12, minutes=1))
    picked_up = now - timedelta(hours=12)
    tell(exchange, "answered", picked_up)
    assert actions.end_forgotten(now=now) == 1
    call = Call.objects.get()
    assert (call.state, call.answered_at, call.ended_at) == ("ended", picked_up, picked_up)


@pytest.mark.parametrize(
    ("kind", "ago"),
    [
        ("ringing", timedelta(minutes=29)),
        ("answered", timedelta(hours=11, minutes=59)),
        ("ended", timedelta(days=1)),
        ("missed", timedelta(days=1)),
    ],
)
def test_what_may_go_on_and_what_is_over_is_left_alone(
    exchange: Pbx, now: datetime, kind: str, ago: timedelta
) -> None:
    before = tell(exchange, kind, now - ago).state
    assert actions.end_forgotten(now=now) == 0
    assert Call.objects.get().state == before


def test_it_happens_once(exchange: Pbx, now: datetime) -> None:
    tell(exchange, "ringing", now - timedelta(hours=1))
    assert [actions.end_forgotten(now=now) for _time in range(2)] == [1, 0]
    assert CallEvent.objects.filter(kind="ended").count() == 1


def test_what_is_told_late_counts_and_not_what_was_supposed(exchange: Pbx, now: datetime) -> None:
    """The exchange was cut off for an hour, in which the call was answered and went on."""
    tell(exchange, "ringing", now - timedelta(minutes=50))
    actions.end_forgotten(now=now)
    assert MissedCaller.objects.get().closed_at is None
    assert tell(exchange, "answered", now - timedelta(minutes=49)).state == "talking"
    assert MissedCaller.objects.get().outcome == "reached"
    call = tell(exchange, "ended", now - timedelta(minutes=9))
    assert call.ended_at is not None
    assert call.answered_at is not None
    assert call.ended_at - call.answered_at == timedelta(minutes=40)


def test_an_exchange_that_tells_nothing_missed_nothing_that_is_known(exchange: Pbx, now: datetime) -> None:
    exchange.asks(number=CALLER, at=(now - timedelta(minutes=50)).isoformat())
    Call.objects.update(state="ringing", ended_at=None)
    assert actions.end_forgotten(now=now) == 0
