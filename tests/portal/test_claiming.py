"""Forgot login: what the pages say to the claimant, the same whatever is known; and the links from the mails."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from balie.customers import claims
from balie.customers.models import AddressClaim, Contact, PhoneNumber
from balie.rules.address_claims import Channel, State, Verification

pytestmark = pytest.mark.usefixtures("infobits")


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


def visitor(address: str = "192.0.2.1") -> Client:
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})


def form(**fields: str) -> dict[str, str]:
    return {
        "name": "Carla",
        "company": "Bakkerij De Korenbloem",
        "new_email": "carla@nieuw.example",
        "old_email": "carla@shop.example",
        "phone": "06 12345678",
        **fields,
    }


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def link_in(message) -> str:
    found = re.search(r"https?://[^/]+(/account/forgot/\S+)", message.body)
    assert found, message.body
    return found[1]


def asked(browser: Client | None = None, **fields: str):
    return (browser or visitor()).post(reverse("forgot_login"), form(**fields))


class TestAsking:
    def test_the_new_address_gets_a_link_IB_06(self):
        answer = asked()
        assert answer.url == reverse("login_asked")
        assert [message.to for message in mail.outbox] == [["carla@nieuw.example"]]
        claim = AddressClaim.objects.get()
        assert (claim.state, claim.phone) == (State.REQUESTED, "+31612345678")

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"company": "There is no such shop"},
            {"company": "K-1001"},
            {"old_email": "nobody@shop.example"},
            {"old_email": ""},
            {"name": "Nobody"},
            {"new_email": "dario@shop.example"},
        ],
    )
    def test_every_answer_is_the_same_IB_06(self, carla, dario, fields):
        browser = visitor()
        answer = asked(browser, **fields)
        page = browser.get(answer.url)
        said = words(page.content.decode()).replace(form(**fields)["new_email"], "…")
        cache.clear()
        other = visitor("192.0.2.2")
        expected = other.get(asked(other, new_email="else@nieuw.example", company="x", old_email="").url)
        assert answer.status_code == 302
        assert said == words(expected.content.decode()).replace("else@nieuw.example", "…")
        assert len(mail.outbox) == 2

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"phone": "call me"}, "This is not a phone number."),
            ({"phone": "06 123"}, "This is not a phone number."),
            ({"new_email": "nonsense"}, "valid email"),
            ({"name": "Click https://evil.example"}, "without links"),
            ({"company": ""}, "required"),
        ],
    )
    def test_what_cannot_be_read_is_asked_again(self, fields, says):
        answer = asked(**fields)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not AddressClaim.objects.exists()


class TestTheLinks:
    def test_opening_the_link_does_nothing_the_button_does_IB_06(self, carla):
        asked()
        path = link_in(mail.outbox[0])
        browser = visitor()
        assert browser.get(path).status_code == 200
        assert AddressClaim.objects.get().state == State.REQUESTED
        assert browser.post(path).status_code == 200
        assert AddressClaim.objects.get().state == State.VERIFIED

    def test_the_link_works_once_IB_06(self, carla):
        asked()
        path = link_in(mail.outbox[0])
        visitor().post(path)
        for answer in (visitor().get(path), visitor().post(path)):
            assert answer.status_code == 422
            assert "used already" in answer.content.decode()

    def test_anybody_who_is_told_stops_it_with_one_click_IB_06(self, carla):
        asked()
        visitor().post(link_in(mail.outbox[0]))
        path = link_in(mail.outbox[1])
        browser = visitor()
        page = browser.get(path)
        assert "carla@nieuw.example" in page.content.decode()
        assert AddressClaim.objects.get().state == State.VERIFIED
        browser.post(path)
        assert AddressClaim.objects.get().state == State.REVOKED
        assert "nothing has changed" in browser.get(path).content.decode()
        assert browser.post(path).status_code == 422

    def test_after_it_took_effect_the_page_says_what_to_do_IB_06(self, carla, infobits, anna):
        PhoneNumber.objects.create(
            customer=carla.customer, e164="+31205550101", registered_on=date(2025, 1, 1)
        )
        asked()
        visitor().post(link_in(mail.outbox[0]))
        path = link_in(mail.outbox[1])
        claim = AddressClaim.objects.get()
        now = timezone.now()
        claims.approve(claim, carla, Verification(Channel.LETTER, "Signed."), desk=infobits, by=anna, now=now)
        claims.take_effect_due(desk=infobits, now=now + timedelta(hours=73))
        assert "Tell the desk at once" in visitor().get(path).content.decode()

    @pytest.mark.parametrize("name", ["verify_claim", "stop_claim", "join"])
    @pytest.mark.parametrize("token", ["x", "a:b:c", "é", "e30:1x:AA"])
    def test_a_forged_link_is_refused(self, name, token):
        assert visitor().get(reverse(name, args=[token])).status_code == 422
        assert visitor().post(reverse(name, args=[token])).status_code == 422


class TestByTheThousand:
    def test_one_visitor_asks_five_times_an_hour_IB_06(self):
        statuses = [asked(new_email=f"c{number}@nieuw.example").status_code for number in range(7)]
        assert statuses == [302] * 5 + [429] * 2
        assert AddressClaim.objects.count() == 5

    def test_one_address_is_mailed_three_times_a_day_IB_06(self):
        statuses = [asked(visitor(f"192.0.2.{number}")).status_code for number in range(5)]
        assert statuses == [302] * 3 + [429] * 2
        assert len(mail.outbox) == 3

    def test_guessing_links_is_stopped_IB_06(self):
        browser = visitor()
        statuses = [browser.post(reverse("stop_claim", args=["x"])).status_code for _try in range(31)]
        assert statuses == [422] * 30 + [429]


def test_the_login_page_leads_there(carla):
    page = visitor().get(reverse("account_login")).content.decode()
    assert reverse("forgot_login") in page
    assert reverse("account_signup") in page
    assert reverse("account_request_login_code") in page


def test_contacts_of_nobody_are_not_warned(carla, bakery):
    Contact.objects.create(customer=bakery, email="left@shop.example", is_active=False)
    asked()
    visitor().post(link_in(mail.outbox[0]))
    assert [message.to for message in mail.outbox[1:]] == [["carla@shop.example"]]
