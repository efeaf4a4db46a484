"""Who may order what costs money, and who may take urgency back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from balie.rules.decision import Decision, Surcharge
from balie.rules.lifecycle import State
from balie.rules.ordering import MayNotOrder, is_an_order, refuse_without_right
from balie.rules.plan_status import PlanStatus, StatusKind
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.urgency import BEFORE_WORK, WorkHasBegun, dropped, may_be_dropped

CALM = Decision(
    allowed=True,
    plan="SLA8",
    status=PlanStatus(StatusKind.VALID, plan="SLA8"),
    has_support_contract=False,
    is_charity=False,
    hours="helpdesk",
    response_minutes=480,
    solution_minutes=None,
    waits_for=(),
    reasons=(Reason("With SLA8 …", {}, "IB-16"),),
    price=PriceBasis.INCLUDED,
)
SURCHARGE = Surcharge(percent=50, cents=None)
URGENT = replace(
    CALM,
    surcharge=SURCHARGE,
    reasons=(*CALM.reasons, Reason("Urgent goes first.", {}, None, "settings.urgent_surcharge_percent")),
)


@pytest.mark.parametrize(
    ("price", "surcharge", "costs", "why"),
    [
        (PriceBasis.FREE, None, False, "nothing to pay"),
        (PriceBasis.INCLUDED, None, False, "paid with the plan"),
        (PriceBasis.CONTRACT, None, False, "paid with the contract"),
        (PriceBasis.QUOTE, None, False, "ordered when the quote is accepted, SW-11"),
        (None, None, False, "the desk says nothing of prices"),
        (PriceBasis.PREPAID, None, True, "IB-19"),
        (PriceBasis.POSTPAID, None, True, "IB-15"),
        (PriceBasis.ACTUAL_TIME, None, True, "no estimate beforehand, SW-12"),
        (PriceBasis.INCLUDED, SURCHARGE, True, "urgent costs extra, IB-22"),
    ],
)
def test_asking_for_what_costs_money_is_ordering_it(price, surcharge, costs, why):
    decision = replace(CALM, price=price, surcharge=surcharge)
    assert is_an_order(decision) is costs, why
    assert refuse_without_right(decision, may_order=True, who_can=()) is None
    assert (refuse_without_right(decision, may_order=False, who_can=()) is not None) is costs


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ([], "Ask the desk to let somebody of your company order paid work."),
        (["Carla"], "Carla may order this: let your question be asked by Carla."),
        (["Carla", "Kees"], "These colleagues may order this: Carla, Kees."),
    ],
)
def test_the_refusal_names_who_can(who, says):
    refusal = refuse_without_right(replace(CALM, price=PriceBasis.PREPAID), may_order=False, who_can=who)
    assert isinstance(refusal, MayNotOrder)
    assert refusal.reason.render() == "This is paid work, and you may not order that."
    assert [way.render() for way in refusal.ways_forward] == [says]


def test_without_the_right_urgent_can_be_asked_for_nothing_IB_22():
    refusal = refuse_without_right(URGENT, may_order=False, who_can=())
    assert refusal is not None
    assert refusal.ways_forward[-1].render() == "Ask the question without urgency."


@pytest.mark.parametrize("state", State)
def test_urgency_is_taken_back_before_the_work_begins_and_not_after_IB_22(state):
    assert may_be_dropped(state, urgent=True) is (state in BEFORE_WORK)
    assert not may_be_dropped(state, urgent=False)
    if state in BEFORE_WORK:
        assert dropped(URGENT, state) == CALM
    else:
        with pytest.raises(WorkHasBegun) as refused:
            dropped(URGENT, state)
        assert refused.value.ways_forward
