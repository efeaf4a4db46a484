"""By which channel a question may reach the desk: the telephone by hours and topic, mail, chat, the website."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, Validity
from balie.rules.decision import Decision
from balie.rules.desk import Desk, Line, OpeningHours, PhoneUse, Window
from balie.rules.entitlement import decide, decide_received
from balie.rules.wishes import AnswerMode, Channel, Wish

TZ = ZoneInfo("Europe/Amsterdam")
PRESET = load("softwear")
SOFTWEAR, INFOBITS = PRESET.desk, load("infobits").desk
OFFICE, EVENING, NIGHT = "2026-11-19 10:00", "2026-11-19 18:00", "2026-11-19 23:00"  # a Thursday
BOXING_DAY = "2026-12-26 13:00"
SATURDAY = "2026-11-21 10:00"


def ask(topic: str | None, at: str, desk: Desk = SOFTWEAR, channel: Channel = Channel.PHONE) -> Decision:
    moment = datetime.fromisoformat(at).replace(tzinfo=TZ)
    return decide(CustomerFacts(), Wish(channel, topic), desk, at=moment)


@pytest.mark.parametrize(
    ("at", "topic"),
    [
        pytest.param(OFFICE, "till-scanner", id="SW_03 a till incident that is named"),
        pytest.param(OFFICE, "back-office-cannot-print", id="SW_03 one of the back office"),
        pytest.param(OFFICE, "till-other-urgent", id="SW_03 other urgent"),
        pytest.param(EVENING, "till-scanner", id="SW_04 a till incident in the evening"),
        pytest.param(EVENING, "till-incident", id="SW_04 any till incident, also one that is not named"),
        pytest.param(SATURDAY, "till-cash-drawer", id="SW_04 on Saturday"),
        pytest.param(BOXING_DAY, "till-pin-payment", id="SW_02 the till helpdesk answers on Boxing Day"),
    ],
)
def test_who_may_phone_SW_03_SW_04(at: str, topic: str) -> None:
    decision = ask(topic, at)
    assert decision.allowed and decision.shows_phone_number


@pytest.mark.parametrize(
    ("at", "topic", "sentence", "rule", "setting"),
    [
        pytest.param(
            OFFICE, "till-scanner", "In the hours of Office hours urgent incidents may be phoned.", "SW-03",
            "lines.office", id="SW_03 in office hours",
        ),
        pytest.param(
            EVENING, "till-scanner", "In the hours of Till helpdesk incidents at the till may be phoned.", "SW-04",
            "lines.till-helpdesk", id="SW_04 in the evening",
        ),
    ],
)  # fmt: skip
def test_a_call_that_is_taken_names_the_line_that_takes_it(
    at: str, topic: str, sentence: str, rule: str, setting: str
) -> None:
    told = [(each.render(), each.rule, each.setting) for each in ask(topic, at).reasons]
    assert (sentence, rule, setting) in told


@pytest.mark.parametrize(
    ("at", "topic", "channel"),
    [
        pytest.param(OFFICE, "till-scanner", Channel.PORTAL, id="it is asked on the website"),
        pytest.param(NIGHT, "till-scanner", Channel.PHONE, id="a call that an agent took at night"),
        pytest.param(OFFICE, "till-question", Channel.PHONE, id="a question that an agent took by phone"),
    ],
)
def test_no_line_is_named_that_takes_no_such_call(at: str, topic: str, channel: Channel) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=TZ)
    decision = decide_received(CustomerFacts(), Wish(channel, topic), SOFTWEAR, at=moment)
    assert decision.allowed
    assert not [each for each in decision.reasons if (each.setting or "").startswith("lines.till-helpdesk")]
    assert {"SW-03", "SW-04"}.isdisjoint(each.rule for each in decision.reasons)


TICKET = "Make a ticket on the website."
CHAT = "Ask it in the chat."
OTHER = "If it cannot wait, choose “other urgent incident” as the topic."


@pytest.mark.parametrize(
    ("at", "topic", "rule", "ways"),
    [
        pytest.param(OFFICE, None, "SW-03", [TICKET], id="nothing is said of the topic"),
        pytest.param(OFFICE, "unknown", "SW-03", [TICKET], id="a topic that nobody knows"),
        pytest.param(OFFICE, "back-office-incident", "SW-03", [TICKET, OTHER], id="an incident that is not named"),
        pytest.param(
            OFFICE, "till-incident", "SW-03", [TICKET, OTHER, "From 2026-11-19T17:00:00+01:00 on this may be phoned."],
            id="a till incident that is not named may phone in the evening",
        ),
        pytest.param(OFFICE, "back-office-question", "SW-03", [TICKET], id="SW-05 a question"),
        pytest.param(OFFICE, "till-question", "SW-03", [CHAT, TICKET], id="SW-06 the chat has no hours of its own"),
        pytest.param(NIGHT, "till-question", "SW-01", [CHAT, TICKET], id="SW-06 at night neither; nobody answers then"),
        pytest.param(OFFICE, "consultant", "SW-11", [TICKET], id="SW-10 a consultant is hired in writing"),
        pytest.param(NIGHT, "layout-logo", "SW-11", [TICKET], id="SW-11 at night no line's hours are blamed"),
        pytest.param(OFFICE, "layout-logo", "SW-11", [TICKET], id="SW-11 a layout, never by phone"),
        pytest.param(EVENING, "layout-logo", "SW-11", [TICKET], id="SW-11 in the evening neither"),
        pytest.param(EVENING, "till-question", "SW-04", [CHAT, TICKET], id="a till question goes to the chat"),
        pytest.param(
            EVENING, "back-office-cannot-print", "SW-04",
            [TICKET, "From 2026-11-20T09:00:00+01:00 on this may be phoned."],
            id="a back office incident waits for the office",
        ),
        pytest.param(
            NIGHT, "till-scanner", "SW-01", [TICKET, "From 2026-11-20T09:00:00+01:00 on this may be phoned."],
            id="at night nobody answers",
        ),
        pytest.param(
            "2026-12-25 12:00", "till-scanner", "SW-01",
            [TICKET, "From 2026-12-26T12:00:00+01:00 on this may be phoned."], id="nor on Christmas Day",
        ),
        pytest.param(
            "2026-12-31 23:00", "till-scanner", "SW-01",
            [TICKET, "From 2027-01-02T09:00:00+01:00 on this may be phoned."], id="nor over the end of the year",
        ),
    ],
)  # fmt: skip
def test_who_may_not_phone_is_led_on_SW_03_SW_04_SW_05_SW_11(
    at: str, topic: str | None, rule: str, ways: list[str]
) -> None:
    decision = ask(topic, at)
    assert decision.refusal is not None
    assert (decision.refusal.rule or PRESET.rule_of(decision.refusal.setting or "")) == rule
    assert [way.render() for way in decision.ways_forward] == ways


def test_without_other_urgent_it_is_no_way_forward_SW_03() -> None:
    desk = replace(SOFTWEAR, settings=replace(SOFTWEAR.settings, offers_other_urgent=False))
    assert [way.render() for way in ask("back-office-incident", OFFICE, desk).ways_forward] == [TICKET]


def test_without_a_chat_a_till_question_becomes_a_ticket_SW_05() -> None:
    desk = replace(SOFTWEAR, settings=replace(SOFTWEAR.settings, offers_chat=False))
    assert [way.render() for way in ask("till-question", EVENING, desk).ways_forward] == [TICKET]


@pytest.mark.parametrize(
    ("hours", "ways"),
    [
        pytest.param(OpeningHours(((),) * 7), 1, id="never open: no moment is named"),
        pytest.param(OpeningHours(((Window(540, 600),),) * 7), 2, id="open every morning"),
    ],
)
def test_a_line_that_never_opens_names_no_moment(hours: OpeningHours, ways: int) -> None:
    till = replace(SOFTWEAR.lines["till-helpdesk"], hours=hours)
    desk = replace(SOFTWEAR, lines={"till-helpdesk": till})
    decision = ask("till-scanner", EVENING, desk)
    assert decision.refusal is not None
    assert len(decision.ways_forward) == ways


def test_a_desk_without_a_telephone_leads_to_the_website_SW_05() -> None:
    lines: dict[str, Line] = {
        key: replace(line, phone_use=PhoneUse.NOBODY) for key, line in SOFTWEAR.lines.items()
    }
    decision = ask("till-scanner", OFFICE, replace(SOFTWEAR, lines=lines))
    assert decision.refusal is not None
    assert decision.refusal.render() == "Nobody can phone this desk."
    assert [way.render() for way in decision.ways_forward] == [TICKET]
    assert not decision.shows_phone_number


def test_a_phone_contract_that_ended_is_named_with_its_day_IB_01() -> None:
    ended = (
        ContractFact("phone-support", Validity(last=date(2026, 1, 31))),
        ContractFact("phone-support", Validity(last=date(2026, 10, 31))),
    )
    at = datetime(2026, 11, 19, 10, tzinfo=TZ)
    decision = decide(CustomerFacts(contracts=ended), Wish(Channel.PHONE), INFOBITS, at=at)
    assert decision.refusal is not None
    assert (
        decision.refusal.render()
        == "The contract Phone support ended on 2026-10-31, so the desk cannot be phoned."
    )
    assert [way.render() for way in decision.ways_forward] == [
        "Make a ticket; a call-back or AnyDesk can be asked for there.",
        "With the contract Phone support the desk can be phoned.",
    ]


@pytest.mark.parametrize(
    ("ended", "because"),
    [
        pytest.param((), "Only customers with a phone support contract can phone.", id="the first one"),
        pytest.param(
            (ContractFact("phone-support", Validity(last=date(2026, 10, 31))),),
            "The contract Phone support ended on 2026-10-31, so the desk cannot be phoned.",
            id="after one that ended",
        ),
    ],
)
def test_a_phone_contract_to_come_is_named_and_no_other_is_offered_IB_01(
    ended: tuple[ContractFact, ...], because: str
) -> None:
    to_come = (
        ContractFact("phone-support", Validity(first=date(2027, 1, 1))),
        ContractFact("phone-support", Validity(first=date(2026, 12, 1))),
    )
    at = datetime(2026, 11, 19, 10, tzinfo=TZ)
    decision = decide(CustomerFacts(contracts=(*ended, *to_come)), Wish(Channel.PHONE), INFOBITS, at=at)
    assert decision.refusal is not None and decision.refusal.render() == because
    assert [way.render() for way in decision.ways_forward] == [
        "Make a ticket; a call-back or AnyDesk can be asked for there.",
        "The contract Phone support begins on 2026-12-01; from then on the desk can be phoned.",
    ]


@pytest.mark.parametrize("mode", AnswerMode)
def test_a_call_back_that_is_asked_for_by_mail_becomes_a_ticket_IB_21(mode: AnswerMode) -> None:
    at = datetime(2026, 11, 19, 10, tzinfo=TZ)
    decision = decide(CustomerFacts(), Wish(Channel.MAIL, None, mode), INFOBITS, at=at)
    told = [each.render() for each in decision.reasons if each.setting == "desk.mail_address"]
    says = ["The mail becomes a ticket; with it the call-back or AnyDesk is asked for."]
    assert told == ([] if mode is AnswerMode.SITE else says)


@pytest.mark.parametrize(
    ("desk", "channel", "allowed"),
    [
        pytest.param(SOFTWEAR, Channel.PORTAL, True, id="SW_19 the website always"),
        pytest.param(SOFTWEAR, Channel.MAIL, True, id="SW_17 mail"),
        pytest.param(SOFTWEAR, Channel.CHAT, True, id="SW_06 the chat"),
        pytest.param(INFOBITS, Channel.CHAT, False, id="no chat at infobits"),
        pytest.param(
            replace(INFOBITS, settings=replace(INFOBITS.settings, mail_in="pointer")), Channel.MAIL, False,
            id="mail that only gets the way to the website",
        ),
    ],
)  # fmt: skip
def test_the_other_channels_SW_05_SW_06(desk: Desk, channel: Channel, allowed: bool) -> None:
    decision = ask(None, NIGHT, desk, channel)
    assert decision.allowed is allowed
    if not allowed:
        assert [way.render() for way in decision.ways_forward] == [TICKET]


@pytest.mark.parametrize(
    ("topic", "says"),
    [
        pytest.param("till-question", False, id="a question about the till"),
        pytest.param("research-figures", True, id="something else"),
        pytest.param(None, False, id="nothing is said"),
    ],
)
def test_the_chat_says_what_it_is_meant_for_SW_06(topic: str | None, says: bool) -> None:
    said = [reason.render() for reason in ask(topic, OFFICE, channel=Channel.CHAT).reasons]
    assert ("The chat is meant above all for short questions about the till." in said) is says
