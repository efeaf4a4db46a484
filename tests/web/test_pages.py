"""What holds for every page: one look, nothing inline, labels, and the policy that makes it so."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.cast import browser_of

from balie.tickets.models import Ticket

FOR_ANYBODY = [
    "start",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_request_login_code",
    "account_signup",
]
FOR_ANY_LOGIN = ["account_logout", "account_change_password", "mfa_index"]
FOR_CUSTOMERS = ["my_tickets", "ask", "ask_terms"]
OF_A_TICKET = ["my_ticket", "my_conversation", "asked"]
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
)


@pytest.fixture(params=["en", "nl"])
def pages(request, infobits, sla8, carla, friday_ticket: Ticket) -> list[tuple[str, str]]:
    """Every page that somebody may see who is no agent, by name."""
    language = {"Accept-Language": request.param}
    anybody, customer = browser_of(None), browser_of(carla)
    for browser in (anybody, customer):
        browser.cookies["django_language"] = request.param
    found = [(name, anybody.get(reverse(name), headers=language)) for name in FOR_ANYBODY]
    found += [(name, customer.get(reverse(name))) for name in (*FOR_ANY_LOGIN, *FOR_CUSTOMERS)]
    found += [(name, customer.get(reverse(name, args=[friday_ticket.number]))) for name in OF_A_TICKET]
    return [(name, answer.content.decode()) for name, answer in found if answer.status_code == 200]


@pytest.fixture
def friday_ticket(infobits, sla8, carla) -> Ticket:
    from tests.cast import at

    from balie.rules.wishes import Channel, Wish
    from balie.tickets import actions

    return actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="Bonprinter",
        writing=actions.Writing(text="Stuk.", uploads=[actions.Upload("bon.png", "image/png", b"x")]),
        by=carla.user,
        situation=at(infobits),
    )


def test_every_page_is_there(pages):
    names = {name for name, _html in pages}
    assert names == {*FOR_ANYBODY, *FOR_ANY_LOGIN, *FOR_CUSTOMERS, *OF_A_TICKET}


def test_nothing_is_inline(pages):
    for name, html in pages:
        assert not INLINE.search(html), name


def test_every_whole_page_has_one_heading_a_title_and_a_way_past_the_menu(pages):
    for name, html in pages:
        if "<html" in html:
            assert html.count("<h1") == 1, name
            assert re.search(r"<title>[^<]{3,}</title>", html), name
            assert 'href="#content"' in html, name


def test_every_field_that_is_seen_has_a_label(pages):
    for name, html in pages:
        labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html))
        wrapped = "".join(re.findall(r"<label\b.*?</label>", html, re.DOTALL))
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
            if 'type="hidden"' in field or 'type="submit"' in field:
                continue
            key = re.search(r'\sid="([^"]+)"', field)
            is_named = field in wrapped or 'aria-label="' in field or (key and key[1] in labelled)
            assert is_named, f"{name}: {field}"


def test_no_id_stands_on_a_page_twice(pages):
    for name, html in pages:
        keys = re.findall(r'\sid="([^"]+)"', html)
        assert len(keys) == len(set(keys)), f"{name}: {sorted(key for key in keys if keys.count(key) > 1)}"


def test_every_answer_carries_the_policy(infobits):
    policy = browser_of(None).get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_what_is_not_there_is_answered_in_the_look_of_the_house(infobits):
    answer = browser_of(None).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.content.decode()
