"""Logging in: limits for guessing, and no answer that tells whether an address is known."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD, browser_of

pytestmark = pytest.mark.usefixtures("infobits")

KNOWN, UNKNOWN = "carla@shop.example", "nobody@shop.example"


@pytest.fixture(autouse=True)
def nobody_tried_before(db):
    cache.clear()


def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})


def log_in(email: str, password: str = "wrong-password-1", address: str = "192.0.2.1"):
    return from_address(address).post(reverse("account_login"), {"login": email, "password": password})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_right_password_logs_in_whatever_the_case_of_the_address(carla):
    assert log_in("Carla@Shop.example", PASSWORD).url == reverse("after_login")


def test_login_goes_back_to_the_page_that_was_asked_for(carla):
    page = f"{reverse('account_login')}?next={reverse('ask')}"
    answer = from_address("192.0.2.1").post(
        page, {"login": KNOWN, "password": PASSWORD, "next": reverse("ask")}
    )
    assert answer.url == reverse("ask")


def test_login_never_goes_to_another_site(carla):
    answer = from_address("192.0.2.1").post(
        reverse("account_login"), {"login": KNOWN, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.url == reverse("after_login")


def test_who_forgot_a_password_finds_the_way_for_an_address_out_of_use_IB_06(db):
    page = from_address("192.0.2.1").get(reverse("account_reset_password")).content.decode()
    assert f'<a href="{reverse("forgot_login")}">' in page


def test_that_a_code_was_mailed_is_said_once(carla):
    browser = from_address("192.0.2.1")
    browser.post(reverse("account_request_login_code"), {"email": KNOWN})
    page = words(browser.get(reverse("account_confirm_login_code")).content.decode())
    assert page.count(KNOWN) == 1


def test_after_five_wrong_passwords_one_account_is_closed_for_a_while_from_everywhere(carla):
    for number in range(5):
        assert (
            "Too many failed login attempts"
            not in log_in(KNOWN, address=f"192.0.2.{number}").content.decode()
        )
    refused = log_in(KNOWN, PASSWORD, address="192.0.2.99")
    assert refused.status_code == 200
    assert "Too many failed login attempts. Try again later." in refused.content.decode()


def test_the_limit_of_one_account_is_not_that_of_another(carla, dario):
    for number in range(6):
        log_in(KNOWN, address=f"192.0.2.{number}")
    assert log_in("dario@shop.example", PASSWORD, address="192.0.2.50").status_code == 302


def test_one_address_that_guesses_at_many_accounts_is_stopped(carla):
    for number in range(10):
        log_in(f"somebody{number}@shop.example", address="198.51.100.7")
    assert (
        "Too many failed login attempts" in log_in(KNOWN, PASSWORD, address="198.51.100.7").content.decode()
    )
    assert log_in(KNOWN, PASSWORD, address="198.51.100.8").status_code == 302


def test_one_address_that_asks_too_often_gets_a_429_in_words(carla):
    answers = [log_in(f"a{number}@shop.example", address="198.51.100.7") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


@pytest.mark.parametrize("forwarded", ["203.0.113.1", "203.0.113.2, 203.0.113.3"])
def test_an_address_that_the_visitor_claims_does_not_count(carla, forwarded):
    for number in range(10):
        log_in(f"somebody{number}@shop.example", address="198.51.100.7")
    refused = Client(REMOTE_ADDR="198.51.100.7", headers={"X-Forwarded-For": forwarded}).post(
        reverse("account_login"), {"login": KNOWN, "password": PASSWORD}
    )
    assert refused.status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(carla):
    known, unknown = log_in(KNOWN), log_in(UNKNOWN)
    assert known.status_code == unknown.status_code == 200
    assert words(known.content.decode()) == words(unknown.content.decode())


@pytest.mark.parametrize(
    ("name", "field"), [("account_reset_password", "email"), ("account_request_login_code", "email")]
)
def test_forgotten_passwords_and_codes_never_tell_whether_an_address_is_known_IB_06(carla, name, field):
    answers = []
    for email in (KNOWN, UNKNOWN):
        answer = from_address("192.0.2.1").post(reverse(name), {field: email}, follow=True)
        answers.append(
            (answer.status_code, answer.redirect_chain, words(answer.content.decode()).replace(email, "…"))
        )
    assert answers[0] == answers[1]


def test_only_a_known_address_gets_mail_IB_06(carla):
    browser = from_address("192.0.2.1")
    for email in (UNKNOWN, KNOWN):
        browser.post(reverse("account_reset_password"), {"email": email})
    assert [message.to for message in mail.outbox] == [[KNOWN]]


def test_a_new_password_is_chosen_with_the_link_from_the_mail_IB_06(carla, infobits):
    browser = from_address("192.0.2.1")
    browser.post(reverse("account_reset_password"), {"email": KNOWN})
    assert mail.outbox[0].subject.startswith(f"[{infobits.name}] ")
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)
    assert link
    form = browser.get(link[1], follow=True)
    assert form.status_code == 200
    chosen = "bonrol-onder-de-toonbank"
    done = browser.post(form.request["PATH_INFO"], {"password1": chosen, "password2": chosen})
    assert done.status_code == 302
    assert log_in(KNOWN, chosen, address="192.0.2.9").status_code == 302
    assert "invalid" in browser.get(link[1], follow=True).content.decode()  # once only


def test_the_code_from_the_mail_logs_in(carla):
    browser = from_address("192.0.2.1")
    browser.post(reverse("account_request_login_code"), {"email": KNOWN})
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.M)
    assert code
    answer = browser.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert answer.url == reverse("after_login")


def test_a_wrong_code_does_not_log_in(carla):
    browser = from_address("192.0.2.1")
    browser.post(reverse("account_request_login_code"), {"email": KNOWN})
    browser.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"})
    assert browser.get(reverse("my_tickets")).status_code == 302


def test_somebody_who_left_cannot_log_in(carla):
    carla.user.is_active = False
    carla.user.save()
    log_in(KNOWN, PASSWORD)
    assert "_auth_user_id" not in log_in(KNOWN, PASSWORD).client.session


def test_logging_out_takes_a_click_not_a_link(carla):
    browser = browser_of(carla)
    browser.get(reverse("account_logout"))
    assert browser.get(reverse("my_tickets")).status_code == 200
    browser.post(reverse("account_logout"))
    assert browser.get(reverse("my_tickets")).status_code == 302
