"""The screen of a customer: what it may ask today beside the form, what to look at, and how it is found."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.admin.pages import send
from tests.cast import browser_of

from balie.accounts.models import User
from balie.contracts.models import Contract, ContractType, CreditBooking, CustomerTerms, PriceBasis
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Desk

LIST = "/admin/customers/customer/"


def page_of(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])


def test_beside_the_form_stands_what_the_customer_may_ask_today_IB_18(
    infobits: Desk, willem: User, sla8: Customer
) -> None:
    page = browser_of(willem).get(page_of(sla8))
    standing = page.context["standing"]
    assert standing.decision.plan == "SLA8"
    assert standing.due_at is not None
    assert "SLA8" in page.content.decode()


def test_what_does_not_fit_is_told_beside_the_form_IB_17(
    infobits: Desk, willem: User, bakery: Customer
) -> None:
    kind = ContractType.objects.filter(gives_plan__only_with_our_hardware=True)[0]
    Contract.objects.create(customer=bakery, type=kind)
    page = browser_of(willem).get(page_of(bakery)).content.decode()
    assert "only with hardware supplied by us" in page


@pytest.mark.parametrize("text", ["korenbloem", "K-1001", "carla@shop", "Carla", "205550101"])
def test_a_customer_is_found_by_what_somebody_has_at_hand(
    infobits: Desk, willem: User, bakery: Customer, florist: Customer, carla: Contact, text: str
) -> None:
    PhoneNumber.objects.create(customer=bakery, e164="+31205550101")
    found = browser_of(willem).get(LIST, {"q": text}).context["cl"].queryset
    assert list(found) == [bakery]


def test_credit_is_looked_at_here_and_booked_elsewhere_IB_19(
    infobits: Desk, willem: User, bakery: Customer
) -> None:
    CustomerTerms.objects.create(customer=bakery, prepaid_minutes=45)
    CreditBooking.objects.create(
        customer=bakery, minutes=45, balance=45, because="Betaald", by=willem, booked_at=timezone.now()
    )
    browser = browser_of(willem)
    page = browser.get(page_of(bakery))
    assert "45 minutes of credit are left" in page.content.decode()
    send(
        browser, page_of(bakery), **{"terms-0-prepaid_minutes": 999, "terms-0-charity_application": "applied"}
    )
    terms = CustomerTerms.objects.get(customer=bakery)
    assert (terms.prepaid_minutes, terms.charity_application) == (45, "applied")


def test_a_price_basis_is_changed_by_ticking_ways_to_pay_IB_19(infobits: Desk, willem: User) -> None:
    row = PriceBasis.objects.filter(plan__isnull=False)[0]
    address = reverse("admin:contracts_pricebasis_change", args=[row.pk])
    assert send(browser_of(willem), address, callback=["prepaid", "postpaid"]).status_code == 302
    row.refresh_from_db()
    assert row.callback == ["prepaid", "postpaid"]


def test_rates_and_surcharge_are_settings_of_the_desk_IB_22(infobits: Desk, willem: User) -> None:
    address = "/admin/desk/desk/1/change/"
    changed = {"hourly_rate": "95.00", "urgent_surcharge_percent": 50}
    assert send(browser_of(willem), address, **changed).status_code == 302
    infobits.refresh_from_db()
    assert (str(infobits.hourly_rate), infobits.urgent_surcharge_percent) == ("95.00", 50)
