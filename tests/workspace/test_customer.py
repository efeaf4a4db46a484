"""The page of a customer: its credit, booked by hand, and the phone numbers that it handed in (IB-02, IB-19)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import browser_of, page_of

from balie.contracts.actions import book_credit
from balie.contracts.models import CreditBooking, CustomerTerms
from balie.customers import phone_numbers
from balie.customers.models import PhoneNumber
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.wishes import AnswerMode
from balie.tickets import actions


def customer_page(person, customer) -> str:
    return page_of(browser_of(person).get(reverse("customer", args=[customer.pk])))


def form_on(page: str) -> dict[str, str]:
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    return {"submission": found[1]}


def book(
    browser, customer, minutes: object = 60, *, direction: str = "in", because: str = "Factuur 117", **more
):
    page = page_of(browser.get(reverse("customer", args=[customer.pk])))
    fields = {"minutes_booked": minutes, "direction": direction, "because": because}
    address = reverse("customer_credit", args=[customer.pk])
    return browser.post(address, form_on(page) | fields | more, follow=True)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(response)).split())


def balance_of(customer) -> int:
    terms = CustomerTerms.objects.filter(customer=customer).first()
    return terms.prepaid_minutes if terms else 0


def test_a_number_is_written_as_people_do_and_dialled_whole(infobits, bakery, anna):
    PhoneNumber.objects.create(customer=bakery, e164="+31201234567", registered_on=timezone.localdate())
    panel = customer_page(anna, bakery).split('id="customer-title"')[1]
    assert re.search(r'href="tel:\+31201234567">020 123 45 67<', panel)


def test_a_desk_without_plans_says_nothing_of_plans(softwear, bakery, anna):
    assert "No support plan" not in customer_page(anna, bakery)


def test_a_question_that_has_ended_has_no_word_about_deadlines(infobits, bakery, anna, ask):
    ticket = ask()
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits, timezone.now()))
    page = customer_page(anna, bakery)
    assert ticket.subject in page and "no deadline" not in page


# -- Credit ------------------------------------------------------------------------------------------------


def test_an_agent_books_credit_and_sees_it_in_the_account_IB_19(infobits, bakery, anna):
    browser = browser_of(anna)
    text = text_of(book(browser, bakery, 60, because="Factuur 117"))
    assert "60 minutes are booked; the balance is 60 minutes." in text
    text = text_of(book(browser, bakery, 20, direction="out", because="Terugbelverzoek"))
    assert "20 minutes are taken off; the balance is 40 minutes." in text
    assert "-20 40 Terugbelverzoek Anna" in text
    assert "+60 60 Factuur 117 Anna" in text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"minutes": ""}, "This field is required."),
        ({"minutes": 0}, "greater than or equal to 1"),
        ({"minutes": -30}, "greater than or equal to 1"),
        ({"minutes": 6001}, "less than or equal to 6000"),
        ({"minutes": "een uur"}, "Enter a whole number."),
        ({"because": ""}, "This field is required."),
        ({"because": "x" * 201}, "at most 200 characters"),
        ({"direction": "sideways"}, "Select a valid choice."),
        (
            {"minutes": 61, "direction": "out"},
            "There are 60 minutes on the account; more than that cannot go off.",
        ),
        ({"submission": "no uuid"}, "Book credit"),
    ],
)
def test_what_cannot_be_booked_comes_back_with_the_reason(infobits, bakery, anna, fields, says):
    book_credit(bakery, minutes=60, because="Factuur", by=anna, now=timezone.now())
    response = book(browser_of(anna), bakery, **fields)
    assert response.status_code == 422
    assert says in text_of(response)
    assert balance_of(bakery) == 60


def test_the_same_form_sent_twice_is_one_booking(infobits, bakery, anna):
    browser = browser_of(anna)
    page = page_of(browser.get(reverse("customer", args=[bakery.pk])))
    fields = form_on(page) | {"minutes_booked": 60, "direction": "in", "because": "Factuur"}
    for _each in range(2):
        assert browser.post(reverse("customer_credit", args=[bakery.pk]), fields).status_code == 302
    assert CreditBooking.objects.count() == 1


def test_two_agents_with_a_form_each_book_twice(infobits, bakery, anna, ben):
    book(browser_of(anna), bakery, 60)
    book(browser_of(ben), bakery, 30)
    assert balance_of(bakery) == 90


def test_the_page_tells_what_waits_and_what_began(ask, sla8, bakery, anna):
    ticket = ask(mode=AnswerMode.CALLBACK)
    type(ticket).objects.filter(pk=ticket.pk).update(state=State.AWAITING_PAYMENT, initiative="customer")
    assert "1 ticket waits for the payment" in customer_page(anna, bakery)
    assert "1 ticket that waited begins now." in text_of(book(browser_of(anna), bakery))
    ticket.refresh_from_db()
    assert ticket.state == State.NEW


def test_only_agents_book(infobits, bakery, anna, carla, dario):
    fields = form_on(customer_page(anna, bakery)) | {"minutes_booked": 60, "direction": "in", "because": "x"}
    address = reverse("customer_credit", args=[bakery.pk])
    for person in (carla, dario):
        assert browser_of(person).post(address, fields).status_code == 404
    assert browser_of(None).post(address, fields).status_code == 302
    assert browser_of(anna).get(address).status_code == 405
    assert browser_of(anna).post(reverse("customer_credit", args=[0]), fields).status_code == 404
    assert not CreditBooking.objects.exists()


# -- Phone numbers -----------------------------------------------------------------------------------------


@pytest.fixture
def pending(infobits, carla) -> PhoneNumber:
    return phone_numbers.hand_in(carla, "020 229 29 29", label="winkel", country="NL", now=timezone.now())


@pytest.mark.parametrize("place", ["numbers", "customer"])
def test_a_number_that_waits_is_on_the_list_and_on_the_page_of_the_customer(pending, bakery, anna, place):
    address = reverse(place, args=[bakery.pk] if place == "customer" else [])
    page = page_of(browser_of(anna).get(address))
    assert "+31202292929" in page
    assert "handed in by Carla" in page
    assert reverse("number_confirm", args=[pending.pk]) in page


@pytest.mark.parametrize(
    ("place", "leads_to"),
    [("list", "/desk/numbers/"), ("customer", "/desk/customers/"), ("", "/desk/customers/")],
)
def test_a_confirmed_number_counts_and_is_off_the_list_IB_02(pending, anna, place, leads_to):
    response = browser_of(anna).post(
        reverse("number_confirm", args=[pending.pk]), {"from": place}, follow=True
    )
    assert "020 229 29 29 of Bakkerij De Korenbloem is registered." in text_of(response)
    assert response.redirect_chain[0][0].startswith(leads_to)
    pending.refresh_from_db()
    assert pending.registered_on is not None
    assert "No number waits" in page_of(browser_of(anna).get(reverse("numbers")))


def test_a_number_is_refused_with_a_reason(pending, anna):
    address = reverse("number_refuse", args=[pending.pk])
    response = browser_of(anna).post(
        address, {"because": "Van een ander bedrijf.", "from": "list"}, follow=True
    )
    assert "is not registered; the customer reads why." in text_of(response)
    pending.refresh_from_db()
    assert pending.refused_because == "Van een ander bedrijf."


@pytest.mark.parametrize("because", ["", "   ", "x" * 301])
def test_a_number_is_not_refused_without_a_reason(pending, anna, because):
    response = browser_of(anna).post(reverse("number_refuse", args=[pending.pk]), {"because": because})
    assert response.status_code == 422
    assert "a number is refused with a reason" in page_of(response)
    pending.refresh_from_db()
    assert pending.is_pending


def test_who_decides_second_is_told_that_a_colleague_was_first(pending, anna, ben):
    address = reverse("number_confirm", args=[pending.pk])
    assert browser_of(anna).post(address).status_code == 302
    response = browser_of(ben).post(address)
    assert response.status_code == 422
    assert "waits for the desk no longer" in page_of(response)


@pytest.mark.parametrize("name", ["number_confirm", "number_refuse"])
def test_only_agents_decide(pending, carla, dario, name):
    address = reverse(name, args=[pending.pk])
    for person in (carla, dario):
        assert browser_of(person).post(address, {"because": "x"}).status_code == 404
    assert browser_of(None).post(address, {"because": "x"}).status_code == 302
    assert browser_of(None).get(reverse("numbers")).status_code == 302
    assert browser_of(carla).get(reverse("numbers")).status_code == 404
    pending.refresh_from_db()
    assert pending.is_pending


def test_the_page_costs_a_fixed_number_of_queries(
    ask, infobits, bakery, carla, anna, django_assert_max_num_queries
):
    def grow(number: int) -> None:
        ask()
        book_credit(bakery, minutes=5, because="Factuur", by=anna, now=timezone.now())
        phone_numbers.hand_in(carla, f"020 229 29 {number:02}", label="", country="NL", now=timezone.now())

    browser = browser_of(anna)
    for number in range(15):
        grow(number)
    browser.get(reverse("customer", args=[bakery.pk]))
    with django_assert_max_num_queries(24):
        browser.get(reverse("customer", args=[bakery.pk]))
