"""Who may order: what has to be paid is asked for by somebody whom the customer lets order (IB-15, IB-19, SW-12)."""

from __future__ import annotations

from collections.abc import Sequence

from balie.rules.decision import Decision
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed

ORDERED = frozenset({PriceBasis.PREPAID, PriceBasis.POSTPAID, PriceBasis.ACTUAL_TIME})
"""Asking for it is ordering it. A quote is not: it is ordered when it is accepted (SW-11)."""


class MayNotOrder(NotAllowed):
    """The question costs money, and this person may not order; the ways forward name who can."""


def is_an_order(decision: Decision) -> bool:
    """Whether what was decided costs the customer something, by its price or by the surcharge of urgent (IB-22)."""
    return decision.price in ORDERED or decision.surcharge is not None


def refuse_without_right(
    decision: Decision, *, may_order: bool, who_can: Sequence[str]
) -> MayNotOrder | None:
    """The refusal that an order of somebody without the right meets, `None` when nothing stands in the way.

    `who_can`: names of colleagues who may order, at least asked for when it comes to that.
    """
    if may_order or not is_an_order(decision):
        return None
    return MayNotOrder(_because(decision), _who(who_can), *_for_nothing(decision))


def _because(decision: Decision) -> Reason:
    if decision.price in ORDERED:
        return Reason(_("This is paid work, and you may not order that."), {}, None, "contact.may_order")
    return Reason(
        _("Urgent has a surcharge, and you may not order paid work."), {}, "IB-22", "contact.may_order"
    )


def _who(who_can: Sequence[str]) -> Reason:
    match who_can:
        case []:
            return Reason(_("Ask the desk to let somebody of your company order paid work."))
        case [one]:
            return Reason(
                _("%(name)s may order this: let your question be asked by %(name)s."), {"name": one}
            )
        case _:
            return Reason(_("These colleagues may order this: %(names)s."), {"names": ", ".join(who_can)})


def _for_nothing(decision: Decision) -> tuple[Reason, ...]:
    if decision.surcharge is not None and decision.price not in ORDERED:
        return (Reason(_("Ask the question without urgency."), {}, "IB-22"),)
    return ()
