"""What licences and contracts give: a plan for a stretch of days, and what they lack when they give none.

IB-14: SLA8 with a licence, or as a contract that needs one. IB-17: SLA4 only for existing customers with
hardware that the desk supplied. IB-30: which contracts are support contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from balie.rules.customer_facts import ContractFact, CustomerFacts, Validity
from balie.rules.desk import ContractType, Desk, Product, SupportPlan
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Grant:
    """A plan that a licence or contract gives on these days, if nothing better does."""

    plan: SupportPlan
    validity: Validity
    because: Reason
    contract: ContractFact | None = None


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a product or a contract type of the desk gives to who has it: worked out once for a desk."""

    plan: SupportPlan | None
    because: Reason | None
    is_paid: bool  # paid support (IB-13)
    says_support_contract: Reason | None = None  # IB-30
    needs_more: bool = False  # a licence (IB-14) or our hardware (IB-17), or it gives no plan


def all_grants(facts: CustomerFacts, desk: Desk) -> list[Grant]:
    """Everything that gives this customer a plan, past and future days included."""
    grants: list[Grant] = []
    if facts.licences:
        grants += _from_licences(facts, desk)
    if facts.contracts:
        grants += _from_contracts(facts, desk)
    return grants


def not_known(facts: CustomerFacts, desk: Desk) -> Iterator[Reason]:
    """Licences and contracts of which the desk knows nothing: said, never passed over in silence."""
    for licence in facts.licences:
        if licence.product not in desk.products:
            yield Reason(
                _("The desk does not know the licence %(product)s, so it does not count."),
                {"product": licence.product},
                setting="products",
            )
    for contract in facts.contracts:
        if contract.type not in desk.contract_types:
            yield Reason(
                _("The desk does not know the contract %(contract)s, so it does not count."),
                {"contract": contract.type},
                setting="contract_types",
            )


def without_effect(facts: CustomerFacts, desk: Desk, day: date, grants: list[Grant]) -> Iterator[Reason]:
    """Contracts that are valid on `day` but give no plan then, and what they lack (IB-14, IB-17)."""
    papers = _contract_types(desk)
    for contract in facts.contracts:
        paper = papers.get(contract.type)
        if paper is None or not paper.needs_more or paper.plan is None or not contract.validity.covers(day):
            continue
        if not any(grant.contract is contract and grant.validity.covers(day) for grant in grants):
            yield _says_lacking(desk.contract_types[contract.type], paper.plan, facts, desk, day)


def valid_contracts(facts: CustomerFacts, desk: Desk, day: date) -> list[ContractType]:
    """The types of the contracts that are valid on `day`, without those that the desk does not know."""
    kinds = desk.contract_types
    return [kinds[each.type] for each in facts.contracts if each.type in kinds and each.validity.covers(day)]


def says_support_contract(contracts: Iterable[ContractType], desk: Desk) -> Reason | None:
    """The first of these that is a support contract, in words; `None` when none is (IB-30)."""
    papers = _contract_types(desk)
    for each in contracts:
        said = papers[each.key].says_support_contract
        if said is not None:
            return said
    return None


def paid_days(facts: CustomerFacts, desk: Desk, day: date) -> Iterator[date]:
    """Until when support that began by `day` was, is or will be paid, as far as that is known."""
    if facts.last_paid_support_on is not None:
        yield facts.last_paid_support_on
    kinds, products = _contract_types(desk), _products(desk)
    for contract in facts.contracts:
        if contract.type in kinds and kinds[contract.type].is_paid:
            yield from _begun(contract.validity, day)
    for licence in facts.licences:
        if licence.product in products and products[licence.product].is_paid:
            yield from _begun(licence.validity, day)


def _begun(validity: Validity, day: date) -> Iterator[date]:
    """The last day of what began by `day`."""
    if validity.first is None or validity.first <= day:
        yield validity.last or date.max


def _products(desk: Desk) -> Mapping[str, _Paper]:
    found: dict[str, _Paper] | None = desk.worked_out.get(_products)
    if found is None:
        found = desk.worked_out[_products] = {
            key: _paper_of_product(product, desk) for key, product in desk.products.items()
        }
    return found


def _contract_types(desk: Desk) -> Mapping[str, _Paper]:
    found: dict[str, _Paper] | None = desk.worked_out.get(_contract_types)
    if found is None:
        found = desk.worked_out[_contract_types] = {
            key: _paper_of_contract(kind, desk) for key, kind in desk.contract_types.items()
        }
    return found


