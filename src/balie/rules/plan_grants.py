"""What licences and contracts give: a plan for a stretch of days, and what they lack when they give none.

IB-14: SLA8 with a licence, or as a contract that needs one. IB-17: SLA4 only for existing customers with
hardware that the desk supplied. IB-30: which contracts are support contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from balie.rules.customer_facts import ContractFact, CustomerFacts, Validity
from balie.rules.desk import ContractType, Desk, Product, SupportPlan
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class Grant(NamedTuple):
    """A plan that a licence or contract gives on these days, if nothing better does."""

    plan: SupportPlan
    because: Reason
    validity: Validity


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a product or a contract type of the desk gives to who has it: worked out once for a desk.

    `is_paid`: it is paid support (IB-13). `requires_product` (IB-14) and `requires_hardware` (IB-17): what its plan
    is only given with.
    """

    gives: tuple[SupportPlan, Reason] | None
    is_paid: bool
    says_support_contract: Reason | None = None  # IB-30
    requires_product: str | None = None
    requires_hardware: bool = False


@dataclass(slots=True, eq=False)
class Papers:
    """What the licences and contracts of one customer come to on one day.

    `grants`: all that gives a plan, past and future days included. `paid`: the days of paid support (IB-13).
    `contracts`: the types of those that are valid, `says_support_contract` the first of them that is one (IB-30).
    `notes`: what the desk does not know, and what has no effect (IB-14, IB-17): said, never passed over in silence.
    """

    facts: CustomerFacts
    desk: Desk
    day: date
    grants: list[Grant] = field(default_factory=list)
    paid: list[Validity] = field(default_factory=list)
    contracts: list[str] = field(default_factory=list)
    says_support_contract: Reason | None = None
    notes: list[Reason] = field(default_factory=list)

    def take_licences(self) -> None:
        papers = _products(self.desk)
        for licence in self.facts.licences:
            paper = papers.get(licence.product)
            if paper is None:
                self.notes.append(Reason(_NO_SUCH_LICENCE, {"product": licence.product}, None, "products"))
                continue
            if paper.gives is not None:
                self.grants.append(Grant(*paper.gives, licence.validity))
            if paper.is_paid:
                self.paid.append(licence.validity)

    def take_contracts(self) -> None:
        papers = _contract_types(self.desk)
        for contract in self.facts.contracts:
            paper = papers.get(contract.type)
            if paper is None:
                values = {"contract": contract.type}
                self.notes.append(Reason(_NO_SUCH_CONTRACT, values, None, "contract_types"))
                continue
            is_valid = contract.validity.covers(self.day)
            if is_valid:
                self.contracts.append(contract.type)
                self.says_support_contract = self.says_support_contract or paper.says_support_contract
            if paper.is_paid:
                self.paid.append(contract.validity)
            if paper.gives is not None:
                self._take_plan(contract, paper, paper.gives, is_valid=is_valid)

    def _take_plan(
        self, contract: ContractFact, paper: _Paper, gives: tuple[SupportPlan, Reason], *, is_valid: bool
    ) -> None:
        days = _effective(contract, paper, self.facts)
        self.grants += [Grant(*gives, each) for each in days]
        if is_valid and not any(each.covers(self.day) for each in days):
            kind = self.desk.contract_types[contract.type]
            self.notes.append(_says_lacking(kind, gives[0], self.facts, self.desk, self.day))

    def paid_until(self) -> Iterator[date]:
        """Until when support that began by the day was, is or will be paid, as far as that is known."""
        for validity in self.paid:
            if validity.first is None or validity.first <= self.day:
                yield validity.last or date.max
        if self.facts.last_paid_support_on is not None:
            yield self.facts.last_paid_support_on


_NO_SUCH_LICENCE = _("The desk does not know the licence %(product)s, so it does not count.")
_NO_SUCH_CONTRACT = _("The desk does not know the contract %(contract)s, so it does not count.")


def papers_on(facts: CustomerFacts, desk: Desk, day: date) -> Papers:
    """Every licence and contract, looked at once."""
    papers = Papers(facts, desk, day)
    if facts.licences:
        papers.take_licences()
    if facts.contracts:
        papers.take_contracts()
    return papers


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
        return _Paper(None, is_paid=False)
    plan = desk.plans[product.includes_plan]
    because = Reason(
        _("%(plan)s is included with the licence %(product)s."),
        {"plan": plan.name, "product": product.name},
        "IB-14",
        f"products.{product.key}.includes_plan",
    )
    return _Paper((plan, because), is_paid=not plan.is_free)


def _paper_of_contract(kind: ContractType, desk: Desk) -> _Paper:
    support = _says_support_contract(kind) if kind.counts_zone_1 else None
    is_support = kind.counts_zone_1 or kind.gives_phone_number
    if kind.gives_plan is None:
        return _Paper(None, is_support, support)
    plan = desk.plans[kind.gives_plan]
    because = Reason(
        _("%(plan)s comes with the contract %(contract)s."),
        {"plan": plan.name, "contract": kind.name},
        "IB-14" if kind.requires_product is not None else plan.rule,
        f"contract_types.{kind.key}.gives_plan",
    )
    return _Paper(
        (plan, because),
        is_support or not plan.is_free,
        support,
        kind.requires_product,
        plan.only_with_our_hardware,
    )


def _effective(contract: ContractFact, paper: _Paper, facts: CustomerFacts) -> list[Validity]:
    """The days on which a contract gives its plan: with the licence (IB-14) and the hardware (IB-17) it needs."""
    days = [contract.validity]
    if paper.requires_product is not None:
        licences = [each.validity for each in facts.licences if each.product == paper.requires_product]
        days = _overlaps(days, licences)
    if paper.requires_hardware:
        days = _overlaps(days, [Validity(first=facts.existing_since)] if facts.hardware_from_us else [])
    return days


def _overlaps(these: list[Validity], those: list[Validity]) -> list[Validity]:
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
            {"contract": kind.name, "product": product.name if product else kind.requires_product},
            "IB-14",
            f"contract_types.{kind.key}.requires_product",
        )
    message = (
        _("%(plan)s is only for existing customers, and this customer is not one yet.")
        if facts.hardware_from_us
        else _("%(plan)s is only for customers with hardware that the desk supplied.")
    )
    return Reason(message, {"plan": plan.name}, "IB-17", f"plans.{plan.key}.only_with_our_hardware")


def _says_support_contract(kind: ContractType) -> Reason:
    return Reason(
        _("%(contract)s is a support contract."),
        {"contract": kind.name},
        "IB-30",
        f"contract_types.{kind.key}.counts_zone_1",
    )
