"""The screens for the privacy law: find a person, export, erase with a typed confirmation, decide what is kept."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.cast import browser_of

from balie.accounts.models import Agent, Role, User
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.privacy import actions
from balie.privacy.models import Erasure, Export, Retention

PRIVACY, KEPT = "/admin/privacy/", "/admin/privacy/kept/"


def of(contact: Contact, what: str = "") -> str:
    return f"/admin/privacy/contact/{contact.pk}/{what}"


def test_a_person_is_found_by_name_and_by_mail_address(
    infobits: Desk, willem: User, anna: User, carla: Contact
) -> None:
    browser = browser_of(willem)
    assert carla in browser.get(PRIVACY, {"q": "carl"}).context["contacts"]
    assert carla in browser.get(PRIVACY, {"q": "carla@shop"}).context["contacts"]
    assert browser.get(PRIVACY, {"q": "Anna"}).context["users"] == [anna]
    assert "Nobody is found" in browser.get(PRIVACY, {"q": "zzz"}).content.decode()


def test_an_export_is_asked_for_followed_and_fetched_by_who_asked(
    infobits: Desk, willem: User, carla: Contact, anna: User
) -> None:
    browser = browser_of(willem)
    assert browser.get(of(carla)).status_code == 200
    answer = browser.post(of(carla, "export/"))
    export = Export.objects.get()
    assert answer.url == f"/admin/privacy/exports/{export.pk}/"  # type: ignore[attr-defined]
    assert "being made" in browser.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert browser.get(f"{answer.url}file/").status_code == 404  # type: ignore[attr-defined]
    actions.make_export(export.pk, now=timezone.now())
    assert "Fetch the file" in browser.get(answer.url).content.decode()  # type: ignore[attr-defined]
    fetched = browser.get(f"{answer.url}file/")  # type: ignore[attr-defined]
    assert fetched.content.startswith(b"PK")
    assert "attachment" in fetched.headers["Content-Disposition"]
    assert "no-store" in fetched.headers["Cache-Control"]
    Agent.objects.filter(user=anna).update(role=Role.ADMINISTRATOR)
    assert browser_of(anna).get(f"{answer.url}file/").status_code == 404  # type: ignore[attr-defined]


def test_an_export_that_is_too_old_is_not_found(infobits: Desk, willem: User, carla: Contact) -> None:
    browser = browser_of(willem)
    browser.post(of(carla, "export/"))
    export = Export.objects.get()
    actions.make_export(export.pk, now=timezone.now())
    Export.objects.update(expires_at=timezone.now())
    assert browser.get(f"/admin/privacy/exports/{export.pk}/file/").status_code == 404


def test_erasing_tells_what_goes_and_what_stays_and_needs_the_address_typed(
    infobits: Desk, willem: User, carla: Contact, bakery: Customer
) -> None:
    browser = browser_of(willem)
    page = browser.get(of(carla, "erase/")).content.decode()
    assert "cannot be undone" in page
    assert "is deleted" in page and "stays without the person" in page
    refused = browser.post(of(carla, "erase/"), {"typed": "carla"})
    assert refused.status_code == 422
    carla.refresh_from_db()
    assert carla.name == "Carla"
    asked = browser.post(of(carla, "erase/"), {"typed": " Carla@shop.example "})
    order = Erasure.objects.get()
    assert (order.by, asked.url) == (willem, f"/admin/privacy/erasures/{order.pk}/")  # type: ignore[attr-defined]
    running = browser.get(asked.url).content.decode()  # type: ignore[attr-defined]
    assert "is being erased" in running and 'value="0"' in running
    actions.erase(order.pk, now=timezone.now())
    assert "The person is erased." in browser.get(asked.url).content.decode()  # type: ignore[attr-defined]
    carla.refresh_from_db()
    assert (carla.name, carla.is_active) == (f"[c{carla.pk}]", False)
    assert f"/admin/privacy/erasures/{order.pk}/" in browser.get(PRIVACY).content.decode()


def test_the_only_administrator_cannot_be_erased(infobits: Desk, willem: User) -> None:
    address = f"/admin/privacy/user/{willem.pk}/erase/"
    assert browser_of(willem).post(address, {"typed": willem.email}).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/admin/privacy/contact/999999/",
        "/admin/privacy/ghost/1/",
        "/admin/privacy/exports/9/",
        "/admin/privacy/erasures/9/",
    ],
)
def test_nobody_there_is_not_found(infobits: Desk, willem: User, address: str) -> None:
    assert browser_of(willem).get(address).status_code == 404


def test_what_would_go_is_counted_before_a_kind_is_switched_on(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    counted = browser.post(KEPT, {"record": "1", "raw_mail": ""})
    assert counted.context["counted"]
    assert "Nothing is deleted yet" in counted.content.decode()
    assert not Retention.objects.exists()
    assert browser.post(KEPT, {"record": "3650", "raw_mail": "", "_counted": "yes"}).status_code == 302
    assert Retention.objects.get().days == 3650
    assert browser.post(KEPT, {"_counted": "yes"}).status_code == 302
    assert not Retention.objects.exists()


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999999"])
def test_days_that_are_none_are_refused(infobits: Desk, willem: User, days: str) -> None:
    refused = browser_of(willem).post(KEPT, {"record": days, "_counted": "yes"})
    assert refused.status_code == 200
    assert refused.context["form"].errors["record"]
    assert not Retention.objects.exists()


def test_only_administrators_come_here(infobits: Desk, anna: User, carla: Contact, dario: Contact) -> None:
    for address in (PRIVACY, KEPT, of(carla), of(carla, "erase/")):
        for person in (anna, carla, dario):
            assert browser_of(person).get(address).status_code == 403
            assert browser_of(person).post(address, {"typed": carla.email}).status_code == 403
        assert "/login/" in browser_of(None).get(address).url  # type: ignore[attr-defined]
    carla.refresh_from_db()
    assert carla.name == "Carla"
