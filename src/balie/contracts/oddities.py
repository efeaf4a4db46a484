"""What does not fit together in what a customer bought: to look at, never refused (IB-07, IB-14, IB-17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise

from balie.contracts.models import Contract, CustomerTerms, Licence
from balie.customers.models import Asset, Customer
from balie.rules.customer_facts import CharityApplication
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

SOON = timedelta(days=60)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days on which something of one name is valid; both ends included."""

    name: str
    first: date
    last: date

    @classmethod
    def of(cls, row: Contract | Licence) -> _Stretch:
        return cls(str(row), row.valid_from or date.min, row.valid_until or date.max)

    def overlaps(self, other: _Stretch) -> bool:
        return self.first <= other.last and other.first <= self.last


def oddities(customer: Customer, *, today: date) -> list[Reason]:
    """Everything odd about a customer's contracts and licences on this day. Four queries."""
    contracts = list(
        Contract.objects.filter(customer=customer).select_related(
            "type__gives_plan", "type__requires_product"
        )
    )
    licences = list(Licence.objects.filter(customer=customer).select_related("product"))
    terms = CustomerTerms.objects.filter(customer=customer).first() or CustomerTerms(customer=customer)
    return [
        *_doubles([_Stretch.of(each) for each in contracts]),
        *_doubles([_Stretch.of(each) for each in licences]),
        *_gaps([_Stretch.of(each) for each in contracts], today),
        *_ending([_Stretch.of(each) for each in contracts], today),
        *_lacking(customer, contracts, licences, today),
        *_charity(licences, terms, today),
    ]


def _doubles(stretches: Sequence[_Stretch]) -> Iterator[Reason]:
    for one, other in combinations(stretches, 2):
        if one.name == other.name and one.overlaps(other):
            first = max(one.first, other.first)
            yield Reason(
                _("%(name)s is there twice from %(first)s.")
                if first > date.min
                else _("%(name)s is there twice."),
                {"name": one.name, "first": first.isoformat()},
            )


def _gaps(stretches: Sequence[_Stretch], today: date) -> Iterator[Reason]:
    """Days between two of the same name; those of long ago trouble nobody."""
    for one, other in pairwise(sorted(stretches, key=lambda each: (each.name, each.first))):
        is_gap = one.name == other.name and one.last < date.max and one.last + ONE_DAY < other.first
        if is_gap and other.first >= today - timedelta(days=365):
            yield Reason(
                _("%(name)s has a gap: it ends on %(last)s and begins again on %(first)s."),
                {"name": one.name, "last": one.last.isoformat(), "first": other.first.isoformat()},
            )


def _ending(stretches: Sequence[_Stretch], today: date) -> Iterator[Reason]:
    for one in stretches:
        goes_on = any(
            other.name == one.name and other.last > one.last and other.first <= one.last + ONE_DAY
            for other in stretches
        )
        if today <= one.last <= today + SOON and not goes_on:
            yield Reason(
                _("%(name)s ends on %(last)s and nothing follows it."),
                {"name": one.name, "last": one.last.isoformat()},
            )


def _lacking(
    customer: Customer, contracts: Iterable[Contract], licences: Sequence[Licence], today: date
) -> Iterator[Reason]:
    """Contracts that give nothing, because what they need is not there."""
    has_our_hardware = Asset.objects.filter(customer=customer, supplied_by_us=True).exists()
    licensed = {each.product_id for each in licences if _holds(each, today)}
    for contract in contracts:
        if not _holds(contract, today):
            continue
        plan, product = contract.type.gives_plan, contract.type.requires_product
        if plan is not None and plan.only_with_our_hardware and not has_our_hardware:
            yield Reason(
                _("%(name)s gives %(plan)s only with hardware supplied by us, and there is none."),
                {"name": str(contract), "plan": plan.name},
                "IB-17",
            )
        if product is not None and product.pk not in licensed:
            yield Reason(
                _("%(name)s is only possible with a valid licence of %(product)s."),
                {"name": str(contract), "product": product.name},
                "IB-14",
            )


def _charity(licences: Iterable[Licence], terms: CustomerTerms, today: date) -> Iterator[Reason]:
    """A charity's licence is applied for, checked, and checked again before its time has passed (IB-07)."""
    if not any(each.product.is_charity and _holds(each, today) for each in licences):
        return
    if terms.charity_application == CharityApplication.APPLIED.value:
        yield Reason(_("The charity applied for a free licence: check whether it is one."), {}, "IB-07")
    elif terms.charity_until is None:
        yield Reason(
            _("The licence is for charities, but nobody checked until when this is one."), {}, "IB-07"
        )
    elif terms.charity_until < today:
        values = {"day": terms.charity_until.isoformat()}
        yield Reason(_("That this is a charity was checked until %(day)s: check it anew."), values, "IB-07")
    elif terms.charity_until <= today + SOON:
        values = {"day": terms.charity_until.isoformat()}
        yield Reason(
            _("That this is a charity was checked until %(day)s: it must be renewed."), values, "IB-07"
        )


def _holds(row: Contract | Licence, today: date) -> bool:
    stretch = _Stretch.of(row)
    return stretch.first <= today <= stretch.last
