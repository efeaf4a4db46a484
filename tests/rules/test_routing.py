"""Where a call goes: who calls, which line, when and about what (SW-01 to SW-05, SW-11, IB-01 to IB-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, Validity
from balie.rules.desk import Desk, Line, OpeningHours, PhoneUse
from balie.rules.routing import (
    SOMETHING_ELSE,
    Action,
    Announcement,
    Call,
    Caller,
    Known,
    Route,
    UnknownLine,
    Unreadable,
    Withheld,
    route,
)

TZ = ZoneInfo("Europe/Amsterdam")
SOFTWEAR, INFOBITS = load("softwear").desk, load("infobits").desk
MOBILE = Known("+31612345678")
OFFICE, EVENING, NIGHT = "2026-11-19 10:00", "2026-11-19 18:00", "2026-11-19 23:00"  # a Thursday
SUNDAY = "2026-11-22 09:00"


def phoning(until: date | None = None) -> CustomerFacts:
    """A customer with a phone contract."""
    return CustomerFacts(
        contracts=(ContractFact("phone-support", Validity(None, until)),), phone_numbers=(MOBILE.e164,)
    )


OTHER = CustomerFacts(
    licences=(LicenceFact("infokasv3-l", Validity(None, None)),), phone_numbers=(MOBILE.e164,)
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


def softwear(at: str, topic: str | None = None, *, line: str | None = None, caller: Caller = MOBILE) -> Route:
    return route(Call(caller, moment(at), line, topic), SOFTWEAR)


def infobits(
    at: str, *customers: CustomerFacts, caller: Caller = MOBILE, line: str | None = "helpdesk"
) -> Route:
    return route(Call(caller, moment(at), line, None, customers), INFOBITS)


ALL_OF_THE_TILL = {"till-incident", "till-cannot-log-in", "till-receipt-not-printed", "till-cash-drawer"}
PUBLIC = [
    # moment, topic, line called, what happens, where or what is said
    pytest.param(OFFICE, None, None, Action.MENU, "ask-topic", id="SW_03 in office hours the topic decides"),
    pytest.param(OFFICE, "till-scanner", None, Action.FORWARD, "office", id="SW_03 an urgent till incident"),
    pytest.param(
        OFFICE, "back-office-cannot-print", None, Action.FORWARD, "office", id="SW_03 of the back office"
    ),
    pytest.param(OFFICE, "back-office-other-urgent", None, Action.FORWARD, "office", id="SW_03 other urgent"),
    pytest.param(OFFICE, "till-incident", None, Action.ANNOUNCE, "not-by-phone", id="SW_03 not urgent"),
    pytest.param(OFFICE, SOMETHING_ELSE, None, Action.ANNOUNCE, "not-by-phone", id="SW_05 something else"),
    pytest.param(OFFICE, "nine", None, Action.MENU, "ask-topic", id="a key that means nothing asks again"),
    pytest.param(EVENING, None, None, Action.MENU, "ask-topic", id="SW_04 in the evening the topic decides"),
    pytest.param(
        EVENING, "till-incident", None, Action.FORWARD, "till-helpdesk", id="SW_04 any till incident"
    ),
    pytest.param(
        EVENING, "back-office-cannot-print", None, Action.ANNOUNCE, "not-by-phone", id="SW_04 not the office"
    ),
    pytest.param(NIGHT, None, None, Action.ANNOUNCE, "closed", id="SW_01 at night"),
    pytest.param(
        NIGHT, "till-scanner", None, Action.ANNOUNCE, "closed", id="SW_01 at night, whatever was chosen"
    ),
    pytest.param(
        EVENING, None, "office", Action.ANNOUNCE, "closed", id="SW_01 the line that was called decides"
    ),
    pytest.param(
        OFFICE, "till-scanner", "till-helpdesk", Action.ANNOUNCE, "closed", id="SW_01 the other line, too"
    ),
    pytest.param("2026-04-05 13:00", None, None, Action.ANNOUNCE, "closed", id="SW_02 Easter Sunday"),
    pytest.param(
        "2026-04-06 13:00", "till-incident", None, Action.FORWARD, "till-helpdesk", id="SW_02 Easter Monday"
    ),
    pytest.param(
        "2026-04-06 18:00", None, None, Action.ANNOUNCE, "closed", id="SW_02 no evening on Easter Monday"
    ),
]


@pytest.mark.parametrize(("at", "topic", "line", "action", "says"), PUBLIC)
def test_a_call_to_a_number_for_everybody_SW_01_SW_02_SW_03_SW_04_SW_05(
    at: str, topic: str | None, line: str | None, action: Action, says: str
) -> None:
    found = softwear(at, topic, line=line)
    assert (found.action, found.target or found.announcement) == (action, says)
    assert found.reasons


@pytest.mark.parametrize("caller", [MOBILE, Withheld(), Unreadable("'; DROP TABLE"), Known("+4930123456")])
def test_a_public_number_does_not_ask_who_calls_SW_01(caller: Caller) -> None:
    assert softwear(OFFICE, "till-scanner", caller=caller).action is Action.FORWARD


def test_the_menu_has_what_may_be_phoned_about_then_and_nothing_else_SW_03_SW_04() -> None:
    by_day, by_night = softwear(OFFICE).choices, softwear(EVENING).choices
    assert (
        "till-scanner" in by_day and "back-office-cannot-log-in" in by_day and "till-incident" not in by_day
    )
    assert set(by_night) >= ALL_OF_THE_TILL and not any(key.startswith("back-office") for key in by_night)
    for at, choices in ((OFFICE, by_day), (EVENING, by_night)):
        for topic in SOFTWEAR.topics:
            assert (softwear(at, topic).action is Action.FORWARD) is (topic in choices)


def test_a_change_is_never_made_in_a_call_SW_11() -> None:
    changes = [key for key, topic in SOFTWEAR.topics.items() if topic.kind.value == "change"]
    assert changes
    for topic in changes:
        found = softwear(OFFICE, topic)
        assert (found.action, found.reasons[0].rule) == (Action.ANNOUNCE, "SW-11")


def test_who_is_too_early_hears_when_it_opens_SW_01_SW_02() -> None:
    assert softwear(NIGHT).next_opening == moment("2026-11-20 09:00")
    assert softwear("2026-04-05 13:00").next_opening == moment("2026-04-06 12:00")
    assert softwear("2026-11-21 18:00", line="office").next_opening == moment("2026-11-23 09:00")
    text = softwear(NIGHT).text
    assert text is not None and text.values["opens"] == "2026-11-20T09:00:00+01:00"


RECOGNISED = [
    pytest.param(OFFICE, (phoning(),), Action.FORWARD, "helpdesk", id="IB_03 with a phone contract, in the hours"),
    pytest.param(EVENING, (phoning(),), Action.FORWARD, "helpdesk", id="IB_03 in the evening, in zone 2"),
    pytest.param("2026-11-22 11:00", (phoning(),), Action.FORWARD, "helpdesk", id="IB_03 on Sunday, in zone 2"),
    pytest.param(SUNDAY, (phoning(),), Action.ANNOUNCE, "closed", id="IB_03 outside all of them"),
    pytest.param(OFFICE, (OTHER,), Action.ANNOUNCE, "make-ticket", id="IB_01 registered, without a phone contract"),
    pytest.param(
        OFFICE, (phoning(date(2026, 11, 18)),), Action.ANNOUNCE, "make-ticket", id="IB_01 the contract has ended"
    ),
    pytest.param(OFFICE, (phoning(date(2026, 11, 19)),), Action.FORWARD, "helpdesk", id="IB_01 on its last day"),
    pytest.param(OFFICE, (OTHER, phoning()), Action.FORWARD, "helpdesk", id="IB_03 one of two customers may"),
    pytest.param(OFFICE, (), Action.ANNOUNCE, "make-ticket", id="IB_03 a number that nobody registered"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "customers", "action", "says"), RECOGNISED)
def test_a_call_to_a_number_for_recognised_callers_IB_01_IB_03(
    at: str, customers: tuple[CustomerFacts, ...], action: Action, says: str
) -> None:
    for line in ("helpdesk", "zone-1", None):  # one number: whichever line the network names
        found = infobits(at, *customers, line=line)
        assert (found.action, found.target or found.announcement) == (action, says)


@pytest.mark.parametrize(
    ("caller", "announcement", "rule"),
    [
        pytest.param(Withheld(), Announcement.SHOW_NUMBER, "IB-02", id="IB_02 a hidden number"),
        pytest.param(Unreadable("1001"), Announcement.MAKE_TICKET, "IB-03", id="IB_03 an extension"),
        pytest.param(Unreadable("9" * 40), Announcement.MAKE_TICKET, "IB-03", id="IB_03 forty digits"),
    ],
)
def test_who_cannot_be_recognised_is_not_put_through_IB_02_IB_03(
    caller: Caller, announcement: Announcement, rule: str
) -> None:
    found = infobits(OFFICE, phoning(), caller=caller)
    assert (found.action, found.announcement, found.reasons[0].rule) == (Action.ANNOUNCE, announcement, rule)


def test_a_caller_hears_the_same_whatever_is_known_about_a_customer_IB_03() -> None:
    ended = infobits(OFFICE, phoning(date(2020, 1, 1)))
    assert infobits(OFFICE).text == infobits(OFFICE, OTHER).text == ended.text
    assert "ended" in ended.reasons[0].message  # only agents read why


def test_a_desk_without_a_telephone_refuses_SW_05() -> None:
    quiet = replace(
        SOFTWEAR,
        lines={key: replace(line, phone_use=PhoneUse.NOBODY) for key, line in SOFTWEAR.lines.items()},
    )
    found = route(Call(MOBILE, moment(OFFICE)), quiet)
    assert (found.action, found.announcement) == (Action.REFUSE, Announcement.NO_TELEPHONE)


@pytest.mark.parametrize("line", ["zone-1", "nothing", ""])
def test_a_line_that_nobody_answers_is_named(line: str) -> None:
    with pytest.raises(UnknownLine, match="office, till-helpdesk"):
        softwear(OFFICE, line=line)


def test_a_desk_that_never_opens_says_so_without_an_opening() -> None:
    never = OpeningHours(week=((),) * 7)
    lines = {key: replace(line, hours=never) for key, line in SOFTWEAR.lines.items()}
    found = route(Call(MOBILE, moment(OFFICE)), replace(SOFTWEAR, lines=lines))
    assert (found.action, found.next_opening) == (Action.ANNOUNCE, None)
    assert found.text is not None and found.text.values == {}


def test_recognised_callers_ring_at_the_only_line_when_all_are_rate_zones() -> None:
    zone: Line = INFOBITS.lines["zone-1"]
    desk = replace(INFOBITS, lines={"zone-1": zone})
    assert route(Call(MOBILE, moment(OFFICE), None, None, (phoning(),)), desk).target == "zone-1"


@pytest.mark.parametrize("desk", [SOFTWEAR, INFOBITS], ids=["softwear", "infobits"])
@given(
    minutes=st.integers(min_value=0, max_value=366 * 24 * 60),
    caller=st.sampled_from([MOBILE, Withheld(), Unreadable("x")]),
    topic=st.sampled_from([None, SOMETHING_ELSE, "till-scanner", "till-incident", "other"]),
    customers=st.sampled_from([(), (phoning(),), (OTHER,)]),
)
def test_every_call_ends_somewhere_and_is_told_when_it_may_come_back(
    desk: Desk, minutes: int, caller: Caller, topic: str | None, customers: tuple[CustomerFacts, ...]
) -> None:
    at = moment("2026-01-01 00:00") + timedelta(minutes=minutes)
    found = route(Call(caller, at, None, topic, customers), desk)
    assert (found.target is not None) is (found.action is Action.FORWARD)
    assert (found.text is not None) is (found.action is not Action.FORWARD)
    assert bool(found.choices) is (found.action is Action.MENU)
    if found.next_opening is not None:
        assert found.next_opening > at
        again = route(Call(caller, found.next_opening, None, topic, customers), desk)
        assert again.announcement is not Announcement.CLOSED
