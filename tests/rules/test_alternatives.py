"""What else could be asked, and what would change the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.alternatives import choices, choices_that_matter, what_would_change
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, Validity
from balie.rules.desk import Desk
from balie.rules.entitlement import Decisions
from balie.rules.price_basis import PriceBasis, PriceTerms
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

INFOBITS = load("infobits").desk
NOW = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
ASK = Wish(Channel.PORTAL)
URGENT = replace(ASK, urgent=True)
CALL_BACK = replace(ASK, answer_mode=AnswerMode.CALLBACK)
POSTPAID = replace(CALL_BACK, billing_mode=BillingMode.POSTPAID)
TS_POS = CustomerFacts(licences=(LicenceFact("ts-pos"),))
SLA8 = CustomerFacts(licences=(LicenceFact("infokasv3-l"),))
EXISTING = CustomerFacts(hardware_from_us=True, existing_since=date(2015, 1, 1))


def changes(facts: CustomerFacts, wish: Wish = ASK, desk: Desk = INFOBITS) -> list[str]:
    return [each.reason.render() for each in what_would_change(facts, wish, desk, at=NOW)]


@pytest.mark.parametrize(
    ("facts", "wish", "expected"),
    [
        pytest.param(
            CustomerFacts(), ASK,
            ["With SLA8, EUR 5.00 a month, the response would come within 8 working hours.",
             "With Phone support the hours of Contract zone 1 would count for the response."],
            id="IB_16 SLA24: sooner with SLA8, more hours with a phone contract",
        ),
        pytest.param(
            TS_POS, URGENT, ["With SLA8, EUR 5.00 a month, this would be possible."],
            id="IB_14 urgent is possible with SLA8",
        ),
        pytest.param(
            CustomerFacts(tickets_this_month=2), ASK, ["With SLA8, EUR 5.00 a month, this would be possible."],
            id="IB_10 the quota is gone",
        ),
        pytest.param(
            TS_POS, POSTPAID,
            ["With SLA8, EUR 5.00 a month, this would be possible.", "With Phone support this would be possible."],
            id="IB_19 postpaid needs SLA8; with a phone contract nothing is to be paid",
        ),
        pytest.param(
            SLA8, CALL_BACK, ["With Phone support this would be covered by the contract."],
            id="SLA8 has what it can have, but for the telephone",
        ),
        pytest.param(
            replace(EXISTING, licences=SLA8.licences), ASK,
            ["With SLA4 the response would come within 4 working hours.",
             "With Phone support the hours of Contract zone 1 would count for the response."],
            id="IB_17 SLA4 for who exists and has our hardware",
        ),
        pytest.param(
            replace(EXISTING, existing_since=date(2026, 11, 21), licences=SLA8.licences), ASK,
            ["With Phone support the hours of Contract zone 1 would count for the response."],
            id="IB_17 no SLA4 for who exists from tomorrow",
        ),
        pytest.param(
            replace(EXISTING, contracts=(ContractFact("maintenance"), ContractFact("phone-support"))), ASK, [],
            id="who has everything hears nothing",
        ),
        pytest.param(
            CustomerFacts(), Wish(Channel.PHONE), ["With Phone support this would be possible."],
            id="IB_01 the telephone",
        ),
        pytest.param(
            CustomerFacts(existing_since=date(2015, 1, 1)), ASK,
            ["With SLA8, EUR 5.00 a month, this would be included.", "With Phone support this would be free."],
            id="IB_13 from the payment status",
        ),
    ],
)  # fmt: skip
def test_what_would_change_the_answer(facts: CustomerFacts, wish: Wish, expected: list[str]) -> None:
    assert changes(facts, wish) == expected


@pytest.mark.parametrize(
    ("facts", "wish", "rules"),
    [
        pytest.param(CustomerFacts(), ASK, ["IB-16", "IB-30"], id="sooner, and more hours"),
        pytest.param(TS_POS, URGENT, ["IB-11"], id="what is not urgent only"),
        pytest.param(CustomerFacts(tickets_this_month=2), ASK, ["IB-10"], id="the quota"),
        pytest.param(TS_POS, POSTPAID, ["IB-19", "IB-19"], id="the way of payment"),
        pytest.param(SLA8, CALL_BACK, ["IB-01"], id="the price of a call-back"),
    ],
)
def test_a_change_names_the_rule_that_it_is_about(facts: CustomerFacts, wish: Wish, rules: list[str]) -> None:
    assert [each.reason.rule for each in what_would_change(facts, wish, INFOBITS, at=NOW)] == rules


@pytest.mark.parametrize("kind", ["phone-support", "online-support"])
def test_a_contract_that_begins_later_is_not_offered(kind: str) -> None:
    to_come = CustomerFacts(contracts=(ContractFact(kind, Validity(first=date(2026, 12, 1))),))
    assert kind in {each.contract for each in what_would_change(CustomerFacts(), ASK, INFOBITS, at=NOW)}
    assert kind not in {each.contract for each in what_would_change(to_come, ASK, INFOBITS, at=NOW)}


def test_the_contract_that_goes_with_the_licence_is_the_one_that_is_named_IB_14() -> None:
    with_licence = what_would_change(TS_POS, URGENT, INFOBITS, at=NOW)
    without = what_would_change(CustomerFacts(), URGENT, INFOBITS, at=NOW)
    ended = CustomerFacts(licences=(LicenceFact("ts-pos", Validity(last=date(2026, 11, 19))),))
    assert [(each.plan, each.contract, each.monthly_price_cents) for each in with_licence] == [
        ("SLA8", "sla8", 500)
    ]
    assert [each.contract for each in without] == ["online-support"]
    assert [each.contract for each in what_would_change(ended, URGENT, INFOBITS, at=NOW)] == [
        "online-support"
    ]


@pytest.mark.parametrize(
    ("callback", "said"),
    [
        pytest.param(PriceBasis.FREE, "this would be free.", id="free"),
        pytest.param(PriceBasis.INCLUDED, "this would be included.", id="included"),
        pytest.param(PriceBasis.CONTRACT, "this would be covered by the contract.", id="contract"),
    ],
)
def test_a_better_price_is_said_in_words(callback: PriceBasis, said: str) -> None:
    desk = replace(INFOBITS, prices={**INFOBITS.prices, "SLA8": PriceTerms(None, (callback,))})
    assert changes(CustomerFacts(), CALL_BACK, desk)[0].endswith(said)


def test_paying_at_another_moment_is_no_better_price() -> None:
    prices = {
        "SLA24": PriceTerms(None, (PriceBasis.PREPAID,)),
        "SLA8": PriceTerms(None, (PriceBasis.POSTPAID,)),
    }
    desk = replace(INFOBITS, prices=prices)
    assert changes(CustomerFacts(), CALL_BACK, desk)[0] == (
        "With SLA8, EUR 5.00 a month, the response would come within 8 working hours."
    )


def test_a_desk_without_plans_has_nothing_to_change() -> None:
    softwear = load("softwear").desk
    assert what_would_change(CustomerFacts(), ASK, softwear, at=NOW) == ()


def test_a_plan_in_minutes_that_are_no_whole_hours_is_said_too() -> None:
    plans = {**INFOBITS.plans, "SLA8": replace(INFOBITS.plans["SLA8"], response_minutes=90)}
    assert changes(CustomerFacts(), ASK, replace(INFOBITS, plans=plans))[0] == (
        "With SLA8, EUR 5.00 a month, the response would come within 1.5 working hours."
    )


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        pytest.param(CustomerFacts(), {("site", "none"), ("site", "prepaid"), ("site", "postpaid"),
                                       ("callback", "none"), ("callback", "prepaid"),
                                       ("anydesk", "none"), ("anydesk", "prepaid")}, id="SLA24"),
        pytest.param(CustomerFacts(tickets_this_month=2), {("site", "prepaid"),
                                       ("callback", "none"), ("callback", "prepaid"),
                                       ("anydesk", "none"), ("anydesk", "prepaid")}, id="SLA24, quota gone"),
    ],
)  # fmt: skip
def test_the_form_offers_what_is_allowed_IB_15_IB_19(
    facts: CustomerFacts, allowed: set[tuple[str, str]]
) -> None:
    offered = choices(facts, INFOBITS, at=NOW, channel=Channel.PORTAL, topic=None)
    found = {(each.wish.answer_mode, each.wish.billing_mode) for each in offered if each.decision.allowed}
    assert {(answer.value, billing.value) for answer, billing in found} == allowed
    refused = [each for each in offered if not each.decision.allowed]
    assert all(each.decision.refusal and each.decision.ways_forward for each in refused)


def test_with_SLA8_everything_can_be_chosen_also_urgent_IB_15() -> None:
    offered = choices(SLA8, INFOBITS, at=NOW, channel=Channel.PORTAL, topic="till")
    assert all(each.decision.allowed for each in offered)
    assert {each.wish.topic for each in offered} == {"till"}
    assert {each.wish.urgent for each in offered} == {True, False}


@pytest.mark.parametrize(
    ("facts", "allowed", "refused"),
    [
        pytest.param(
            CustomerFacts(contracts=(ContractFact("phone-support"),)),
            {("site", "none"), ("callback", "none"), ("anydesk", "none")}, set(),
            id="IB_01 nothing is to be paid",
        ),
        pytest.param(
            CustomerFacts(existing_since=date(2015, 1, 1)),
            {(answer, pays) for answer in ("site", "callback", "anydesk") for pays in ("none", "prepaid")},
            {("callback", "postpaid"), ("anydesk", "postpaid")},
            id="IB_13 everything is paid beforehand",
        ),
        pytest.param(
            CustomerFacts(tickets_this_month=2),
            {("site", "prepaid"), ("callback", "none"), ("callback", "prepaid"), ("anydesk", "none"),
             ("anydesk", "prepaid")},
            {("site", "none"), ("callback", "postpaid"), ("anydesk", "postpaid")},
            id="IB_10 the free tickets are used up",
        ),
    ],
)  # fmt: skip
def test_only_what_changes_something_matters(
    facts: CustomerFacts, allowed: set[tuple[str, str]], refused: set[tuple[str, str]]
) -> None:
    found = choices_that_matter(facts, INFOBITS, at=NOW, channel=Channel.PORTAL, topic=None)
    calm = [each for each in found if not each.wish.urgent]
    told = {
        (each.wish.answer_mode.value, each.wish.billing_mode.value): each.decision.allowed for each in calm
    }
    assert {key for key, is_allowed in told.items() if is_allowed} == allowed
    assert {key for key, is_allowed in told.items() if not is_allowed} == refused


def test_what_is_decided_when_it_is_asked_for_is_what_is_decided_at_once():
    decided = Decisions(TS_POS, INFOBITS, at=NOW)
    offered = choices(TS_POS, INFOBITS, at=NOW, channel=Channel.PORTAL, topic="till-scanner")
    assert [decided[each.wish] for each in offered] == [each.decision for each in offered]
    assert decided[offered[0].wish] is decided[offered[0].wish]
