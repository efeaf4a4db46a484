"""Which support plan a customer has on a day, and why (IB-07, IB-09, IB-13, IB-14, IB-17, IB-18).

A licence or a contract *grants* a plan for a stretch of days. The best plan of the day counts; without any,
the desk's default plan; and when that is free and no support was paid for long, the payment status.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from balie.rules.customer_facts import CharityApplication, CustomerFacts, Validity
from balie.rules.desk import Desk, SupportPlan
from balie.rules.moments import NaiveMoment, zone_named
from balie.rules.plan_grants import (
    Grant,
    all_grants,
    not_known,
    paid_days,
    says_support_contract,
    valid_contracts,
    without_effect,
)
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class StatusKind(StrEnum):
    """How a customer's support stands (IB-18)."""

    VALID = "valid"  # without end
    VALID_UNTIL = "valid_until"
    EXPIRED_ON = "expired_on"
    PAYMENT = "payment"  # the payment status: pay first (IB-13)
    NONE = "none"  # the desk has no plan for this customer


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """The status that the helpdesk page shows (IB-18).

    `day` is the last day on which `plan` was or is valid: with `VALID_UNTIL`, `EXPIRED_ON` and `PAYMENT`.
    `plan` is the plan that this says something about: with `EXPIRED_ON` the better one that ended.
    """

    kind: StatusKind
    day: date | None = None
    plan: str | None = None

    def sentence(self) -> Reason:
        """The status in words; the edge writes the day as its reader does (dd-mm-yyyy)."""
        return Reason(_SENTENCES[self.kind], {"plan": self.plan, "day": _text(self.day)}, "IB-18")

    def as_json(self) -> dict[str, str | None]:
        return {"kind": self.kind.value, "day": _text(self.day), "plan": self.plan}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PlanStatus:
        day = stored["day"]
        return cls(StatusKind(stored["kind"]), date.fromisoformat(day) if day else None, stored["plan"])


_SENTENCES: Mapping[StatusKind, str] = {
    StatusKind.VALID: _("%(plan)s: valid"),
    StatusKind.VALID_UNTIL: _("%(plan)s: valid until %(day)s"),
    StatusKind.EXPIRED_ON: _("%(plan)s: expired on %(day)s"),
    StatusKind.PAYMENT: _("Payment status: support is given after payment"),
    StatusKind.NONE: _("No support plan"),
}


@dataclass(frozen=True, slots=True)
class PlanAssessment:
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
    grants = all_grants(facts, desk)
    charity = _charity(facts, desk, day)
    plan, status, because = _plan(facts, desk, day, grants, charity)
    valid = valid_contracts(facts, desk, day)
    says_support = says_support_contract(valid, desk) if valid else None
    notes = (*not_known(facts, desk), *without_effect(facts, desk, day, grants))
    applied = _says_application(facts, charity, day)
    begins = _begins_next(plan, grants, day)
    return PlanAssessment(
        plan=plan.key if plan else None,
        status=status,
        has_support_contract=says_support is not None,
        is_charity=charity is not None,
        reasons=(*notes, *because, *applied, *begins, *((says_support,) if says_support else ())),
        contracts=tuple(kind.key for kind in valid),
    )


def implies_support_contract(plan: str, desk: Desk) -> bool:
    """Whether nobody can have this plan without a support contract: SLA4 always counts zone 1 (IB-30)."""
    givers = [kind for kind in desk.contract_types.values() if kind.gives_plan == plan]
    included = any(product.includes_plan == plan for product in desk.products.values())
    return bool(givers) and all(kind.counts_zone_1 for kind in givers) and not included


# -- The plan of the day -----------------------------------------------------------------------------------


def _plan(
    facts: CustomerFacts, desk: Desk, day: date, grants: list[Grant], charity: Validity | None
) -> tuple[SupportPlan | None, PlanStatus, tuple[Reason, ...]]:
    valid = [grant for grant in grants if grant.validity.covers(day)]
    best = max(valid, key=lambda grant: grant.plan.rank, default=None)
    default = desk.plans[desk.settings.default_plan] if desk.settings.default_plan else None
    if best is not None and (default is None or default.rank <= best.plan.rank):
        return best.plan, _status_of_grant(best.plan, grants, day), _says_best(best, valid)
    if default is None:
        reason = Reason(_("This desk has no support plans."), setting="settings.default_plan")
        return None, PlanStatus(StatusKind.NONE), (reason,)
    return _default_plan(default, facts, desk, day, grants, charity)


