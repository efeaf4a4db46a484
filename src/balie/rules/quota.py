"""How many free questions and reactions a free plan allows (IB-10). What is paid for, or a charity's, has no quota."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from balie.rules.case import Case, No, with_a_better_plan
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision, QuotaLeft
from balie.rules.desk import Desk, SupportPlan
from balie.rules.price_basis import PriceBasis
from balie.rules.pricing import price_of
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.wishes import AnswerMode

COUNTED = (PriceBasis.FREE, None)
"""What the quota counts and limits: what is free, or was decided before prices were."""


def is_counted(decision: Decision) -> bool:
    """Whether a ticket that was made under this decision is one of the free ones of its month."""
    return decision.allowed and decision.price in COUNTED


def quota_of(case: Case) -> QuotaLeft | None:
    """What the free plan still allows."""
    return None if case.limited_plan is None else quota_left(case.facts, case.desk)


def quota_left(facts: CustomerFacts, desk: Desk) -> QuotaLeft | None:
    """What a free plan with limits still allows to this customer."""
    settings = desk.settings
    if settings.tickets_per_month is None and settings.reactions_per_ticket is None:
        return None
    return QuotaLeft(
        _left(settings.tickets_per_month, facts.tickets_this_month),
        _left(settings.reactions_per_ticket, facts.reactions_on_ticket),
    )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def limited_plan_of(stored: Decision, desk: Desk) -> SupportPlan | None:
    """The free plan whose limits hold for a ticket that was made under this decision."""
    plan = desk.plans.get(stored.plan) if stored.plan else None
    is_limited = plan is not None and plan.is_free and not stored.is_charity and stored.price in COUNTED
    return plan if is_limited else None


def too_many_tickets(case: Case) -> No | None:
    """A limited number of free tickets in a calendar month of the desk's zone."""
    plan = case.limited_plan
    if plan is None or case.has_tickets_left or _is_paid(case):
        return None
    message = _("%(plan)s allows %(limit)s free tickets a month, and these are used up.")
    values = {"plan": plan.name, "limit": case.desk.settings.tickets_per_month}
    day = _first_of_next_month(case.day).isoformat()
    unlimited = _("With %(plan)s the number of tickets is not limited.")
    return No(
        Reason(message, values, "IB-10", _TICKETS),
        (
            Reason(_("From %(day)s on a new free ticket is possible."), {"day": day}, "IB-10", _TICKETS),
            _possible_now(case),
            *with_a_better_plan(unlimited, "IB-10", plan, case.desk),
        ),
    )


def _possible_now(case: Case) -> Reason:
    """What is paid for, or covered by a contract, has no quota."""
    by_callback = price_of(case.with_wish(replace(case.wish, answer_mode=AnswerMode.CALLBACK)))[0]
    return _COVERED_NOW if by_callback is PriceBasis.CONTRACT else _PREPAID_NOW


_TICKETS, _REACTIONS = "settings.tickets_per_month", "settings.reactions_per_ticket"
_COVERED_NOW = Reason(
    _("A call-back or a call is covered by the contract, and can be asked now."), {}, "IB-01", "price_basis"
)
_PREPAID_NOW = Reason(
    _("Paid beforehand (prepaid) it can be asked now, also as a call-back."), {}, "IB-19", "price_basis"
)


def _is_paid(case: Case) -> bool:
    return price_of(case)[0] not in COUNTED


def too_many_reactions_on(case: Case) -> No | None:
    """`too_many_reactions` for a wish about a ticket that is there already."""
    if case.facts.reactions_on_ticket == 0 or _is_paid(case):
        return None
    return too_many_reactions(case.limited_plan, case.facts, case.desk)


def too_many_reactions(plan: SupportPlan | None, facts: CustomerFacts, desk: Desk) -> No | None:
    """A limited number of customer messages after the first on one ticket."""
    limit = desk.settings.reactions_per_ticket
    if plan is None or limit is None or facts.reactions_on_ticket < limit:
        return None
    message = _("%(plan)s allows %(limit)s reactions on a ticket, and these are used up.")
    has_no_ticket_left = _left(desk.settings.tickets_per_month, facts.tickets_this_month) == 0
    unlimited = _("With %(plan)s the number of reactions on a new ticket is not limited.")
    return No(
        Reason(message, {"plan": plan.name, "limit": limit}, "IB-10", _REACTIONS),
        (
            _LATER if has_no_ticket_left else _A_NEW_TICKET,
            *with_a_better_plan(unlimited, "IB-10", plan, desk),
        ),
    )


_A_NEW_TICKET = Reason(
    _("Make a new ticket that says everything that is known now."), {}, "IB-10", _REACTIONS
)
_LATER = Reason(_("A new free ticket is possible from the first of next month on."), {}, "IB-10", _TICKETS)


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
