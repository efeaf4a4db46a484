"""What a customer may ask for now, on what terms, and why (IB-01 to IB-24, IB-30, SW-03 to SW-06, SW-11, SW-12, SW-16).

`decide` is one pass over tables: by which channel (`reaching`), `REFUSALS` (who says no), the price (`pricing`),
`CONDITIONS` (what must happen before our clock starts) and the promise (how fast, in which hours). A new rule is
a new row. What would change the answer, and what else could be asked, is asked for apart: `alternatives`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from balie.rules.calling import says_line
from balie.rules.case import Case, No, with_a_better_plan
from balie.rules.customer_facts import CustomerFacts, MaintainedBy
from balie.rules.decision import (
    Condition,
    Decision,
    NotEntitled,
    QuotaLeft,
    RateNow,
    Surcharge,
    deadline,
)
from balie.rules.desk import Desk, SupportPlan
from balie.rules.price_basis import NOTHING_TO_PAY, PriceBasis
from balie.rules.pricing import not_payable_so, price_of, rate_now, surcharge_of
from balie.rules.promises import NOTHING_BEFORE_PAYMENT, Promise, promise_of
from balie.rules.reaching import not_by_this_channel, says_channel, shows_phone_number
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.support_plan import (
    PlanAssessment,
    PlanStatus,
    StatusKind,
    assess_plan,
    assess_plan_on,
    implies_support_contract,
    local_day,
)
from balie.rules.wishes import AnswerMode, Channel, Wish

__all__ = [
    "Condition",
    "Decision",
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
    plan = desk.plans.get(stored.plan) if stored.plan else None
    is_limited = plan is not None and plan.is_free and not stored.is_charity and stored.price in _LIMITED
    no = _too_many_reactions(plan if is_limited else None, facts, desk)
    quota = _left_of(facts, desk) if is_limited else stored.quota
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
    if no is not None:
        return _refused(case, no)
    support, wish = case.support, case.wish
    price, says_price = price_of(case)
    rate, says_rate = rate_now(case)
    surcharge, says_surcharge = surcharge_of(case.desk) if wish.urgent else (None, None)
    conditions = [found for rule in CONDITIONS if (found := rule(case, price)) is not None]
    promise = _promise(case)
    is_worked_on = wish.urgent or (price is not None and price not in NOTHING_TO_PAY)
    return Decision(
        allowed=True,
        plan=support.plan,
        status=support.status,
        has_support_contract=support.has_support_contract,
        is_charity=support.is_charity,
        hours=promise.hours,
        response_minutes=promise.response_minutes,
        solution_minutes=promise.solution_minutes,
        waits_for=tuple(condition for condition, _because in conditions),
        reasons=(
            *support.reasons,
            *says_channel(case),
            *says_line(case),
            *promise.reasons,
            *says_price,
            *((says_surcharge,) if says_surcharge is not None else ()),
            *((says_rate,) if is_worked_on else ()),
            *(because for _condition, because in conditions),
        ),
        price=price,
        rate=rate,
        surcharge=surcharge,
        quota=_quota(case),
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
        quota=_quota(case),
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


def _quota(case: Case) -> QuotaLeft | None:
    """What the free plan still allows (IB-10)."""
    return None if case.limited_plan is None else _left_of(case.facts, case.desk)


def _left_of(facts: CustomerFacts, desk: Desk) -> QuotaLeft | None:
    settings = desk.settings
    if settings.tickets_per_month is None and settings.reactions_per_ticket is None:
        return None
    return QuotaLeft(
        _left(settings.tickets_per_month, facts.tickets_this_month),
        _left(settings.reactions_per_ticket, facts.reactions_on_ticket),
    )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


# -- Who says no -------------------------------------------------------------------------------------------


def _refusal(case: Case) -> No | None:
    for rule in REFUSALS:
        no = rule(case)
        if no is not None:
            return no
    return None


def _urgent_on_a_free_plan(case: Case) -> No | None:
    """IB-11: SLA24 and urgent do not go together; the payment status is what is left of it, and gives no more."""
    plan = case.plan
    if not case.wish.urgent:
        return None
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


_LIMITED = (PriceBasis.FREE, None)
"""What is paid for has no quota (IB-10); a decision of before prices were decided has none of these."""


def _too_many_tickets(case: Case) -> No | None:
    """IB-10: a limited number of free tickets in a calendar month of the desk's zone."""
    plan = case.limited_plan
    if plan is None or case.has_tickets_left or _is_paid(case):
        return None
    day = _first_of_next_month(case.day).isoformat()
    return No(
        Reason(
            _("%(plan)s allows %(limit)s new tickets a month, and these are used up."),
            {"plan": plan.name, "limit": case.desk.settings.tickets_per_month},
            "IB-10",
            "settings.tickets_per_month",
        ),
        (
            Reason(
                _("From %(day)s on a new ticket is possible."),
                {"day": day},
                "IB-10",
                "settings.tickets_per_month",
            ),
            _possible_now(case),
            *with_a_better_plan(
                _("With %(plan)s the number of tickets is not limited."), "IB-10", plan, case.desk
            ),
        ),
    )


