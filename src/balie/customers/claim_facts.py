"""What the desk knows about claims of logins: whose they may be, who must hear of them, what stands in their way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from balie.customers.half_made import logins_at
from balie.customers.models import AddressClaim, Contact
from balie.rules.address_claims import State, Target

WARNED_ONCE_IN = timedelta(hours=24)
"""Unasked-for warnings before the desk has looked come once a day at most; those of an approval always."""
OPEN = (State.VERIFIED.value, State.APPROVED.value)


def contact_at(email: str) -> Contact | None:
    """The active contact of a customer with this address, if its login is no agent's."""
    if not email:
        return None
    found = Contact.objects.select_related("customer", "user__agent").filter(
        Q(email__iexact=email) | Q(user__email__iexact=email),
        is_active=True,
        customer__is_active=True,
    )
    return next((each for each in found if not target_of(each).is_agent), None)


def target_of(contact: Contact) -> Target:
    """The contact as the rule sees it."""
    customer = contact.customer
    numbers = customer.phone_numbers.filter(registered_on__isnull=False) if customer else ()
    return Target(
        customer=contact.customer_id,
        is_active=contact.is_active
        and (customer is None or customer.is_active)
        and (contact.user is None or contact.user.is_active),
        is_agent=contact.user is not None and contact.user.active_agent is not None,
        registered_numbers=frozenset(each.e164 for each in numbers),
    )


def open_claims() -> QuerySet[AddressClaim]:
    """What the desk must look at, or can still stop; the oldest first."""
    found = AddressClaim.objects.filter(state__in=OPEN).select_related("contact__customer")
    return found.order_by("-state", "verified_at", "pk")


def people_to_warn(claim: AddressClaim) -> Iterator[tuple[Contact, str]]:
    """The old address and every active contact of the customer, each once; never the new address."""
    assert claim.contact is not None
    told = {claim.new_email.lower()}
    login = claim.contact.user
    old = [(claim.contact, login.email)] if login else []
    everybody = Contact.objects.filter(customer=claim.contact.customer_id, is_active=True).order_by("pk")
    for contact, email in [
        *old,
        (claim.contact, claim.contact.email),
        *((each, each.email) for each in everybody),
    ]:
        if email.lower() not in told:
            told.add(email.lower())
            yield contact, email


def is_taken(claim: AddressClaim, *, by_another_than: Contact | None) -> bool:
    """Whether a login, or another contact, has the new address. An unverified account keeps nobody from it."""
    logins = logins_at(claim.new_email)
    if by_another_than is None:
        return logins.exists()
    others = Contact.objects.filter(email__iexact=claim.new_email).exclude(pk=by_another_than.pk)
    return logins.exclude(contact=by_another_than).exists() or others.exists()


def was_warned(claim: AddressClaim, contact: Contact, *, now: datetime) -> bool:
    """Whether this contact's people heard of another claim within a day."""
    others = AddressClaim.objects.filter(contact=contact, told_at__gt=now - WARNED_ONCE_IN)
    return others.exclude(pk=claim.pk).exists()
