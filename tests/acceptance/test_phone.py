"""The rules of the telephone through the public endpoint: what an exchange is answered, and what is kept.

Each asks as a real exchange does, over HTTP with its token, on the clock of the desk.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.cast import moment
from tests.phone.exchange import CARLAS, Pbx, event, pbx, registers, rings

from balie.accounts.models import User
from balie.contracts.models import Contract, ContractType
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.phone.models import Call
from balie.tickets.models import Ticket

STRANGER = "+31612345678"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(db: None, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`ask("2026-11-20 16:00", number=…)`: a new call at that moment."""
    made: list[Pbx] = []

    def answered(when: str, *, call: str = "", **sent: Any) -> dict[str, Any]:
        monkeypatch.setattr(timezone, "now", lambda: moment(when))
        if not made:
            made.append(pbx(timezone.now()))
        return made[0].asks(call or f"call-{Call.objects.count()}", **sent)

    return answered


def outcome(answer: dict[str, Any]) -> str:
    return f"{answer['action']} {answer['target'] or answer['announcement'] or ''}".strip()


SOFTWEAR = [
    ("2026-11-16 09:00", "menu ask-topic", "Monday, office"),
    ("2026-11-16 08:59", "announce closed", "a minute before"),
    ("2026-11-18 09:15", "announce closed", "Wednesday begins at half past nine"),
    ("2026-11-18 09:30", "menu ask-topic", "and then it does"),
    ("2026-11-16 17:30", "menu ask-topic", "Monday until six: the till helpdesk"),
    ("2026-11-16 18:00", "announce closed", "Monday at six"),
    ("2026-11-19 20:59", "menu ask-topic", "Thursday until nine"),
    ("2026-11-21 16:59", "menu ask-topic", "Saturday until five"),
    ("2026-11-22 11:59", "announce closed", "Sunday from noon"),
    ("2026-11-22 12:00", "menu ask-topic", "Sunday noon"),
    ("2026-12-25 12:30", "announce closed", "Christmas Day: all closed (SW-02)"),
    ("2026-12-26 12:30", "menu ask-topic", "Boxing Day: the till helpdesk from noon (SW-02)"),
    ("2026-12-26 10:30", "announce closed", "Boxing Day before noon, though a Saturday (SW-02)"),
    ("2026-04-27 10:00", "announce closed", "King's Day (SW-02)"),
    ("2026-04-06 10:00", "announce closed", "Easter Monday in office hours (SW-02)"),
    ("2026-04-06 13:00", "menu ask-topic", "Easter Monday after noon (SW-02)"),
]


@pytest.mark.parametrize(
    ("when", "expected"), [each[:2] for each in SOFTWEAR], ids=[each[2] for each in SOFTWEAR]
)
def test_the_moment_of_the_call_decides_which_line_answers_SW_01_SW_02(
    softwear: Desk, ask: Ask, when: str, expected: str
) -> None:
    assert outcome(ask(when, number=STRANGER)) == expected


@pytest.mark.parametrize(
    ("when", "topic", "expected"),
    [
        ("2026-11-20 16:00", "till-pin-payment", "forward office"),
        ("2026-11-20 16:00", "back-office-cannot-print", "forward office"),
        ("2026-11-20 16:00", "till-question", "announce not-by-phone"),
        ("2026-11-20 16:00", "something-else", "announce not-by-phone"),
        ("2026-11-20 16:00", "no-such-topic", "menu ask-topic"),
        ("2026-11-20 18:00", "till-pin-payment", "forward till-helpdesk"),
        ("2026-11-20 18:00", "till-question", "announce not-by-phone"),
        ("2026-11-20 18:00", "back-office-cannot-print", "announce not-by-phone"),
    ],
)
def test_the_topic_decides_who_is_put_through_SW_03_SW_04_SW_05(
    softwear: Desk, ask: Ask, when: str, topic: str, expected: str
) -> None:
    answer = ask(when, number=STRANGER, topic=topic)
    assert outcome(answer) == expected
    if expected.startswith("announce"):
        assert "website" in answer["text"]["en"]


def test_a_layout_is_never_changed_in_a_phone_call_SW_11(softwear: Desk, ask: Ask) -> None:
    answer = ask("2026-11-20 16:00", number=STRANGER, topic="layout-receipt")
    assert outcome(answer) == "announce not-by-phone"
    assert "website" in answer["text"]["en"]


def test_nobody_is_recognised_at_a_public_number_and_all_hear_the_same_SW_01(
    softwear: Desk, ask: Ask, bakery: Customer
) -> None:
    registers(bakery)
    answers = [ask("2026-11-20 16:00", **each) for each in ({"number": CARLAS}, {"number": STRANGER}, {})]
    assert answers[0] == answers[1] == answers[2]


INFOBITS = [
    ("2026-11-20 16:00", "forward helpdesk", "helpdesk hours"),
    ("2026-11-20 20:59", "forward helpdesk", "zone 2 in the evening"),
    ("2026-11-21 10:00", "forward helpdesk", "zone 1 on Saturday"),
    ("2026-11-22 16:59", "forward helpdesk", "zone 2 on Sunday"),
    ("2026-11-20 21:00", "announce closed", "after nine"),
    ("2026-11-22 09:59", "announce closed", "Sunday before ten"),
    ("2026-12-25 11:00", "announce closed", "Christmas Day"),
]


