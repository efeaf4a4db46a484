"""An agent enters somebody new during a call, and places a sender whom nobody knew."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.cast import contact
from tests.workspace.conftest import browser_of, page_of

from balie.audit.models import Entry
from balie.customers.models import Contact, PhoneNumber, Site


def enter(person, customer, **changes):
    form = {"name": "Noor Bakker", "email": "noor@shop.example", "language": "nl"} | changes
    return browser_of(person).post(reverse("person_new", args=[customer.pk]), form)


def place(person, sender, customer):
    return browser_of(person).post(reverse("person_place", args=[sender.pk]), {"customer": customer.pk})


@pytest.fixture
def stranger(infobits):
    return contact("Stef", None)


def test_somebody_new_is_entered_and_the_question_is_next(anna, bakery, infobits):
    response = enter(anna, bakery)
    noor = Contact.objects.get(email="noor@shop.example")
    assert response.url == f"{reverse('new_ticket')}?contact={noor.pk}"
    assert (noor.customer, noor.reach, noor.may_order, noor.may_manage) == (bakery, "own", False, False)
    entry = Entry.objects.get(action="enter_contact")
    assert (entry.actor_id, entry.subject_id) == (anna.pk, str(noor.pk))


def test_an_address_that_somebody_has_is_told_and_makes_nobody(anna, bakery, dario, infobits):
    response = enter(anna, bakery, email=dario.email.upper())
    assert response.status_code == 422
    assert f"{dario.email} is the address of Dario, {dario.customer}." in page_of(response)
    assert not bakery.contacts.exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "noor"}, {"email": ""}, {"language": "xx"}])
def test_what_is_not_filled_in_makes_nobody(wrong, anna, bakery, infobits):
    assert enter(anna, bakery, **wrong).status_code == 422
    assert not bakery.contacts.exists()


def test_a_site_of_another_customer_cannot_be_chosen(anna, bakery, florist, infobits):
    theirs = Site.objects.create(customer=florist, name="Station")
    assert enter(anna, bakery, site=theirs.pk).status_code == 422


def test_who_looks_for_a_caller_finds_the_customer_to_enter_somebody_new_at(anna, bakery, florist, infobits):
    PhoneNumber.objects.create(customer=bakery, e164="+31201234567")
    page = page_of(browser_of(anna).get(reverse("new_ticket"), {"q": "020 123 45 67"}))
    assert reverse("person_new", args=[bakery.pk]) in page
    assert reverse("person_new", args=[florist.pk]) not in page


def test_a_sender_whom_nobody_placed_is_placed_from_its_ticket_and_brings_it_along(
    anna, ask, stranger, bakery
):
    ticket = ask(by=stranger)
    page = page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))
    assert reverse("person_place", args=[stranger.pk]) in page
    assert place(anna, stranger, bakery).url == reverse("ticket", args=[ticket.number])
    ticket.refresh_from_db()
    stranger.refresh_from_db()
    assert (ticket.customer, stranger.customer, stranger.reach) == (bakery, bakery, "own")
    assert Entry.objects.get(action="place_contact").actor_id == anna.pk


def test_who_places_second_is_told_that_a_colleague_was_first(anna, ben, stranger, bakery, florist):
    place(anna, stranger, bakery)
    response = place(ben, stranger, florist)
    assert response.status_code == 422
    assert f"Stef belongs to {bakery} already." in page_of(response)
    stranger.refresh_from_db()
    assert stranger.customer == bakery


def test_the_customer_of_colleagues_with_the_same_domain_is_suggested(anna, carla, bakery, florist, infobits):
    carla.email = "carla@de-korenbloem.example"
    carla.save()
    newcomer = contact("Xan", None)
    newcomer.email = "info@de-korenbloem.example"
    newcomer.save()
    page = page_of(browser_of(anna).get(reverse("person_place", args=[newcomer.pk])))
    assert f'value="{bakery.pk}"' in page
    assert f'value="{florist.pk}"' not in page


def test_an_address_at_a_free_mail_service_says_nothing_about_the_customer(anna, carla, bakery, infobits):
    Contact.objects.filter(pk=carla.pk).update(email="carla@gmail.com")
    newcomer = contact("Xan", None)
    Contact.objects.filter(pk=newcomer.pk).update(email="xan@gmail.com")
    page = page_of(browser_of(anna).get(reverse("person_place", args=[newcomer.pk])))
    assert f'value="{bakery.pk}"' not in page


def test_another_customer_is_found_by_its_number(anna, stranger, bakery):
    page = page_of(browser_of(anna).get(reverse("person_place", args=[stranger.pk]), {"q": bakery.number}))
    assert f'value="{bakery.pk}"' in page


def test_only_agents_enter_and_place(carla, dario, stranger, bakery, infobits):
    for somebody in (carla, dario):
        assert enter(somebody, bakery).status_code == 404
        assert place(somebody, stranger, bakery).status_code == 404
    assert enter(None, bakery).url.startswith(reverse("account_login"))
    stranger.refresh_from_db()
    assert stranger.customer is None
    assert not Contact.objects.filter(email="noor@shop.example").exists()
