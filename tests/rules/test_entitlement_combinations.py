"""Where two rules of entitlement meet: each row a combination in which one of them must not undo the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.alternatives import what_would_change
from balie.rules.customer_facts import (
    CharityApplication,
    ContractFact,
    CustomerFacts,
    LicenceFact,
    MaintainedBy,
    Validity,
)
from balie.rules.decision import Condition, Decision, QuotaLeft
from balie.rules.entitlement import decide, decide_reaction, decide_received
from balie.rules.price_basis import PriceBasis
from balie.rules.topics import CategoryKind
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

INFOBITS = load("infobits").desk
SOFTWEAR = load("softwear").desk
NOW = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Friday, within all hours
ASK, CALL = Wish(Channel.PORTAL), Wish(Channel.PHONE)
ASK_PREPAID = replace(ASK, billing_mode=BillingMode.PREPAID)
CALL_BACK = replace(ASK, answer_mode=AnswerMode.CALLBACK)
PHONE = (ContractFact("phone-support"),)
LAPSED = CustomerFacts(existing_since=date(2015, 1, 1))
USED_UP = CustomerFacts(tickets_this_month=2)


def ask(facts: CustomerFacts, wish: Wish = ASK) -> Decision:
    return decide(facts, wish, INFOBITS, at=NOW)


# -- A call that an agent writes down ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(CustomerFacts(contracts=PHONE), id="SLA24"),
        pytest.param(CustomerFacts(contracts=PHONE, tickets_this_month=2), id="the free tickets are used up"),
        pytest.param(CustomerFacts(contracts=PHONE, licences=(LicenceFact("infokasv3-l"),)), id="SLA8"),
    ],
)
def test_a_call_under_contract_is_written_down_as_it_was_decided_IB_01_IB_10_IB_21(
    facts: CustomerFacts,
) -> None:
    received = decide_received(facts, CALL, INFOBITS, at=NOW)
    assert received == ask(facts, CALL)
    assert received.allowed and received.price is PriceBasis.CONTRACT


def test_a_caller_without_a_contract_can_still_be_written_down_IB_21() -> None:
    received = decide_received(CustomerFacts(), CALL, INFOBITS, at=NOW)
    assert received.allowed and received.price is PriceBasis.FREE


# -- Over the quota ----------------------------------------------------------------------------------------


def test_over_the_quota_an_answer_on_the_site_can_be_paid_beforehand_as_with_the_payment_status_IB_10() -> (
    None
):
    decision = ask(USED_UP, ASK_PREPAID)
    assert decision.allowed and decision.price is PriceBasis.PREPAID
    assert decision.waits_for == (Condition.PAYMENT,)
    assert ask(replace(USED_UP, prepaid_minutes=30), ASK_PREPAID).waits_for == ()


def test_within_the_quota_a_choice_to_pay_costs_nothing_IB_10() -> None:
    assert ask(CustomerFacts(tickets_this_month=1), ASK_PREPAID).price is PriceBasis.FREE


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        pytest.param(
            USED_UP, "Paid beforehand (prepaid) it can be asked now, also as a call-back.", id="without a contract"
        ),
        pytest.param(
            replace(USED_UP, contracts=PHONE),
            "A call-back or a call is covered by the contract, and can be asked now.",
            id="with a phone contract",
        ),
    ],
)  # fmt: skip
def test_over_the_quota_what_is_possible_now_is_told_IB_10(facts: CustomerFacts, way: str) -> None:
    decision = ask(facts)
    assert not decision.allowed
    assert decision.ways_forward[1].render() == way


@pytest.mark.parametrize(
    ("tickets", "way", "left"),
    [
        pytest.param(
            1, "Make a new ticket that says everything that is known now.", QuotaLeft(1, 0), id="one is left"
        ),
        pytest.param(2, "A new free ticket is possible from the first of next month on.", QuotaLeft(0, 0), id="none"),
    ],
)  # fmt: skip
def test_a_refused_reaction_offers_a_new_ticket_only_when_one_is_left_IB_10(
    tickets: int, way: str, left: QuotaLeft
) -> None:
    now = CustomerFacts(tickets_this_month=tickets, reactions_on_ticket=3)
    refused = decide_reaction(ask(CustomerFacts()), now, INFOBITS)
    assert refused.quota == left
    assert [each.render() for each in refused.ways_forward] == [
        way,
        "With SLA8 the number of reactions on a new ticket is not limited.",
    ]


def test_an_allowed_reaction_says_what_is_left_by_now_IB_10() -> None:
    now = CustomerFacts(tickets_this_month=1, reactions_on_ticket=2)
    assert decide_reaction(ask(CustomerFacts()), now, INFOBITS).quota == QuotaLeft(1, 1)


# -- A charity ---------------------------------------------------------------------------------------------


def test_who_renews_a_charity_licence_keeps_the_one_that_has_begun_IB_07() -> None:
    running = LicenceFact("charity", Validity(date(2026, 1, 1), date(2026, 12, 31)))
    facts = replace(LAPSED, licences=(running,))
    for application in (CharityApplication.APPLIED, CharityApplication.DECLINED):
        assert ask(replace(facts, charity_application=application)).is_charity
    planned = replace(running, validity=Validity(date(2027, 1, 1)))
    both = replace(facts, licences=(planned,), charity_application=CharityApplication.APPLIED)
    assert not ask(both).is_charity


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(replace(LAPSED, charity_until=date(2026, 11, 19)), id="what was checked"),
        pytest.param(
            replace(LAPSED, licences=(LicenceFact("charity", Validity(None, date(2026, 11, 19))),)),
            id="a licence",
        ),
    ],
)
def test_the_free_plan_of_a_charity_has_not_lapsed_before_it_ended_IB_07_IB_13(facts: CustomerFacts) -> None:
    decision = ask(facts)
    assert decision.plan is None
    assert decision.status.day == date(2026, 11, 19)


# -- What it is about, and who pays first ------------------------------------------------------------------

BY_THE_HOUR = replace(INFOBITS, kind_prices={CategoryKind.RESEARCH: PriceBasis.ACTUAL_TIME})
QUOTED = replace(INFOBITS, kind_prices={CategoryKind.RESEARCH: PriceBasis.QUOTE})


@pytest.mark.parametrize(
    ("facts", "wish", "price", "waits"),
    [
        pytest.param(LAPSED, ASK, PriceBasis.PREPAID, True, id="payment status, site: pay first"),
        pytest.param(LAPSED, CALL_BACK, PriceBasis.PREPAID, True, id="payment status, call-back"),
        pytest.param(CustomerFacts(), CALL_BACK, PriceBasis.PREPAID, True, id="SLA24, call-back: prepaid only"),
        pytest.param(CustomerFacts(), ASK, PriceBasis.ACTUAL_TIME, False, id="SLA24, site"),
        pytest.param(
            CustomerFacts(licences=(LicenceFact("infokasv3-l"),)), CALL_BACK, PriceBasis.ACTUAL_TIME, False,
            id="SLA8 may pay afterwards, so the kind decides",
        ),
        pytest.param(
            CustomerFacts(contracts=PHONE), CALL, PriceBasis.CONTRACT, False, id="a call under contract"
        ),
    ],
)  # fmt: skip
def test_the_price_of_a_kind_takes_nothing_from_who_pays_first_IB_13_IB_19(
    facts: CustomerFacts, wish: Wish, price: PriceBasis, waits: bool
) -> None:
    decision = decide(facts, replace(wish, topic="reports"), BY_THE_HOUR, at=NOW)
    assert decision.price is price
    assert (Condition.PAYMENT in decision.waits_for) is waits


def test_sla24_cannot_pay_research_afterwards_either_IB_19() -> None:
    wish = replace(CALL_BACK, topic="reports", billing_mode=BillingMode.POSTPAID)
    assert not decide(CustomerFacts(), wish, BY_THE_HOUR, at=NOW).allowed


def test_a_quote_comes_before_the_payment_and_with_the_payment_status_waits_for_it_IB_13() -> None:
    decision = decide(LAPSED, replace(ASK, topic="reports"), QUOTED, at=NOW)
    assert (decision.price, decision.waits_for) == (PriceBasis.QUOTE, (Condition.PAYMENT,))


@pytest.mark.parametrize(
    ("contract", "price", "rule"),
    [
        pytest.param(None, PriceBasis.ACTUAL_TIME, "SW-15", id="none: time and materials"),
        pytest.param("haas", PriceBasis.CONTRACT, "SW-14", id="HaaS"),
        pytest.param("hardware-sla", PriceBasis.CONTRACT, "SW-14", id="a hardware SLA"),
        pytest.param(
            "service", PriceBasis.ACTUAL_TIME, "SW-15", id="a service contract is none for hardware"
        ),
    ],
)
@pytest.mark.parametrize("mode", AnswerMode)
def test_trouble_with_hardware_is_charged_without_a_contract_SW_14_SW_15(
    contract: str | None, price: PriceBasis, rule: str, mode: AnswerMode
) -> None:
    facts = CustomerFacts(contracts=(ContractFact(contract),) if contract else ())
    decision = decide(facts, Wish(Channel.PORTAL, "hardware", mode), SOFTWEAR, at=NOW)
    assert decision.price is price
    assert rule in [reason.rule for reason in decision.reasons]


def test_a_hardware_contract_covers_hardware_only_SW_11_SW_14() -> None:
    facts = CustomerFacts(contracts=(ContractFact("haas"),))
    change = decide(facts, Wish(Channel.PORTAL, "layout-logo"), SOFTWEAR, at=NOW)
    assert change.price is PriceBasis.QUOTE
    assert decide(facts, ASK, SOFTWEAR, at=NOW).price is PriceBasis.INCLUDED


# -- Existing customers ------------------------------------------------------------------------------------


def test_of_whom_it_is_not_known_since_when_it_exists_nothing_is_refused_IB_13_IB_17() -> None:
    unknown = CustomerFacts(contracts=(ContractFact("maintenance"),), hardware_from_us=True)
    assert ask(unknown).plan == "SLA4"
    changes = what_would_change(CustomerFacts(hardware_from_us=True), ASK, INFOBITS, at=NOW)
    assert "SLA4" in [each.plan for each in changes]


# -- Maintained by others ----------------------------------------------------------------------------------


def test_a_call_under_contract_cannot_wait_for_acceptance_IB_01_IB_20() -> None:
    facts = CustomerFacts(contracts=PHONE, maintained_by=MaintainedBy.THIRD_PARTY)
    for mode in AnswerMode:
        assert ask(facts, replace(CALL, answer_mode=mode)).waits_for == ()
    assert ask(facts, CALL_BACK).waits_for == (Condition.ACCEPTANCE,)


def test_a_desk_without_that_rule_begins_a_call_back_whoever_maintains_the_system_IB_20() -> None:
    wish, facts = replace(CALL_BACK, topic="question"), CustomerFacts(maintained_by=MaintainedBy.THIRD_PARTY)
    assert decide(facts, wish, SOFTWEAR, at=NOW).waits_for == ()


@pytest.mark.parametrize(
    ("at", "setting"),
    [
        pytest.param(NOW, "lines.office", id="in office hours"),
        pytest.param(NOW.replace(hour=18), "lines.till-helpdesk", id="in the hours of the till helpdesk"),
    ],
)
def test_a_question_that_may_not_be_phoned_names_the_line_SW_03_SW_04(at: datetime, setting: str) -> None:
    refused = decide(CustomerFacts(), replace(CALL, topic="question"), SOFTWEAR, at=at).refusal
    assert refused is not None and refused.setting == setting
