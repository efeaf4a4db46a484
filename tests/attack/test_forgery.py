"""Requests that no page of ours made: forged, redirected, with a stolen or planted session."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.attack.conftest import hidden_fields, strict_browser_of
from tests.cast import PASSWORD, at, browser_of

from balie.accounts.models import User
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Message, Ticket

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
]


@pytest.fixture
def ticket(infobits: Desk, sla8: Customer, carla: Contact) -> Ticket:
    return actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Bonprinter",
        writing=Writing(text="Print niet."),
        situation=at(infobits, timezone.now()),
    )


def test_no_form_is_taken_without_its_token(ticket: Ticket, carla: Contact, anna: User, willem: User) -> None:
    number = ticket.number
    for person, addresses in (
        (None, [reverse("account_login"), reverse("account_reset_password"), reverse("set_language")]),
        (
            carla,
            [
                "/my/ask/",
                f"/my/tickets/{number}/reply/",
                f"/my/tickets/{number}/end/",
                reverse("account_logout"),
            ],
        ),
        (anna, [f"/desk/tickets/{number}/{what}/" for what in ("reply", "note", "move", "assign")]),
        (anna, [f"/desk/new/?contact={carla.pk}"]),
        (willem, [reverse("mail_retry", args=["in", 1]), reverse("admin:desk_desk_change", args=[1])]),
    ):
        browser = strict_browser_of(person)
        for address in addresses:
            answer = browser.post(
                address, {"text": "x", "reply-text": "x", "note-text": "x", "move": "close"}
            )
            assert answer.status_code == 403, address
    assert Message.objects.count() == 1
    assert Ticket.objects.get().state == ticket.state


def test_the_token_of_one_visitor_is_of_no_use_to_another(
    ticket: Ticket, carla: Contact, dario: Contact
) -> None:
    stolen = hidden_fields(strict_browser_of(dario).get("/my/ask/"))["csrfmiddlewaretoken"]
    browser = strict_browser_of(carla)
    browser.get("/my/ask/")
    address = f"/my/tickets/{ticket.number}/reply/"
    assert browser.post(address, {"text": "x", "csrfmiddlewaretoken": stolen}).status_code == 403


def test_a_form_from_another_site_is_refused_even_with_the_token(ticket: Ticket, carla: Contact) -> None:
    browser = strict_browser_of(carla)
    form = hidden_fields(browser.get(f"/my/tickets/{ticket.number}/")) | {"text": "x"}
    answer = browser.post(
        f"/my/tickets/{ticket.number}/reply/", form, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert Message.objects.count() == 1


def test_a_session_that_was_planted_before_the_login_is_not_the_one_after_it(
    infobits: Desk, carla: Contact
) -> None:
    browser = Client()
    browser.get("/account/login/?next=/my/")
    session = browser.session
    session["planted"] = "by Eve"
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    browser.post("/account/login/", {"login": carla.email, "password": PASSWORD})
    assert browser.cookies["sessionid"].value != planted
    eve = Client()
    eve.cookies["sessionid"] = planted
    assert eve.get("/my/").status_code == 302


def test_a_session_copied_before_the_logout_is_worth_nothing_after_it(infobits: Desk, carla: Contact) -> None:
    browser = browser_of(carla)
    copied = browser.cookies["sessionid"].value
    browser.post("/account/logout/")
    eve = Client()
    eve.cookies["sessionid"] = copied
    assert eve.get("/my/").status_code == 302


def test_a_new_password_ends_every_other_session(infobits: Desk, carla: Contact) -> None:
    stolen, own = browser_of(carla), browser_of(carla)
    chosen = "bonrol-onder-de-toonbank"
    changed = own.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen},
    )
    assert changed.status_code == 302
    assert stolen.get("/my/").status_code == 302
    assert own.get("/my/").status_code == 200


def test_somebody_who_is_put_out_is_out_at_once(infobits: Desk, carla: Contact, anna: User) -> None:
    hers, agents = browser_of(carla), browser_of(anna)
    Contact.objects.filter(pk=carla.pk).update(is_active=False)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert hers.get("/my/").status_code == 403
    assert agents.get("/desk/").status_code == 302


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("name", ["account_login", "set_language", "account_logout"])
def test_nobody_is_sent_to_another_site(infobits: Desk, carla: Contact, name: str, elsewhere: str) -> None:
    browser = Client() if name == "account_login" else browser_of(carla)
    form = {"next": elsewhere, "login": carla.email, "password": PASSWORD, "language": "en"}
    answer = browser.post(f"{reverse(name)}?next={elsewhere}", form)
    assert answer.status_code == 302
    assert answer.url.startswith("/") and not answer.url.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_a_host_that_is_not_ours_gets_nothing(infobits: Desk, carla: Contact, host: str) -> None:
    answer = Client().post(reverse("account_reset_password"), {"email": carla.email}, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_does_not_get_into_the_link_of_a_mail(infobits: Desk, carla: Contact) -> None:
    from django.core import mail

    Client().post(
        reverse("account_reset_password"),
        {"email": carla.email},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    assert "evil.example" not in mail.outbox[0].body


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_no_other_method_writes_anything(ticket: Ticket, carla: Contact, anna: User, method: str) -> None:
    number = ticket.number
    body = {
        "text": "x",
        "reply-text": "x",
        "reply-move": "answer",
        "reply-submission": str(uuid4()),
        "move": "close",
    }
    for person, address in (
        (carla, f"/my/tickets/{number}/reply/"),
        (carla, f"/my/tickets/{number}/end/"),
        (carla, "/my/ask/"),
        (anna, f"/desk/tickets/{number}/reply/"),
        (anna, f"/desk/tickets/{number}/move/"),
        (anna, f"/desk/tickets/{number}/assign/"),
    ):
        answer = browser_of(person).generic(
            method.upper(), address, str(body), "application/x-www-form-urlencoded"
        )
        assert answer.status_code in {302, 405}, address
    assert Message.objects.count() == 1
    assert Ticket.objects.get().state == ticket.state


def test_head_tells_what_get_would_without_its_body(ticket: Ticket, carla: Contact, dario: Contact) -> None:
    address = f"/my/tickets/{ticket.number}/"
    assert browser_of(carla).head(address).status_code == 200
    assert browser_of(carla).head(address).content == b""
    assert browser_of(dario).head(address).status_code == 404
    assert Client().head(address).status_code == 302
