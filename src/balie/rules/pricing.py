"""How the work on a question is paid.

What is offered follows from the plan, the contracts, the status and the kind of question (IB-07, IB-15, IB-19,
SW-11, SW-12, SW-14 to SW-16); what the customer chose picks from it. What an hour costs: `rates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from balie.rules.case import Case, No, Price, better_paid_plan
from balie.rules.desk import Desk, SupportPlan
from balie.rules.price_basis import CHOSEN_PRICES, NOTHING_TO_PAY, PriceBasis, PricedStatus, PriceTerms
from balie.rules.reasons import Name, Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.topics import CategoryKind
from balie.rules.wishes import BillingMode


def offered(case: Case) -> tuple[Price, ...]:
    """The ways in which this question can be paid, the one that a customer would choose first in front."""
    if case.prices is None:
        prices = _known(case)
        case.prices = (_OVER_QUOTA,) if _pays_over_the_quota(case, prices) else prices
    return case.prices


def _pays_over_the_quota(case: Case, prices: tuple[Price, ...]) -> bool:
    """IB-10 limits what is free: whoever has used it up may pay beforehand, as with the payment status."""
    return (
        case.wish.billing_mode is BillingMode.PREPAID
        and bool(prices)
        and prices[0].basis is PriceBasis.FREE
        and not (case.has_tickets_left and case.has_reactions_left)
    )


_OVER_QUOTA = Price(
    PriceBasis.PREPAID,
    Reason(
        _("What is free is used up, so this is paid beforehand."),
        {},
        "IB-10",
        "settings.tickets_per_month",
    ),
)


def _known(case: Case) -> tuple[Price, ...]:
    support, topic, desk = case.support, case.topic, case.desk
    kind = topic.kind if topic is not None else None
    key = (_known, support.plan, support.is_charity, support.contracts, case.is_on_site, case.is_call, kind)
    found: tuple[Price, ...] | None = desk.worked_out.get(key)
    if found is None:
        found = desk.worked_out[key] = _offered(case, kind)
    return found


def price_of(case: Case) -> tuple[PriceBasis | None, tuple[Reason, ...]]:
    """How this wish is paid, and why; `None` where the desk says nothing of prices.

    Without a choice the first that is offered counts, and the reason says so. A choice that is not offered
    also gives the first: `not_payable_so` has refused it before.
    """
    prices = offered(case)
    if not prices:
        return None, ()
    chosen = case.wish.billing_mode
    first = prices[0]
    if first.basis in NOTHING_TO_PAY:
        return first.basis, (first.because,) if chosen is BillingMode.NONE else (
            first.because,
            _NOTHING_TO_CHOOSE,
        )
    if chosen is BillingMode.NONE:
        return first.basis, (first.because,) if len(prices) == 1 else (first.because, _MORE_THAN_ONE)
    if first.basis in _OF_KIND:
        return first.basis, (first.because, _CHOSEN_BY_KIND)
    price = _chosen(prices, chosen) or first
    return price.basis, (price.because,)


def not_payable_so(case: Case) -> No | None:
    """IB-19: with SLA24 and with the payment status a call-back is prepaid, never postpaid."""
    chosen = case.wish.billing_mode
    if chosen is BillingMode.NONE:
        return None
    prices = offered(case)
    if not prices or prices[0].basis not in CHOSEN_PRICES:
        return None
    return None if _chosen(prices, chosen) else _no_such_payment(case, chosen)


def _chosen(prices: tuple[Price, ...], chosen: BillingMode) -> Price | None:
    wanted = _BASIS[chosen]
    for price in prices:
        if price.basis is wanted:
            return price
    return None


_BASIS = {BillingMode.PREPAID: PriceBasis.PREPAID, BillingMode.POSTPAID: PriceBasis.POSTPAID}


_MORE_THAN_ONE = Reason(
    _("No choice of payment was made, so this counts; paying afterwards can be chosen as well."), {}, "IB-19"
)
_NOTHING_TO_CHOOSE = Reason(
    _("Nothing has to be paid for it, so the chosen way of payment does not count."), {}
)
_CHOSEN_BY_KIND = Reason(
    _("What it is about decides on the payment, so the chosen way of payment does not count."), {}
)
_OF_KIND: Mapping[PriceBasis, str] = {
    PriceBasis.ACTUAL_TIME: _("This is billed by the time that it takes, without an estimate beforehand."),
    PriceBasis.QUOTE: _("This begins with a price quote; when it is accepted the work is planned."),
}
_RULE_OF_KIND: Mapping[CategoryKind, str] = {
    CategoryKind.RESEARCH: "SW-12",
    CategoryKind.CHANGE: "SW-11",
    CategoryKind.THIRD_PARTY: "SW-16",
    CategoryKind.HARDWARE: "SW-15",
}


# -- What is offered ---------------------------------------------------------------------------------------


def _offered(case: Case, kind: CategoryKind | None) -> tuple[Price, ...]:
    of_kind = case.desk.kind_prices.get(kind) if kind is not None and not case.support.is_charity else None
    if kind is None or of_kind is None:
        return _in_order((*_by_status_or_plan(case), *_by_contract(case, _RULE_OF_COVER.get(kind))))
    if kind is CategoryKind.HARDWARE or case.is_call:
        covered = _in_order(_by_contract(case, _RULE_OF_COVER.get(kind)))
        if covered:
            return covered
    if of_kind is PriceBasis.ACTUAL_TIME:
        usual = _in_order(_by_status_or_plan(case))
        if all(each.basis is PriceBasis.PREPAID for each in usual):
            return usual
    return (_by_kind(kind, of_kind),)


def _by_kind(kind: CategoryKind, basis: PriceBasis) -> Price:
    return Price(basis, Reason(_OF_KIND[basis], {}, _RULE_OF_KIND.get(kind), f"kind_prices.{kind.value}"))


def _in_order(prices: Iterable[Price]) -> tuple[Price, ...]:
    """Of each basis the first, the one that a customer would choose first in front."""
    found: dict[PriceBasis, Price] = {}
    for price in prices:
        found.setdefault(price.basis, price)
    order = list(PriceBasis)
    return tuple(sorted(found.values(), key=lambda each: order.index(each.basis)))


def _by_status_or_plan(case: Case) -> Iterator[Price]:
    if case.plan is None or case.support.is_charity:
        return _of_status(_status_of(case), case)
    return _of_plan(case.plan, case)


def _by_contract(case: Case, rule_of_kind: str | None) -> Iterator[Price]:
    """What each valid contract adds."""
    for key in case.support.contracts:
        contract = case.desk.contract_types[key]
        rule = "IB-01" if contract.gives_phone_number else rule_of_kind
        for basis in _said(case.desk.prices.get(key, PriceTerms()), case):
            yield Price(basis, _says(case, basis, key, contract.name, rule))


_RULE_OF_COVER: Mapping[CategoryKind | None, str] = {CategoryKind.HARDWARE: "SW-14"}


def _status_of(case: Case) -> PricedStatus:
    if case.support.is_charity:
        return PricedStatus.CHARITY
    return PricedStatus.PAYMENT if case.has_payment_status else PricedStatus.WITHOUT_PLAN


_RULE_OF_STATUS = {
    PricedStatus.CHARITY: "IB-07",
    PricedStatus.PAYMENT: "IB-13",
    PricedStatus.WITHOUT_PLAN: None,
}
_UNLESS_SET = {PricedStatus.CHARITY: PriceBasis.FREE, PricedStatus.PAYMENT: PriceBasis.PREPAID}


def _of_status(status: PricedStatus, case: Case) -> Iterator[Price]:
    found = _said(case.desk.prices.get(status.value, PriceTerms()), case)
    if not found and status in _UNLESS_SET:
        found = (_UNLESS_SET[status],)
    for basis in found:
        setting = f"price_basis.{status.value}.{_mode(case)}"
        yield Price(basis, Reason(_PLAINLY[basis], {}, _RULE_OF_STATUS[status], setting))


def _of_plan(plan: SupportPlan, case: Case) -> Iterator[Price]:
    terms = case.desk.prices.get(plan.key, PriceTerms())
    found = _said(terms, case) or (PriceBasis.FREE if plan.is_free else PriceBasis.INCLUDED,)
    for basis in found:
        yield Price(basis, _says(case, basis, plan.key, plan.name, _rule_of_plan(plan, basis)))


def _rule_of_plan(plan: SupportPlan, basis: PriceBasis) -> str | None:
    """The choice of payment is IB-19, what a plan of every month gives IB-15; the others have their own rule."""
    if basis in CHOSEN_PRICES:
        return "IB-19"
    return plan.rule if plan.is_free or plan.only_with_our_hardware else "IB-15"


def _said(terms: PriceTerms, case: Case) -> tuple[PriceBasis, ...]:
    if case.is_on_site:
        return (terms.site,) if terms.site is not None else ()
    return terms.callback


def _mode(case: Case) -> str:
    return "site" if case.is_on_site else "callback"


def _says(case: Case, basis: PriceBasis, key: str, source: str | Name, rule: str | None) -> Reason:
    words = _ON_SITE if case.is_on_site else _BY_CALLBACK
    return Reason(words[basis], {"source": source}, rule, f"price_basis.{key}.{_mode(case)}")


_ON_SITE: Mapping[PriceBasis, str] = {
    PriceBasis.FREE: _("With %(source)s an answer on the site is free."),
    PriceBasis.INCLUDED: _("With %(source)s an answer on the site is included."),
    PriceBasis.CONTRACT: _("With %(source)s an answer on the site is covered by the contract."),
    PriceBasis.PREPAID: _("With %(source)s an answer on the site is paid beforehand."),
}
_BY_CALLBACK: Mapping[PriceBasis, str] = {
    PriceBasis.FREE: _("With %(source)s a call-back or AnyDesk is free."),
    PriceBasis.INCLUDED: _("With %(source)s a call-back or AnyDesk is included."),
    PriceBasis.CONTRACT: _("With %(source)s a call-back or AnyDesk is covered by the contract."),
    PriceBasis.PREPAID: _("With %(source)s a call-back or AnyDesk is paid beforehand."),
    PriceBasis.POSTPAID: _("With %(source)s a call-back or AnyDesk can be paid afterwards."),
}
_PLAINLY: Mapping[PriceBasis, str] = {
    PriceBasis.FREE: _("This is free."),
    PriceBasis.INCLUDED: _("This is included."),
    PriceBasis.CONTRACT: _("This is covered by the contract."),
    PriceBasis.PREPAID: _("This is paid beforehand."),
    PriceBasis.POSTPAID: _("This can be paid afterwards."),
}


# -- A choice that is not offered --------------------------------------------------------------------------


def _no_such_payment(case: Case, chosen: BillingMode) -> No:
    plan = case.plan
    if chosen is BillingMode.PREPAID:
        message, other = _NOT_BEFOREHAND, _AFTERWARDS
    else:
        message, other = _NOT_AFTERWARDS[case.has_payment_status, plan is not None], _BEFOREHAND
    key = plan.key if plan is not None else _status_of(case).value
    setting = f"price_basis.{key}.{_mode(case)}"
    because = Reason(message, {"plan": plan.name if plan else None}, "IB-19", setting)
    return No(because, (other, *_afterwards_with(plan, case.desk)))


_NOT_BEFOREHAND = _("This cannot be paid beforehand (prepaid).")
_NOT_AFTERWARDS: Mapping[tuple[bool, bool], str] = {  # (with the payment status, with a plan)
    (True, False): _(
        "With the payment status this can be paid beforehand only (prepaid), not afterwards (postpaid)."
    ),
    (False, True): _("With %(plan)s this can be paid beforehand only (prepaid), not afterwards (postpaid)."),
    (False, False): _("This cannot be paid afterwards (postpaid)."),
}
_BEFOREHAND = Reason(_("Choose to pay beforehand (prepaid)."), {}, "IB-19")
_AFTERWARDS = Reason(_("Choose to pay afterwards (postpaid)."), {}, "IB-19")


def _afterwards_with(plan: SupportPlan | None, desk: Desk) -> tuple[Reason, ...]:
    better = better_paid_plan(plan, desk)
    terms = desk.prices.get(better.key) if better is not None else None
    if better is None or terms is None or PriceBasis.POSTPAID not in terms.callback:
        return ()
    message = _("With %(plan)s a call-back can be paid afterwards as well.")
    return (Reason(message, {"plan": better.name}, "IB-19", f"plans.{better.key}"),)
