"""What the two published pages promise about asking, through the form that a customer fills in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.acceptance.visitors import hidden_on, log_in, read, words
from tests.cast import contact, moment

from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.tickets.models import Ticket

CARLA, ANNA = "carla@shop.example", "anna@desk.example"
Clock = Callable[[str], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The moment, on the clocks of Amsterdam; it begins on a Friday at four."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    set_to("2026-11-20 16:00")
    return set_to


def about(browser: Client, topic: str, **wish: str) -> str:
    """The page with the terms of this wish, as somebody without a script asks for them."""
    hidden = hidden_on(read(browser, f"/my/ask/?topic={topic}"))
    answer = browser.post("/my/ask/", {**hidden, "topic": topic, "look": "1", **wish})
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(browser: Client, topic: str, **filled: str) -> Ticket:
    """Look at the terms, then send the question."""
    looked = about(browser, topic, **filled)
    form = {**hidden_on(looked), "topic": topic, "subject": "Vraag", "text": "Tekst", **filled}
    answer = browser.post("/my/ask/", form, follow=True)
    assert "has been sent" in answer.content.decode(), words(answer.content.decode())
    return Ticket.objects.latest("pk")


def is_offered(page: str, name: str, value: str) -> bool:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', page)
    return found is not None and "disabled" not in found[0]


def terms_of(page: str) -> str:
    found = re.search(r'<div id="terms".*', page, re.DOTALL)
    assert found
    return words(found[0])


# -- Softwear ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "topic",
    [
        "back-office-cannot-log-in",
        "back-office-cannot-print",
        "back-office-program-error",
        "till-cannot-log-in",
        "till-receipt-not-printed",
        "till-cash-drawer",
        "till-scanner",
        "till-pin-payment",
    ],
)
def test_in_office_hours_an_urgent_incident_is_shown_the_number_SW_03(
    softwear: Desk, carla: Contact, topic: str
):
    assert "020 229 29 29" in about(log_in(CARLA), topic)


def test_outside_office_hours_only_incidents_at_the_till_are_shown_the_number_SW_04(
    softwear: Desk, carla: Contact, clock: Clock
):
    clock("2026-11-20 19:00")
    browser = log_in(CARLA)
    assert "020 229 29 29" in about(browser, "till-incident")
    assert "020 229 29 29" not in about(browser, "till-question")
    assert "020 229 29 29" not in about(browser, "back-office-cannot-print")


def test_every_other_question_becomes_a_ticket_SW_05(softwear: Desk, carla: Contact):
    browser = log_in(CARLA)
    assert "You can phone now" not in about(browser, "back-office-question")
    assert send(browser, "back-office-question").category is not None


def test_a_change_of_layout_begins_with_a_price_quote_SW_11(softwear: Desk, carla: Contact):
    page = about(log_in(CARLA), "layout-receipt")
    assert "price quote first" in terms_of(page)
    assert "This begins with a price quote; when it is accepted the work is planned." in terms_of(page)
    assert "You can phone now" not in page


def test_research_is_billed_by_the_time_that_it_takes_SW_12(softwear: Desk, carla: Contact):
    page = about(log_in(CARLA), "research-figures")
    assert "by the time that it takes" in terms_of(page)
    assert "billed by the time that it takes, without an estimate beforehand" in terms_of(page)


def test_a_customer_follows_what_it_asked_SW_19(softwear: Desk, carla: Contact):
    browser = log_in(CARLA)
    ticket = send(browser, "till-question")
    assert f"#{ticket.number}" in words(read(browser, f"/my/tickets/{ticket.number}/"))


# -- Infobits ----------------------------------------------------------------------------------------------


def test_the_free_plan_says_normally_and_promises_no_more_IB_09(infobits: Desk, carla: Contact):
    assert "Normally you have our response at the latest on Wed 25 Nov 2026 16:00" in terms_of(
        about(log_in(CARLA), "other")
    )


def test_the_form_says_how_many_free_questions_are_left_and_refuses_the_third_IB_10(
    infobits: Desk, carla: Contact
):
    browser = log_in(CARLA)
    assert "2 free questions are left" in terms_of(about(browser, "other"))
    send(browser, "other"), send(browser, "other")
    page = about(browser, "other")
    assert "SLA24 allows 2 free tickets a month, and these are used up." in terms_of(page)
    assert is_offered(page, "billing_mode", "prepaid")


def test_urgent_is_greyed_on_the_free_plan_with_its_reason_IB_11(infobits: Desk, carla: Contact):
    page = about(log_in(CARLA), "other")
    assert not is_offered(page, "urgent", "1")
    assert (
        "An urgent question is not possible with SLA24. With SLA8 an urgent question is possible."
        in words(page)
    )


def test_with_the_payment_status_everything_is_paid_beforehand_IB_13_IB_19(
    infobits: Desk, carla: Contact, bakery: Customer
):
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2023-01-01")
    browser = log_in(CARLA)
    page = about(browser, "other", answer_mode="callback")
    assert is_offered(page, "billing_mode", "prepaid") and not is_offered(page, "billing_mode", "postpaid")
    assert send(browser, "other").state == "awaiting_payment"


def test_SLA8_comes_with_the_licence_and_chooses_how_to_be_helped_IB_14_IB_15(
    infobits: Desk, carla: Contact, bakery: Customer
):
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-s"))
    browser = log_in(CARLA)
    page = about(browser, "till-scanner", answer_mode="callback")
    for name, value in (
        ("answer_mode", "site"),
        ("answer_mode", "callback"),
        ("answer_mode", "anydesk"),
        ("billing_mode", "prepaid"),
        ("billing_mode", "postpaid"),
        ("urgent", "1"),
    ):
        assert is_offered(page, name, value), (name, value)
    ticket = send(
        browser,
        "till-scanner",
        answer_mode="anydesk",
        billing_mode="postpaid",
        anydesk="123 456 789",
        phone="0612345678",
    )
    assert (ticket.call_request.anydesk, ticket.call_request.phone) == ("123456789", "+31612345678")


def test_who_is_maintained_elsewhere_asks_and_cannot_demand_IB_20(
    infobits: Desk, carla: Contact, sla8: Customer
):
    CustomerTerms.objects.create(customer=sla8, maintained_by="third_party")
    browser = log_in(CARLA)
    wish = {"answer_mode": "callback", "billing_mode": "postpaid", "phone": "0612345678"}
    assert "The desk first accepts or declines this request." in terms_of(about(browser, "other", **wish))
    assert send(browser, "other", **wish).state == "awaiting_acceptance"


def test_a_call_back_is_asked_for_by_a_ticket_that_says_where_to_call_IB_21(
    infobits: Desk, carla: Contact, sla8: Customer, anna
):
    wish = {"answer_mode": "callback", "billing_mode": "postpaid", "phone": "06-12345678"}
    ticket = send(log_in(CARLA), "other", **wish)
    assert "+31612345678" in read(log_in(ANNA), f"/desk/tickets/{ticket.number}/")


def test_urgent_has_a_surcharge_that_is_told_before_and_can_be_taken_back_IB_22(
    infobits: Desk, carla: Contact, sla8: Customer, anna
):
    Contact.objects.filter(pk=carla.pk).update(may_see_money=True)
    browser = log_in(CARLA)
    assert "a surcharge of 50%" in terms_of(about(browser, "other", urgent="1"))
    ticket = send(browser, "other", urgent="1")
    page = f"/my/tickets/{ticket.number}/"
    assert "It is not urgent any more" in read(browser, page)
    browser.post(f"{page}calm/", hidden_on(read(browser, page)))
    after = words(read(browser, page))
    assert "The question is not urgent any more" in after and "It is not urgent any more" not in after
    assert "Carla took the urgency back" in words(read(log_in(ANNA), f"/desk/tickets/{ticket.number}/"))


def test_the_form_says_whose_move_it_is_after_each_way_of_being_helped_IB_23_IB_24(
    infobits: Desk, carla: Contact, sla8
):
    text = words(about(log_in(CARLA), "other"))
    assert "We write back here, and mail you when we do. It is then your move." in text
    assert "We phone you, and follow up until it is solved." in text


def test_the_times_of_a_call_back_lie_in_the_hours_that_count_IB_30(
    infobits: Desk, carla: Contact, sla8, support_contract
):
    text = words(about(log_in(CARLA), "other", answer_mode="callback"))
    assert "Saturday 21 November 09:00-12:00" in text
    Contract.objects.all().delete()
    assert "Saturday 21 November" not in words(about(log_in(CARLA), "other", answer_mode="callback"))


def test_the_number_is_for_who_has_a_phone_contract_and_says_to_show_ones_own_IB_01_IB_02(
    infobits: Desk, carla: Contact, sla8: Customer
):
    Contract.objects.create(customer=sla8, type=ContractType.objects.get(key="phone-support"))
    page = words(about(log_in(CARLA), "till-scanner"))
    assert "085 000 00 00" in page
    assert "No number is registered yet" in page
    contact("Dario", Customer.objects.create(number="K-2", name="Ander"))
    assert "085 000 00 00" not in about(log_in("dario@shop.example"), "till-scanner")


def test_paid_work_is_ordered_by_who_may_order_IB_19(infobits: Desk, carla: Contact, sla8: Customer):
    contact("Kees", sla8)
    page = about(log_in("kees@shop.example"), "other")
    assert not is_offered(page, "answer_mode", "callback")
    assert "Carla may order this" in words(page)
