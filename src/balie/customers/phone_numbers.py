"""The numbers from which a customer calls: handed in by the customer or entered by an agent (IB-02).

Every write on them, and whose a number is. A number counts from the day on which the desk registered it; the same
number may belong to two customers.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.events import PhoneNumberConfirmed, PhoneNumberRefused
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.customers.numbers import to_e164
from balie.prepared import ask
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal

MOST_NUMBERS = 25
"""Of one customer, whatever their state."""
SHARED_SHOWN = 100


class UnreadableNumber(Refusal):
    """What was typed is no phone number."""


class TooManyNumbers(Refusal):
    """The customer has as many numbers as it can have."""


class AlreadyDecided(NoLongerSo):
    """Somebody confirmed or refused the number in the meantime, or the customer took it back."""


def read_number(text: str, *, country: str) -> str:
    """What somebody typed (020 123 45 67, 0031…) in E.164; raises `UnreadableNumber`."""
    typed = " ".join(text.split())
    way = Reason(_("Write it as 020 123 45 67, or with the country as +31 20 123 45 67."))
    if any(each.isalpha() for each in typed):
        raise UnreadableNumber(Reason(_("“%(text)s” has letters in it."), {"text": typed}), way)
    number = to_e164(typed, country=country)
    if number is None:
        raise UnreadableNumber(Reason(_("“%(text)s” is not a phone number in use."), {"text": typed}), way)
    return number


@transaction.atomic
def hand_in(contact: Contact, text: str, *, label: str, country: str, now: datetime) -> PhoneNumber:
    """Let a contact hand in a number of its customer; it is pending until the desk confirms it (IB-02).

    A number that the desk registered before stays as it is; one that was refused is looked at again. Raises
    `UnreadableNumber` and `TooManyNumbers`.
    """
    customer = contact.customer
    assert customer is not None  # who has no customer has no helpdesk page
    e164 = read_number(text, country=country)
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    number = PhoneNumber.objects.filter(customer=customer, e164=e164).first()
    if number is None:
        _refuse_too_many(customer)
        number = PhoneNumber(customer=customer, contact=contact, e164=e164)
    if number.registered_on is not None or number.is_pending:
        return number
    number.requested_at, number.requested_by, number.refused_because = now, contact, ""
    number.label = label or number.label
    number.save()
    record("hand_in_number", number, by=_who(contact), now=now, e164=e164, customer=customer.pk)
    return number


@transaction.atomic
def remove(contact: Contact, key: int, *, now: datetime) -> PhoneNumber:
    """Take a number of the contact's customer off the list: calls from it are put through no longer."""
    number = PhoneNumber.objects.select_for_update().filter(pk=key, customer=contact.customer_id).first()
    if number is None or contact.customer_id is None:
        raise Http404
    record("remove_number", number, by=_who(contact), now=now, e164=number.e164, customer=number.customer_id)
    number.delete()
    return number


@transaction.atomic
def confirm(key: int, *, by: User, now: datetime) -> PhoneNumber:
    """Register a number that was handed in: from now on it counts (IB-02). Raises `AlreadyDecided`."""
    number = _pending(key)
    number.registered_on = timezone.localdate(now)
    number.save(update_fields=["registered_on"])
    record("confirm_number", number, by=by, now=now, e164=number.e164, customer=number.customer_id)
    bus.publish(PhoneNumberConfirmed(number, by, now))
    return number


@transaction.atomic
def refuse(key: int, *, because: str, by: User, now: datetime) -> PhoneNumber:
    """Do not register a number that was handed in, and say why. Raises `AlreadyDecided`."""
    number = _pending(key)
    number.refused_because = because
    number.save(update_fields=["refused_because"])
    record(
        "refuse_number",
        number,
        by=by,
        now=now,
        e164=number.e164,
        customer=number.customer_id,
        because=because,
    )
    bus.publish(PhoneNumberRefused(number, by, now))
    return number


