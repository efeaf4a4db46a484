"""The administration is for administrators, and every page of it works under the house's content policy."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from tests.cast import browser_of

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk

TABLES = [
    (model._meta.app_label, model._meta.model_name)
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label)
]
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)|\sstyle=|\son[a-z]+=|javascript:", re.I
)


def addresses(app: str, table: str) -> list[str]:
    return [reverse(f"admin:{app}_{table}_changelist"), reverse(f"admin:{app}_{table}_add")]


@pytest.mark.parametrize(("app", "table"), TABLES)
def test_an_agent_and_a_customer_are_refused_everywhere(
    infobits: Desk, anna: User, carla: Contact, app: str, table: str
) -> None:
    for person in (anna, carla):
        for address in addresses(app, table):
            assert browser_of(person).get(address).status_code == 403
            assert browser_of(person).post(address, {}).status_code == 403


@pytest.mark.parametrize(("app", "table"), TABLES)
def test_who_is_not_logged_in_is_led_to_the_one_login_page(infobits: Desk, app: str, table: str) -> None:
    answer = Client().get(addresses(app, table)[0], follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login") + "?next=/admin/")


@pytest.mark.parametrize(("app", "table"), TABLES)
def test_every_list_opens_for_an_administrator_with_nothing_inline(
    infobits: Desk, willem: User, app: str, table: str
) -> None:
    page = browser_of(willem).get(addresses(app, table)[0], follow=True)
    assert page.status_code == 200
    assert not INLINE.search(page.content.decode())
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_administration_leads_back_to_the_desk(infobits: Desk, willem: User) -> None:
    page = browser_of(willem).get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("queue")}"' in page
    assert "Infobits helpdesk" in page
    assert not INLINE.search(page)


def test_the_login_of_the_administration_is_no_second_door(infobits: Desk, anna: User) -> None:
    assert browser_of(None).get(reverse("admin:login")).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    assert browser_of(anna).get(reverse("admin:login")).status_code == 403


def test_only_our_own_tables_are_on_the_screen(infobits: Desk) -> None:
    assert {model.__module__.split(".")[0] for model in admin.site._registry} == {"balie"}


@pytest.mark.parametrize(
    ("app", "table"),
    [
        ("audit", "entry"),
        ("mail", "inboundmail"),
        ("mail", "outboundmail"),
        ("files", "file"),
        ("tickets", "ticket"),
    ],
)
def test_nobody_adds_what_only_happens(infobits: Desk, willem: User, app: str, table: str) -> None:
    assert browser_of(willem).get(reverse(f"admin:{app}_{table}_add")).status_code == 403
