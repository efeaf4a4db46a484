"""Which support plan a customer has on a day, and why (IB-07, IB-09, IB-13, IB-14, IB-17, IB-18).

A licence or a contract *grants* a plan for a stretch of days. The best plan of the day counts; without any,
the desk's default plan; and when that is free and no support was paid for long, the payment status.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from balie.rules.charity import (
    CharityDays,
    charity_days,
    charity_on,
    ended_charity,
    says_application,
    says_charity,
)
from balie.rules.customer_facts import CustomerFacts
from balie.rules.desk import Desk, SupportPlan
from balie.rules.moments import NaiveMoment, zone_named
from balie.rules.plan_grants import Grant, Papers, papers_on
from balie.rules.plan_status import PlanStatus, StatusKind, as_text
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class PlanAssessment(NamedTuple):
    """What a customer has on a day. `plan` is a key of `Desk.plans`, `None` with the payment status or no plan.

    `has_support_contract`: a contract whose type counts zone 1 is valid (IB-30).
    `is_charity`: support is free and does not lapse (IB-07). `contracts`: keys of the types that are valid.
    """

    plan: str | None
    status: PlanStatus
    has_support_contract: bool
    is_charity: bool
    reasons: tuple[Reason, ...]
    contracts: tuple[str, ...] = ()


class _Found(NamedTuple):
    plan: SupportPlan | None
    status: PlanStatus
    because: tuple[Reason, ...]


def local_day(at: datetime, desk: Desk) -> date:
    """The day on the desk's wall: at 23:59 there, a contract that ends today is still valid."""
    if at.tzinfo is None:
        raise NaiveMoment(_("The moment %(at)s has no time zone."), at=at.isoformat())
    return at.astimezone(zone_named(desk.zone)).date()


def assess_plan(facts: CustomerFacts, desk: Desk, *, at: datetime) -> PlanAssessment:
    """The plan, its status and the support contract at this aware moment, with the reasons in order."""
    return assess_plan_on(facts, desk, local_day(at, desk))


def assess_plan_on(facts: CustomerFacts, desk: Desk, day: date) -> PlanAssessment:
    """`assess_plan` for a day in the desk's zone."""
    papers = papers_on(facts, desk, day)
    charities = charity_days(facts, desk, day)
    charity = charity_on(charities, day) if charities else None
    found = _granted(papers) or _without_grant(papers, charities, charity)
    says_support = papers.says_support_contract
    return PlanAssessment(
        plan=found.plan.key if found.plan is not None else None,
        status=found.status,
        has_support_contract=says_support is not None,
        is_charity=charity is not None,
        reasons=(
            *papers.notes,
            *found.because,
            *says_application(facts, charity, day),
            *_begins_next(found, papers),
            *(() if says_support is None else (says_support,)),
        ),
        contracts=tuple(papers.contracts),
    )


def implies_support_contract(plan: str, desk: Desk) -> bool:
    """Whether nobody can have this plan without a support contract: SLA4 always counts zone 1 (IB-30)."""
    givers = [kind for kind in desk.contract_types.values() if kind.gives_plan == plan]
    included = any(product.includes_plan == plan for product in desk.products.values())
    return bool(givers) and all(kind.counts_zone_1 for kind in givers) and not included


# -- The plan of the day -----------------------------------------------------------------------------------


def _granted(papers: Papers) -> _Found | None:
    """The best plan that a licence or contract gives on the day (IB-08), unless the default plan is better."""
    valid = [grant for grant in papers.grants if grant.validity.covers(papers.day)]
    if not valid:
        return None
    best = max(valid, key=lambda grant: grant.plan.rank)
    default = _default_of(papers.desk)
    if default is not None and best.plan.rank < default.rank:
        return None
    return _Found(best.plan, _status_of_grant(best.plan, papers), _says_best(best, valid))


def _default_of(desk: Desk) -> SupportPlan | None:
    return desk.plans[desk.settings.default_plan] if desk.settings.default_plan else None


def _without_grant(papers: Papers, charities: list[CharityDays], charity: CharityDays | None) -> _Found:
    """The plan of who has no better one (IB-09), unless it has lapsed (IB-13)."""
    desk = papers.desk
    plan = _default_of(desk)
    if plan is None:
        reason = Reason(_("This desk has no support plans."), setting="settings.default_plan")
        return _Found(None, PlanStatus(StatusKind.NONE), (reason,))
    ended = _ended_last(plan, papers) if papers.grants else None
    says_ended = () if ended is None else (_says_ended(ended),)
    if charity is not None:
        return _Found(plan, _status(plan, charity.validity.last), (*says_ended, says_charity(plan, charity)))
    lapses_on = _free_until(plan, papers, charities)
    if lapses_on is not None and lapses_on < papers.day:
        status = PlanStatus(StatusKind.PAYMENT, lapses_on, plan.key)
        return _Found(None, status, (*says_ended, _says_lapsed(plan, lapses_on, desk)))
    says_lapses = () if lapses_on is None else (_says_lapses(plan, lapses_on),)
    return _Found(plan, _status_after(plan, ended), (*says_ended, _says_default(plan, desk), *says_lapses))


def _status(plan: SupportPlan, last: date | None) -> PlanStatus:
    return PlanStatus(StatusKind.VALID if last is None else StatusKind.VALID_UNTIL, last, plan.key)


