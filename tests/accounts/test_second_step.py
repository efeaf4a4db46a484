"""The second step of a login: the code of an app and recovery codes; for agents it can be a must."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD, browser_of

from balie.accounts.actions import vouch_for_address
from balie.accounts.models import User
from balie.audit.models import Entry
from balie.desk.models import Desk


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def strict(infobits: Desk) -> Desk:
    """A desk whose agents log in in two steps."""
    infobits.agents_use_second_factor = True
    infobits.save(update_fields=["agents_use_second_factor"])
    return infobits


def with_second_step(user: User) -> str:
    """Give this login an app; answers its secret."""
    vouch_for_address(user)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


def log_in(user: User, address: str = "192.0.2.1") -> Client:
    browser = Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})
    answer = browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    return browser


def sets_it_up(user: User):
    """The page that sets the second step up, as somebody sees it who typed the password once more."""
    browser = Client(headers={"Accept-Language": "en"})
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    asked = browser.get(reverse("mfa_activate_totp"))
    return browser.post(asked.url, {"password": PASSWORD}, follow=True)


class TestTheSecondStep:
    def test_the_password_alone_does_not_open_the_desk(self, infobits, anna):
        with_second_step(anna)
        browser = log_in(anna)
        assert browser.get(reverse("queue")).status_code == 302
        assert "_auth_user_id" not in browser.session

    def test_the_code_of_the_app_does(self, infobits, anna):
        secret = with_second_step(anna)
        browser = log_in(anna)
        browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert browser.get(reverse("queue")).status_code == 200

    def test_a_mailed_code_instead_of_the_password_needs_the_second_step_too(
        self, infobits, anna, mailoutbox
    ):
        import re

        with_second_step(anna)
        browser = Client(headers={"Accept-Language": "en"})
        browser.post(reverse("account_request_login_code"), {"email": anna.email})
        code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mailoutbox[-1].body, re.M)
        assert code
        browser.post(reverse("account_confirm_login_code"), {"code": code[0]})
        assert "_auth_user_id" not in browser.session

    def test_a_recovery_code_works_once(self, infobits, anna):
        with_second_step(anna)
        codes = Authenticator.objects.get(user=anna, type=Authenticator.Type.RECOVERY_CODES).wrap()
        code = codes.get_unused_codes()[0]
        first, second = log_in(anna), log_in(anna, "192.0.2.2")
        first.post(reverse("mfa_authenticate"), {"code": code})
        assert first.get(reverse("queue")).status_code == 200
        second.post(reverse("mfa_authenticate"), {"code": code})
        assert "_auth_user_id" not in second.session

    def test_guessing_is_stopped(self, infobits, anna):
        secret = with_second_step(anna)
        browser = log_in(anna)
        for _try in range(5):
            browser.post(reverse("mfa_authenticate"), {"code": "000000"})
        page = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert "_auth_user_id" not in browser.session
        assert "Too many failed login attempts" in page.content.decode()

    def test_the_app_shows_the_name_of_the_desk(self, infobits, anna):
        page = sets_it_up(anna)
        assert page.status_code == 200
        assert page.context["totp_url"].endswith("issuer=Infobits%20helpdesk")


class TestWhereItIsAMust:
    @pytest.mark.parametrize("name", ["queue", "find", "newcomers", "admin:index", "start"])
    def test_an_agent_without_it_sees_only_the_page_that_sets_it_up(self, strict, willem, name):
        answer = browser_of(willem).get(reverse(name))
        assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))

    def test_a_piece_of_a_page_leads_there_too(self, strict, anna):
        answer = browser_of(anna).get(reverse("queue"), headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == reverse("mfa_activate_totp")

    def test_it_can_be_set_up_and_one_can_log_out(self, strict, anna):
        page = sets_it_up(anna)
        assert page.status_code == 200
        assert page.client.get(reverse("account_logout")).status_code == 200

    def test_an_agent_with_it_works_as_always_and_cannot_put_it_off(self, strict, anna):
        secret = with_second_step(anna)
        browser = log_in(anna)
        browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert browser.get(reverse("queue")).status_code == 200
        browser.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=anna, type=Authenticator.Type.TOTP).exists()

    def test_customers_need_none(self, strict, carla):
        assert browser_of(carla).get(reverse("my_tickets")).status_code == 200

    def test_nobody_needs_one_where_the_desk_does_not_ask(self, infobits, anna):
        assert browser_of(anna).get(reverse("queue")).status_code == 200


class TestALostPhone:
    def test_the_administrator_takes_it_off_and_the_person_is_told(self, infobits, anna, willem, mailoutbox):
        with_second_step(anna)
        browser_of(willem).post(reverse("admin:accounts_user_second_step", args=[anna.pk]))
        assert not Authenticator.objects.filter(user=anna).exists()
        assert [message.to for message in mailoutbox] == [[anna.email]]
        assert Entry.objects.latest("id").action == "take_off_second_step"
        again = Client().post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
        assert again.url == reverse("after_login")

    def test_of_who_has_none_nothing_is_taken_and_nobody_is_told(self, infobits, anna, willem, mailoutbox):
        browser_of(willem).post(reverse("admin:accounts_user_second_step", args=[anna.pk]))
        assert not mailoutbox
        assert not Entry.objects.exists()

    def test_nobody_else_takes_it_off(self, infobits, anna, ben, carla):
        with_second_step(anna)
        for person in (anna, ben, carla):
            answer = browser_of(person).post(reverse("admin:accounts_user_second_step", args=[anna.pk]))
            assert answer.status_code == 403
        assert Authenticator.objects.filter(user=anna).exists()
