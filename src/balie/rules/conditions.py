"""What must happen before our clock starts: the desk accepts (IB-20), the customer pays (IB-13, IB-19)."""

from __future__ import annotations

from collections.abc import Mapping

from balie.rules.case import Case
from balie.rules.customer_facts import MaintainedBy
from balie.rules.decision import Condition
from balie.rules.price_basis import NOTHING_TO_PAY, PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.wishes import AnswerMode

Found = tuple[tuple[Condition, ...], tuple[Reason, ...]]
_NOTHING: Found = ((), ())


def conditions(case: Case, price: PriceBasis | None) -> Found:
    """What our clock waits for, and why; `price` is how the work is paid."""
    accepted, paid = _must_be_accepted(case), _must_be_paid(case, price)
    if accepted is None and paid is None:
        return _NOTHING
    told = [(Condition.ACCEPTANCE, accepted), (Condition.PAYMENT, paid)]
    return (
        tuple(condition for condition, because in told if because is not None),
        tuple(because for _condition, because in told if because is not None),
    )


def _must_be_accepted(case: Case) -> Reason | None:
    """IB-20: who has its system maintained elsewhere may ask for phone support, but cannot demand it."""
    because = _NOT_BY_US.get(case.facts.maintained_by)
    if because is None or case.wish.answer_mode is AnswerMode.SITE or case.is_call:
        return None
    return because if case.desk.settings.accepts_when_maintained_elsewhere else None


_ACCEPTS = "settings.accepts_when_maintained_elsewhere"
_NOT_BY_US: Mapping[MaintainedBy, Reason] = {
    MaintainedBy.THIRD_PARTY: Reason(
        _("The system is maintained by somebody else: the desk first accepts or declines this request."),
        {},
        "IB-20",
        _ACCEPTS,
    ),
    MaintainedBy.NOBODY: Reason(
        _("The system is maintained by nobody: the desk first accepts or declines this request."),
        {},
        "IB-20",
        _ACCEPTS,
    ),
}


def _must_be_paid(case: Case, price: PriceBasis | None) -> Reason | None:
    """IB-13 and IB-19: the clock of prepaid work starts when the payment or credit is there.

    With the payment status also that of work with a price of its own: a quote, or by the time that it takes.
    """
    if price in NOTHING_TO_PAY or case.facts.prepaid_minutes > 0:
        return None
    if case.has_payment_status:
        return _AFTER_PAYMENT
    return _AFTER_PREPAYMENT if price is PriceBasis.PREPAID else None


_CREDIT = "customer.prepaid_minutes"
_AFTER_PAYMENT = Reason(_("With the payment status the work starts after the payment."), {}, "IB-13", _CREDIT)
_AFTER_PREPAYMENT = Reason(_("Prepaid work starts after the payment."), {}, "IB-19", _CREDIT)