def _status_after(plan: SupportPlan, ended: Grant | None) -> PlanStatus:
    """Of who has the default plan: it is valid, or the better one before it has expired."""
    if ended is None:
        return PlanStatus(StatusKind.VALID, plan=plan.key)
    return PlanStatus(StatusKind.EXPIRED_ON, ended.validity.last, ended.plan.key)


def _status_of_grant(plan: SupportPlan, papers: Papers) -> PlanStatus:
    """Valid until the end of the unbroken row of days from the day on: grants that touch or overlap are one."""
    last = papers.day
    days = [grant.validity for grant in papers.grants if grant.plan is plan]
    days.sort(key=lambda each: each.first or date.min)
    for validity in days:
        if validity.first is None or (validity.first - last).days <= 1:
            if validity.last is None:
                return _status(plan, None)
            last = max(last, validity.last)
    return _status(plan, last)


def _ended_last(default: SupportPlan, papers: Papers) -> Grant | None:
    """The plan better than the default that ended last; of two on one day the better."""
    ended = [
        (grant.validity.last, grant.plan.rank, grant)
        for grant in papers.grants
        if grant.validity.last is not None
        and grant.validity.last < papers.day
        and grant.plan.rank > default.rank
    ]
    return max(ended, key=lambda each: each[:2])[2] if ended else None


def _free_until(plan: SupportPlan, papers: Papers, charities: list[CharityDays]) -> date | None:
    """The last day of a free plan that lapses without paid support (IB-13); `None` when it does not lapse.

    Counted from the last paid support or, without any, from the day since which the customer exists. Nothing
    lapses while support is being paid, nor for a customer of whom neither day is known.
    """
    months = papers.desk.settings.free_plan_lapses_after_months
    if not plan.is_free or months is None:
        return None
    counted_from = max(papers.paid_until(), default=papers.facts.existing_since)
    if counted_from is None or counted_from >= papers.day:
        return None
    return max((_add_months(counted_from, months), *ended_charity(charities, papers.day)))


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day; never beyond the last day there is."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = day.day if day.day <= 28 else monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _begins_next(found: _Found, papers: Papers) -> Sequence[Reason]:
    """The first better plan that begins later, or this one that begins again after days without it, if any."""
    later = [
        (first, -grant.plan.rank, grant)
        for grant in papers.grants
        if (first := grant.validity.first) is not None and first > papers.day and _adds(grant, first, found)
    ]
    if not later:
        return ()
    first, _rank, grant = min(later, key=lambda each: each[:2])
    message = _BEGINS_AGAIN if grant.plan is found.plan else _BEGINS
    values = {"plan": grant.plan.name, "day": first.isoformat()}
    return (Reason(message, values, grant.plan.rule, grant.because.setting),)


def _adds(grant: Grant, first: date, found: _Found) -> bool:
    """Whether a grant from this later day on is better than what the customer has, or begins after the end of it."""
    if found.plan is None or grant.plan.rank > found.plan.rank:
        return True
    return grant.plan is found.plan and found.status.day is not None and first > found.status.day


_BEGINS = _("%(plan)s begins on %(day)s.")
_BEGINS_AGAIN = _("%(plan)s begins again on %(day)s.")


# -- In words ----------------------------------------------------------------------------------------------


def _says_best(best: Grant, valid: list[Grant]) -> tuple[Reason, ...]:
    if len(valid) == 1:
        return (best.because,)
    others = {grant.plan.key: grant.plan for grant in valid if grant.plan.rank < best.plan.rank}
    return (best.because, *(_says_better(best.plan, other) for other in others.values()))


def _says_better(plan: SupportPlan, other: SupportPlan) -> Reason:
    message = _("%(other)s is valid too; %(plan)s is better and counts.")
    values = {"other": other.name, "plan": plan.name}
    return Reason(message, values, "IB-08", f"plans.{plan.key}.rank")


def _says_default(plan: SupportPlan, desk: Desk) -> Reason:
    found: Reason | None = desk.worked_out.get(_says_default)
    if found is None:
        found = desk.worked_out[_says_default] = Reason(
            _("%(plan)s is for every customer without another plan."),
            {"plan": plan.name},
            plan.rule,
            "settings.default_plan",
        )
    return found


def _says_ended(ended: Grant) -> Reason:
    values = {"plan": ended.plan.name, "day": as_text(ended.validity.last)}
    return Reason(_("%(plan)s expired on %(day)s."), values, "IB-18", ended.because.setting)


def _says_lapsed(plan: SupportPlan, lapsed_on: date, desk: Desk) -> Reason:
    return Reason(
        _(
            "%(plan)s ended on %(day)s, because no support was paid for in %(months)s months. "
            "Support is now given after payment."
        ),
        {
            "plan": plan.name,
            "day": as_text(lapsed_on),
            "months": desk.settings.free_plan_lapses_after_months,
        },
        "IB-13",
        "settings.free_plan_lapses_after_months",
    )


def _says_lapses(plan: SupportPlan, lapses_on: date) -> Reason:
    return Reason(
        _("Without paid support %(plan)s ends on %(day)s."),
        {"plan": plan.name, "day": as_text(lapses_on)},
        "IB-13",
        "settings.free_plan_lapses_after_months",
    )
