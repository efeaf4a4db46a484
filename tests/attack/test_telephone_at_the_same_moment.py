"""Exchanges and agents at the same moment: a caller is phoned back by one, and no call is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from tests.attack.conftest import at_once
from tests.cast import agent, desk_of
from tests.phone.exchange import CARLAS, Pbx, event, pbx, registers, rings
from tests.workspace.conftest import browser_of, page_of

from balie.contracts.models import Contract, ContractType
from balie.customers.models import Customer
from balie.phone.missed_models import MissedCaller
from balie.phone.models import Call, CallEvent, Exchange

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def exchange(transactional_db: None, now: datetime) -> Pbx:
    desk_of("infobits")
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="phone-support"))
    registers(bakery)
    rings("helpdesk", "201")
    return pbx(now)


def missing(exchange: Pbx, call: str, at: datetime) -> Callable[[], object]:
    told = [
        event(f"{call}-{kind}", kind, at, call=call, extension="201", **{"from": CARLAS})
        for kind in ("ringing", "missed")
    ]
    return lambda: exchange.tells(*told)


def test_of_two_agents_who_claim_a_caller_at_once_one_is_told_that_the_other_was_first(
    exchange: Pbx, now: datetime
) -> None:
    missing(exchange, "call-1", now)()
    where = reverse("missed_claim", args=[MissedCaller.objects.get().pk])
    browsers = [browser_of(agent(name)) for name in ("Anna", "Ben")]

    def claim(place: int) -> Callable[[], HttpResponse]:
        return lambda: browsers[place].post(where, follow=True)

    said = [page_of(answer) for answer in at_once(claim(0), claim(1))]
    assert sum("You phone 020 555 01 01 back." in page for page in said) == 1
    assert sum("Somebody else phones this caller back" in page for page in said) == 1


def test_the_same_telling_twice_at_once_is_one_call_and_one_caller(exchange: Pbx, now: datetime) -> None:
    at_once(missing(exchange, "call-1", now), missing(exchange, "call-1", now))
    assert Call.objects.get().state == "missed"
    assert CallEvent.objects.count() == 2
    assert MissedCaller.objects.get().times == 1


def test_two_calls_of_one_customer_that_are_missed_at_once_are_one_caller(
    exchange: Pbx, now: datetime
) -> None:
    later = now - timedelta(seconds=1)
    at_once(missing(exchange, "call-1", now), missing(exchange, "call-2", later))
    caller = MissedCaller.objects.get()
    assert (caller.times, caller.last_call) == (2, Call.objects.get(name="call-1"))


def test_asked_and_told_at_once_is_one_call(exchange: Pbx, now: datetime) -> None:
    at_once(lambda: exchange.asks("call-1", number=CARLAS), missing(exchange, "call-1", now))
    call = Call.objects.get()
    assert call.action != ""
    assert call.events.count() == 2


def test_asked_twice_at_once_is_one_call_that_is_counted_once(exchange: Pbx) -> None:
    Exchange.objects.update(new_numbers_left=10, new_numbers_at=timezone.now())
    ask = partial(exchange.asks, "call-1", number="+31612345678")
    first, *others = at_once(ask, ask, ask, ask)
    assert all(each == first for each in others)
    assert Call.objects.count() == 1
    assert Exchange.objects.get().new_numbers_left == pytest.approx(9, abs=0.5)


def test_two_tellings_of_the_same_calls_in_another_order_keep_everything(
    exchange: Pbx, now: datetime
) -> None:
    names = [f"call-{number}" for number in range(8)]
    for name in names:
        exchange.asks(name, number=CARLAS)
    rung = [event(f"{name}-r", "ringing", now, call=name, extension="201") for name in names]
    over = [event(f"{name}-e", "ended", now, call=name) for name in names]
    answers = at_once(lambda: exchange.tells(*rung), lambda: exchange.tells(*reversed(over)))
    assert [each["taken"] for each in answers] == [8, 8]
    assert set(Call.objects.values_list("state", flat=True)) == {"missed"}
