"""What a customer may ask for now, on what terms, and why (IB-08 to IB-17, IB-20, IB-30).

`decide` is one pass over three tables: `REFUSALS` (who says no), `CONDITIONS` (what must happen before our
clock starts) and `promise_of` (how fast, in which hours). A new rule is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from balie.rules.customer_facts import CustomerFacts, MaintainedBy
from balie.rules.decision import Condition, Decision, NotEntitled, Promise, deadline
from balie.rules.desk import Desk, SupportPlan
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
from balie.rules.wishes import AnswerMode, BillingMode, Wish

__all__ = [
    "Condition",
    "Decision",
    "NotEntitled",
    "PlanAssessment",
    "PlanStatus",
    "Promise",
    "StatusKind",
    "assess_plan",
    "deadline",
    "decide",
    "decide_reaction",
    "implies_support_contract",
    "promise_of",
]


@dataclass(frozen=True, slots=True)
class _Case:
    """One wish with everything that a rule may look at."""

    facts: CustomerFacts
    wish: Wish
    desk: Desk
    day: date
    support: PlanAssessment
    plan: SupportPlan | None

    @property
    def limited_plan(self) -> SupportPlan | None:
        """The free plan with limits (IB-10); a charity's free support has none (IB-07)."""
        plan = self.plan
        return plan if plan is not None and plan.is_free and not self.support.is_charity else None


@dataclass(frozen=True, slots=True)
class _No:
    because: Reason
    ways_forward: tuple[Reason, ...]


def decide(facts: CustomerFacts, wish: Wish, desk: Desk, *, at: datetime) -> Decision:
    """Whether this customer may ask this at this aware moment, on what terms, and why."""
    day = local_day(at, desk)
    support = assess_plan_on(facts, desk, day)
    case = _Case(facts, wish, desk, day, support, desk.plans[support.plan] if support.plan else None)
    no = next((no for rule in REFUSALS if (no := rule(case)) is not None), None)
    if no is not None:
        return _refused(support, no)
    conditions = [found for rule in CONDITIONS if (found := rule(case)) is not None]
    promise = _promise(case)
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
        reasons=(*support.reasons, *promise.reasons, *(because for _condition, because in conditions)),
    )


def decide_reaction(stored: Decision, facts: CustomerFacts, desk: Desk) -> Decision:
    """Whether the customer may write once more on a ticket that was made under `stored` (IB-10).

    Under the stored decision, not today's: a later change of contract does not rewrite history.
    """
    plan = desk.plans.get(stored.plan) if stored.plan else None
    limited = plan if plan is not None and plan.is_free and not stored.is_charity else None
    no = _too_many_reactions(limited, facts, desk)
    if no is None:
        return replace(stored, allowed=True, refusal=None, ways_forward=())
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
    )


def promise_of(plan: SupportPlan | None, desk: Desk, *, has_support_contract: bool) -> Promise:
    """How fast the desk responds under a plan, and in which hours that counts (IB-08, IB-30)."""
    if plan is None:
        reason = Reason(_("Without a support plan no response time is promised."), {}, "IB-08", "plans")
        return Promise(None, None, None, (reason,))
    if plan.response_minutes is None and plan.solution_minutes is None:
        reason = Reason(
            _("With %(plan)s no response time is promised."),
            {"plan": plan.name},
            plan.rule,
            f"plans.{plan.key}.response_minutes",
        )
        return Promise(None, None, None, (reason,))
    setting = _HOURS_SETTING[has_support_contract]
    line = desk.lines.get(getattr(desk.settings, setting) or "")
    if line is None:
        reason = Reason(
            _("The desk has not set which hours count, so no response time is promised."),
            {},
            "IB-30",
            f"settings.{setting}",
        )
        return Promise(None, None, None, (reason,))
    hours = Reason(
        _HOURS_COUNT[has_support_contract],
        {"line": line.name.get(desk.language, line.key)},
        "IB-30",
        f"settings.{setting}",
    )
    speed = [] if plan.response_minutes is None else [_says_speed(plan, plan.response_minutes)]
    return Promise(line.key, plan.response_minutes, plan.solution_minutes, (*speed, hours))


_HOURS_SETTING = {True: "counts_with_support_contract", False: "counts_without_support_contract"}
_HOURS_COUNT = {
    True: _("With a support contract the hours of %(line)s count."),
    False: _("Without a support contract the hours of %(line)s count."),
}


def _promise(case: _Case) -> Promise:
    if case.support.status.kind is StatusKind.PAYMENT:
        reason = Reason(_("With the payment status no response time is promised."), {}, "IB-13")
        return Promise(None, None, None, (reason,))
    return promise_of(case.plan, case.desk, has_support_contract=case.support.has_support_contract)


