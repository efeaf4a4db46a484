"""Contracts, licences and the desk's plans as the rules see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product, SupportPlan
from balie.customers.models import Asset, Customer, PhoneNumber
from balie.desk import facts as desk_facts
from balie.desk.models import Desk
from balie.rules import desk as rules
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy, Validity


def desk_for_rules(desk: Desk) -> rules.Desk:
    """Everything of the desk that a decision may depend on.

    Seven queries for a new revision of the desk, none after. No two desks share a revision, so no process ever
    answers for another desk or by old hours.
    """
    return _read_at(_Revision(desk))


class _Revision:
    """A desk that is the same as another when nothing in it changed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Revision) and self.desk.revision == other.desk.revision

    def __hash__(self) -> int:
        return hash(self.desk.revision)


@lru_cache(maxsize=64)
def _read_at(revision: _Revision) -> rules.Desk:
    desk = revision.desk
    return rules.Desk(
        key=desk.key,
        name=desk.name,
        zone=desk.zone,
        language=desk.language,
        lines=desk_facts.lines(),
        plans={row.key: _plan(row) for row in SupportPlan.objects.all()},
        products={
            row.key: rules.Product(
                key=row.key,
                name=row.name,
                includes_plan=row.includes_plan.key if row.includes_plan else None,
                offers_plan=row.offers_plan.key if row.offers_plan else None,
                is_charity=row.is_charity,
            )
            for row in Product.objects.select_related("includes_plan", "offers_plan")
        },
        contract_types={
            row.key: rules.ContractType(
                key=row.key,
                name={"nl": row.name_nl, "en": row.name_en},
                gives_plan=row.gives_plan.key if row.gives_plan else None,
                counts_zone_1=row.counts_zone_1,
                gives_phone_number=row.gives_phone_number,
                requires_product=row.requires_product.key if row.requires_product else None,
            )
            for row in ContractType.objects.select_related("gives_plan", "requires_product")
        },
        settings=desk_facts.settings_of(desk),
    )


def customer_facts(customer: Customer) -> CustomerFacts:
    """What is known about a customer; the counts of its tickets come from above. Five queries."""
    return facts_of([customer])[customer.pk]


def facts_of(customers: Collection[Customer]) -> dict[int, CustomerFacts]:
    """What is known about each of `customers`, by key. Five queries, however many they are."""
    theirs = Q(customer__in=customers)
    terms = {row.customer_id: row for row in CustomerTerms.objects.filter(theirs)}
    licences = _by_customer(Licence.objects.filter(theirs), "product__key", "valid_from", "valid_until")
    contracts = _by_customer(Contract.objects.filter(theirs), "type__key", "valid_from", "valid_until")
    supplied = _by_customer(Asset.objects.filter(theirs, supplied_by_us=True), "pk")
    phones = _by_customer(PhoneNumber.objects.filter(theirs, registered_on__isnull=False), "e164")
    return {
        customer.pk: _facts(
            customer,
            terms.get(customer.pk) or CustomerTerms(customer=customer),
            licences=tuple(LicenceFact(key, Validity(*days)) for key, *days in licences[customer.pk]),
            contracts=tuple(ContractFact(key, Validity(*days)) for key, *days in contracts[customer.pk]),
            hardware_from_us=bool(supplied[customer.pk]),
            phone_numbers=tuple(number for (number,) in phones[customer.pk]),
        )
        for customer in customers
    }


def _by_customer(rows: QuerySet[Any], *fields: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for customer, *values in rows.values_list("customer_id", *fields):
        found[customer].append(tuple(values))
    return found


def _facts(customer: Customer, terms: CustomerTerms, **more: Any) -> CustomerFacts:
    return CustomerFacts(
        existing_since=customer.existing_since,
        maintained_by=MaintainedBy(terms.maintained_by),
        charity_until=terms.charity_until,
        last_paid_support_on=terms.last_paid_support_on,
        prepaid_minutes=terms.prepaid_minutes,
        **more,
    )


def _plan(row: SupportPlan) -> rules.SupportPlan:
    return rules.SupportPlan(
        key=row.key,
        name=row.name,
        rank=row.rank,
        response_minutes=row.response_minutes,
        solution_minutes=row.solution_minutes,
        monthly_price_cents=int(row.monthly_price * 100),
        is_free=row.is_free,
        only_with_our_hardware=row.only_with_our_hardware,
        rule=row.rule or None,
    )
