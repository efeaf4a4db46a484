"""Making a question urgent afterwards (IB-11, IB-22)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from balie.rules.decision import Decision, NotEntitled, Surcharge
from balie.rules.lifecycle import ENDED, State
from balie.rules.reasons import Reason
from balie.rules.support_plan import PlanStatus, StatusKind
from balie.rules.urgency_raised import HasEnded, may_be_raised, raised

PLAN = Reason("With SLA8 …", {}, "IB-16")
URGENT = Reason("Urgent …", {}, "IB-22")
CALM = Decision(
    allowed=True,
    plan="SLA8",
    status=PlanStatus(StatusKind.VALID, "SLA8"),
    has_support_contract=False,
    is_charity=False,
    hours="helpdesk",
    response_minutes=480,
    solution_minutes=None,
    waits_for=(),
    reasons=(PLAN,),
)
WITH = replace(CALM, reasons=(PLAN, URGENT), surcharge=Surcharge(50, None))
KEPT = replace(CALM, response_minutes=1440, reasons=(Reason("Then …"),))


def test_the_surcharge_of_today_comes_with_its_reason_and_the_promise_stays_IB_22() -> None:
    found = raised(KEPT, State.OPEN, calm=CALM, urgent=WITH)
    assert found == replace(KEPT, surcharge=Surcharge(50, None), reasons=(*KEPT.reasons, URGENT))


def test_what_today_refuses_is_refused_IB_11() -> None:
    refused = replace(CALM, allowed=False, refusal=Reason("Not with SLA24.", {}, "IB-11"))
    with pytest.raises(NotEntitled, match="SLA24"):
        raised(KEPT, State.NEW, calm=CALM, urgent=refused)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_is_not_urgent_any_more(state: State) -> None:
    assert not may_be_raised(state, urgent=False)
    with pytest.raises(HasEnded):
        raised(KEPT, state, calm=CALM, urgent=WITH)


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_whatever_has_not_ended_can_become_urgent_once(state: State) -> None:
    assert may_be_raised(state, urgent=False)
    assert not may_be_raised(state, urgent=True)
