"""What licences and contracts give: a plan for a stretch of days, and what they lack when they give none.

IB-14: SLA8 with a licence, or as a contract that needs one. IB-17: SLA4 only for existing customers with
hardware that the desk supplied. IB-30: which contracts are support contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from balie.rules.customer_facts import ContractFact, CustomerFacts, Validity
from balie.rules.desk import ContractType, Desk, SupportPlan
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Grant:
    """A plan that a licence or contract gives on these days, if nothing better does."""

    plan: SupportPlan
    validity: Validity
    because: Reason
    contract: ContractFact | None = None


def all_grants(facts: CustomerFacts, desk: Desk) -> list[Grant]:
    """Everything that gives this customer a plan, past and future days included."""
    return [*_from_licences(facts, desk), *_from_contracts(facts, desk)]


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
    for contract in facts.contracts:
        kind = desk.contract_types.get(contract.type)
        if kind is None or kind.gives_plan is None or not contract.validity.covers(day):
            continue
        if not any(grant.contract is contract and grant.validity.covers(day) for grant in grants):
            yield _says_lacking(kind, desk.plans[kind.gives_plan], facts, desk, day)


def valid_contracts(facts: CustomerFacts, desk: Desk, day: date) -> list[ContractType]:
    """The types of the contracts that are valid on `day`, without those that the desk does not know."""
    valid = (desk.contract_types.get(each.type) for each in facts.contracts if each.validity.covers(day))
    return [kind for kind in valid if kind is not None]


def paid_days(facts: CustomerFacts, desk: Desk, day: date) -> Iterator[date]:
    """Until when support that began by `day` was, is or will be paid, as far as that is known."""
    if facts.last_paid_support_on is not None:
        yield facts.last_paid_support_on
    paid = [
        each.validity
        for each in facts.contracts
        if _is_paid_support(desk.contract_types.get(each.type), desk)
    ]
    paid += [each.validity for each in facts.licences if _includes_paid_plan(each.product, desk)]
    for validity in paid:
        if validity.first is None or validity.first <= day:
            yield validity.last or date.max


def _is_paid_support(kind: ContractType | None, desk: Desk) -> bool:
    if kind is None:
        return False
    gives_paid = kind.gives_plan is not None and not desk.plans[kind.gives_plan].is_free
    return gives_paid or kind.counts_zone_1 or kind.gives_phone_number


def _includes_paid_plan(product_key: str, desk: Desk) -> bool:
    product = desk.products.get(product_key)
    plan = product.includes_plan if product is not None else None
    return plan is not None and not desk.plans[plan].is_free


def _from_licences(facts: CustomerFacts, desk: Desk) -> Iterator[Grant]:
    for licence in facts.licences:
        product = desk.products.get(licence.product)
        if product is not None and product.includes_plan is not None:
            plan = desk.plans[product.includes_plan]
            because = Reason(
                _("%(plan)s is included with the licence %(product)s."),
                {"plan": plan.name, "product": product.name},
                "IB-14",
                f"products.{product.key}.includes_plan",
            )
            yield Grant(plan, licence.validity, because)


def _from_contracts(facts: CustomerFacts, desk: Desk) -> Iterator[Grant]:
    for contract in facts.contracts:
        kind = desk.contract_types.get(contract.type)
        if kind is not None and kind.gives_plan is not None:
            plan = desk.plans[kind.gives_plan]
            because = Reason(
                _("%(plan)s comes with the contract %(contract)s."),
                {"plan": plan.name, "contract": _name(kind, desk)},
                plan.rule,
                f"contract_types.{kind.key}.gives_plan",
            )
            for validity in _effective(contract, kind, plan, facts):
                yield Grant(plan, validity, because, contract)


def _effective(
    contract: ContractFact, kind: ContractType, plan: SupportPlan, facts: CustomerFacts
) -> list[Validity]:
    """The days on which a contract gives its plan: with the licence (IB-14) and the hardware (IB-17) it needs."""
    days: list[Validity] = [contract.validity]
    if kind.requires_product is not None:
        licences = [each.validity for each in facts.licences if each.product == kind.requires_product]
        days = _overlaps(days, licences)
    if plan.only_with_our_hardware:
        exists = facts.hardware_from_us and facts.existing_since is not None
        days = _overlaps(days, [Validity(first=facts.existing_since)] if exists else [])
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


def says_support_contract(kind: ContractType, desk: Desk) -> Reason:
    return Reason(
        _("%(contract)s is a support contract."),
        {"contract": _name(kind, desk)},
        "IB-30",
        f"contract_types.{kind.key}.counts_zone_1",
    )


def _name(kind: ContractType, desk: Desk) -> str:
    return kind.name.get(desk.language, kind.key)
