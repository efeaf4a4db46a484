"""What a customer may ask for now, on what terms, and why (IB-01 to IB-24, IB-30, SW-03 to SW-06, SW-11, SW-12, SW-16).

`decide` is one pass over tables: by which channel (`reaching`), `REFUSALS` (who says no), the price (`pricing`),
`conditions` (what must happen before our clock starts) and the promise (how fast, in which hours). A new rule is
a new row. What would change the answer, and what else could be asked, is asked for apart: `alternatives`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from balie.rules.calling import shows_phone_number
from balie.rules.case import Case, No, with_a_better_plan
from balie.rules.conditions import conditions
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import (
    Condition,
    Decision,
    NotEntitled,
    QuotaLeft,
    RateNow,
    Surcharge,
    deadline,
)
from balie.rules.desk import Desk
from balie.rules.plan_status import PlanStatus, StatusKind
from balie.rules.price_basis import NOTHING_TO_PAY, PriceBasis
from balie.rules.pricing import not_payable_so, price_of
from balie.rules.promises import NOTHING_BEFORE_PAYMENT, Promise, promise_of
from balie.rules.quota import (
    limited_plan_of,
    quota_left,
    quota_of,
    too_many_reactions,
    too_many_reactions_on,
    too_many_tickets,
)
from balie.rules.rates import NO_SURCHARGE, rate_now, surcharge_of
from balie.rules.reaching import not_by_this_channel, says_channel
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.support_plan import (
    PlanAssessment,
    assess_plan,
    assess_plan_on,
    implies_support_contract,
    local_day,
)
from balie.rules.wishes import Channel, Wish

__all__ = [
    "Condition",
    "Decision",
    "Decisions",
    "NotEntitled",
    "PlanAssessment",
    "PlanStatus",
    "PriceBasis",
    "Promise",
    "QuotaLeft",
    "RateNow",
    "StatusKind",
    "Surcharge",
    "assess_plan",
    "deadline",
    "decide",
    "decide_all",
    "decide_reaction",
    "decide_received",
    "implies_support_contract",
    "promise_of",
]


def decide(facts: CustomerFacts, wish: Wish, desk: Desk, *, at: datetime) -> Decision:
    """Whether this customer may ask this at this aware moment, on what terms, and why."""
    return _decide(_case(facts, wish, desk, at))


def decide_all(
    facts: CustomerFacts, wishes: Iterable[Wish], desk: Desk, *, at: datetime
) -> tuple[Decision, ...]:
    """`decide` for several wishes of one customer at one moment, in their order; what it has is looked at once."""
    first = _case(facts, Wish(Channel.PORTAL), desk, at)
    return tuple(_decide(first.with_wish(wish)) for wish in wishes)


class Decisions(dict[Wish, Decision]):
    """What `decide` says of wishes of one customer at one moment, each decided when it is first asked for."""

    def __init__(self, facts: CustomerFacts, desk: Desk, *, at: datetime) -> None:
        super().__init__()
        self._first = _case(facts, Wish(Channel.PORTAL), desk, at)

    def __missing__(self, wish: Wish) -> Decision:
        self[wish] = decision = _decide(self._first.with_wish(wish))
        return decision


def _decide(case: Case) -> Decision:
    return _decided(case, not_by_this_channel(case) or _refusal(case))


def decide_received(facts: CustomerFacts, wish: Wish, desk: Desk, *, at: datetime) -> Decision:
    """`decide` for a question that has reached the desk: whether by the right channel is no longer asked.

    An agent who is on the phone makes the ticket during the call (IB-21): under a phone contract on the terms of a
    call, else on those of the answer mode.
    """
    case = _case(facts, wish, desk, at)
    return _decided(case, _refusal(case))


def decide_reaction(stored: Decision, facts: CustomerFacts, desk: Desk) -> Decision:
    """Whether the customer may write once more on a ticket that was made under `stored` (IB-10).

    Under the stored decision, not today's: a later change of contract does not rewrite history.
    """
    plan = limited_plan_of(stored, desk)
    no = too_many_reactions(plan, facts, desk)
    quota = stored.quota if plan is None else quota_left(facts, desk)
    if no is None:
        return replace(stored, allowed=True, refusal=None, ways_forward=(), quota=quota)
    return replace(
        stored,
        allowed=False,
        hours=None,
        response_minutes=None,
        solution_minutes=None,
        waits_for=(),
        reasons=(*stored.reasons, no.because),
        refusal=no.because,
        ways_forward=no.ways_forward,
        quota=quota,
    )


def _case(facts: CustomerFacts, wish: Wish, desk: Desk, at: datetime) -> Case:
    day = local_day(at, desk)
    support = assess_plan_on(facts, desk, day)
    plan = desk.plans[support.plan] if support.plan else None
    return Case(facts, wish, desk, at, day, support, plan, shows_phone_number(support, desk))


def _decided(case: Case, no: No | None) -> Decision:
    return _allowed(case) if no is None else _refused(case, no)


def _allowed(case: Case) -> Decision:
    support, is_urgent = case.support, case.wish.urgent
    price, says_price = price_of(case)
    rate, says_rate = rate_now(case)
    surcharge, says_surcharge = surcharge_of(case.desk) if is_urgent else NO_SURCHARGE
    waits_for, says_conditions = conditions(case, price)
    promise = _promise(case)
    is_worked_on = is_urgent or (price is not None and price not in NOTHING_TO_PAY)
    return Decision(
        allowed=True,
        plan=support.plan,
        status=support.status,
        has_support_contract=support.has_support_contract,
        is_charity=support.is_charity,
        hours=promise.hours,
        response_minutes=promise.response_minutes,
        solution_minutes=promise.solution_minutes,
        waits_for=waits_for,
        reasons=(
            *support.reasons,
            *says_channel(case),
            *promise.reasons,
            *says_price,
            *says_surcharge,
            *((says_rate,) if is_worked_on else ()),
            *says_conditions,
        ),
        price=price,
        rate=rate,
        surcharge=surcharge,
        quota=quota_of(case),
        shows_phone_number=case.may_have_number,
    )


def _refused(case: Case, no: No) -> Decision:
    support = case.support
    return Decision(
        allowed=False,
        plan=support.plan,
        status=support.status,
        has_support_contract=support.has_support_contract,
        is_charity=support.is_charity,
        hours=None,
        response_minutes=None,
        solution_minutes=None,
        waits_for=(),
        reasons=(*support.reasons, no.because),
        refusal=no.because,
        ways_forward=no.ways_forward,
        quota=quota_of(case),
        shows_phone_number=case.may_have_number,
    )


def _promise(case: Case) -> Promise:
    if case.has_payment_status:
        return NOTHING_BEFORE_PAYMENT
    key = (promise_of, case.support.plan, case.support.has_support_contract)
    found: Promise | None = case.desk.worked_out.get(key)
    if found is None:
        found = promise_of(case.plan, case.desk, has_support_contract=case.support.has_support_contract)
        case.desk.worked_out[key] = found
    return found


# -- Who says no -------------------------------------------------------------------------------------------


def _refusal(case: Case) -> No | None:
    for rule in REFUSALS:
        no = rule(case)
        if no is not None:
            return no
    return None


def _urgent_on_a_free_plan(case: Case) -> No | None:
    """IB-11: SLA24 and urgent do not go together; the payment status is what is left of it, and gives no more."""
    if not case.wish.urgent:
        return None
    plan = case.plan
    if case.has_payment_status:
        because = Reason(
            _("An urgent question is not possible with the payment status, nor with %(plan)s before it."),
            {"plan": _name_of(case.support.status.plan, case.desk)},
            "IB-11",
            f"plans.{case.support.status.plan}.is_free",
        )
    elif plan is not None and plan.is_free:
        because = Reason(
            _("An urgent question is not possible with %(plan)s."),
            {"plan": plan.name},
            "IB-11",
            f"plans.{plan.key}.is_free",
        )
    else:
        return None
    message = _("With %(plan)s an urgent question is possible.")
    return No(because, (_WITHOUT_URGENCY, *with_a_better_plan(message, "IB-11", plan, case.desk)))


_WITHOUT_URGENCY = Reason(_("Ask the question without urgency."), {}, "IB-11")


def _name_of(plan: str | None, desk: Desk) -> str | None:
    return desk.plans[plan].name if plan is not None and plan in desk.plans else plan


REFUSALS: tuple[Callable[[Case], No | None], ...] = (
    _urgent_on_a_free_plan,
    not_payable_so,
    too_many_tickets,
    too_many_reactions_on,
)
