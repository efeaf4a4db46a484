"""Accounts as people walk them: a second step of the login, and a forgotten login with both sides of it (IB-06)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.cast import PASSWORD, agent, contact
from tests.journeys.conftest import PATIENCE_MILLISECONDS, Window
from tests.journeys.serving import Served

from balie.accounts.models import User
from balie.customers import claims
from balie.customers.models import AddressClaim, Contact, Customer, PhoneNumber
from balie.mail.models import OutboundMail

expect.set_options(timeout=PATIENCE_MILLISECONDS)

NEW_ADDRESS = "carla@nieuw.example"


@pytest.fixture(scope="module")
def bakery(desk_served: Served) -> Customer:
    shop = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    PhoneNumber.objects.create(customer=shop, e164="+31301234567", registered_on=timezone.localdate())
    return shop


@pytest.fixture(scope="module")
def carla(bakery: Customer) -> Contact:
    return contact("Carla", bakery)


@pytest.fixture(scope="module")
def colleague(bakery: Customer) -> Contact:
    return contact("Cees", bakery)


@pytest.fixture(scope="module")
def anna(desk_served: Served) -> User:
    return agent("Anna")


def log_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def code_of(secret: str) -> str:
    """What the app on the telephone shows now."""
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"


def mail_to(address: str) -> str:
    """The newest mail to this address."""
    return OutboundMail.objects.filter(recipient=address).latest("pk").text


def way_in(text: str) -> str:
    """The link in a mail, as a place on this desk."""
    found = re.search(r"https?://[^/\s]+(/account/\S+)", text)
    assert found, text
    return found[1]


def code_in(text: str) -> str:
    """The code that logs in, in a mail."""
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", text, re.M)
    assert found, text
    return found[0]


def ask_for_login(page: Page, *, name: str, email: str, old: str = "") -> None:
    """Fill in the form for a forgotten login, and press the button behind the link that comes by mail."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Customer number or company name").fill("K-1001")
    page.get_by_label("Your new e-mail address").fill(email)
    page.get_by_label("Your old e-mail address").fill(old)
    page.get_by_label("Phone number to reach you on").fill("06 87654321")
    page.get_by_role("button", name="Ask for a new login").click()
    expect(page).to_have_url(re.compile("/account/forgot/sent/$"))
    page.goto(way_in(mail_to(email)))
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Confirm your new address")


def test_a_second_step_is_switched_on_and_asked_for_from_then_on(window: Window, colleague: Contact) -> None:
    page = window(None)
    log_in(page, colleague.email)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Activate").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("main")).to_contain_text("Incorrect code.")
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    recovery = page.get_by_label("Unused codes").input_value().split()
    assert len(recovery) == 10

    again = window(None)
    log_in(again, colleague.email)
    again.goto("/my/helpdesk/")
    expect(again).to_have_url(re.compile("/account/2fa/authenticate/"))  # the password alone opens nothing
    again.get_by_label("Code").fill(recovery[0])
    again.get_by_role("main").get_by_role("button", name="Sign In").click()
    expect(again).to_have_url(re.compile("/my/helpdesk/$"))


def test_a_forgotten_login_is_claimed_verified_by_the_desk_told_to_all_and_then_given_IB_06(
    window: Window, desk_served: Served, carla: Contact, colleague: Contact, anna: User
) -> None:
    old = carla.email
    visitor = window(None)
    visitor.goto("/account/password/reset/")
    visitor.get_by_role("link", name="Your mail address is out of use?").click()
    ask_for_login(visitor, name="Carla", email=NEW_ADDRESS)

    desk = window(anna)
    desk.goto("/desk/newcomers/")
    desk.get_by_role("main").get_by_role("link", name=re.compile("Carla")).first.click()
    numbers = desk.get_by_label("Which number did you call?")
    expect(numbers).to_contain_text("+31301234567")
    expect(numbers).not_to_contain_text("+31687654321")  # what the claimant gave proves nothing
    desk.get_by_text(f"<{old}>").click()
    desk.get_by_label("How did you verify it?").select_option(index=1)
    numbers.select_option("+31301234567")
    desk.get_by_label("Whom did you speak").fill("Carla, at the counter of the shop.")
    desk.get_by_role("button", name="Approve, and tell everybody").click()
    expect(desk.get_by_role("main")).to_contain_text("Takes effect")

    for warned in (old, colleague.email):
        assert NEW_ADDRESS in mail_to(warned)
    log_in(visitor, NEW_ADDRESS)
    expect(visitor.get_by_role("main")).to_contain_text("not correct")  # everybody has time to stop it first
    waited = timezone.now() + timedelta(hours=desk_served.desk.address_claim_waiting_hours, minutes=1)
    assert claims.take_effect_due(desk=desk_served.desk, now=waited) == 1
    visitor.goto("/account/login/code/")  # the old password ended with the old address
    visitor.locator("main input[name=email]").fill(NEW_ADDRESS)
    visitor.locator("main form button").first.click()
    visitor.locator("main input[name=code]").fill(code_in(mail_to(NEW_ADDRESS)))
    visitor.locator("main form button").first.click()
    expect(visitor).to_have_url(re.compile("/my/helpdesk/$"))


def test_whoever_is_warned_stops_a_claim_with_one_button_IB_06(
    window: Window, bakery: Customer, colleague: Contact, anna: User
) -> None:
    thief = window(None)
    thief.goto("/account/forgot/")
    ask_for_login(thief, name="Cees", email="cees@dief.example", old=colleague.email)

    warned = window(None)
    warned.goto(way_in(mail_to(colleague.email)))
    warned.get_by_role("button", name="Stop it: this is not right").click()
    expect(warned.locator("body")).to_contain_text("It is stopped.")
    assert AddressClaim.objects.get(new_email="cees@dief.example").state == "revoked"
    desk = window(anna)
    desk.goto("/desk/newcomers/")
    expect(desk.get_by_role("main")).not_to_contain_text("cees@dief.example")
