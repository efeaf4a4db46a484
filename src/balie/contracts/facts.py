"""Contracts, licences and the desk's plans as the rules see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from balie.contracts.models import (
    Contract,
    ContractType,
    CustomerTerms,
    KindPrice,
    Licence,
    PriceBasis,
    Product,
    SupportPlan,
)
from balie.customers.models import Asset, Customer, PhoneNumber, PhoneRange
from balie.desk import facts as desk_facts
from balie.desk.holiday_dates import Holidays
from balie.desk.models import Desk
from balie.prepared import Given, JsonRow, Prepared
from balie.rules import desk as rules
from balie.rules import price_basis as basis
from balie.rules.customer_facts import (
    CharityApplication,
    ContractFact,
    CustomerFacts,
    LicenceFact,
    MaintainedBy,
    Validity,
)
from balie.rules.topics import CategoryKind


def desk_for_rules(desk: Desk) -> rules.Desk:
    """Everything of the desk that a decision may depend on, but the topics: `tickets.facts` adds those.

    Nine queries for a new revision of the desk, none after. No two desks share a revision, so no process ever
    answers for another desk or by old hours.
    """
    return _read_at(Revision(desk))


class Revision:
    """A desk that is the same as another when nothing in it changed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Revision) and self.desk.revision == other.desk.revision

    def __hash__(self) -> int:
        return hash(self.desk.revision)


@lru_cache(maxsize=64)
def _read_at(revision: Revision) -> rules.Desk:
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
        prices={
            row.key: basis.PriceTerms(
                site=basis.PriceBasis(row.site) if row.site else None,
                callback=tuple(basis.PriceBasis(each) for each in row.callback),
            )
            for row in PriceBasis.objects.select_related("plan", "contract_type")
        },
        kind_prices={CategoryKind(row.kind): basis.PriceBasis(row.price) for row in KindPrice.objects.all()},
        holidays=Holidays(desk.country, desk.region or None),
    )


def customer_facts(customer: Customer, *, terms: CustomerTerms | None = None) -> CustomerFacts:
    """What is known about a customer; the counts of its tickets come from above.

    Two queries, one where its `terms` were read along with the customer.
    """
    their_terms = _TERMS.all(customer=customer.pk) if terms is None else [terms]
    return _facts_of([customer], their_terms, _EVERYTHING.all(customer=customer.pk))[customer.pk]


def everything() -> ArraySubquery:
    """For a queryset of customers: what each of them has, which `facts_read_along` takes."""
    parts = [
        part.filter(customer=OuterRef("pk"))
        .order_by()
        .values_list(JsonRow(_text(Value(kind)), _text(key), *days))
        for kind, part, key, days in _parts()
    ]
    return ArraySubquery(parts[0].union(*parts[1:], all=True))


def facts_read_along(
    customer: Customer, terms: CustomerTerms, everything: Iterable[Sequence[Any]]
) -> CustomerFacts:
    """`customer_facts` of what was read together with the customer. No query."""
    rows = (
        (customer.pk, kind, key, *(date.fromisoformat(day) if day else None for day in days))
        for kind, key, *days in everything
    )
    return _facts_of([customer], [terms], rows)[customer.pk]


def _text(value: Any) -> Cast:
    return Cast(value, TextField())


def facts_of(customers: Collection[Customer]) -> dict[int, CustomerFacts]:
    """What is known about each of `customers`, by key. Two queries, however many they are."""
    theirs = Q(customer__in=customers)
    return _facts_of(customers, CustomerTerms.objects.filter(theirs), _everything(theirs))


def _facts_of(
    customers: Collection[Customer], their_terms: Iterable[CustomerTerms], rows: Iterable[tuple[Any, ...]]
) -> dict[int, CustomerFacts]:
    terms = {row.customer_id: row for row in their_terms}
    found: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for owner, kind, *values in rows:
        found[owner, kind].append(tuple(values))
    return {
        customer.pk: _facts(
            customer,
            terms.get(customer.pk) or CustomerTerms(customer=customer),
            licences=tuple(LicenceFact(key, Validity(*days)) for key, *days in found[customer.pk, "licence"]),
            contracts=tuple(
                ContractFact(key, Validity(*days)) for key, *days in found[customer.pk, "contract"]
            ),
            hardware_from_us=bool(found[customer.pk, "ours"]),
            phone_numbers=tuple(number for number, *_days in found[customer.pk, "phone"]),
        )
        for customer in customers
    }


def _everything(theirs: Q) -> QuerySet[Any, tuple[Any, ...]]:
    """What customers have, in one query: customer, what it is, its key or number, from, until."""

    parts = [
        part.filter(theirs).order_by().values_list("customer_id", Value(kind), key, *days)
        for kind, part, key, days in _parts()
    ]
    return parts[0].union(*parts[1:], all=True)


def _parts() -> list[tuple[str, QuerySet[Any], Any, tuple[Any, Any]]]:
    """What a customer may have: what it is called, where it is kept, its key or number there, and its days."""
    dated = (F("valid_from"), F("valid_until"))
    never = (Cast(Value(None), DateField()), Cast(Value(None), DateField()))
    ours = Asset.objects.filter(supplied_by_us=True)
    registered = PhoneNumber.objects.filter(registered_on__isnull=False)
    return [
        ("licence", Licence.objects.all(), F("product__key"), dated),
        ("contract", Contract.objects.all(), F("type__key"), dated),
        ("ours", ours, Value(""), never),
        ("phone", registered, F("e164"), never),
        ("phone", PhoneRange.objects.all(), F("first"), never),
    ]


_ONE = Q(customer=Given("customer"))
_TERMS = Prepared(lambda: CustomerTerms.objects.filter(_ONE))
_EVERYTHING = Prepared(lambda: _everything(_ONE))


def _facts(customer: Customer, terms: CustomerTerms, **more: Any) -> CustomerFacts:
    return CustomerFacts(
        existing_since=customer.existing_since,
        maintained_by=MaintainedBy(terms.maintained_by),
        charity_until=terms.charity_until,
        charity_application=CharityApplication(terms.charity_application),
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
