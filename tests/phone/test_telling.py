"""What became of calls, told late, twice and in any order."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import FRIDAY_AT_FOUR, moment
from tests.phone.exchange import CARLAS, Pbx, event, is_called, registers, rings

from balie import events as bus
from balie.accounts.models import User
from balie.contracts.models import Contract
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.live.models import LiveEvent as Event
from balie.phone.events import CallChanged
from balie.phone.models import Call, CallEvent, Extension


def later(seconds: int) -> Any:
    return FRIDAY_AT_FOUR + timedelta(seconds=seconds - 3600)  # an hour ago, so that nothing lies ahead


WHOLE = [
    event("1", "ringing", later(1), extension="201"),
    event("2", "answered", later(5), extension="201"),
    event("3", "ended", later(65)),
]


@pytest.fixture(autouse=True)
def telephone(infobits: Desk, exchange: Pbx, anna: User) -> Extension:
    return rings("helpdesk", "201", user=anna)[0]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_in_which_events_come_does_not_matter(
    exchange: Pbx, anna: User, order: tuple[int, ...]
) -> None:
    for place in order:
        assert exchange.tells(WHOLE[place])["taken"] == 1
    call = Call.objects.get()
    assert (call.state, call.handled_by) == ("ended", anna)
    assert call.answered_at == later(5)
    assert call.ended_at == later(65)
    assert call.began_at == later(1)


def test_what_is_told_twice_is_kept_once(exchange: Pbx) -> None:
    assert exchange.tells(*WHOLE) == {"taken": 3, "known": 0, "refused": []}
    assert exchange.tells(*WHOLE, WHOLE[0]) == {"taken": 0, "known": 4, "refused": []}
    assert exchange.tells(event("9", "ended", later(66)), event("9", "ended", later(66)))["taken"] == 1
    assert CallEvent.objects.count() == 4


def test_one_name_for_the_events_of_two_calls_is_of_the_first(exchange: Pbx) -> None:
    told = [event("1", "ringing", later(1), call=name, extension="201") for name in ("a", "b")]
    assert exchange.tells(*told) == {"taken": 1, "known": 1, "refused": []}
    assert Call.objects.get().name == "a"


def test_events_for_an_unknown_call_make_the_call(
    exchange: Pbx, support_contract: Contract, bakery: Customer
) -> None:
    registers(bakery)
    is_called("0850000000", "helpdesk")
    exchange.tells(
        event("1", "ringing", later(0), call="new", **{"from": "020 555 01 01", "to": "0850000000"})
    )
    call = Call.objects.get()
    assert (call.caller, call.direction, call.state) == (CARLAS, "in", "ringing")
    assert [*call.customers.all()] == [bakery]
    assert call.line is not None
    assert call.line.key == "helpdesk"


def test_an_outgoing_call_is_about_whom_is_called_SW_18(exchange: Pbx, bakery: Customer, anna: User) -> None:
    registers(bakery)
    exchange.tells(
        event("1", "ringing", later(0), direction="out", **{"from": "201", "to": CARLAS}),
        event("2", "answered", later(9), extension="201"),
        event("3", "ended", later(69)),
    )
    call = Call.objects.get()
    assert (call.direction, call.caller, call.state, call.handled_by) == ("out", CARLAS, "ended", anna)
    assert [*call.customers.all()] == [bakery]
    assert not call.is_withheld


def test_one_bad_event_does_not_spoil_the_others(exchange: Pbx) -> None:
    answer = exchange.tells(
        WHOLE[0],
        {"id": "bad", "call": "call-1", "kind": "exploded", "at": later(2).isoformat()},
        {"id": "naive", "call": "call-1", "kind": "ended", "at": "2026-11-20T15:00:00"},
        "nothing",  # type: ignore[arg-type]
        event("future", "ended", later(3600 + 301)),
        event("ancient", "ended", later(-31 * 24 * 3600)),
        WHOLE[2],
    )
    assert answer["taken"] == 2
    why = {each["id"]: each["why"] for each in answer["refused"]}
    assert set(why) == {"bad", "naive", "", "future", "ancient"}
    assert "ringing, answered" in why["bad"]
    assert "+01:00" in why["naive"]
    assert "clock" in why["future"]
    assert "30 days" in why["ancient"]


def test_a_call_that_was_asked_about_becomes_what_is_told(
    exchange: Pbx, support_contract: Contract, bakery: Customer
) -> None:
    registers(bakery)
    exchange.asks("call-1", number=CARLAS, at=later(0).isoformat())
    exchange.tells(*WHOLE)
    call = Call.objects.get()
    assert (call.state, call.began_at) == ("ended", later(0))
    assert call.route["action"] == "forward"


def test_asking_again_after_the_end_changes_nothing_about_the_end(
    exchange: Pbx, support_contract: Contract, bakery: Customer
) -> None:
    registers(bakery)
    exchange.tells(*WHOLE)
    exchange.asks("call-1", number=CARLAS)
    assert Call.objects.get().state == "ended"
    assert Call.objects.get().ended_at == later(65)


def test_whose_telephone_it_was_stays_when_it_is_given_to_somebody_else(
    exchange: Pbx, anna: User, ben: User, telephone: Extension
) -> None:
    exchange.tells(*WHOLE[:2])
    telephone.user = ben
    telephone.save()
    exchange.tells(WHOLE[2])
    assert Call.objects.get().handled_by == anna


def test_a_transfer_gives_the_call_to_the_other_agent(exchange: Pbx, ben: User) -> None:
    rings("helpdesk", "202", user=ben)
    exchange.tells(*WHOLE[:2], event("t", "transferred", later(20), extension="202"))
    call = Call.objects.get()
    assert (call.state, call.handled_by, call.extension.number if call.extension else "") == (
        "talking",
        ben,
        "202",
    )


def test_a_call_during_a_clock_change_lasted_as_long_as_it_lasted(exchange: Pbx, clock: Any) -> None:
    clock("2026-10-25 12:00")
    told = [
        {"id": "1", "call": "x", "kind": "answered", "at": "2026-10-25T02:50:00+02:00", "extension": "201"},
        {"id": "2", "call": "x", "kind": "ended", "at": "2026-10-25T02:10:00+01:00"},
    ]
    exchange.tells(*told)
    call = Call.objects.get()
    assert call.ended_at is not None
    assert call.answered_at is not None
    assert call.ended_at - call.answered_at == timedelta(minutes=20)


def test_a_change_is_published_and_a_repetition_is_not(
    exchange: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[CallChanged] = []
    bus.subscribe(CallChanged, heard.append)
    exchange.tells(WHOLE[0])
    exchange.tells(WHOLE[0])
    exchange.tells(*WHOLE)
    assert [(each.before, each.call.state) for each in heard] == [(None, "ringing"), ("ringing", "ended")]


def test_the_agent_whose_telephone_it_is_hears_of_it(exchange: Pbx, anna: User, ben: User) -> None:
    exchange.tells(*WHOLE[:2])
    told = Event.objects.filter(topic=f"phone-{anna.pk}").latest("seq")
    assert told.data == {"call": Call.objects.get().pk, "state": "talking"}
    assert not Event.objects.filter(topic=f"phone-{ben.pk}").exists()


@pytest.mark.parametrize(
    "data",
    [
        '{"nul": "a\\u0000b", "half": "\\ud800", "huge": 1e999, "deep": [[[["x"]]]]}',
        '{"big": "' + "x" * 5000 + '"}',
        '{"\\u0000": 1}',
    ],
)
def test_whatever_is_told_beside_can_be_kept(exchange: Pbx, data: str) -> None:
    at = later(0).isoformat()
    body = f'{{"events": [{{"id": "1", "call": "x", "kind": "ended", "at": "{at}", "data": {data}}}]}}'
    answer = exchange.post("events", body)
    assert answer.json()["taken"] == 1, answer.content
    kept = CallEvent.objects.get().data
    assert len(str(kept)) < 4000


def test_ten_telephones_that_miss_one_call_make_one_missed_call(exchange: Pbx) -> None:
    numbers = [str(number) for number in range(210, 220)]
    rings("helpdesk", *numbers)
    exchange.tells(
        *(event(f"r{each}", "ringing", later(1), extension=each) for each in numbers),
        *(event(f"m{each}", "missed", later(20), extension=each) for each in numbers),
        event("e", "ended", later(20)),
    )
    assert Call.objects.get().state == "missed"


def test_a_moment_of_last_winter_is_told_in_utc(exchange: Pbx) -> None:
    assert moment("2026-11-20 16:00") == FRIDAY_AT_FOUR
    exchange.tells(event("1", "ended", later(5)))
    assert Call.objects.get().ended_at == later(5)


def statements(exchange: Pbx, calls: str) -> int:
    """How many it takes to tell that each of these calls rings and is answered."""
    told = [
        event(f"{call}{kind}", kind, later(5), call=call, extension="201")
        for call in calls
        for kind in ("ringing", "answered")
    ]
    with CaptureQueriesContext(connection) as captured:
        assert exchange.tells(*told)["taken"] == len(told)
    return len(captured)


def test_a_telling_is_one_transaction_of_nine_statements_and_one_for_each_call_that_was_answered(
    exchange: Pbx,
) -> None:
    for call in "abcdef":
        exchange.asks(call)
    assert statements(exchange, "a") == 9 + 1
    assert statements(exchange, "bcdef") == 9 + 5
