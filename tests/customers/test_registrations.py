"""Accounts to place: the desk decides, once, and the person is told."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tests.cast import FRIDAY_AT_FOUR, PASSWORD

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers import registrations, suggestions
from balie.customers.account_models import Standing
from balie.customers.models import Contact, Customer, CustomerDomain, Reach, Registration
from balie.rules import visibility
from balie.rules.colleagues import Roles


@pytest.fixture
def wanda(infobits) -> Registration:
    """Somebody who made an account and whose address was verified."""
    user = User.objects.create_user("wanda@bakkerij.example", PASSWORD, name="Wanda", language="en")
    registrations.register(user, company="Korenbloem", customer_number="K-1001", now=FRIDAY_AT_FOUR)
    made = registrations.address_verified(user, desk=infobits, now=FRIDAY_AT_FOUR)
    assert made is not None
    return made


def place(made: Registration, customer: Customer, desk, by: User, **roles: object) -> Contact:
    return registrations.place(made, customer, Roles(**roles), desk=desk, by=by, now=FRIDAY_AT_FOUR)


def test_the_desk_places_it_with_the_roles_that_it_chose_SW_19(wanda, bakery, infobits, anna):
    placed = place(wanda, bakery, infobits, anna, reach=visibility.Reach.ALL, sees_money=True)
    placed.refresh_from_db()
    assert (placed.customer, placed.user, placed.reach) == (bakery, wanda.user, Reach.ALL)
    assert (placed.may_see_money, placed.may_order, placed.may_manage) == (True, False, False)
    assert [message.to for message in mail.outbox] == [["wanda@bakkerij.example"]]
    assert bakery.name in mail.outbox[0].body
    assert Entry.objects.latest("id").who == "Anna"


def test_it_is_decided_once(wanda, bakery, florist, infobits, anna, ben):
    place(wanda, bakery, infobits, anna)
    with pytest.raises(registrations.AlreadyDecided):
        place(wanda, florist, infobits, ben)
    with pytest.raises(registrations.AlreadyDecided):
        registrations.refuse(wanda, reason="x", desk=infobits, by=ben, now=FRIDAY_AT_FOUR)
    assert Contact.objects.get().customer == bakery


def test_who_is_refused_is_told_why_and_stays_a_stranger_SW_19(wanda, infobits, anna):
    registrations.refuse(
        wanda, reason="We do not know this company.", desk=infobits, by=anna, now=FRIDAY_AT_FOUR
    )
    wanda.refresh_from_db()
    assert wanda.state == Standing.REFUSED
    assert "We do not know this company." in mail.outbox[0].body
    assert Contact.objects.get().customer is None


def test_a_contact_that_was_closed_off_is_let_in_again_by_the_desk_only_at_its_own_customer(
    infobits, bakery, florist, anna
):
    closed = Contact.objects.create(customer=bakery, email="w@bakkerij.example", is_active=False)
    user = User.objects.create_user("w@bakkerij.example", PASSWORD)
    registrations.register(user, company="x", customer_number="", now=FRIDAY_AT_FOUR)
    made = registrations.address_verified(user, desk=infobits, now=FRIDAY_AT_FOUR)
    assert made is not None
    with pytest.raises(registrations.HasAnotherLogin):
        place(made, florist, infobits, anna)
    assert place(made, bakery, infobits, anna).pk == closed.pk
    closed.refresh_from_db()
    assert (closed.is_active, closed.user) == (True, user)


def test_the_one_that_waits_longest_comes_first(wanda, infobits):
    other = User.objects.create_user("o@bakkerij.example", PASSWORD)
    registrations.register(other, company="x", customer_number="", now=FRIDAY_AT_FOUR)
    registrations.address_verified(other, desk=infobits, now=FRIDAY_AT_FOUR)
    assert [each.user.email for each in registrations.waiting()] == [
        "wanda@bakkerij.example",
        "o@bakkerij.example",
    ]


@pytest.mark.parametrize(
    ("number", "name", "finds"),
    [
        ("K-1001", "", ["Bakkerij De Korenbloem"]),
        ("k-1001", "", ["Bakkerij De Korenbloem"]),
        ("", "korenbloem", ["Bakkerij De Korenbloem"]),
        ("", "Bakerij de Korenblom", ["Bakkerij De Korenbloem"]),  # typed in a hurry
        ("K-1002", "Korenbloem", ["Bloemsierkunst Flora", "Bakkerij De Korenbloem"]),  # the number first
        ("", "Slagerij", []),
        ("", "", []),
        ("%", "%", []),
    ],
)
def test_customers_are_suggested_by_number_and_by_likeness_of_name(bakery, florist, number, name, finds):
    assert [each.name for each in suggestions.customers_like(number=number, name=name)] == finds


def test_a_customer_that_left_is_not_suggested(bakery):
    Customer.objects.update(is_active=False)
    assert suggestions.customers_like(number="K-1001", name="Korenbloem") == []


class TestDomains:
    @pytest.mark.parametrize("domain", ["gmail.com", "Ziggo.nl", "@kpnmail.nl", "hotmail.com", "outlook.com"])
    def test_free_mail_is_nobodys_own(self, bakery, domain):
        with pytest.raises(ValidationError) as refused:
            CustomerDomain(customer=bakery, domain=domain).full_clean()
        assert [problem.code for problem in refused.value.error_dict["domain"]] == ["free_mail"]

    @pytest.mark.parametrize("domain", ["bakkerij", "bak kerij.example", "x@bakkerij.example", ""])
    def test_what_is_no_domain_is_refused(self, bakery, domain):
        with pytest.raises(ValidationError):
            CustomerDomain(customer=bakery, domain=domain).full_clean()

    def test_it_is_kept_in_lower_case_without_the_at(self, bakery):
        domain = CustomerDomain(customer=bakery, domain=" @Bakkerij.Example ")
        domain.full_clean()
        domain.save()
        assert CustomerDomain.objects.get().domain == "bakkerij.example"

    def test_a_domain_is_one_customers(self, bakery, florist):
        CustomerDomain.objects.create(customer=bakery, domain="bakkerij.example")
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomerDomain.objects.create(customer=florist, domain="bakkerij.example")


def test_the_database_lets_nobody_manage_who_does_not_read_all(bakery):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(customer=bakery, email="a@x.example", reach=Reach.OWN, may_manage=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(customer=None, email="b@x.example", may_manage=True)
