"""What holds for every customer, wish, desk and moment, whatever they are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from balie.presets.reading import load
from balie.rules import entitlement
from balie.rules.alternatives import choices, what_would_change
from balie.rules.customer_facts import (
    CharityApplication,
    ContractFact,
    CustomerFacts,
    LicenceFact,
    MaintainedBy,
    Validity,
)
from balie.rules.decision import Decision
from balie.rules.desk import Desk
from balie.rules.entitlement import StatusKind, decide, decide_received
from balie.rules.price_basis import NOTHING_TO_PAY, PriceBasis
from balie.rules.reasons import Reason, in_language
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

INFOBITS, SOFTWEAR, EXAMPLE = (load(name).desk for name in ("infobits", "softwear", "example"))
EVERYTHING = CustomerFacts(hardware_from_us=True, existing_since=date(2010, 1, 1))

days = st.none() | st.dates(date(2019, 1, 1), date(2030, 12, 31))
validities = st.builds(Validity, first=days, last=days)


def facts_for(desk: Desk) -> st.SearchStrategy[CustomerFacts]:
    return st.builds(
        CustomerFacts,
        licences=st.lists(
            st.builds(LicenceFact, st.sampled_from([*desk.products, "unknown"]), validities), max_size=3
        ).map(tuple),
        contracts=st.lists(
            st.builds(ContractFact, st.sampled_from([*desk.contract_types, "unknown"]), validities),
            max_size=3,
        ).map(tuple),
        hardware_from_us=st.booleans(),
        existing_since=days,
        maintained_by=st.sampled_from(MaintainedBy),
        charity_until=days,
        charity_application=st.sampled_from(CharityApplication),
        last_paid_support_on=days,
        tickets_this_month=st.integers(0, 4),
        reactions_on_ticket=st.integers(0, 5),
        prepaid_minutes=st.sampled_from([0, 30]),
        phone_numbers=st.sampled_from([(), ("+31612345678",)]),
    )


def wishes_for(desk: Desk) -> st.SearchStrategy[Wish]:
    return st.builds(
        Wish,
        channel=st.sampled_from(Channel),
        topic=st.sampled_from([None, "unknown", *desk.topics]),
        answer_mode=st.sampled_from(AnswerMode),
        billing_mode=st.sampled_from(BillingMode),
        urgent=st.booleans(),
    )


moments = st.integers(1_600_000_000, 1_920_000_000).map(lambda epoch: datetime.fromtimestamp(epoch, UTC))
questions = st.sampled_from([INFOBITS, SOFTWEAR, EXAMPLE]).flatmap(
    lambda desk: st.tuples(st.just(desk), facts_for(desk), wishes_for(desk), moments)
)
Question = tuple[Desk, CustomerFacts, Wish, datetime]


@given(questions)
def test_every_refusal_names_a_way_forward_and_promises_nothing(question: Question) -> None:
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    assert decision.allowed == (decision.refusal is None)
    if not decision.allowed:
        assert decision.ways_forward
        assert (decision.hours, decision.response_minutes, decision.price, decision.waits_for) == (
            None,
            None,
            None,
            (),
        )


@given(questions)
def test_a_decision_depends_on_nothing_but_what_it_was_asked(question: Question) -> None:
    """Facts, wish and desk that are equal give what is equal, also with nothing remembered, whatever came before."""
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    forgetful = replace(desk)
    assert forgetful == desk and not forgetful.worked_out
    decide(EVERYTHING, Wish(Channel.PHONE, urgent=True), forgetful, at=at)
    assert decide(replace(facts), replace(wish), forgetful, at=at) == decision


@given(questions)
def test_a_decision_survives_being_stored(question: Question) -> None:
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    assert Decision.from_json(json.loads(json.dumps(decision.as_json()))) == decision


@given(questions)
def test_every_reason_can_be_read(question: Question) -> None:
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    changes = [each.reason for each in what_would_change(facts, wish, desk, at=at)]
    assert decision.reasons
    for reason in (*decision.reasons, *decision.ways_forward, *changes):
        sentence = reason.render()
        assert "%(" not in sentence and "None" not in sentence
        assert sentence.endswith(".")


@given(questions)
def test_no_desk_names_a_rule_of_the_other_and_a_refusal_names_its_setting(question: Question) -> None:
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    told = [*decision.reasons, *decision.ways_forward]
    assert not {each.rule for each in told if each.rule and each.rule[:3] in FOREIGN[desk.key]} - CHARITY
    if decision.refusal is not None:
        assert decision.refusal.setting
        assert (
            desk.key == "example"
            or _rule_behind(decision.refusal, desk)
            or decision.refusal.setting in OWN_WORDS
        )


FOREIGN = {"infobits": {"SW-"}, "softwear": {"IB-"}, "example": set()}
CHARITY = {"IB-07"}  # what an agent noted of a customer is said at every desk
OWN_WORDS = {"settings.offers_chat", "settings.mail_in"}  # no page says it, so no rule does
PRESETS = {name: load(name) for name in ("infobits", "softwear")}


def _rule_behind(reason: Reason, desk: Desk) -> str | None:
    return reason.rule or PRESETS[desk.key].rule_of(reason.setting or "")


@given(questions, st.sampled_from(["nl", "en"]))
def test_a_stored_decision_is_read_in_every_language(question: Question, language: str) -> None:
    """No name of a line or a contract is in the language of the desk alone."""
    desk, facts, wish, at = question
    stored = Decision.from_json(json.loads(json.dumps(decide(facts, wish, desk, at=at).as_json())))
    names = [
        *(line.name for line in desk.lines.values()),
        *(kind.name for kind in desk.contract_types.values()),
    ]
    foreign = {name[other] for name in names for other in name if other != language} - {
        name[language] for name in names
    }
    for reason in (*stored.reasons, *stored.ways_forward):
        said = {in_language(value, language) for value in reason.values.values()}
        assert said.isdisjoint(foreign)


@given(questions)
def test_what_costs_nothing_waits_for_no_payment(question: Question) -> None:
    desk, facts, wish, at = question
    decision = decide(facts, wish, desk, at=at)
    if entitlement.Condition.PAYMENT in decision.waits_for:
        assert decision.price is PriceBasis.PREPAID and not facts.prepaid_minutes
    if decision.price in NOTHING_TO_PAY:
        assert entitlement.Condition.PAYMENT not in decision.waits_for


@given(questions)
def test_what_has_reached_us_is_refused_no_more_than_what_is_still_to_come(question: Question) -> None:
    desk, facts, wish, at = question
    assume(wish.channel is not Channel.PHONE)
    asked, received = decide(facts, wish, desk, at=at), decide_received(facts, wish, desk, at=at)
    assert received.allowed or not asked.allowed
    if asked.allowed:
        assert asked == replace(received, reasons=asked.reasons)


@given(questions)
def test_the_form_offers_each_wish_once_and_decides_it_as_it_will_be_decided(question: Question) -> None:
    desk, facts, wish, at = question
    offered = choices(facts, desk, at=at, channel=wish.channel, topic=wish.topic)
    assert len({each.wish for each in offered}) == len(offered) == 18
    assert all(each.decision == decide(facts, each.wish, desk, at=at) for each in offered)


@given(questions)
def test_what_would_change_is_never_worse(question: Question) -> None:
    desk, facts, wish, at = question
    now = decide(facts, wish, desk, at=at)
    for change in what_would_change(facts, wish, desk, at=at):
        _is_no_worse(now, change.decision, desk)
        assert change.contract in desk.contract_types


# -- A better plan never gives less ------------------------------------------------------------------------

PRICES = list(PriceBasis)
LADDER = [
    pytest.param(
        {"last_paid_support_on": date(2015, 1, 1), "existing_since": date(2010, 1, 1)}, {}, id="pays again"
    ),
    pytest.param({}, {"licences": (LicenceFact("infokasv3-l"),)}, id="SLA8 by a licence"),
    pytest.param({}, {"contracts": (ContractFact("online-support"),)}, id="SLA8 by a contract"),
    pytest.param(
        {"licences": (LicenceFact("infokasv3-l"),)},
        {
            "licences": (LicenceFact("infokasv3-l"),),
            "contracts": (ContractFact("maintenance"),),
            "hardware_from_us": True,
            "existing_since": date(2010, 1, 1),
        },
        id="SLA4",
    ),
    pytest.param({}, {"contracts": (ContractFact("phone-support"),)}, id="a phone contract"),
    pytest.param({}, {"charity_until": date(2031, 1, 1)}, id="a charity"),
    pytest.param({}, {"prepaid_minutes": 30}, id="credit"),
]


@pytest.mark.parametrize(("less", "more"), LADDER)
@given(wish=wishes_for(INFOBITS), at=moments, tickets=st.integers(0, 4), reactions=st.integers(0, 4))
def test_a_better_plan_never_gives_less(
    less: dict[str, object], more: dict[str, object], wish: Wish, at: datetime, tickets: int, reactions: int
) -> None:
    poor = CustomerFacts(**less, tickets_this_month=tickets, reactions_on_ticket=reactions)  # type: ignore[arg-type]
    rich = CustomerFacts(**more, tickets_this_month=tickets, reactions_on_ticket=reactions)  # type: ignore[arg-type]
    _gives_no_less(poor, rich, wish, at)


@given(
    facts_for(INFOBITS),
    wishes_for(INFOBITS),
    moments,
    st.sampled_from(["infokasv3-l", "ts-pos", "charity"]) | st.sampled_from([*INFOBITS.contract_types]),
)
def test_one_paper_more_never_gives_less(facts: CustomerFacts, wish: Wish, at: datetime, paper: str) -> None:
    if paper in INFOBITS.products:
        more = replace(facts, licences=(*facts.licences, LicenceFact(paper)))
    else:
        more = replace(facts, contracts=(*facts.contracts, ContractFact(paper)))
    _gives_no_less(facts, more, wish, at)


def _gives_no_less(poor: CustomerFacts, rich: CustomerFacts, wish: Wish, at: datetime) -> None:
    """Who has the payment status pays for every answer, without a choice too; with SLA24 the choice is asked for.

    When the free answers are used up, that is: IB-10 then refuses what is free, and allows what is paid beforehand.
    """
    less, more = decide(poor, wish, INFOBITS, at=at), decide(rich, wish, INFOBITS, at=at)
    if less.status.kind is StatusKind.PAYMENT and more.refusal is not None and more.refusal.rule == "IB-10":
        more = decide(rich, replace(wish, billing_mode=BillingMode.PREPAID), INFOBITS, at=at)
    _is_no_worse(less, more, INFOBITS)


def _is_no_worse(less: Decision, more: Decision, desk: Desk) -> None:
    """More is allowed, is promised, is free, is left, and is shown; never less."""
    assert more.allowed or not less.allowed
    assert more.shows_phone_number or not less.shows_phone_number
    assert set(more.waits_for) <= set(less.waits_for) or not less.allowed
    if less.allowed and less.response_minutes is not None:
        assert more.response_minutes is not None
        assert more.response_minutes <= less.response_minutes
    if less.allowed and less.price is not None:
        assert more.price is not None
        assert more.price in NOTHING_TO_PAY or PRICES.index(more.price) <= PRICES.index(less.price)
    if more.quota is not None:
        assert less.quota is None or _left(more.quota.tickets) >= _left(less.quota.tickets)


def _left(count: int | None) -> int:
    return 10**6 if count is None else count
