"""What an agent hears when a ticket's decision would come out otherwise now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact
from balie.rules.decision import Decision
from balie.rules.differences import differences
from balie.rules.entitlement import decide_received
from balie.rules.price_basis import PriceBasis
from balie.rules.wishes import AnswerMode, Channel, Wish

INFOBITS = load("infobits").desk
NOW = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
ASK = Wish(Channel.PORTAL)
CALL_BACK = replace(ASK, answer_mode=AnswerMode.CALLBACK)
NOTHING = CustomerFacts()
SLA8 = CustomerFacts(licences=(LicenceFact("infokasv3-l"),))
PHONE = CustomerFacts(contracts=(ContractFact("phone-support"),))
LAPSED = CustomerFacts(last_paid_support_on=date(2020, 1, 1))


def decided(facts: CustomerFacts, wish: Wish = ASK) -> Decision:
    return decide_received(facts, wish, INFOBITS, at=NOW)


@pytest.mark.parametrize(
    ("kept", "now", "wish", "expected"),
    [
        pytest.param(SLA8, SLA8, ASK, [], id="nothing changed"),
        pytest.param(
            SLA8, NOTHING, ASK,
            ["The plan would be SLA24.", "It would be free.",
             "The response would come within 24 working hours, in the hours of Helpdesk."],
            id="the licence ended",
        ),
        pytest.param(
            NOTHING, SLA8, ASK,
            ["The plan would be SLA8.", "It would be included.",
             "The response would come within 8 working hours, in the hours of Helpdesk."],
            id="a licence was bought",
        ),
        pytest.param(
            NOTHING, PHONE, CALL_BACK,
            ["It would be covered by the contract.",
             "The response would come within 24 working hours, in the hours of Contract zone 1."],
            id="a phone contract",
        ),
        pytest.param(
            NOTHING, LAPSED, ASK,
            ["The customer has no plan any more.", "It would be paid beforehand.",
             "No response time would be promised."],
            id="lapsed since",
        ),
        pytest.param(SLA8, NOTHING, replace(ASK, urgent=True), ["It would be refused now."], id="urgent with SLA24"),
        pytest.param(NOTHING, SLA8, replace(ASK, urgent=True), ["It would be possible now."], id="and the other way"),
    ],
)  # fmt: skip
def test_what_would_be_otherwise_is_said(
    kept: CustomerFacts, now: CustomerFacts, wish: Wish, expected: list[str]
) -> None:
    found = differences(decided(kept, wish), decided(now, wish), INFOBITS)
    assert [each.render() for each in found] == expected


@given(st.sampled_from([NOTHING, SLA8, PHONE, LAPSED]), st.sampled_from([ASK, CALL_BACK]))
def test_a_decision_never_differs_from_itself(facts: CustomerFacts, wish: Wish) -> None:
    assert differences(decided(facts, wish), decided(facts, wish), INFOBITS) == ()


def test_a_decision_of_before_prices_says_nothing_of_them() -> None:
    old = replace(decided(SLA8), price=None)
    assert differences(old, replace(old, price=PriceBasis.PREPAID), INFOBITS) == ()


def test_a_plan_that_the_desk_no_longer_has_keeps_its_key() -> None:
    now = replace(decided(SLA8), plan="SLA2")
    assert [each.render() for each in differences(decided(SLA8), now, INFOBITS)] == [
        "The plan would be SLA2."
    ]
