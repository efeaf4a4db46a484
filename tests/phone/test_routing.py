"""Where a call goes, asked by an exchange: what is decided, what is kept, who hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import phonenumbers
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import FRIDAY_AT_FOUR, agent
from tests.phone.exchange import CARLAS, Pbx, event, is_called, registers, rings

from balie.accounts.models import User
from balie.contracts.models import Contract, ContractType
from balie.customers.models import Contact, Customer, PhoneRange
from balie.desk.models import Desk
from balie.live.models import LiveEvent as Event
from balie.phone import limits
from balie.phone.models import Call, CalledNumber, Exchange, Extension

Clock = Callable[[str], None]


@pytest.fixture
def carlas_number(support_contract: Contract, carla: Contact) -> str:
    """Carla's shop may phone, and registered its number."""
    assert carla.customer is not None
    registers(carla.customer, contact=carla)
    return CARLAS


def heard_by(user: User | None = None) -> list[dict[str, object]]:
    topic = f"phone-{user.pk}" if user else "phone"
    return list(Event.objects.filter(topic=topic).order_by("seq").values_list("data", flat=True))


def test_a_call_is_kept_with_its_decision_and_customer(
    exchange: Pbx, carlas_number: str, carla: Contact
) -> None:
    answer = exchange.asks("x", number="020 555 01 01", name="Carla", to="0850000000")
    assert answer["action"] == "forward"
    call = Call.objects.get()
    assert (call.caller, call.caller_text, call.called) == (CARLAS, "Carla <020 555 01 01>", "0850000000")
    assert (call.action, call.line.key if call.line else "", call.state) == ("forward", "helpdesk", "ringing")
    assert [*call.customers.all()] == [carla.customer]
    assert call.contact == carla
    assert call.began_at == FRIDAY_AT_FOUR


def test_the_same_call_asked_again_is_one_call(exchange: Pbx, carlas_number: str) -> None:
    first = exchange.asks("x", number=CARLAS)
    assert exchange.asks("x", number=CARLAS) == first
    assert Call.objects.count() == 1
    assert Call.objects.get().customers.count() == 1


def test_a_call_of_the_same_name_at_another_exchange_is_another_call(
    exchange: Pbx, carlas_number: str
) -> None:
    from balie.phone import actions

    other = Pbx(*actions.made("Tweede", by=None, now=timezone.now()))
    exchange.asks("x", number=CARLAS)
    other.asks("x", number=CARLAS)
    assert Call.objects.count() == 2


def test_two_calls_of_one_customer_are_two_calls(exchange: Pbx, carlas_number: str) -> None:
    rings("helpdesk", "201")
    answers = [exchange.asks(name, number=CARLAS) for name in ("a", "b")]
    assert [each["action"] for each in answers] == ["forward", "forward"]
    assert Call.objects.filter(caller=CARLAS, state="ringing").count() == 2


def test_one_number_at_two_customers_shows_both_and_one_contract_is_enough_IB_03(
    exchange: Pbx, carlas_number: str, florist: Customer
) -> None:
    registers(florist)
    assert exchange.asks(number=CARLAS)["action"] == "forward"
    call = Call.objects.get()
    assert call.customers.count() == 2
    assert call.contact is not None  # the florist told of no person


@pytest.mark.parametrize(
    ("number", "action"),
    [
        ("+31205550200", "forward"),
        ("+31205550250", "forward"),
        ("+31205550299", "forward"),
        ("+31205550300", "announce"),
        ("+31205550199", "announce"),
    ],
)
def test_every_number_in_the_range_of_a_company_exchange_is_recognised_IB_02(
    exchange: Pbx, support_contract: Contract, bakery: Customer, number: str, action: str
) -> None:
    PhoneRange.objects.create(
        customer=bakery, first="+31205550200", last="+31205550299", registered_at=timezone.now()
    )
    registers(bakery, "+31205550250")  # in both: one customer all the same
    assert exchange.asks(number=number)["action"] == action
    assert Call.objects.get().customers.count() == (action == "forward")