@transaction.atomic
def register(
    customer: Customer, text: str, *, label: str, by: User, country: str, now: datetime
) -> PhoneNumber:
    """Let an agent register a number, also one that the customer handed in. Registered before, it only gets the label.

    Raises `UnreadableNumber` and `TooManyNumbers`.
    """
    e164 = read_number(text, country=country)
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    number = PhoneNumber.objects.filter(customer=customer, e164=e164).first()
    if number is not None and number.is_pending:
        return confirm(number.pk, by=by, now=now)
    if number is None:
        _refuse_too_many(customer)
        number = PhoneNumber(customer=customer, e164=e164)
    number.registered_on = number.registered_on or timezone.localdate(now)
    number.refused_because = ""
    number.label = " ".join(label.split()) or number.label
    number.save()
    record("register_number", number, by=by, now=now, e164=e164, customer=customer.pk, label=number.label)
    return number


@transaction.atomic
def relabel(key: int, *, label: str, by: User, now: datetime) -> PhoneNumber:
    """Say where or whose a number is."""
    number = _number(key)
    before, number.label = number.label, " ".join(label.split())
    if number.label != before:
        number.save(update_fields=["label"])
        on_record = {"e164": number.e164, "customer": number.customer_id, "label": [before, number.label]}
        record("label_number", number, by=by, now=now, **on_record)
    return number


@transaction.atomic
def take_off(key: int, *, by: User, now: datetime) -> PhoneNumber:
    """Let an agent take a number off a customer's list; `register` with its number and label brings it back."""
    number = _number(key)
    record("remove_number", number, by=by, now=now, e164=number.e164, customer=number.customer_id)
    number.delete()
    return number


def owners_of(e164: str) -> list[int]:
    """The keys of the customers from whose registered number, or range of numbers, this one is (IB-02); in order.

    One prepared statement, two searches by index. Of anything that is no E.164 there is no owner.
    """
    if not _E164.fullmatch(e164):
        return []
    return [key for (key,) in ask(_OWNERS, {"e164": e164, "number": int(e164[1:])})]


def also_at(customer: Customer) -> dict[str, list[Customer]]:
    """Which of a customer's numbers other customers have too, and who: for agents only. At most two queries."""
    mine = PhoneNumber.objects.filter(customer=customer).values("e164")
    others = PhoneNumber.objects.filter(e164__in=mine).exclude(customer=customer).select_related("customer")
    found: dict[str, list[Customer]] = {}
    for each in others.order_by("customer__name")[:SHARED_SHOWN]:
        found.setdefault(each.e164, []).append(each.customer)
    return found


_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_OWNERS = """
SELECT owner.id FROM customers_customer owner WHERE owner.is_active AND owner.id IN (
    SELECT customer_id FROM customers_phonenumber WHERE e164 = %(e164)s AND registered_on IS NOT NULL
    UNION ALL SELECT customer_id FROM customers_phonerange WHERE numbers @> %(number)s::bigint
) ORDER BY owner.id
"""


def waiting() -> QuerySet[PhoneNumber]:
    """The numbers that the desk has still to confirm or refuse, the oldest first."""
    pending = PhoneNumber.objects.filter(registered_on=None, requested_at__isnull=False, refused_because="")
    return pending.select_related("customer", "requested_by").order_by("requested_at", "pk")


def _number(key: int) -> PhoneNumber:
    number = (
        PhoneNumber.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=key).first()
    )
    if number is None:
        raise Http404
    return number


def _pending(key: int) -> PhoneNumber:
    number = (
        PhoneNumber.objects.select_for_update(of=("self",))
        .select_related("customer", "requested_by")
        .filter(pk=key)
        .first()
    )
    if number is None or not number.is_pending:
        raise AlreadyDecided(
            _(
                "This number waits for the desk no longer: a colleague was first, or the customer took it back."
            )
        )
    return number


def _refuse_too_many(customer: Customer) -> None:
    if PhoneNumber.objects.filter(customer=customer).count() >= MOST_NUMBERS:
        raise TooManyNumbers(
            Reason(_("There are %(most)s numbers already; more are not kept."), {"most": MOST_NUMBERS}),
            Reason(_("Remove one that is not used any more.")),
        )


def _who(contact: Contact) -> User | str:
    return contact.user or str(contact)
