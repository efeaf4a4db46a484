"""An agent makes a ticket for somebody on the phone."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.workspace.conftest import browser_of, page_of

from balie.contracts.models import CustomerTerms
from balie.customers.models import PhoneNumber
from balie.tickets.models import CallRequest, Ticket


def form(**changes):
    return {
        "subject": "Till does not start",
        "topic": "till",
        "text": "Black screen since this morning.",
        "submission": "6f6b8a8e-6b1e-4f2d-9d0e-0c5f4f7f1a13",
        "channel": "phone",
        "answer_mode": "site",
        "billing_mode": "none",
        **changes,
    }


def make(person, contact, **changes):
    return browser_of(person).post(f"{reverse('new_ticket')}?contact={contact.pk}", form(**changes))


def test_the_ticket_is_the_contacts_came_by_phone_and_is_on_the_record_as_made_by_the_agent(
    anna, carla, sla8
):
    response = make(anna, carla, attachments=SimpleUploadedFile("list.txt", b"one"))
    ticket = Ticket.objects.get()
    assert response.url == reverse("ticket", args=[ticket.number])
    assert (ticket.contact, ticket.channel, ticket.category.key) == (carla, "phone", "till")
    assert ticket.messages.get().attachments.get().name == "list.txt"


def test_the_same_form_twice_is_one_ticket(anna, carla, sla8):
    assert make(anna, carla).url == make(anna, carla).url
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "wanted", ["carl", "shop.example", "korenbloem", "K-1001", "020 123 45 67", "+31201234567"]
)
def test_a_contact_is_found_by_whatever_is_said_on_the_phone(wanted, anna, carla, dario, infobits):
    PhoneNumber.objects.create(customer=carla.customer, e164="+31201234567")
    page = page_of(browser_of(anna).get(reverse("new_ticket"), {"q": wanted}))
    assert f"?contact={carla.pk}" in page
    assert (f"?contact={dario.pk}" in page) == (wanted == "shop.example")


def test_somebody_who_left_cannot_be_chosen(anna, carla, infobits):
    carla.is_active = False
    carla.save()
    assert "Nobody found" in page_of(browser_of(anna).get(reverse("new_ticket"), {"q": "carla"}))
    assert browser_of(anna).get(reverse("new_ticket"), {"contact": carla.pk}).status_code == 404


@pytest.mark.parametrize("key", ["x", "0", "999999", str(2**70), "-1"])
def test_a_contact_that_does_not_exist_is_not_found(key, anna, infobits):
    assert browser_of(anna).get(reverse("new_ticket"), {"contact": key}).status_code == 404


def test_the_terms_are_told_before_the_ticket_is_made(anna, carla, sla8):
    page = page_of(browser_of(anna).get(reverse("new_ticket"), {"contact": carla.pk}))
    assert "IB-16" in page.split('id="terms"')[1]


def test_the_terms_follow_the_form_urgent_is_not_for_a_free_plan_IB_11(anna, carla, infobits):
    CustomerTerms.objects.create(customer=carla.customer)
    address = reverse("new_ticket_terms", args=[carla.pk])
    browser = browser_of(anna)
    assert "not possible" not in page_of(browser.post(address, {"channel": "phone"}))
    assert "An urgent question is not possible with SLA24" in page_of(browser.post(address, {"urgent": "on"}))


def test_a_refused_question_keeps_its_words_and_shows_the_way_forward_IB_11(anna, carla, infobits):
    response = make(anna, carla, urgent="on")
    page = page_of(response)
    assert response.status_code == 422
    assert "An urgent question is not possible with SLA24" in page
    assert "Black screen since this morning.</textarea>" in page
    assert not Ticket.objects.exists()


def test_with_a_script_only_the_refusal_comes_and_the_form_stays(anna, carla, infobits):
    response = browser_of(anna).post(
        f"{reverse('new_ticket')}?contact={carla.pk}", form(urgent="on"), headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert "<form" not in page_of(response)
    assert "not possible with SLA24" in page_of(response)


@pytest.mark.parametrize(
    "broken",
    [
        {"topic": "nonsense"},
        {"channel": "pigeon"},
        {"answer_mode": ""},
        {"submission": "x"},
        {"text": "", "subject": "x"},
    ],
)
def test_a_form_that_is_not_right_makes_nothing(broken, anna, carla, sla8):
    assert make(anna, carla, **broken).status_code == 422
    assert not Ticket.objects.exists()


def test_a_call_back_keeps_the_number_and_the_times_that_were_said_on_the_phone_IB_24(anna, carla, sla8):
    browser = browser_of(anna)
    page = page_of(browser.get(reverse("new_ticket"), {"contact": carla.pk}))
    offered = re.search(r'name="times" value="([0-9-]+)"', page)[1]
    make(anna, carla, answer_mode="callback", billing_mode="postpaid", phone="06 1234 5678", times=[offered])
    call = CallRequest.objects.get(ticket=Ticket.objects.get())
    assert (call.phone, call.preferred_times.count()) == ("+31612345678", 1)


def test_looking_along_keeps_the_address_of_that_computer_IB_15(anna, carla, sla8):
    make(anna, carla, answer_mode="anydesk", billing_mode="postpaid", anydesk="123 456 789")
    assert CallRequest.objects.get().anydesk == "123456789"


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ({"answer_mode": "callback"}, "Give the number on which we can call you back"),
        ({"answer_mode": "callback", "phone": "06 ABC"}, "A phone number has no letters"),
        ({"answer_mode": "anydesk"}, "Give the AnyDesk address"),
        ({"answer_mode": "callback", "phone": "06 12345678", "times": ["1-2"]}, "One of the times"),
    ],
)
def test_a_call_back_without_a_way_to_reach_the_customer_is_not_made(details, says, anna, carla, sla8):
    response = make(anna, carla, billing_mode="postpaid", **details)
    assert response.status_code == 422
    assert says in page_of(response)
    assert not Ticket.objects.exists()


def test_an_answer_on_the_site_leaves_the_number_out(anna, carla, sla8):
    make(anna, carla, phone="06 12345678")
    assert not CallRequest.objects.exists()


def test_the_numbers_of_the_customer_are_offered_to_call_back(anna, carla, sla8):
    PhoneNumber.objects.create(customer=carla.customer, e164="+31201234567", label="shop")
    page = page_of(browser_of(anna).get(reverse("new_ticket"), {"contact": carla.pk}))
    assert '<option value="+31201234567">shop</option>' in page


def test_the_terms_name_the_moment_of_the_answer_and_the_price_IB_16(anna, carla, sla8):
    page = page_of(browser_of(anna).post(reverse("new_ticket_terms", args=[carla.pk]), {"channel": "phone"}))
    assert re.search(r"<dt>Answer due</dt>\s*<dd><strong>\w+ \d+", page)
    assert "<dt>Price</dt><dd>included</dd>" in page


def test_the_terms_of_prepaid_work_name_the_payment_that_it_waits_for_IB_19(anna, carla, sla8):
    wish = {"channel": "phone", "answer_mode": "callback", "billing_mode": "prepaid"}
    page = page_of(browser_of(anna).post(reverse("new_ticket_terms", args=[carla.pk]), wish))
    assert "once it is paid" in page
