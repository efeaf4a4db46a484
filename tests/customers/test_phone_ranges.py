"""Ranges of a company's exchange, whose a number is, and what agents enter (IB-02)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone
from tests.cast import FRIDAY_AT_FOUR as NOW

from balie.audit.models import Entry
from balie.contracts.facts import customer_facts
from balie.customers import phone_numbers, phone_ranges
from balie.customers.models import PhoneNumber, PhoneRange
from balie.customers.phone_numbers import TooManyNumbers, UnreadableNumber, owners_of
from balie.customers.phone_ranges import NotARange, OverlappingRange, TooManyRanges


def register_range(
    customer, anna, first="020 229 29 00", last="020 229 29 99", label="centrale"
) -> PhoneRange:
    return phone_ranges.register_range(customer, first, last, label=label, by=anna, country="NL", now=NOW)


def register(customer, anna, text="020 123 45 67", label="winkel") -> PhoneNumber:
    return phone_numbers.register(customer, text, label=label, by=anna, country="NL", now=NOW)


@pytest.mark.parametrize(
    ("e164", "is_in", "because"),
    [
        ("+31202292900", True, "the first"),
        ("+31202292942", True, "one in between"),
        ("+31202292999", True, "the last"),
        ("+31202292899", False, "one before"),
        ("+31202293000", False, "one after"),
        ("+3120229294", False, "a shorter number that begins the same"),
        ("+312022929420", False, "a longer number that begins the same"),
        ("", False, "no number"),
        ("anonymous", False, "no number either"),
        ("+31202292942' OR 1=1 --", False, "no way in"),
        ("+" + "9" * 40, False, "forty digits"),
    ],
)
def test_every_number_of_a_range_is_the_customers_IB_02(bakery, florist, anna, e164, is_in, because):
    register_range(bakery, anna)
    assert owners_of(e164) == ([bakery.pk] if is_in else []), because


def test_one_number_at_two_customers_has_two_owners_IB_02(bakery, florist, anna):
    register(bakery, anna, "020 229 29 42")
    register_range(florist, anna)
    register_range(bakery, anna)
    assert owners_of("+31202292942") == sorted([bakery.pk, florist.pk])


def test_a_number_counts_only_when_registered_and_of_a_customer_that_is_one(infobits, bakery, carla, anna):
    number = phone_numbers.hand_in(carla, "020 123 45 67", label="", country="NL", now=NOW)
    assert owners_of(number.e164) == []
    register(bakery, anna)
    assert owners_of(number.e164) == [bakery.pk]
    bakery.is_active = False
    bakery.save()
    assert owners_of(number.e164) == []


def test_whose_a_number_is_takes_one_question(bakery, anna, django_assert_num_queries):
    register_range(bakery, anna)
    with django_assert_num_queries(1):
        owners_of("+31202292942")


def test_the_question_goes_by_index(bakery, anna):
    PhoneRange.objects.bulk_create(
        PhoneRange(
            customer=bakery, first=f"+3120{each:03}0000", last=f"+3120{each:03}9999", registered_at=NOW
        )
        for each in range(1000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_phonerange")
        cursor.execute(
            "EXPLAIN SELECT customer_id FROM customers_phonerange WHERE numbers @> 31202292942::bigint"
        )
        assert "phone_range_lookup" in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("first", "last", "error", "because"),
    [
        ("020 229 29 99", "020 229 29 00", NotARange, "the wrong way round"),
        ("020 229 00 00", "020 239 99 99", NotARange, "more than ten thousand"),
        ("020 229 29 00", "0513 22 92 99", NotARange, "another prefix"),
        ("020 BAKKER", "020 229 29 99", UnreadableNumber, "letters"),
        ("020 229 29 00", "", UnreadableNumber, "no end"),
    ],
)
def test_what_is_no_range_is_refused(bakery, anna, first, last, error, because):
    with pytest.raises(error):
        register_range(bakery, anna, first, last)
    assert not PhoneRange.objects.exists()


def test_ranges_of_one_customer_do_not_overlap_and_those_of_two_may(bakery, florist, anna):
    kept = register_range(bakery, anna)
    with pytest.raises(OverlappingRange, match="020 229 29 00"):
        register_range(bakery, anna, "020 229 29 99", "020 229 30 10")
    register_range(bakery, anna, "020 229 30 00", "0031 20 229 30 10")
    register_range(florist, anna)
    assert register_range(bakery, anna, label="magazijn") == kept
    kept.refresh_from_db()
    assert kept.label == "magazijn"


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "+31202292999", "last": "+31202292900"},
        {"first": "+31202290000", "last": "+31202399999"},
        {"first": "+3120229290", "last": "+31202292999"},
        {"first": "020", "last": "021"},
        {"first": "+31202292950", "last": "+31202292950"},
    ],
    ids=str,
)
def test_the_database_refuses_it_too(bakery, anna, wrong):
    register_range(bakery, anna)
    with pytest.raises(DatabaseError), transaction.atomic():
        PhoneRange.objects.create(customer=bakery, registered_at=NOW, **wrong)


def test_a_range_is_on_the_record_and_comes_back_after_it_was_taken_off(bakery, anna):
    kept = register_range(bakery, anna)
    phone_ranges.take_off_range(kept.pk, by=anna, now=NOW)
    assert owners_of("+31202292942") == []
    register_range(bakery, anna, kept.first, kept.last, kept.label)
    assert owners_of("+31202292942") == [bakery.pk]
    on_record = Entry.objects.filter(subject_type="customers.phonerange").order_by("pk")
    assert [each.action for each in on_record] == ["register_range", "remove_range", "register_range"]
    with pytest.raises(Http404):
        phone_ranges.take_off_range(kept.pk, by=anna, now=NOW)


def test_a_customer_has_only_so_many_ranges(bakery, anna, monkeypatch):
    monkeypatch.setattr(phone_ranges, "MOST_RANGES", 1)
    register_range(bakery, anna)
    with pytest.raises(TooManyRanges):
        register_range(bakery, anna, "020 229 30 00", "020 229 30 10")


def test_a_customer_with_a_range_has_registered_numbers(infobits, bakery, anna):
    register_range(bakery, anna)
    assert customer_facts(bakery).phone_numbers == ("+31202292900",)


def test_an_agent_registers_a_number_at_once_IB_02(bakery, anna):
    number = register(bakery, anna)
    assert (number.registered_on, number.label) == (timezone.localdate(NOW), "winkel")
    assert register(bakery, anna, "0031 20 123 45 67", label="kantoor") == number
    assert PhoneNumber.objects.get().label == "kantoor"
    assert Entry.objects.filter(action="register_number", who="Anna").count() == 2


def test_a_number_that_was_handed_in_or_refused_is_registered_by_it(infobits, bakery, carla, anna):
    handed_in = phone_numbers.hand_in(carla, "020 123 45 67", label="", country="NL", now=NOW)
    phone_numbers.refuse(handed_in.pk, because="Onbekend", by=anna, now=NOW)
    number = register(bakery, anna)
    assert (number.pk, number.refused_because, number.registered_on) == (
        handed_in.pk,
        "",
        timezone.localdate(NOW),
    )


def test_an_agent_labels_a_number_and_takes_it_off(bakery, anna):
    number = register(bakery, anna)
    phone_numbers.relabel(number.pk, label=" kantoor ", by=anna, now=NOW)
    assert Entry.objects.get(action="label_number").data["label"] == ["winkel", "kantoor"]
    phone_numbers.relabel(number.pk, label="kantoor", by=anna, now=NOW)
    assert Entry.objects.filter(action="label_number").count() == 1
    phone_numbers.take_off(number.pk, by=anna, now=NOW)
    assert owners_of("+31201234567") == []
    with pytest.raises(Http404):
        phone_numbers.relabel(number.pk, label="", by=anna, now=NOW)


def test_an_agent_keeps_to_the_same_limits(bakery, anna, monkeypatch):
    with pytest.raises(UnreadableNumber):
        register(bakery, anna, "020 BAKKER")
    monkeypatch.setattr(phone_numbers, "MOST_NUMBERS", 0)
    with pytest.raises(TooManyNumbers):
        register(bakery, anna)


def test_an_agent_sees_at_whom_a_number_is_too(bakery, florist, anna):
    register(bakery, anna)
    assert phone_numbers.also_at(bakery) == {}
    register(florist, anna)
    assert phone_numbers.also_at(bakery) == {"+31201234567": [florist]}
