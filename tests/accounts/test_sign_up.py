"""Making an account: the address first, then the customer; and no answer that tells what the desk knows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import PASSWORD, browser_of, contact

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers import registrations
from balie.customers.account_models import Standing
from balie.customers.models import Contact, Customer, CustomerDomain, Reach, Registration
from balie.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("infobits")

CHOSEN = "bonrol-onder-de-toonbank"
NEW = "wanda@bakkerij.example"


@pytest.fixture(autouse=True)
def nobody_tried_before(db):
    cache.clear()


def visitor(address: str = "192.0.2.1") -> Client:
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})


def form(email: str = NEW, **fields: str) -> dict[str, str]:
    return {
        "name": "Wanda",
        "company": "Korenbloem",
        "customer_number": "",
        "email": email,
        "password1": CHOSEN,
        "password2": CHOSEN,
        **fields,
    }


def sign_up(email: str = NEW, browser: Client | None = None, **fields: str):
    browser = browser or visitor()
    return browser, browser.post(reverse("account_signup"), form(email, **fields))


def code_in(message) -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", message.body, re.M)
    assert found, message.body
    return found[0]


def verify(browser: Client):
    return browser.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestTheAddressFirst:
    def test_a_code_is_mailed_in_the_name_of_the_desk_and_nobody_is_logged_in_SW_19(self, infobits):
        browser, answer = sign_up()
        assert answer.url == reverse("account_email_verification_sent")
        assert "_auth_user_id" not in browser.session
        assert mail.outbox[0].to == [NEW]
        assert mail.outbox[0].subject == f"[{infobits.name}] Your code"
        assert infobits.name in mail.outbox[0].body
        assert Registration.objects.get().state == Standing.UNVERIFIED

    def test_with_the_code_one_is_in_and_waits_for_the_desk_SW_19(self):
        browser, _answer = sign_up()
        answer = verify(browser)
        assert answer.url == reverse("after_login")
        page = browser.get(answer.url, follow=True)
        assert page.redirect_chain[-1][0] == reverse("waiting")
        assert "Korenbloem" in page.content.decode()

    def test_nothing_is_matched_before_the_code_SW_19(self, carla):
        Contact.objects.filter(pk=carla.pk).update(user=None, email=NEW)
        sign_up()
        assert Contact.objects.get(pk=carla.pk).user is None

    def test_a_wrong_code_lets_nobody_in_and_three_end_it(self):
        browser, _answer = sign_up()
        for _try in range(3):
            browser.post(reverse("account_email_verification_sent"), {"code": "AAAA-AAAA"})
        verify(browser)
        assert "_auth_user_id" not in browser.session
        assert Registration.objects.get().state == Standing.UNVERIFIED

    def test_the_password_alone_does_not_get_past_an_unverified_address(self):
        sign_up()
        cache.clear()
        browser = visitor("192.0.2.2")
        answer = browser.post(reverse("account_login"), {"login": NEW, "password": CHOSEN})
        assert answer.url == reverse("account_email_verification_sent")
        assert "_auth_user_id" not in browser.session
        assert verify(browser).url == reverse("after_login")

    def test_an_unverified_account_is_forgotten_after_a_week_and_a_verified_one_is_not(self):
        sign_up()
        browser, _answer = sign_up("other@bakkerij.example")
        verify(browser)
        soon, later = timezone.now() + timedelta(days=6), timezone.now() + timedelta(days=8)
        assert registrations.drop_unverified(now=soon) == 0
        assert registrations.drop_unverified(now=later) == 1
        assert registrations.drop_unverified(now=later) == 0
        assert [user.email for user in User.objects.all()] == ["other@bakkerij.example"]

    def test_it_is_on_the_record(self):
        browser, _answer = sign_up()
        verify(browser)
        assert [entry.action for entry in Entry.objects.order_by("id")] == ["make_account", "verify_account"]


class TestWhereItBelongs:
    def test_a_known_contact_is_itself_at_once_SW_19(self, bakery):
        known = Contact.objects.create(customer=bakery, name="Wanda", email=NEW, reach=Reach.ALL)
        browser, _answer = sign_up()
        verify(browser)
        known.refresh_from_db()
        assert known.user == User.objects.get()
        assert browser.get(reverse("after_login")).url != reverse("waiting")
        assert browser.get(reverse("my_tickets")).status_code == 200
        assert bakery.name in mail.outbox[-1].body

    def test_somebody_of_the_customers_own_domain_reaches_its_own_tickets_only_SW_19(self, bakery):
        CustomerDomain.objects.create(customer=bakery, domain="bakkerij.example")
        browser, _answer = sign_up()
        verify(browser)
        made = Contact.objects.get()
        assert (made.customer, made.reach, made.may_see_money, made.may_order, made.may_manage) == (
            bakery,
            Reach.OWN,
            False,
            False,
            False,
        )

    def test_somebody_who_mailed_before_brings_those_questions_along(self, bakery, asks_by_mail):
        ticket = asks_by_mail(NEW)
        CustomerDomain.objects.create(customer=bakery, domain="bakkerij.example")
        browser, _answer = sign_up()
        verify(browser)
        assert Contact.objects.get().customer == bakery
        assert Ticket.objects.get(pk=ticket.pk).customer == bakery

    @pytest.mark.parametrize("typed", [{"customer_number": "K-1001"}, {"company": "Bakkerij De Korenbloem"}])
    def test_what_was_typed_places_nobody(self, bakery, typed):
        browser, _answer = sign_up(**typed)
        verify(browser)
        assert Contact.objects.get().customer is None
        assert Registration.objects.get().state == Standing.WAITING

    def test_a_subdomain_is_another_domain(self, bakery):
        CustomerDomain.objects.create(customer=bakery, domain="bakkerij.example")
        browser, _answer = sign_up("eve@evil.bakkerij.example.evil.example")
        verify(browser)
        assert Contact.objects.get().customer is None

    def test_the_domain_of_a_customer_that_left_counts_no_more(self, bakery):
        CustomerDomain.objects.create(customer=bakery, domain="bakkerij.example")
        Customer.objects.update(is_active=False)
        browser, _answer = sign_up()
        verify(browser)
        assert Contact.objects.get().customer is None

    def test_a_contact_who_was_closed_off_waits_for_the_desk(self, bakery):
        closed = Contact.objects.create(customer=bakery, name="Wanda", email=NEW, is_active=False)
        browser, _answer = sign_up()
        verify(browser)
        closed.refresh_from_db()
        assert closed.user is None
        assert not closed.is_active
        assert Registration.objects.get().state == Standing.WAITING

    def test_a_contact_with_another_login_is_not_taken_over(self, carla):
        Contact.objects.filter(pk=carla.pk).update(email=NEW)
        browser, _answer = sign_up()
        verify(browser)
        carla.refresh_from_db()
        assert carla.user.email == "carla@shop.example"
        assert Registration.objects.get().state == Standing.WAITING
        assert browser.get(reverse("waiting")).status_code == 200

    def test_somebody_unplaced_may_ask_and_reads_nothing_of_others(self, carla):
        browser, _answer = sign_up()
        verify(browser)
        assert browser.get(reverse("ask")).status_code == 200
        assert browser.get(reverse("my_tickets")).status_code == 200


class TestNothingIsGivenAway:
    def test_a_known_address_gets_the_same_pages_and_another_mail_SW_19(self, carla):
        pages = []
        for number, email in enumerate((NEW, "carla@shop.example")):
            browser, answer = sign_up(email, visitor(f"192.0.2.{number}"))
            page = browser.get(answer.url)
            wrong = browser.post(answer.url, {"code": "AAAA-AAAA"})
            pages.append(
                (
                    answer.status_code,
                    answer.url,
                    words(page.content.decode()).replace(email, "…"),
                    words(wrong.content.decode()).replace(email, "…"),
                )
            )
        assert pages[0] == pages[1]
        assert [message.to for message in mail.outbox] == [[NEW], ["carla@shop.example"]]
        assert "There is one already" in mail.outbox[1].body
        assert User.objects.filter(email="carla@shop.example").count() == 1
        assert User.objects.get(email="carla@shop.example").check_password(PASSWORD)

    def test_a_known_address_costs_as_much_work_as_a_new_one(self, carla, monkeypatch):
        from django.contrib.auth.hashers import MD5PasswordHasher

        hashed: list[str] = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(
            MD5PasswordHasher,
            "encode",
            lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
        )
        counts = []
        for email in (NEW, "carla@shop.example"):
            hashed.clear()
            sign_up(email)
            counts.append(len(hashed))
        assert counts == [1, 1]

    def test_two_who_sign_up_with_one_address_at_one_moment_get_the_same_answer(self, monkeypatch):
        from balie.portal.sign_up import SignUp

        sign_up()
        cache.clear()
        mail.outbox.clear()
        clean = SignUp.clean_email

        def looked_before_the_other_was_stored(self):
            email = clean(self)
            self.account_already_exists = False
            return email

        monkeypatch.setattr(SignUp, "clean_email", looked_before_the_other_was_stored)
        _browser, answer = sign_up(browser=visitor("192.0.2.9"))
        assert answer.url == reverse("account_email_verification_sent")
        assert User.objects.count() == Registration.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("name", "Win now https://evil.example"),
            ("name", "www.evil.example"),
            ("company", "x\r\nBcc: everybody"),
            ("company", "<b>x</b>"),
            ("name", ""),
            ("customer_number", "x" * 21),
        ],
    )
    def test_a_name_is_no_place_for_links_and_lines(self, field, text):
        _browser, answer = sign_up(**{field: text})
        assert answer.status_code == 200
        assert not User.objects.exists()
        assert not mail.outbox

    @pytest.mark.parametrize(
        ("first", "second", "says"),
        [
            ("kort", "kort", "This password is too short."),
            ("password123", "password123", "This password is too common."),
            (CHOSEN, "iets-anders-12", "You must type the same password each time."),
        ],
    )
    def test_a_weak_or_mistyped_password_is_refused_in_words(self, first, second, says):
        _browser, answer = sign_up(password1=first, password2=second)
        assert says in answer.content.decode()
        assert not User.objects.exists()


def test_an_agent_has_no_waiting_page(anna):
    assert browser_of(anna).get(reverse("waiting")).url == reverse("after_login")


def test_a_contact_that_the_desk_placed_has_no_waiting_page(carla):
    assert browser_of(carla).get(reverse("waiting")).url == reverse("after_login")


def test_the_desk_vouches_for_the_address_of_an_account_that_it_made(carla):
    browser = visitor()
    browser.post(reverse("account_login"), {"login": carla.email, "password": PASSWORD})
    assert carla.user.emailaddress_set.get().verified


def test_ones_own_address_is_shown_and_not_changed_here(carla):
    browser = browser_of(carla)
    assert carla.email in browser.get(reverse("account_email")).content.decode()
    answer = browser.post(reverse("account_email"), {"email": "eve@x.example", "action_add": "1"})
    assert answer.status_code == 405


@pytest.fixture
def asks_by_mail(infobits):
    """Somebody whom nobody knows asks something by mail."""
    from tests.cast import at

    from balie.rules.wishes import Channel, Wish
    from balie.tickets import actions
    from balie.tickets.actions import Writing

    def ask(email: str) -> Ticket:
        stranger = Contact.objects.create(email=email)
        return actions.take_in(
            stranger,
            Wish(Channel.MAIL),
            subject="Vraag",
            writing=Writing(text="x"),
            situation=at(infobits, timezone.now()),
        )

    return ask


def test_cast_contacts_are_not_newcomers(bakery):
    contact("Wim", bakery)
    assert not Registration.objects.exists()
