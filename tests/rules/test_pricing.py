"""How work is paid where a desk says other things than ours do, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact
from balie.rules.decision import Decision, RateNow, Surcharge
from balie.rules.desk import Desk
from balie.rules.entitlement import decide
from balie.rules.price_basis import PriceBasis, PriceTerms
from balie.rules.rates import surcharge_told
from balie.rules.topics import CategoryKind
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

NOW = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
INFOBITS = load("infobits").desk
SOFTWEAR = load("softwear").desk
ASK = Wish(Channel.PORTAL)
CALL_BACK = replace(ASK, answer_mode=AnswerMode.CALLBACK)
PREPAID = replace(CALL_BACK, billing_mode=BillingMode.PREPAID)
POSTPAID = replace(CALL_BACK, billing_mode=BillingMode.POSTPAID)
SLA8 = CustomerFacts(licences=(LicenceFact("infokasv3-l"),))
LAPSED = CustomerFacts(last_paid_support_on=date(2020, 1, 1))
CHARITY = CustomerFacts(charity_until=date(2027, 1, 1))


def ask(facts: CustomerFacts, wish: Wish = ASK, desk: Desk = INFOBITS) -> Decision:
    return decide(facts, wish, desk, at=NOW)


def said(decision: Decision) -> list[str]:
    return [reason.render() for reason in decision.reasons]


@pytest.mark.parametrize(
    ("facts", "wish", "price"),
    [
        pytest.param(CustomerFacts(), ASK, PriceBasis.FREE, id="a free plan is free"),
        pytest.param(CustomerFacts(), PREPAID, PriceBasis.FREE, id="for everything"),
        pytest.param(SLA8, CALL_BACK, PriceBasis.INCLUDED, id="a paid one includes it"),
        pytest.param(LAPSED, ASK, PriceBasis.PREPAID, id="IB_13 the payment status pays first"),
        pytest.param(CHARITY, CALL_BACK, PriceBasis.FREE, id="IB_07 a charity pays nothing"),
    ],
)
def test_a_desk_that_says_nothing_of_prices_lets_the_plan_decide(
    facts: CustomerFacts, wish: Wish, price: PriceBasis
) -> None:
    assert ask(facts, wish, replace(INFOBITS, prices={})).price is price


def test_without_plans_and_without_prices_nothing_is_said_of_the_price() -> None:
    decision = ask(CustomerFacts(), POSTPAID, replace(SOFTWEAR, prices={}))
    assert decision.allowed and decision.price is None


@pytest.mark.parametrize(
    ("prices", "facts", "refusal", "ways"),
    [
        pytest.param(
            {"SLA8": PriceTerms(None, (PriceBasis.POSTPAID,))}, SLA8,
            "This cannot be paid beforehand (prepaid).", ["Choose to pay afterwards (postpaid)."],
            id="a plan that is paid afterwards only",
        ),
        pytest.param(
            {"payment-status": PriceTerms(None, (PriceBasis.POSTPAID,))}, LAPSED,
            "This cannot be paid beforehand (prepaid).", ["Choose to pay afterwards (postpaid)."],
            id="the payment status, too",
        ),
    ],
)  # fmt: skip
def test_prepaid_is_refused_where_it_is_not_offered(
    prices: Mapping[str, PriceTerms], facts: CustomerFacts, refusal: str, ways: list[str]
) -> None:
    decision = ask(facts, PREPAID, replace(INFOBITS, prices=prices))
    assert decision.refusal is not None
    assert decision.refusal.render() == refusal
    assert [way.render() for way in decision.ways_forward] == ways


@pytest.mark.parametrize(
    ("facts", "setting"),
    [
        pytest.param(CustomerFacts(), "price_basis.SLA24.callback", id="IB_19 the plan's"),
        pytest.param(LAPSED, "price_basis.payment-status.callback", id="IB_13 that of the payment status"),
    ],
)
def test_a_way_of_payment_that_is_refused_names_the_setting(facts: CustomerFacts, setting: str) -> None:
    refusal = ask(facts, POSTPAID).refusal
    assert refusal is not None
    assert (refusal.rule, refusal.setting) == ("IB-19", setting)


def test_a_desk_without_plans_may_offer_prepaid_only() -> None:
    desk = replace(SOFTWEAR, prices={"without-plan": PriceTerms(None, (PriceBasis.PREPAID,))})
    decision = ask(CustomerFacts(), POSTPAID, desk)
    assert decision.refusal is not None
    assert decision.refusal.render() == "This cannot be paid afterwards (postpaid)."
    assert [way.render() for way in decision.ways_forward] == ["Choose to pay beforehand (prepaid)."]


@pytest.mark.parametrize(
    ("facts", "wish", "rule", "setting"),
    [
        pytest.param(CustomerFacts(), ASK, "IB-09", "price_basis.SLA24.site", id="SLA24 is free"),
        pytest.param(
            CustomerFacts(), CALL_BACK, "IB-19", "price_basis.SLA24.callback", id="a call-back is chosen and paid"
        ),
        pytest.param(
            CustomerFacts(licences=(LicenceFact("infokasv3-l"),)), ASK, "IB-15", "price_basis.SLA8.site",
            id="SLA8 includes the answer on the site",
        ),
        pytest.param(
            CustomerFacts(
                contracts=(ContractFact("maintenance"),), hardware_from_us=True, existing_since=date(2015, 1, 1)
            ),
            CALL_BACK, "IB-17", "price_basis.SLA4.callback", id="maintenance covers the call-back",
        ),
    ],
)  # fmt: skip
def test_a_price_names_the_rule_behind_it(facts: CustomerFacts, wish: Wish, rule: str, setting: str) -> None:
    assert (rule, setting) in [(each.rule, each.setting) for each in ask(facts, wish).reasons]


@pytest.mark.parametrize(
    ("topic", "price", "sentence", "rule"),
    [
        pytest.param(
            "research-figures", "actual_time",
            "This is billed by the time that it takes, without an estimate beforehand.", "SW-12", id="SW_12 research",
        ),
        pytest.param(
            "layout-invoice", "quote", "This begins with a price quote; when it is accepted the work is planned.",
            "SW-11", id="SW_11 a layout",
        ),
        pytest.param(
            "third-party", "quote", "This begins with a price quote; when it is accepted the work is planned.",
            "SW-16", id="SW_16 caused by others",
        ),
        pytest.param(
            "consultant", "quote", "This begins with a price quote; when it is accepted the work is planned.",
            "SW-11", id="SW_10 a consultant is hired",
        ),
    ],
)  # fmt: skip
def test_what_it_is_about_decides_on_the_price_SW_11_SW_12_SW_16(
    topic: str, price: str, sentence: str, rule: str
) -> None:
    decision = ask(CustomerFacts(), replace(ASK, topic=topic), SOFTWEAR)
    assert decision.price == price
    assert (sentence, rule) in [(reason.render(), reason.rule) for reason in decision.reasons]
    chosen = ask(CustomerFacts(), replace(POSTPAID, topic=topic), SOFTWEAR)
    assert chosen.price == price
    assert "What it is about decides on the payment, so the chosen way of payment does not count." in said(
        chosen
    )


def test_a_charity_is_helped_for_nothing_whatever_it_is_about_IB_07() -> None:
    desk = replace(INFOBITS, kind_prices={CategoryKind.RESEARCH: PriceBasis.ACTUAL_TIME})
    wish = replace(ASK, topic="reports")
    assert ask(SLA8, wish, desk).price is PriceBasis.ACTUAL_TIME
    assert ask(CHARITY, wish, desk).price is PriceBasis.FREE


def test_a_contract_adds_to_the_plan_and_what_costs_nothing_goes_before() -> None:
    prices = {**INFOBITS.prices, "haas": PriceTerms(PriceBasis.FREE, (PriceBasis.POSTPAID,))}
    desk = replace(INFOBITS, prices=prices)
    facts = replace(SLA8, contracts=(ContractFact("haas"),))
    assert ask(facts, ASK, desk).price is PriceBasis.FREE
    assert ask(facts, POSTPAID, desk).price is PriceBasis.POSTPAID
    assert "With Hardware as a service an answer on the site is free." in said(ask(facts, ASK, desk))


@pytest.mark.parametrize(
    ("percent", "cents", "sentence"),
    [
        pytest.param(None, None, "at a surcharge.", id="not set"),
        pytest.param(50, None, "at a surcharge of 50% on the rate.", id="a percentage"),
        pytest.param(None, 2505, "at a surcharge of EUR 25.05.", id="an amount"),
        pytest.param(25, 1000, "at a surcharge of 25% on the rate and EUR 10.00.", id="both"),
    ],
)
def test_urgent_says_its_surcharge_IB_22(percent: int | None, cents: int | None, sentence: str) -> None:
    settings = replace(INFOBITS.settings, urgent_surcharge_percent=percent, urgent_surcharge_cents=cents)
    decision = ask(SLA8, replace(ASK, urgent=True), replace(INFOBITS, settings=settings))
    assert decision.surcharge == Surcharge(percent, cents)
    assert any(each.endswith(sentence) for each in said(decision))
    assert surcharge_told(decision, with_amount=True) in decision.reasons


def test_who_may_not_see_money_reads_that_urgent_has_a_surcharge_not_which_IB_22() -> None:
    settings = replace(INFOBITS.settings, urgent_surcharge_percent=50, urgent_surcharge_cents=1000)
    decision = ask(SLA8, replace(ASK, urgent=True), replace(INFOBITS, settings=settings))
    told = surcharge_told(decision, with_amount=False)
    assert told.message.endswith("at a surcharge.") and not told.values


@pytest.mark.parametrize(
    ("zone_cents", "hourly_cents", "rate", "sentence"),
    [
        pytest.param(
            8500, None, RateNow("zone-1", 8500), "Work done at this moment is in Contract zone 1: EUR 85.00 an hour.",
            id="a zone with a rate",
        ),
        pytest.param(
            None, 9500, RateNow("zone-1", None), "Work done at this moment is in Contract zone 1.",
            id="a zone whose rate is not set",
        ),
    ],
)  # fmt: skip
def test_paid_work_says_its_rate_IB_29(
    zone_cents: int | None, hourly_cents: int | None, rate: RateNow, sentence: str
) -> None:
    zone = replace(INFOBITS.lines["zone-1"], hourly_rate_cents=zone_cents)
    settings = replace(INFOBITS.settings, hourly_rate_cents=hourly_cents)
    desk = replace(INFOBITS, lines={**INFOBITS.lines, "zone-1": zone}, settings=settings)
    decision = ask(SLA8, POSTPAID, desk)
    assert decision.rate == rate
    assert sentence in said(decision)
    assert sentence not in said(ask(SLA8, ASK, desk)), "what costs nothing need not tell a rate"


def test_a_desk_without_zones_has_one_rate() -> None:
    decision = ask(CustomerFacts(), replace(ASK, topic="research-figures"), SOFTWEAR)
    assert decision.rate == RateNow(None, 9500)
    assert "Work costs EUR 95.00 an hour." in said(decision)


def test_a_decision_of_before_prices_were_decided_can_still_be_read() -> None:
    stored = ask(SLA8, POSTPAID).as_json()
    for new in ("price", "rate", "surcharge", "quota", "shows_phone_number"):
        del stored[new]
    old = Decision.from_json(stored)
    assert (old.price, old.rate, old.surcharge, old.quota, old.shows_phone_number) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert old.response_minutes == 480
