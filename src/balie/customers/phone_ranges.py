"""Ranges of numbers of a customer's own exchange: entered by agents only (IB-02)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import Http404

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Customer, PhoneRange
from balie.customers.number_models import DIGITS_THAT_DIFFER
from balie.customers.numbers import as_people_write
from balie.customers.phone_numbers import read_number
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

MOST_RANGES = 25
"""Of one customer."""


class NotARange(Refusal):
    """The two numbers do not make a range."""


class OverlappingRange(Refusal):
    """The customer has some of these numbers in another range."""


class TooManyRanges(Refusal):
    """The customer has as many ranges as it can have."""


@transaction.atomic
def register_range(
    customer: Customer, first: str, last: str, *, label: str, by: User, country: str, now: datetime
) -> PhoneRange:
    """Register all numbers from `first` to `last`, both as people write them. Registering it again changes the label.

    Raises `UnreadableNumber`, `NotARange`, `OverlappingRange` and `TooManyRanges`.
    """
    begin, end = (read_number(each, country=country) for each in (first, last))
    _refuse_no_range(begin, end)
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    known = PhoneRange.objects.filter(customer=customer, first=begin, last=end).first()
    if known is None:
        _refuse_overlap(customer, begin, end, country=country)
        _refuse_too_many(customer)
    kept = known or PhoneRange(customer=customer, first=begin, last=end, registered_at=now)
    kept.label = " ".join(label.split()) or kept.label
    kept.save()
    record(
        "register_range", kept, by=by, now=now, customer=customer.pk, first=begin, last=end, label=kept.label
    )
    return kept


@transaction.atomic
def take_off_range(key: int, *, by: User, now: datetime) -> PhoneRange:
    """Let a range count no longer; `register_range` with its numbers and label brings it back."""
    found = (
        PhoneRange.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=key).first()
    )
    if found is None:
        raise Http404
    record(
        "remove_range", found, by=by, now=now, customer=found.customer_id, first=found.first, last=found.last
    )
    found.delete()
    return found


def _refuse_no_range(first: str, last: str) -> None:
    if len(first) != len(last) or first[:-DIGITS_THAT_DIFFER] != last[:-DIGITS_THAT_DIFFER]:
        raise NotARange(
            Reason(_("A range holds at most 10,000 numbers that differ in their last four digits only.")),
            Reason(_("Enter a longer one in parts.")),
        )
    if first > last:
        raise NotARange(
            Reason(_("The first number comes after the last.")), Reason(_("Exchange the two numbers."))
        )


def _refuse_overlap(customer: Customer, first: str, last: str, *, country: str) -> None:
    """By text as by number: what is compared is of the same length when it overlaps at all."""
    others = PhoneRange.objects.filter(
        customer=customer, numbers__overlap=(int(first[1:]), int(last[1:]) + 1)
    )
    if (other := others.first()) is not None:
        ends = {
            "first": as_people_write(other.first, country=country),
            "last": as_people_write(other.last, country=country),
        }
        raise OverlappingRange(
            Reason(_("Some of these numbers are in the range %(first)s to %(last)s already."), ends),
            Reason(_("Take that range off first, or enter what is not in it.")),
        )


def _refuse_too_many(customer: Customer) -> None:
    if PhoneRange.objects.filter(customer=customer).count() >= MOST_RANGES:
        raise TooManyRanges(
            Reason(_("There are %(most)s ranges already; more are not kept."), {"most": MOST_RANGES}),
            Reason(_("Take one off that is not used any more.")),
        )
