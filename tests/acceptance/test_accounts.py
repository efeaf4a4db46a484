"""Accounts through the public surface: make one, log in, forget the password or the login (SW-19, IB-05, IB-06)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.acceptance.visitors import read, words
from tests.cast import PASSWORD, browser_of

from balie.customers.models import Contact, Customer, PhoneNumber
from balie.customers.tasks import drop_unverified, end_claims
from balie.desk.models import Desk

CHOSEN = "bonrol-onder-de-toonbank"
REGISTERED = "+31205550101"


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


def visitor() -> Client:
    browser = Client()
    browser.cookies["django_language"] = "en"
    return browser


def english(person) -> Client:
    browser = browser_of(person)
    browser.cookies["django_language"] = "en"
    return browser


def newest_mail_to(address: str) -> str:
    return next(message.body for message in reversed(mail.outbox) if message.to == [address])


def code_mailed_to(address: str) -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", newest_mail_to(address), re.M)
    assert found
    return found[0]


def link_mailed_to(address: str) -> str:
    found = re.search(r"https?://[^/]+(/account/\S+)", newest_mail_to(address))
    assert found
    return found[1]


def makes_an_account(email: str) -> Client:
    """Somebody fills in the form and types the code from the mail."""
    browser = visitor()
    form = {"name": "Wanda", "company": "Korenbloem", "email": email}
    browser.post(reverse("account_signup"), {**form, "password1": CHOSEN, "password2": CHOSEN})
    browser.post(reverse("account_email_verification_sent"), {"code": code_mailed_to(email)})
    return browser


def test_somebody_makes_an_account_and_is_placed_by_the_desk_SW_19(infobits: Desk, bakery: Customer, anna):
    wanda = makes_an_account("wanda@nieuw.example")
    assert "We look for your company in our books" in read(wanda, "/account/welcome/")
    desk = english(anna)
    assert "wanda@nieuw.example" in read(desk, "/desk/newcomers/")
    link = re.search(r"/desk/newcomers/\d+/", read(desk, "/desk/newcomers/"))
    assert link
    assert bakery.name in read(desk, link[0])
    desk.post(link[0], {"place": "1", "customer": bakery.pk, "reach": "own"})
    assert bakery.name in newest_mail_to("wanda@nieuw.example")
    assert wanda.get("/account/welcome/").url != reverse("waiting")
    assert wanda.get("/my/").status_code == 200


def test_a_known_contact_makes_an_account_and_sees_its_customers_questions_SW_19_IB_05(
    infobits: Desk, bakery: Customer
):
    Contact.objects.create(customer=bakery, name="Wanda", email="wanda@shop.example")
    wanda = makes_an_account("wanda@shop.example")
    assert wanda.get("/my/").status_code == 200
    assert wanda.get("/account/welcome/").url != reverse("waiting")


@pytest.mark.usefixtures("softwear")
def test_the_desk_of_softwear_lets_people_make_an_account_too_SW_19():
    wanda = makes_an_account("wanda@nieuw.example")
    assert "We look for your company" in read(wanda, "/account/welcome/")


def test_the_login_page_offers_a_password_and_a_code_by_mail_IB_05(infobits: Desk, carla: Contact):
    page = read(visitor(), "/account/login/")
    assert 'name="password"' in page
    assert reverse("account_request_login_code") in page
    browser = visitor()
    browser.post("/account/login/code/", {"email": carla.email})
    browser.post("/account/login/code/confirm/", {"code": code_mailed_to(carla.email)})
    assert browser.get("/my/").status_code == 200


def test_a_forgotten_password_is_replaced_by_mail_IB_06(infobits: Desk, carla: Contact):
    browser = visitor()
    browser.post("/account/password/reset/", {"email": carla.email})
    form = browser.get(link_mailed_to(carla.email), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN})
    again = visitor()
    again.post("/account/login/", {"login": carla.email, "password": CHOSEN})
    assert again.get("/my/").status_code == 200


class TestForgotLogin:
    """Carla's mail address is out of use; Marga owns the shop."""

    @pytest.fixture(autouse=True)
    def shop(self, infobits: Desk, carla: Contact, bakery: Customer) -> None:
        Contact.objects.create(customer=bakery, name="Marga", email="marga@shop.example", language="en")
        PhoneNumber.objects.create(customer=bakery, e164=REGISTERED, registered_on=date(2025, 1, 1))

    def asks(self) -> None:
        form = {
            "name": "Carla",
            "company": "K-1001",
            "new_email": "carla@nieuw.example",
            "old_email": "carla@shop.example",
            "phone": "0612345678",
        }
        browser = visitor()
        told = browser.post("/account/forgot/", form, follow=True).content.decode()
        assert "We sent a mail to carla@nieuw.example" in words(told)
        browser.post(link_mailed_to("carla@nieuw.example"))

    def approves(self, carla: Contact, agent) -> None:
        desk = english(agent)
        link = re.search(r"/desk/claims/\d+/", read(desk, "/desk/newcomers/"))
        assert link
        form = {
            "approve": "1",
            "contact": carla.pk,
            "channel": "called_back",
            "number": REGISTERED,
            "note": "Marga, at two o'clock: it is right.",
        }
        assert desk.post(link[0], form).status_code == 302

    def days_pass(self, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
        later = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: later)
        end_claims(timestamp=0)

    def test_three_days_after_the_desk_verified_it_the_new_address_logs_in_IB_06(
        self, carla, anna, monkeypatch
    ):
        self.asks()
        self.approves(carla, anna)
        self.days_pass(monkeypatch, 2)
        assert Contact.objects.get(pk=carla.pk).email == "carla@shop.example"
        self.days_pass(monkeypatch, 2)
        browser = visitor()
        browser.post("/account/login/code/", {"email": "carla@nieuw.example"})
        browser.post("/account/login/code/confirm/", {"code": code_mailed_to("carla@nieuw.example")})
        assert browser.get("/my/").status_code == 200
        old = visitor()
        old.post("/account/login/", {"login": "carla@shop.example", "password": PASSWORD})
        assert old.get("/my/").status_code == 302

    def test_the_owner_of_the_shop_stops_it_with_the_link_in_the_mail_IB_06(self, carla, anna, monkeypatch):
        self.asks()
        self.approves(carla, anna)
        visitor().post(link_mailed_to("marga@shop.example"))
        self.days_pass(monkeypatch, 9)
        assert Contact.objects.get(pk=carla.pk).email == "carla@shop.example"
        assert "could not carry out" in newest_mail_to("carla@nieuw.example") or "niet uitvoeren" in (
            newest_mail_to("carla@nieuw.example")
        )


def test_the_hourly_job_runs_twice_without_harm(infobits: Desk):
    makes_an_account("wanda@nieuw.example")
    for _time in range(2):
        drop_unverified(timestamp=0)
    assert Contact.objects.filter(email="wanda@nieuw.example").exists()
