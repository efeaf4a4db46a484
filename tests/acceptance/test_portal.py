"""What the two published pages promise about asking on the site, through the pages that a customer sees."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.acceptance.visitors import ask, log_in, read, words
from tests.cast import at, contact, moment

from balie.contracts.models import CustomerTerms, Licence, Product
from balie.customers.models import Customer
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Category, Ticket


@pytest.fixture(autouse=True)
def friday_at_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-11-20 16:00"))


def test_a_customer_asks_on_the_site_and_sees_the_state_of_all_its_open_questions_SW_19(
    softwear, carla, anna
):
    browser = log_in("carla@shop.example")
    confirmed = words(ask(browser, topic="till-question", subject="Hoe geef ik korting?"))
    first = Ticket.objects.get(subject="Hoe geef ik korting?")
    assert f"Question {first.number} has been sent" in confirmed
    ask(browser, topic="layout-logo", subject="Nieuw logo op de bon")

    listed = words(read(browser, "/my/"))
    assert "Hoe geef ik korting?" in listed and "Nieuw logo op de bon" in listed
    assert listed.count(" new ") == 2

    actions.reply(
        first, writing=Writing(text="Met F4."), by=anna, seen=first.messages.last().pk, situation=at(softwear)
    )
    assert "waiting for you" in words(read(browser, "/my/"))
    assert "Met F4." in words(read(browser, f"/my/tickets/{first.number}/"))


def test_every_question_that_is_no_incident_can_become_a_ticket_and_a_visitor_is_led_there_SW_05(
    softwear, carla
):
    assert "Ask every other question here on the site." in words(
        read(Client(headers={"Accept-Language": "en"}), "/")
    )
    browser = log_in("carla@shop.example")
    for topic in Category.objects.filter(is_active=True, may_phone_in_office_hours=False):
        assert "has been sent" in ask(browser, topic=topic.key, subject=f"Over {topic.key}")
        assert Ticket.objects.get(subject=f"Over {topic.key}").category == topic


def test_customers_with_valid_online_support_log_in_and_make_a_ticket_IB_05(infobits, sla8, carla):
    browser = log_in("carla@shop.example")
    text = words(ask(browser, topic="till-scanner", subject="Scanner leest niet"))
    assert "due at the latest on Mon 23 Nov 2026 16:00" in text
    assert Ticket.objects.get().decision["decision"]["plan"] == "SLA8"


def test_anybody_with_an_account_makes_tickets_only_the_terms_differ_IB_05(
    infobits, bakery: Customer, florist: Customer
):
    CustomerTerms.objects.create(customer=florist, last_paid_support_on="2023-01-01")
    asked = {}
    for name, customer in (("Carla", bakery), ("Dario", florist), ("Nora", None)):
        email = contact(name, customer, may_order=True).email
        asked[name] = words(ask(log_in(email), topic="other", subject=f"Vraag van {name}"))
    assert "normally comes at the latest on Wed 25 Nov 2026 16:00" in asked["Carla"]  # IB-09
    assert "We begin when the payment is in." in asked["Dario"]
    assert "has been sent" in asked["Nora"]


def test_without_a_login_there_is_no_ticket_IB_05(infobits):
    eve = Client()
    answer = eve.post("/my/ask/", {"topic": "other", "subject": "Hallo", "text": "Hallo"})
    assert answer.status_code == 302
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, "SLA8: valid"),
        ("2027-03-31", "SLA8: valid until 31-03-2027"),
        ("2026-11-20", "SLA8: valid until 20-11-2026"),
        ("2026-11-19", "SLA8: expired on 19-11-2026"),
    ],
)
def test_the_own_page_shows_the_status_of_the_support_IB_18(infobits, bakery, carla, until, says):
    product = Product.objects.get(key="infokasv3-s")
    Licence.objects.create(customer=bakery, product=product, valid_until=until)
    shown = re.search(r'support-status">([^<]*)<', read(log_in("carla@shop.example"), "/my/"))
    assert shown and shown[1] == says


def test_the_status_is_that_of_the_own_customer_IB_18(infobits, sla8, carla, dario):
    Ticket.objects.all().delete()
    actions.open(
        dario,
        Wish(Channel.PORTAL),
        subject="Vraag",
        writing=Writing(text="Hoi"),
        by=dario.user,
        situation=at(infobits),
    )
    shown = re.search(r'support-status">([^<]*)<', read(log_in("dario@shop.example"), "/my/"))
    assert shown and shown[1].startswith("SLA24: valid")
