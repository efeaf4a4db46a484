"""What does not fit together in what a customer bought, case by case (IB-07, IB-14, IB-17)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.contracts.oddities import oddities
from balie.customers.models import Asset, Customer
from balie.desk.models import Desk

TODAY = date(2026, 11, 20)


def days(text: str) -> dict[str, date | None]:
    """`2026-01-01..2026-12-31`; an empty end is open."""
    first, last = (date.fromisoformat(each) if each else None for each in text.split(".."))
    return {"valid_from": first, "valid_until": last}


def found(customer: Customer) -> list[str]:
    return [reason.render() for reason in oddities(customer, today=TODAY)]


@pytest.mark.parametrize(
    ("stretches", "told"),
    [
        (["2026-01-01..", "2026-06-01.."], "is there twice from 2026-06-01"),
        (["..", ".."], "is there twice."),
        (["2026-01-01..2026-06-30", "2026-07-01.."], None),
        (["2026-01-01..2026-06-29", "2026-07-01.."], "has a gap: it ends on 2026-06-29 and begins again"),
        (["2016-01-01..2016-06-29", "2017-07-01.."], None),
        (["2026-01-01..2026-12-31"], "ends on 2026-12-31 and nothing follows"),
        (["2026-01-01..2026-12-31", "2027-01-01.."], None),
        (["2026-01-01..2027-12-31"], None),
        (["2026-01-01..2026-11-20"], "ends on 2026-11-20 and nothing follows"),
        (["2026-01-01..2026-11-19"], None),
    ],
    ids=[
        "overlap",
        "both without an end",
        "one after the other",
        "a gap of one day",
        "a gap of long ago",
        "ends soon",
        "ends soon and goes on",
        "ends much later",
        "ends today",
        "ended yesterday",
    ],
)
def test_contracts_of_one_type_meet_without_overlap_or_gap(
    infobits: Desk, bakery: Customer, stretches: list[str], told: str | None
) -> None:
    kind = ContractType.objects.get(key="phone-support")
    for stretch in stretches:
        Contract.objects.create(customer=bakery, type=kind, **days(stretch))
    said = found(bakery)
    assert any(told in each for each in said) if told else not said, said


def test_contracts_of_different_types_may_overlap(infobits: Desk, bakery: Customer) -> None:
    for key in ("phone-support", "haas"):
        Contract.objects.create(customer=bakery, type=ContractType.objects.get(key=key))
    assert not [each for each in found(bakery) if "twice" in each]


def test_sla4_without_hardware_supplied_by_us_is_told_IB_17(infobits: Desk, bakery: Customer) -> None:
    kind = ContractType.objects.filter(gives_plan__only_with_our_hardware=True).first()
    assert kind is not None
    Contract.objects.create(customer=bakery, type=kind)
    assert any("only with hardware supplied by us" in each for each in found(bakery))
    Asset.objects.create(customer=bakery, name="Kassa", supplied_by_us=True)
    assert not any("hardware" in each for each in found(bakery))


def test_a_contract_that_needs_a_licence_is_told_without_one_IB_14(infobits: Desk, bakery: Customer) -> None:
    kind = ContractType.objects.filter(requires_product__isnull=False).first()
    assert kind is not None and kind.requires_product is not None
    Contract.objects.create(customer=bakery, type=kind)
    assert any("only possible with a valid licence" in each for each in found(bakery))
    Licence.objects.create(customer=bakery, product=kind.requires_product)
    assert not any("valid licence" in each for each in found(bakery))


@pytest.mark.parametrize(
    ("application", "until", "told"),
    [
        ("applied", None, "check whether it is one"),
        ("checked", None, "nobody checked until when"),
        ("checked", TODAY - timedelta(days=1), "check it anew"),
        ("checked", TODAY + timedelta(days=30), "must be renewed"),
        ("checked", TODAY + timedelta(days=300), None),
    ],
    ids=["applied for", "without an end", "ran out", "runs out soon", "fine"],
)
def test_a_charity_is_checked_and_checked_again_IB_07(
    infobits: Desk, bakery: Customer, application: str, until: date | None, told: str | None
) -> None:
    Licence.objects.create(customer=bakery, product=Product.objects.filter(is_charity=True)[0])
    CustomerTerms.objects.create(customer=bakery, charity_application=application, charity_until=until)
    said = found(bakery)
    assert any(told in each for each in said) if told else not said, said


def test_nothing_is_odd_about_a_customer_without_anything(infobits: Desk, bakery: Customer) -> None:
    assert found(bakery) == []


def test_it_costs_the_same_whatever_there_is(
    infobits: Desk, bakery: Customer, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for kind in ContractType.objects.all():
        Contract.objects.create(customer=bakery, type=kind)
    with django_assert_num_queries(4):
        oddities(bakery, today=TODAY)