def _default_plan(
    plan: SupportPlan,
    facts: CustomerFacts,
    desk: Desk,
    day: date,
    grants: list[Grant],
    charity: Validity | None,
) -> tuple[SupportPlan | None, PlanStatus, tuple[Reason, ...]]:
    """The plan of who has no better one (IB-09), unless it has lapsed (IB-13)."""
    ended = _ended_last(plan, grants, day)
    says_ended = () if ended is None else (_says_ended(ended),)
    if charity is not None:
        return plan, _status(plan, charity.last), (*says_ended, _says_charity(plan, charity))
    lapses_on = _free_until(plan, facts, desk, day)
    if lapses_on is not None and lapses_on < day:
        status = PlanStatus(StatusKind.PAYMENT, lapses_on, plan.key)
        return None, status, (*says_ended, _says_lapsed(plan, lapses_on, desk))
    says_default = _says_default(plan, desk)
    says_lapses = () if lapses_on is None else (_says_lapses(plan, lapses_on),)
    if ended is None:
        return plan, PlanStatus(StatusKind.VALID, plan=plan.key), (says_default, *says_lapses)
    status = PlanStatus(StatusKind.EXPIRED_ON, ended.validity.last, ended.plan.key)
    return plan, status, (*says_ended, says_default, *says_lapses)


def _status(plan: SupportPlan, last: date | None) -> PlanStatus:
    return PlanStatus(StatusKind.VALID if last is None else StatusKind.VALID_UNTIL, last, plan.key)


def _status_of_grant(plan: SupportPlan, grants: list[Grant], day: date) -> PlanStatus:
    """Valid until the end of the unbroken row of days from `day`: grants that touch or overlap are one."""
    last = day
    days = [grant.validity for grant in grants if grant.plan.key == plan.key]
    for validity in sorted(days, key=lambda each: each.first or date.min):
        if ((validity.first or date.min) - last).days <= 1:
            if validity.last is None:
                return _status(plan, None)
            last = max(last, validity.last)
    return _status(plan, last)


def _ended_last(default: SupportPlan, grants: list[Grant], day: date) -> Grant | None:
    """The plan better than the default that ended last; of two on one day the better."""
    if not grants:
        return None
    ended = [
        (grant.validity.last, grant.plan.rank, grant)
        for grant in grants
        if grant.validity.last is not None and grant.validity.last < day and grant.plan.rank > default.rank
    ]
    return max(ended, key=lambda each: each[:2])[2] if ended else None


def _free_until(plan: SupportPlan, facts: CustomerFacts, desk: Desk, day: date) -> date | None:
    """The last day of a free plan that lapses without paid support (IB-13); `None` when it does not lapse.

    Counted from the last paid support or, without any, from the day since which the customer exists. Nothing
    lapses while support is being paid, nor for a customer of whom neither day is known.
    """
    months = desk.settings.free_plan_lapses_after_months
    if not plan.is_free or months is None:
        return None
    counted_from = max(paid_days(facts, desk, day), default=facts.existing_since)
    if counted_from is None or counted_from >= day:
        return None
    return max((_add_months(counted_from, months), *_ended_charity(facts, desk, day)))


def _ended_charity(facts: CustomerFacts, desk: Desk, day: date) -> Iterator[date]:
    """The last days of a charity's free support that have passed: as long as it lasted nothing lapsed (IB-07)."""
    for each in _charity_days(facts, desk, day):
        if each.last is not None and each.last < day:
            yield each.last


def _charity(facts: CustomerFacts, desk: Desk, day: date) -> Validity | None:
    """The days of a charity's free support that cover `day` (IB-07), the longest when there are several."""
    valid = [each for each in _charity_days(facts, desk, day) if each.covers(day)]
    return max(valid, key=lambda each: each.last or date.max) if valid else None


def _charity_days(facts: CustomerFacts, desk: Desk, day: date) -> Iterator[Validity]:
    """What was checked. An application that was not, or was declined, takes nothing of a licence that has begun."""
    products = _charity_products(desk)
    is_checked = facts.charity_application not in _NOT_CHECKED
    for each in facts.licences:
        first = each.validity.first
        if each.product in products and (is_checked or (first is not None and first <= day)):
            yield each.validity
    if facts.charity_until is not None:
        yield Validity(last=facts.charity_until)


