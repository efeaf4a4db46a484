from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.workspace.conftest import browser_of, page_of

from balie.customers.models import PhoneNumber


def find(person, text, **extra):
    return browser_of(person).get(reverse("find"), {"q": text}, **extra)


def numbers(response) -> set[int]:
    return {int(each) for each in re.findall(r'id="t-(\d+)"', page_of(response))}


@pytest.mark.parametrize("written", ["{}", "#{}", " {} "])
def test_a_ticket_number_opens_that_ticket(written, ask, anna):
    ticket = ask()
    assert find(anna, written.format(ticket.number)).url == reverse("ticket", args=[ticket.number])


def test_while_somebody_types_nothing_jumps(ask, anna):
    ticket = ask()
    response = find(anna, str(ticket.number), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert numbers(response) == {ticket.number}
    assert "<html" not in page_of(response)


def test_words_are_found_in_subjects_and_in_messages(ask, anna):
    subject, message, neither = ask("Printer broken"), ask("Help", text="The printers smoke"), ask("Scanner")
    found = numbers(find(anna, "printer"))
    assert {subject.number, message.number} <= found
    assert neither.number not in found


def test_a_phone_number_finds_the_customer_and_its_tickets(ask, anna, bakery):
    PhoneNumber.objects.create(customer=bakery, e164="+31201234567")
    ticket = ask()
    response = find(anna, "020 123 45 67")
    assert numbers(response) == {ticket.number}
    assert "Bakkerij De Korenbloem" in page_of(response)


def test_a_name_finds_customers_and_contacts(carla, anna, infobits):
    assert "Bakkerij De Korenbloem" in page_of(find(anna, "korenbloem"))
    assert "Carla" in page_of(find(anna, "carla@"))


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "the", '"', "a & | ! (", "x" * 5000, "' OR 1=1 --", "<script>alert(1)</script>"]
)
def test_whatever_is_typed_gets_an_answer(text, ask, anna):
    ask()
    response = find(anna, text)
    assert response.status_code == 200
    assert "<script>alert" not in page_of(response)


def test_nothing_found_helps_further(anna, infobits):
    assert "Nothing found" in page_of(find(anna, "xyzzy"))


def test_a_customer_has_a_page_with_its_tickets_and_not_those_of_another(ask, anna, bakery, dario):
    ours, other = ask(), ask(by=dario)
    page = page_of(browser_of(anna).get(reverse("customer", args=[bakery.pk])))
    assert f"t-{ours.number}" in page
    assert f"t-{other.number}" not in page