@pytest.mark.parametrize(
    ("when", "expected"), [each[:2] for each in INFOBITS], ids=[each[2] for each in INFOBITS]
)
def test_a_recognised_number_is_put_through_in_the_hours_of_the_contract_IB_03_IB_29(
    support_contract: Contract, bakery: Customer, ask: Ask, when: str, expected: str
) -> None:
    registers(bakery)
    answer = ask(when, number=CARLAS)
    assert outcome(answer) == expected
    assert (answer["next_opening"] is None) == (answer["action"] == "forward")


def test_only_a_phone_contract_puts_somebody_through_IB_01(
    sla8: Customer, ask: Ask, florist: Customer
) -> None:
    registers(sla8)
    assert outcome(ask("2026-11-20 16:00", number=CARLAS)) == "announce make-ticket"
    Contract.objects.create(customer=sla8, type=ContractType.objects.get(key="phone-support"))
    assert outcome(ask("2026-11-20 16:00", number=CARLAS)) == "forward helpdesk"


def test_the_last_day_of_a_contract_counts_and_the_next_does_not_IB_01(
    infobits: Desk, bakery: Customer, ask: Ask
) -> None:
    phone = ContractType.objects.get(key="phone-support")
    Contract.objects.create(customer=bakery, type=phone, valid_until="2026-11-19")
    registers(bakery)
    assert outcome(ask("2026-11-19 20:59", number=CARLAS)) == "forward helpdesk"
    assert outcome(ask("2026-11-20 09:00", number=CARLAS)) == "announce make-ticket"


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ({"number": CARLAS, "privacy": "id"}, "show-number"),
        ({"number": "anonymous", "asserted": CARLAS, "privacy": "id;critical"}, "show-number"),
        ({"number": "sip:anonymous@anonymous.invalid"}, "show-number"),
        ({}, "show-number"),
        ({"number": STRANGER}, "make-ticket"),
        ({"number": CARLAS, "asserted": STRANGER}, "make-ticket"),
        ({"number": "201"}, "make-ticket"),
        ({"number": "9" * 40}, "make-ticket"),
    ],
)
def test_a_number_that_is_hidden_unreadable_or_not_registered_hears_what_to_do_IB_02_IB_03_IB_04(
    support_contract: Contract, bakery: Customer, ask: Ask, sent: dict[str, Any], heard: str
) -> None:
    registers(bakery)
    answer = ask("2026-11-20 16:00", **sent)
    assert outcome(answer) == f"announce {heard}"
    assert "ticket" in answer["text"]["en"]
    assert "vraag" in answer["text"]["nl"]


def test_the_asserted_number_of_the_network_is_recognised_IB_02(
    support_contract: Contract, bakery: Customer, ask: Ask
) -> None:
    registers(bakery)
    answer = ask("2026-11-20 16:00", number="0201112233", asserted=f"<sip:{CARLAS}@provider.example>")
    assert outcome(answer) == "forward helpdesk"


def test_a_number_that_the_desk_has_not_registered_yet_does_not_count_IB_02(
    support_contract: Contract, bakery: Customer, ask: Ask
) -> None:
    number = registers(bakery)
    number.registered_on, number.requested_at = None, timezone.now()
    number.save()
    assert outcome(ask("2026-11-20 16:00", number=CARLAS)) == "announce make-ticket"


@pytest.mark.parametrize("number", [CARLAS, STRANGER, "anonymous", "9" * 40])
def test_nothing_about_a_customer_is_ever_said_to_a_caller_IB_03(
    support_contract: Contract, bakery: Customer, carla: Contact, ask: Ask, number: str
) -> None:
    registers(bakery, contact=carla, label="Winkel van Carla")
    said = json.dumps(ask("2026-11-20 16:00", number=number), ensure_ascii=False)
    assert not any(word in said for word in (bakery.name, bakery.number, carla.name, carla.email, "Winkel"))


def test_a_caller_needs_no_ticket_and_who_has_no_contract_is_led_to_one_IB_19_IB_20_IB_21(
    support_contract: Contract, bakery: Customer, ask: Ask, florist: Customer
) -> None:
    """Prepaid, postpaid and unmaintained customers ask for a call by making a ticket; a contract caller just calls."""
    registers(bakery)
    registers(florist, STRANGER)
    assert outcome(ask("2026-11-20 16:00", number=CARLAS)) == "forward helpdesk"
    answer = ask("2026-11-20 16:00", number=STRANGER)
    assert outcome(answer) == "announce make-ticket"
    assert "called back" in answer["text"]["en"]
    assert not Ticket.objects.exists()


def test_a_consultant_that_phones_a_customer_is_on_the_log_with_the_customer_SW_18(
    softwear: Desk, bakery: Customer, anna: User
) -> None:
    registers(bakery)
    exchange = pbx(timezone.now())
    rings("office", "201", user=anna)
    began = timezone.now() - timedelta(minutes=10)
    exchange.tells(
        event("1", "ringing", began, direction="out", **{"from": "201", "to": CARLAS}),
        event("2", "answered", began + timedelta(seconds=8), extension="201"),
        event("3", "ended", began + timedelta(minutes=5)),
    )
    call = Call.objects.get()
    assert (call.direction, call.state, call.handled_by) == ("out", "ended", anna)
    assert [*call.customers.all()] == [bakery]