def _says_speed(plan: SupportPlan, minutes: int) -> Reason:
    """IB-09: a free plan says "normally", because it is no obligation."""
    whole_hours = minutes % 60 == 0
    message = _SPEED[plan.is_free, whole_hours]
    amount = {"hours": minutes // 60} if whole_hours else {"minutes": minutes}
    setting = f"plans.{plan.key}.response_minutes"
    return Reason(message, {"plan": plan.name, **amount}, plan.rule or "IB-08", setting)


_SPEED: Mapping[tuple[bool, bool], str] = {
    (False, True): _("With %(plan)s the response comes within %(hours)s working hours."),
    (False, False): _("With %(plan)s the response comes within %(minutes)s working minutes."),
    (True, True): _(
        "With %(plan)s the response normally comes within %(hours)s working hours; nobody is obliged to it."
    ),
    (True, False): _(
        "With %(plan)s the response normally comes within %(minutes)s working minutes; nobody is obliged to it."
    ),
}


# -- Who says no -------------------------------------------------------------------------------------------


def _urgent_on_a_free_plan(case: _Case) -> _No | None:
    """IB-11: SLA24 and urgent do not go together."""
    plan = case.plan
    if not case.wish.urgent or plan is None or not plan.is_free:
        return None
    return _No(
        Reason(
            _("An urgent question is not possible with %(plan)s."),
            {"plan": plan.name},
            "IB-11",
            f"plans.{plan.key}.is_free",
        ),
        (
            Reason(_("Ask the question without urgency."), {}, "IB-11"),
            *_with_a_better_plan(
                _("With %(plan)s an urgent question is possible."), "IB-11", plan, case.desk
            ),
        ),
    )


def _too_many_tickets(case: _Case) -> _No | None:
    """IB-10: a limited number of tickets in a calendar month of the desk's zone."""
    plan, limit = case.limited_plan, case.desk.settings.tickets_per_month
    if plan is None or limit is None or case.facts.tickets_this_month < limit:
        return None
    return _No(
        Reason(
            _("%(plan)s allows %(limit)s new tickets a month, and these are used up."),
            {"plan": plan.name, "limit": limit},
            "IB-10",
            "settings.tickets_per_month",
        ),
        (
            Reason(
                _("From %(day)s on a new ticket is possible."),
                {"day": _first_of_next_month(case.day).isoformat()},
                "IB-10",
            ),
            *_with_a_better_plan(
                _("With %(plan)s the number of tickets is not limited."), "IB-10", plan, case.desk
            ),
        ),
    )


def _too_many_reactions_on_ticket(case: _Case) -> _No | None:
    return _too_many_reactions(case.limited_plan, case.facts, case.desk)


def _too_many_reactions(plan: SupportPlan | None, facts: CustomerFacts, desk: Desk) -> _No | None:
    """IB-10: a limited number of customer messages after the first on one ticket."""
    limit = desk.settings.reactions_per_ticket
    if plan is None or limit is None or facts.reactions_on_ticket < limit:
        return None
    return _No(
        Reason(
            _("%(plan)s allows %(limit)s reactions on a ticket, and these are used up."),
            {"plan": plan.name, "limit": limit},
            "IB-10",
            "settings.reactions_per_ticket",
        ),
        (
            Reason(_("Make a new ticket that says everything that is known now."), {}, "IB-10"),
            *_with_a_better_plan(
                _("With %(plan)s the number of reactions is not limited."), "IB-10", plan, desk
            ),
        ),
    )


def _with_a_better_plan(message: str, rule: str, plan: SupportPlan, desk: Desk) -> tuple[Reason, ...]:
    """The next plan up that is paid, as a way forward."""
    better = [each for each in desk.plans.values() if each.rank > plan.rank and not each.is_free]
    following = min(better, key=lambda each: each.rank, default=None)
    if following is None:
        return ()
    return (Reason(message, {"plan": following.name}, rule, f"plans.{following.key}"),)


REFUSALS: tuple[Callable[[_Case], _No | None], ...] = (
    _urgent_on_a_free_plan,
    _too_many_tickets,
    _too_many_reactions_on_ticket,
)


# -- What must happen first --------------------------------------------------------------------------------


def _must_be_accepted(case: _Case) -> tuple[Condition, Reason] | None:
    """IB-20: who has its system maintained elsewhere may ask for phone support, but cannot demand it."""
    maintained_by = case.facts.maintained_by
    if case.wish.answer_mode is AnswerMode.SITE or maintained_by is MaintainedBy.DESK:
        return None
    return Condition.ACCEPTANCE, Reason(_NOT_BY_US[maintained_by], {}, "IB-20", "customer.maintained_by")


_NOT_BY_US: Mapping[MaintainedBy, str] = {
    MaintainedBy.THIRD_PARTY: _(
        "The system is maintained by somebody else: the desk first accepts or declines this request."
    ),
    MaintainedBy.NOBODY: _(
        "The system is maintained by nobody: the desk first accepts or declines this request."
    ),
}


def _must_be_paid(case: _Case) -> tuple[Condition, Reason] | None:
    """IB-13 and IB-19: the clock of prepaid work starts when the payment or credit is there."""
    if case.facts.prepaid_minutes > 0:
        return None
    if case.support.status.kind is StatusKind.PAYMENT:
        message, rule = _("With the payment status the work starts after the payment."), "IB-13"
    elif case.wish.billing_mode is BillingMode.PREPAID:
        message, rule = _("Prepaid work starts after the payment."), "IB-19"
    else:
        return None
    return Condition.PAYMENT, Reason(message, {}, rule, "customer.prepaid_minutes")


CONDITIONS: tuple[Callable[[_Case], tuple[Condition, Reason] | None], ...] = (
    _must_be_accepted,
    _must_be_paid,
)


def _refused(support: PlanAssessment, no: _No) -> Decision:
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
    )


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
