"""Who wants to come in at a demo desk: somebody whom the desk must place, an invited colleague, a forgotten login."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from balie.accounts.models import User
from balie.config.demo.data import Shop
from balie.customers.account_models import Standing
from balie.customers.models import AddressClaim, Contact, Customer, CustomerDomain, Invitation, Registration
from balie.rules.account_matching import Facts, is_free_mail, match
from balie.rules.address_claims import State


def arrive(
    rows: Sequence[tuple[Shop, Customer]], contacts: Sequence[Contact], password: str, *, now: datetime
) -> None:
    """Give each shop its own mail domain, and let three people wait at the door."""
    owners = {shop.domain: customer for shop, customer in rows if not is_free_mail(shop.domain)}
    CustomerDomain.objects.bulk_create(
        CustomerDomain(customer=customer, domain=domain) for domain, customer in owners.items()
    )
    _to_place(rows[0][1], password, now)
    _invited(contacts[0], now)
    _forgotten(contacts[-1], now)


def _to_place(customer: Customer, password: str, now: datetime) -> None:
    """A sales assistant with an address of her own: only the desk can tell where she belongs."""
    made_at = now - timedelta(hours=3)
    user = User.objects.create(
        email="fenna@webmail.example", name="Fenna Smit", password=password, created_at=made_at
    )
    Contact.objects.create(user=user, name=user.name, email=user.email, reach="own")
    Registration.objects.create(
        user=user,
        company=customer.name,
        customer_number=customer.number,
        state=Standing.WAITING,
        made_at=made_at,
        verified_at=made_at + timedelta(minutes=2),
        because=[match(Facts(user.email)).because.as_json()],
    )


def _invited(owner: Contact, now: datetime) -> None:
    assert owner.customer is not None
    Invitation.objects.create(
        customer=owner.customer,
        name="Bas",
        email=f"bas@{owner.email.rpartition('@')[2]}",
        reach="own",
        invited_by=owner,
        invited_at=now - timedelta(days=1),
    )


def _forgotten(contact: Contact, now: datetime) -> None:
    """Somebody whose mail address is out of use, and who filled in the form for it."""
    asked_at = now - timedelta(hours=2)
    AddressClaim.objects.create(
        state=State.VERIFIED.value,
        name=contact.name,
        company=str(contact.customer),
        new_email=f"{contact.name.split()[0].lower()}@webmail.example",
        old_email=contact.email,
        phone="+31612345699",
        contact=contact,
        requested_at=asked_at,
        verified_at=asked_at + timedelta(minutes=5),
        told_at=asked_at + timedelta(minutes=5),
    )