def _possible_now(case: Case) -> Reason:
    """What is paid for, or covered by a contract, has no quota."""
    by_callback = price_of(case.with_wish(replace(case.wish, answer_mode=AnswerMode.CALLBACK)))[0]
    return _COVERED_NOW if by_callback is PriceBasis.CONTRACT else _PREPAID_NOW


_COVERED_NOW = Reason(
    _("A call-back or a call is covered by the contract, and can be asked now."), {}, "IB-01"
)
_PREPAID_NOW = Reason(_("Paid beforehand (prepaid) it can be asked now, also as a call-back."), {}, "IB-19")


def _is_paid(case: Case) -> bool:
    return price_of(case)[0] not in _LIMITED


def _too_many_reactions_on_ticket(case: Case) -> No | None:
    if case.facts.reactions_on_ticket == 0 or _is_paid(case):
        return None
    return _too_many_reactions(case.limited_plan, case.facts, case.desk)


def _too_many_reactions(plan: SupportPlan | None, facts: CustomerFacts, desk: Desk) -> No | None:
    """IB-10: a limited number of customer messages after the first on one ticket."""
    limit = desk.settings.reactions_per_ticket
    if plan is None or limit is None or facts.reactions_on_ticket < limit:
        return None
    return No(
        Reason(
            _("%(plan)s allows %(limit)s reactions on a ticket, and these are used up."),
            {"plan": plan.name, "limit": limit},
            "IB-10",
            "settings.reactions_per_ticket",
        ),
        (
            _LATER
            if _left(desk.settings.tickets_per_month, facts.tickets_this_month) == 0
            else _A_NEW_TICKET,
            *with_a_better_plan(
                _("With %(plan)s the number of reactions on a new ticket is not limited."),
                "IB-10",
                plan,
                desk,
            ),
        ),
    )


_A_NEW_TICKET = Reason(_("Make a new ticket that says everything that is known now."), {}, "IB-10")
_LATER = Reason(
    _("A new ticket is possible from the first of next month on."), {}, "IB-10", "settings.tickets_per_month"
)

REFUSALS: tuple[Callable[[Case], No | None], ...] = (
    _urgent_on_a_free_plan,
    not_payable_so,
    _too_many_tickets,
    _too_many_reactions_on_ticket,
)


# -- What must happen first --------------------------------------------------------------------------------


def _must_be_accepted(case: Case, price: PriceBasis | None) -> tuple[Condition, Reason] | None:
    """IB-20: who has its system maintained elsewhere may ask for phone support, but cannot demand it."""
    maintained_by = case.facts.maintained_by
    if maintained_by is MaintainedBy.DESK or case.wish.answer_mode is AnswerMode.SITE or case.is_call:
        return None
    if not case.desk.settings.accepts_when_maintained_elsewhere:
        return None
    setting = "settings.accepts_when_maintained_elsewhere"
    return Condition.ACCEPTANCE, Reason(_NOT_BY_US[maintained_by], {}, "IB-20", setting)


_NOT_BY_US: Mapping[MaintainedBy, str] = {
    MaintainedBy.THIRD_PARTY: _(
        "The system is maintained by somebody else: the desk first accepts or declines this request."
    ),
    MaintainedBy.NOBODY: _(
        "The system is maintained by nobody: the desk first accepts or declines this request."
    ),
}


def _must_be_paid(case: Case, price: PriceBasis | None) -> tuple[Condition, Reason] | None:
    """IB-13 and IB-19: the clock of prepaid work starts when the payment or credit is there.

    With the payment status also that of work with a price of its own: a quote, or by the time that it takes.
    """
    pays_first = price is PriceBasis.PREPAID or (case.has_payment_status and price not in NOTHING_TO_PAY)
    if not pays_first or case.facts.prepaid_minutes > 0:
        return None
    return Condition.PAYMENT, _AFTER_PAYMENT[case.has_payment_status]


_AFTER_PAYMENT = {
    True: Reason(
        _("With the payment status the work starts after the payment."),
        {},
        "IB-13",
        "customer.prepaid_minutes",
    ),
    False: Reason(_("Prepaid work starts after the payment."), {}, "IB-19", "customer.prepaid_minutes"),
}

CONDITIONS: tuple[Callable[[Case, PriceBasis | None], tuple[Condition, Reason] | None], ...] = (
    _must_be_accepted,
    _must_be_paid,
)


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