def test_a_number_of_two_people_is_nobodys(exchange: Pbx, carlas_number: str, dario: Contact) -> None:
    assert dario.customer is not None
    registers(dario.customer, contact=dario)
    exchange.asks(number=CARLAS)
    assert Call.objects.get().contact is None


def test_a_customer_that_is_no_customer_any_more_is_not_recognised(
    exchange: Pbx, carlas_number: str, bakery: Customer
) -> None:
    bakery.is_active = False
    bakery.save()
    assert exchange.asks(number=CARLAS)["announcement"] == "make-ticket"


def test_the_telephones_ring_in_their_order_and_those_of_one_position_together(
    exchange: Pbx, carlas_number: str, anna: User, ben: User
) -> None:
    rings("helpdesk", "203", position=2)
    rings("helpdesk", "201", user=anna)
    rings("helpdesk", "202", user=ben)
    rings("helpdesk", "204", takes_calls=False)
    rings("helpdesk", "205", user=agent("Weg"))
    User.objects.filter(name="Weg").update(is_active=False)
    answer = exchange.asks(number=CARLAS)
    assert answer["extensions"] == ["201", "202", "203"]
    assert answer["groups"] == [["201", "202"], ["203"]]


def test_the_agents_whose_telephones_ring_first_hear_of_it_and_the_others_not(
    exchange: Pbx, carlas_number: str, anna: User, ben: User
) -> None:
    rings("helpdesk", "201", user=anna)
    rings("helpdesk", "202", user=ben, position=2)
    exchange.asks(number=CARLAS)
    told = {"call": Call.objects.get().pk, "state": "ringing"}
    assert heard_by(anna) == [told]
    assert heard_by() == [told]
    assert heard_by(ben) == []


def test_an_agent_that_stops_taking_calls_while_it_rings_is_still_told_how_it_ends(
    exchange: Pbx, carlas_number: str, anna: User
) -> None:
    rings("helpdesk", "201", user=anna)
    exchange.asks("x", number=CARLAS)
    Extension.objects.update(takes_calls=False)
    assert exchange.asks("y", number=CARLAS)["extensions"] == []
    at = FRIDAY_AT_FOUR.isoformat()
    exchange.tells({"id": "1", "call": "x", "kind": "missed", "at": at, "extension": "201"})
    assert heard_by(anna)[-1] == {"call": Call.objects.get(name="x").pk, "state": "missed"}


def test_reasons_name_no_customer(exchange: Pbx, carlas_number: str, bakery: Customer) -> None:
    answer = exchange.asks(number=CARLAS)
    assert bakery.name not in json.dumps(answer, ensure_ascii=False)
    assert {each["rule"] for each in answer["reasons"]} == {"IB-02", "IB-03"}


def test_the_line_follows_from_the_number_that_was_called(
    softwear: Desk, exchange: Pbx, clock: Clock
) -> None:
    clock("2026-11-21 10:00")  # a Saturday: the till helpdesk
    is_called("+31202292929", "office")
    assert exchange.asks("a", number=CARLAS, to="020-2292929")["announcement"] == "closed"
    assert exchange.asks("b", number=CARLAS, to="0612345678")["action"] == "menu"
    assert exchange.asks("c", number=CARLAS)["action"] == "menu"


def test_a_number_of_a_line_that_is_not_answered_says_nothing(infobits: Desk, exchange: Pbx) -> None:
    number = is_called("0850000000", "helpdesk")
    number.line.phone_use = ""
    number.line.save()
    assert exchange.asks(number=CARLAS, to="0850000000")["action"] in ("announce", "refuse")
    assert CalledNumber.objects.exists()


def test_a_key_means_what_the_menu_said_when_it_was_heard_SW_03(softwear: Desk, exchange: Pbx) -> None:
    menu = exchange.asks("x", number=CARLAS)
    printer = next(each for each in menu["choices"] if each["topic"] == "till-receipt-not-printed")
    assert "Kassabon wordt niet geprint" in printer["name"]["nl"]
    answer = exchange.asks("x", number=CARLAS, digit=printer["digit"])
    assert (answer["action"], answer["target"]) == ("forward", "office")
    call = Call.objects.get()
    assert call.topic is not None
    assert call.topic.key == "till-receipt-not-printed"


