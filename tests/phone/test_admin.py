"""Exchanges and telephones in the administration."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import browser_of
from tests.phone.exchange import CARLAS, Pbx, pbx, rings

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.desk import sealing
from balie.desk.models import Desk, Line
from balie.phone.models import CalledNumber, Exchange, Extension


@pytest.fixture
def browser(infobits: Desk, willem: User) -> Client:
    """Of Willem, who reads English here."""
    willem.language = "en"
    willem.save(update_fields=["language"])
    return browser_of(willem)


def token_in(page: bytes) -> str:
    found = re.search(r'<code id="token">([^<]+)</code>', page.decode())
    assert found is not None
    return found[1]


def test_an_administrator_makes_an_exchange_and_sees_its_token_once(browser: Client) -> None:
    page = browser.post("/admin/phone/exchange/add/", {"name": "Centrale"})
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    token, exchange = token_in(page.content), Exchange.objects.get()
    assert Pbx(exchange, token).asks("x", number=CARLAS)["action"] == "announce"
    change = browser.get(f"/admin/phone/exchange/{exchange.pk}/change/")
    assert token not in change.content.decode()
    assert [*Entry.objects.filter(subject_type="phone.exchange").values_list("action", flat=True)] == [
        "make_exchange"
    ]
    assert not Entry.objects.filter(data__icontains=token).exists()


def test_a_new_token_takes_the_place_of_the_old(browser: Client) -> None:
    exchange = pbx(timezone.now())
    page = browser.post(f"/admin/phone/exchange/{exchange.exchange.pk}/renew/")
    assert exchange.post("route", {"call": "x"}).status_code == 401
    assert exchange.post("route", {"call": "x"}, token=token_in(page.content)).status_code == 200


def test_an_exchange_is_switched_off(browser: Client) -> None:
    exchange = pbx(timezone.now())
    sent = {"name": "Centrale", "dial_kind": "tel"}
    assert browser.post(f"/admin/phone/exchange/{exchange.exchange.pk}/change/", sent).status_code == 302
    assert exchange.post("route", {"call": "x"}).status_code == 403


def test_the_secret_for_dialling_is_sealed_and_not_sent_to_another_address(browser: Client) -> None:
    exchange = pbx(timezone.now()).exchange
    address = f"/admin/phone/exchange/{exchange.pk}/change/"
    sent = {
        "name": "Centrale",
        "is_active": "on",
        "dial_kind": "ari",
        "dial_url": "https://pbx.example",
        "dial_user": "balie",
        "dial_secret": "geheim-van-de-centrale",
    }
    assert browser.post(address, sent).status_code == 302
    exchange.refresh_from_db()
    assert sealing.unseal(exchange.sealed_dial_secret) == sent["dial_secret"]
    assert sent["dial_secret"] not in browser.get(address).content.decode()
    assert not Entry.objects.filter(data__icontains=sent["dial_secret"]).exists()
    moved = browser.post(address, sent | {"dial_url": "https://elsewhere.example", "dial_secret": ""})
    assert moved.status_code == 200
    exchange.refresh_from_db()
    assert exchange.dial_url == "https://pbx.example"


def test_an_exchange_that_told_of_calls_is_not_deleted(browser: Client) -> None:
    exchange = pbx(timezone.now())
    address = f"/admin/phone/exchange/{exchange.exchange.pk}/delete/"
    assert browser.get(address).status_code == 200
    exchange.asks("x")
    assert browser.get(address).status_code == 403


def test_telephones_numbers_and_queues_are_kept_by_an_administrator(browser: Client, anna: User) -> None:
    line = Line.objects.get(key="helpdesk")
    added = browser.post(
        "/admin/phone/extension/add/",
        {
            "number": "201",
            "user": anna.pk,
            "takes_calls": "on",
            "places-TOTAL_FORMS": "1",
            "places-INITIAL_FORMS": "0",
            "places-0-line": line.pk,
            "places-0-position": "2",
        },
    )
    assert added.status_code == 302, added.content
    telephone = Extension.objects.get()
    assert (telephone.user, telephone.places.get().position) == (anna, 2)
    assert "201" in browser.get("/admin/phone/extension/").content.decode()
    assert (
        browser.post("/admin/phone/callednumber/add/", {"number": CARLAS, "line": line.pk}).status_code == 302
    )
    assert CalledNumber.objects.get().line == line


def test_only_people_of_the_desk_have_a_telephone(browser: Client, anna: User, carla: object) -> None:
    page = browser.get("/admin/phone/extension/add/").content.decode()
    assert anna.name in page
    assert "Carla" not in page


def test_the_map_tells_of_an_exchange_that_was_not_heard_for_a_day(browser: Client) -> None:
    rings("helpdesk", "201")
    exchange = pbx(timezone.now())
    assert "not heard for a day" not in browser.get("/admin/").content.decode()
    Exchange.objects.filter(pk=exchange.exchange.pk).update(made_at="2020-01-01T00:00:00Z")
    assert "not heard for a day: Centrale" in browser.get("/admin/").content.decode()
