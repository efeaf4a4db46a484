"""How a decision that was kept differs from the one that would be made now (IB-08, IB-18): what an agent should know.

Only what was agreed is compared: whether it may be asked, the plan, the price and the response. Rates, quota and
what the clock waits for change by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from balie.rules.decision import Decision
from balie.rules.desk import Desk
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


def differences(kept: Decision, now: Decision, desk: Desk) -> tuple[Reason, ...]:
    """What would be otherwise now, each in a sentence; empty when nothing would."""
    if kept.allowed != now.allowed:
        return (Reason(_("It would be possible now.") if now.allowed else _("It would be refused now.")),)
    return (*_plan(kept, now, desk), *_price(kept, now), *_response(kept, now, desk))


def _plan(kept: Decision, now: Decision, desk: Desk) -> Iterator[Reason]:
    if kept.plan == now.plan:
        return
    if now.plan is None:
        yield Reason(_("The customer has no plan any more."), {}, "IB-13")
    else:
        yield Reason(
            _("The plan would be %(plan)s."), {"plan": _named(now.plan, desk)}, "IB-08", f"plans.{now.plan}"
        )


def _named(plan: str, desk: Desk) -> str:
    return desk.plans[plan].name if plan in desk.plans else plan


def _price(kept: Decision, now: Decision) -> Iterator[Reason]:
    """A decision of before prices were decided says nothing of them."""
    if kept.price is not None and now.price is not None and kept.price is not now.price:
        yield Reason(_WOULD_BE[now.price], {}, None, "price_basis")


_WOULD_BE: Mapping[PriceBasis, str] = {
    PriceBasis.FREE: _("It would be free."),
    PriceBasis.INCLUDED: _("It would be included."),
    PriceBasis.CONTRACT: _("It would be covered by the contract."),
    PriceBasis.PREPAID: _("It would be paid beforehand."),
    PriceBasis.POSTPAID: _("It would be paid afterwards."),
    PriceBasis.ACTUAL_TIME: _("It would be billed by the time that it takes."),
    PriceBasis.QUOTE: _("It would begin with a price quote."),
}


def _response(kept: Decision, now: Decision, desk: Desk) -> Iterator[Reason]:
    if (kept.response_minutes, kept.hours) == (now.response_minutes, now.hours):
        return
    line = desk.lines.get(now.hours or "")
    if now.response_minutes is None or line is None:
        yield Reason(_("No response time would be promised."), {}, "IB-08")
        return
    values = {
        "hours": f"{now.response_minutes / 60:g}",
        "line": line.name,
    }
    message = _("The response would come within %(hours)s working hours, in the hours of %(line)s.")
    yield Reason(message, values, "IB-30")
