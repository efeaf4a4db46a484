"""People whom the desk itself enters: somebody new on the phone, and a sender whom nobody placed yet (SW-19)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.events import ContactPlaced
from balie.customers.models import Contact, Customer, CustomerDomain, Reach, Site
from balie.customers.suggestions import customers_like
from balie.events import publish
from balie.rules.account_matching import domain_of, is_free_mail
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal


class AddressKnown(Refusal):
    """There is a contact with this address already: `contact`."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        where = str(contact.customer or "")
        known = Reason(
            _("%(address)s is the address of %(name)s, %(customer)s.")
            if where
            else _("%(address)s is the address of %(name)s, whom nobody has placed at a customer yet."),
            {"address": contact.email, "name": str(contact), "customer": where},
        )
        super().__init__(known, Reason(_("Look for that person, or give another address.")))


class PlacedAlready(NoLongerSo):
    """Somebody else was first."""

    def __init__(self, contact: Contact) -> None:
        placed = _("%(name)s belongs to %(customer)s already.")
        values = {"name": str(contact), "customer": str(contact.customer)}
        super().__init__(Reason(placed, values), Reason(_("An administrator can change it.")))


@transaction.atomic
def enter(
    customer: Customer, *, name: str, email: str, language: str, site: Site | None, by: User, now: datetime
) -> Contact:
    """Make somebody a contact of a customer, who reads its own tickets only. Raises `AddressKnown`."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    if known := Contact.objects.select_related("customer").filter(email__iexact=email).first():
        raise AddressKnown(known)
    contact = Contact.objects.create(
        customer=customer, site=site, name=name, email=email, language=language, reach=Reach.OWN
    )
    record("enter_contact", contact, by=by, now=now, customer=str(customer))
    return contact


@transaction.atomic
def place(contact: Contact, customer: Customer, *, site: Site | None, by: User, now: datetime) -> Contact:
    """Place a sender at a customer; its tickets come along, and it reads those only. Raises `PlacedAlready`."""
    found = Contact.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
    if found.customer is not None:
        raise PlacedAlready(found)
    found.customer, found.site, found.reach = customer, site, Reach.OWN
    found.save(update_fields=["customer", "site", "reach"])
    record("place_contact", found, by=by, now=now, customer=str(customer))
    publish(ContactPlaced(found, by=by, at=now))
    return found


def customers_for(contact: Contact, words: str) -> list[Customer]:
    """Where somebody may belong: what is like `words`, else who has its mail domain, or a name like it."""
    if words:
        return customers_like(number=words, name=words)
    domain = domain_of(contact.email)
    if is_free_mail(domain):
        return customers_like(number="", name=contact.name)
    with_domain = CustomerDomain.objects.filter(domain__iexact=domain).values("customer")
    colleagues = Contact.objects.filter(email__iendswith=f"@{domain}", customer__isnull=False)
    at_home = Customer.objects.filter(is_active=True).filter(pk__in=with_domain) | Customer.objects.filter(
        is_active=True, pk__in=colleagues.values("customer")
    )
    found = list(at_home.distinct())
    alike = customers_like(number="", name=domain.partition(".")[0].replace("-", " "))
    return [*found, *(each for each in alike if each not in found)]