def _paper_of_product(product: Product, desk: Desk) -> _Paper:
    if product.includes_plan is None:
        return _Paper(None, None, is_paid=False)
    plan = desk.plans[product.includes_plan]
    because = Reason(
        _("%(plan)s is included with the licence %(product)s."),
        {"plan": plan.name, "product": product.name},
        "IB-14",
        f"products.{product.key}.includes_plan",
    )
    return _Paper(plan, because, is_paid=not plan.is_free)


def _paper_of_contract(kind: ContractType, desk: Desk) -> _Paper:
    support = _says_support_contract(kind, desk) if kind.counts_zone_1 else None
    is_support = kind.counts_zone_1 or kind.gives_phone_number
    if kind.gives_plan is None:
        return _Paper(None, None, is_support, support)
    plan = desk.plans[kind.gives_plan]
    because = Reason(
        _("%(plan)s comes with the contract %(contract)s."),
        {"plan": plan.name, "contract": _name(kind, desk)},
        plan.rule,
        f"contract_types.{kind.key}.gives_plan",
    )
    needs_more = kind.requires_product is not None or plan.only_with_our_hardware
    return _Paper(plan, because, is_support or not plan.is_free, support, needs_more)


def _from_licences(facts: CustomerFacts, desk: Desk) -> Iterator[Grant]:
    papers = _products(desk)
    for licence in facts.licences:
        paper = papers.get(licence.product)
        if paper is not None and paper.plan is not None and paper.because is not None:
            yield Grant(paper.plan, licence.validity, paper.because)


def _from_contracts(facts: CustomerFacts, desk: Desk) -> Iterator[Grant]:
    papers = _contract_types(desk)
    for contract in facts.contracts:
        paper = papers.get(contract.type)
        if paper is not None and paper.plan is not None and paper.because is not None:
            kind = desk.contract_types[contract.type]
            for validity in _effective(contract, kind, paper.plan, facts):
                yield Grant(paper.plan, validity, paper.because, contract)


def _effective(
    contract: ContractFact, kind: ContractType, plan: SupportPlan, facts: CustomerFacts
) -> list[Validity]:
    """The days on which a contract gives its plan: with the licence (IB-14) and the hardware (IB-17) it needs."""
    days: list[Validity] = [contract.validity]
    if kind.requires_product is not None:
        licences = [each.validity for each in facts.licences if each.product == kind.requires_product]
        days = _overlaps(days, licences)
    if plan.only_with_our_hardware:
        days = _overlaps(days, [Validity(first=facts.existing_since)] if facts.hardware_from_us else [])
    return days


def _overlaps(these: Iterable[Validity], those: list[Validity]) -> list[Validity]:
    both = (
        Validity(_bound(max, one.first, other.first), _bound(min, one.last, other.last))
        for one in these
        for other in those
    )
    return [each for each in both if each.first is None or each.last is None or each.first <= each.last]


def _bound(narrower: Callable[[date, date], date], one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return narrower(one, other)


def _says_lacking(
    kind: ContractType, plan: SupportPlan, facts: CustomerFacts, desk: Desk, day: date
) -> Reason:
    licensed = any(
        each.product == kind.requires_product and each.validity.covers(day) for each in facts.licences
    )
    if kind.requires_product is not None and not licensed:
        product = desk.products.get(kind.requires_product)
        return Reason(
            _("The contract %(contract)s counts only with a valid licence %(product)s."),
            {"contract": _name(kind, desk), "product": product.name if product else kind.requires_product},
            "IB-14",
            f"contract_types.{kind.key}.requires_product",
        )
    message = (
        _("%(plan)s is only for existing customers, and this customer is not one yet.")
        if facts.hardware_from_us
        else _("%(plan)s is only for customers with hardware that the desk supplied.")
    )
    return Reason(message, {"plan": plan.name}, "IB-17", f"plans.{plan.key}.only_with_our_hardware")


def _says_support_contract(kind: ContractType, desk: Desk) -> Reason:
    return Reason(
        _("%(contract)s is a support contract."),
        {"contract": _name(kind, desk)},
        "IB-30",
        f"contract_types.{kind.key}.counts_zone_1",
    )


def _name(kind: ContractType, desk: Desk) -> str:
    return kind.name.get(desk.language, kind.key)