@pytest.mark.parametrize("digit", ["#", "9"])
def test_a_key_that_means_nothing_says_the_menu_again(
    softwear: Desk, exchange: Pbx, clock: Clock, digit: str
) -> None:
    clock("2026-11-21 10:00")
    menu = exchange.asks("x", number=CARLAS)
    assert digit not in {each["digit"] for each in menu["choices"]}
    assert exchange.asks("x", number=CARLAS, digit=digit)["choices"] == menu["choices"]


def test_a_key_without_a_menu_asks_what_it_is_about(softwear: Desk, exchange: Pbx) -> None:
    assert exchange.asks(number=CARLAS, digit="1")["action"] == "menu"


def test_the_announcement_says_in_words_when_it_opens_again_IB_29(
    exchange: Pbx, carlas_number: str, clock: Clock
) -> None:
    clock("2026-11-20 22:30")
    answer = exchange.asks(number=CARLAS)
    assert "morgen om negen uur" in answer["text"]["nl"]
    assert "tomorrow at nine" in answer["text"]["en"]
    assert answer["next_opening"] == "2026-11-21T09:00:00+01:00"
    assert (answer["prompts"][0], answer["prompts"][-1]) == ("closed", "make-a-ticket")


def test_an_announced_call_is_over_with_that(infobits: Desk, exchange: Pbx) -> None:
    exchange.asks(number="+31612345678")
    call = Call.objects.get()
    assert (call.state, call.ended_at) == ("helped_on", FRIDAY_AT_FOUR)


