"""How fast the desk responds under a plan, and in which hours that counts (IB-08, IB-09, IB-16, IB-17, IB-30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from balie.rules.desk import Desk, SupportPlan
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Promise:
    """How fast the desk responds. Minutes are working minutes in the hours of the line `hours`.

    Nothing is promised: no minutes and no hours. `hours` is `None` only when both minutes are.
    """

    hours: str | None
    response_minutes: int | None
    solution_minutes: int | None
    reasons: tuple[Reason, ...]


_BEFORE_PAYMENT = _("With the payment status no response time is promised.")
NOTHING_BEFORE_PAYMENT = Promise(
    None, None, None, (Reason(_BEFORE_PAYMENT, {}, "IB-13", "settings.free_plan_lapses_after_months"),)
)


def promise_of(plan: SupportPlan | None, desk: Desk, *, has_support_contract: bool) -> Promise:
    """How fast the desk responds under a plan, and in which hours that counts (IB-08, IB-30)."""
    if plan is None:
        reason = Reason(_("Without a support plan no response time is promised."), {}, None, "plans")
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
        {"line": line.name},
        "IB-30",
        f"settings.{setting}",
    )
    speed = [] if plan.response_minutes is None else [_says_speed(plan, plan.response_minutes)]
    return Promise(line.key, plan.response_minutes, plan.solution_minutes, (*speed, hours))


def says_normally(plan: str | None, desk: Desk) -> bool:
    """Whether a deadline under the plan with this key is no obligation, so that "normally" belongs to it (IB-09)."""
    found = desk.plans.get(plan) if plan else None
    return found is not None and found.is_free


_HOURS_SETTING = {True: "counts_with_support_contract", False: "counts_without_support_contract"}
_HOURS_COUNT = {
    True: _("With a support contract the hours of %(line)s count."),
    False: _("Without a support contract the hours of %(line)s count."),
}


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