def _charity_products(desk: Desk) -> frozenset[str]:
    found: frozenset[str] | None = desk.worked_out.get(_charity_products)
    if found is None:
        found = frozenset(key for key, product in desk.products.items() if product.is_charity)
        desk.worked_out[_charity_products] = found
    return found


_NOT_CHECKED: Mapping[CharityApplication, str] = {
    CharityApplication.APPLIED: _(
        "The application for a charity licence is being checked; until then it gives nothing."
    ),
    CharityApplication.DECLINED: _("The application for a charity licence was declined."),
}
_RENEWING = _("The renewal of the charity licence is being checked.")


def _says_application(facts: CustomerFacts, charity: Validity | None, day: date) -> tuple[Reason, ...]:
    """How the free licence of a charity was asked for, checked, renewed and ended (IB-07)."""
    application, until = facts.charity_application, facts.charity_until
    if application is CharityApplication.NONE and until is None:
        return ()
    said = []
    if charity is None and until is not None and until < day:
        said.append(
            Reason(
                _("The free support of a charity ended on %(day)s."),
                {"day": _text(until)},
                "IB-07",
                "customer.charity_until",
            )
        )
    if application in _NOT_CHECKED:
        renews = charity is not None and application is CharityApplication.APPLIED
        message = _RENEWING if renews else _NOT_CHECKED[application]
        said.append(Reason(message, {}, "IB-07", "customer.charity_application"))
    return tuple(said)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day; never beyond the last day there is."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _begins_next(plan: SupportPlan | None, grants: list[Grant], day: date) -> tuple[Reason, ...]:
    """The first better plan that begins later, if any."""
    if not grants:
        return ()
    rank = plan.rank if plan is not None else None
    later = [
        (grant.validity.first, grant.plan)
        for grant in grants
        if grant.validity.first is not None
        and grant.validity.first > day
        and (rank is None or grant.plan.rank > rank)
    ]
    if not later:
        return ()
    first, better = min(later, key=lambda each: (each[0], -each[1].rank))
    values = {"plan": better.name, "day": _text(first)}
    return (Reason(_("%(plan)s begins on %(day)s."), values, better.rule, f"plans.{better.key}"),)


# -- In words ----------------------------------------------------------------------------------------------


def _says_best(best: Grant, valid: list[Grant]) -> tuple[Reason, ...]:
    others = {grant.plan.key: grant.plan for grant in valid if grant.plan.rank < best.plan.rank}
    return (
        best.because,
        *(
            Reason(
                _("%(other)s is valid too; %(plan)s is better and counts."),
                {"other": other.name, "plan": best.plan.name},
                "IB-08",
                f"plans.{best.plan.key}.rank",
            )
            for other in others.values()
        ),
    )


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
    values = {"plan": ended.plan.name, "day": _text(ended.validity.last)}
    return Reason(_("%(plan)s expired on %(day)s."), values, "IB-18", ended.because.setting)


def _says_charity(plan: SupportPlan, charity: Validity) -> Reason:
    if charity.last is None:
        return Reason(
            _("A charity has free support with %(plan)s, which does not lapse."), {"plan": plan.name}, "IB-07"
        )
    return Reason(
        _("A charity has free support with %(plan)s, until %(day)s; until then it does not lapse."),
        {"plan": plan.name, "day": _text(charity.last)},
        "IB-07",
    )


def _says_lapsed(plan: SupportPlan, lapsed_on: date, desk: Desk) -> Reason:
    return Reason(
        _(
            "%(plan)s ended on %(day)s, because no support was paid for in %(months)s months. "
            "Support is now given after payment."
        ),
        {
            "plan": plan.name,
            "day": _text(lapsed_on),
            "months": desk.settings.free_plan_lapses_after_months,
        },
        "IB-13",
        "settings.free_plan_lapses_after_months",
    )


def _says_lapses(plan: SupportPlan, lapses_on: date) -> Reason:
    return Reason(
        _("Without paid support %(plan)s ends on %(day)s."),
        {"plan": plan.name, "day": _text(lapses_on)},
        "IB-13",
        "settings.free_plan_lapses_after_months",
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