def test_numbers_of_every_country_get_an_answer_and_are_kept(
    infobits: Desk, exchange: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    for region in regions:
        example = phonenumbers.example_number(region)
        assert example is not None
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        answer = exchange.asks(region, number=number)
        assert answer["announcement"] == "make-ticket", number
        assert Call.objects.get(name=region).caller == number
    assert Call.objects.count() == len(regions)


@pytest.mark.parametrize(
    "number",
    [
        "1" * 40,
        "'; DROP TABLE phone_call; --",
        "\u0660\u0661\u0662\u0663",
        "+",
        "☎",
        "a" * 5000,
        "%s%n",
        "-1",
    ],
)
def test_a_number_that_is_none_is_announced_and_kept_IB_03(
    infobits: Desk, exchange: Pbx, number: str
) -> None:
    answer = exchange.asks(number=number, name="'); DELETE FROM phone_call; --")
    assert answer["announcement"] == "make-ticket"
    call = Call.objects.get()
    assert call.caller == ""
    assert call.caller_text.startswith("'); DELETE FROM phone_call; -- <")


def test_during_the_hour_that_comes_twice_a_call_has_its_own_moment(
    infobits: Desk, exchange: Pbx, clock: Clock
) -> None:
    clock("2026-10-25 12:00")
    exchange.asks("first", number=CARLAS, at="2026-10-25T02:30:00+02:00")
    exchange.asks("second", number=CARLAS, at="2026-10-25T02:30:00+01:00")
    first, second = Call.objects.order_by("began_at")
    assert (second.began_at - first.began_at).total_seconds() == 3600
    assert first.name == "first"


# -- limits ------------------------------------------------------------------------------------------------


def test_new_numbers_are_limited_and_a_number_that_called_before_passes(
    exchange: Pbx, carlas_number: str, clock: Clock
) -> None:
    exchange.asks("known", number=CARLAS)
    Exchange.objects.update(new_numbers_left=1, new_numbers_at=timezone.now())
    exchange.asks("one", number="+31612345678")
    refused = exchange.post("route", {"call": "two", "from": "+31612345679"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 30
    assert exchange.asks("again", number=CARLAS)["action"] == "forward"
    assert exchange.asks("one again", number="+31612345678")["action"] == "announce"
    clock("2026-11-20 16:01")
    assert exchange.asks("two", number="+31612345679")["action"] == "announce"  # two came back in a minute


def test_over_the_limit_a_registered_number_gives_itself_away_no_more_than_another(
    exchange: Pbx, carlas_number: str
) -> None:
    Exchange.objects.update(new_numbers_left=0, new_numbers_at=timezone.now())
    answers = [
        exchange.post("route", {"call": number, "from": number}) for number in (CARLAS, "+31612345678")
    ]
    assert [each.status_code for each in answers] == [429, 429]
    assert answers[0].content == answers[1].content
    assert not Call.objects.exists()


def test_where_the_answer_does_not_depend_on_the_number_new_ones_are_not_limited_SW_01(
    softwear: Desk, exchange: Pbx
) -> None:
    Exchange.objects.update(new_numbers_left=0, new_numbers_at=timezone.now())
    assert exchange.asks(number="+31612345678")["action"] == "menu"


def test_a_machine_that_redials_is_limited_but_not_the_menu_of_its_last_call(
    exchange: Pbx, carlas_number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_OF_ONE", 3)
    for name in "abc":
        exchange.asks(name, number=CARLAS)
    refused = exchange.post("route", {"call": "d", "from": CARLAS})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert exchange.asks("c", number=CARLAS)["action"] == "forward"


def test_one_call_that_is_asked_about_with_many_numbers_counts_each(
    exchange: Pbx, infobits: Desk, bakery: Customer, support_contract: Contract
) -> None:
    Exchange.objects.update(new_numbers_left=3, new_numbers_at=FRIDAY_AT_FOUR)
    exchange.tells(event("e", "ended", FRIDAY_AT_FOUR, call="x"))
    numbers = [f"+3161234567{digit}" for digit in range(6)]
    answers = [exchange.post("route", {"call": "x", "from": number}).status_code for number in numbers]
    assert answers == [200, 200, 200, 429, 429, 429]


def test_a_number_that_was_only_told_of_is_still_new(exchange: Pbx, infobits: Desk) -> None:
    Exchange.objects.update(new_numbers_left=0, new_numbers_at=FRIDAY_AT_FOUR)
    exchange.tells(event("e", "ended", FRIDAY_AT_FOUR, call="x", **{"from": "+31612345678"}))
    assert exchange.post("route", {"call": "y", "from": "+31612345678"}).status_code == 429


def test_the_store_of_new_numbers_fills_by_itself_and_never_over_its_edge(
    exchange: Pbx, infobits: Desk, clock: Clock
) -> None:
    exchange.asks("a", number="+31612345678")
    clock("2027-11-20 16:00")
    exchange.asks("b", number="+31612345679")
    assert Exchange.objects.get().new_numbers_left == 2999


def test_a_customer_with_a_contract_that_ended_hears_what_a_stranger_hears_IB_01(
    exchange: Pbx, infobits: Desk, bakery: Customer
) -> None:
    phone = ContractType.objects.get(key="phone-support")
    Contract.objects.create(customer=bakery, type=phone, valid_until="2026-10-01")
    registers(bakery)
    theirs, strangers = (exchange.asks(each, number=each) for each in (CARLAS, "+31612345678"))
    del theirs["reasons"], strangers["reasons"]
    assert theirs == strangers


# -- speed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "action", "statements"),
    [
        (CARLAS, "forward", 3),
        ("+31612345678", "announce", 3),
        ("anonymous", "announce", 2),  # nor whose number it is
    ],
)
def test_a_decision_asks_the_database_as_little_as_it_can(
    exchange: Pbx, carlas_number: str, number: str, action: str, statements: int
) -> None:
    """The exchange with the desk; whose number it is, with their facts and the queue; the call, kept and shown."""
    exchange.asks("warms up", number=CARLAS)
    with CaptureQueriesContext(connection) as captured:
        assert exchange.asks("counts", number=number)["action"] == action
    asked = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(asked) == statements, "\n".join(asked)


def test_an_exchange_is_answered_without_session_and_messages(exchange: Pbx, infobits: Desk) -> None:
    exchange.client.cookies["sessionid"] = "x" * 32
    answer = exchange.post("route", {"call": "x"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
