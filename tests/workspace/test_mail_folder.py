"""The mail folder: for administrators, with a way to try again what went wrong."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import Settings
from tests.mail.letters import arrives, letter
from tests.workspace.conftest import browser_of

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import InboundMail, InboundState, OutboundKind, OutboundMail, OutboundState

pytestmark = pytest.mark.django_db


@pytest.fixture
def came_in(softwear: Desk, carla: Contact) -> InboundMail:
    return arrives(
        letter("Carla <carla@shop.example>", "De lade klemt.", files=(("bon.pdf", "application/pdf", b"x"),))
    )


@pytest.fixture
def quarantined(softwear: Desk) -> InboundMail:
    return arrives(letter(None, "Wie ben ik?", subject="Zonder afzender"))


def page(user: User, *args: object, name: str = "mail_folder", **query: str) -> str:
    response = browser_of(user).get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_what_goes_out_is_listed_and_can_be_read(came_in: InboundMail, willem: User) -> None:
    sent = OutboundMail.objects.get()

    assert sent.subject in page(willem)
    shown = page(willem, "out", sent.pk, name="mail_shown")
    assert "carla@shop.example" in shown
    assert sent.message_id_header.strip("<>") in shown
    assert "auto-replied" in shown


def test_what_came_in_is_listed_with_what_became_of_it(came_in: InboundMail, willem: User) -> None:
    assert "a new ticket" in page(willem, tab="in")

    shown = page(willem, "in", came_in.pk, name="mail_shown")
    assert "De lade klemt." in shown
    assert "It carries no token of an earlier mail of ours." in shown
    assert reverse("ticket", args=[came_in.ticket.number]) in shown
    assert "bon.pdf" in shown


def test_the_quarantine_tells_why_and_offers_to_try_again(quarantined: InboundMail, willem: User) -> None:
    listed = page(willem, tab="quarantine")
    assert "names no sender" in listed
    assert "Zonder afzender" in listed

    assert reverse("mail_retry", args=["in", quarantined.pk]) in page(
        willem, "in", quarantined.pk, name="mail_shown"
    )


def test_trouble_that_we_did_not_foresee_is_told_in_its_own_words(
    quarantined: InboundMail, willem: User
) -> None:
    InboundMail.objects.update(error="ValueError: the well is poisoned", reasons=[])

    assert "the well is poisoned" in page(willem, tab="quarantine")
    assert "the well is poisoned" in page(willem, "in", quarantined.pk, name="mail_shown")


def test_a_retried_mail_is_worked_on_again(quarantined: InboundMail, willem: User) -> None:
    response = browser_of(willem).post(reverse("mail_retry", args=["in", quarantined.pk]))

    quarantined.refresh_from_db()
    assert (response.status_code, quarantined.state) == (302, InboundState.STORED)


def test_what_is_not_in_quarantine_cannot_be_retried(came_in: InboundMail, willem: User) -> None:
    assert "retry" not in page(willem, "in", came_in.pk, name="mail_shown")

    assert browser_of(willem).post(reverse("mail_retry", args=["in", came_in.pk])).status_code == 422


def test_a_failed_mail_is_sent_again(came_in: InboundMail, willem: User, settings: Settings) -> None:
    settings.SMTP_URL = "smtps://mail.example"
    sent = OutboundMail.objects.get()
    OutboundMail.objects.update(state=OutboundState.FAILED, error="550 no such user")
    assert "550 no such user" in page(willem, tab="failed")
    assert "Send again" in page(willem, "out", sent.pk, name="mail_shown")

    browser_of(willem).post(reverse("mail_retry", args=["out", sent.pk]))

    sent.refresh_from_db()
    assert (sent.state, sent.error) == (OutboundState.QUEUED, "")


def test_where_mail_stays_in_the_folder_the_page_says_why_and_offers_nothing(
    came_in: InboundMail, willem: User
) -> None:
    sent = OutboundMail.objects.get()
    assert "BALIE_SMTP_URL" in page(willem)
    assert "Send again" not in page(willem, "out", sent.pk, name="mail_shown")
    Desk.objects.update(is_demo=True)
    assert "This is a demo" in page(willem)

    assert browser_of(willem).post(reverse("mail_retry", args=["out", sent.pk])).status_code == 422


def test_the_raw_message_comes_byte_for_byte_as_a_file(came_in: InboundMail, willem: User) -> None:
    response = browser_of(willem).get(reverse("mail_raw", args=[came_in.pk]))

    assert response.content == bytes(came_in.raw)
    assert response.headers["Content-Disposition"] == f'attachment; filename="mail-{came_in.pk}.eml"'
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_a_hostile_mail_is_shown_as_text(softwear: Desk, willem: User) -> None:
    mail = arrives(letter('"<img src=x>" <x@y.example>', "<script>alert(1)</script>", subject="<b>x</b>"))

    for shown in (page(willem, "in", mail.pk, name="mail_shown"), page(willem, tab="in")):
        assert "<script>alert" not in shown
        assert "<b>x</b>" not in shown


@pytest.mark.parametrize("tab", ["out", "failed", "in", "quarantine", "no-such-tab"])
def test_every_tab_has_something_to_say_when_it_is_empty(softwear: Desk, willem: User, tab: str) -> None:
    assert 'class="empty' in page(willem, tab=tab)


def test_older_mail_is_on_the_next_page(
    came_in: InboundMail, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives(letter("carla@shop.example", subject="De nieuwste"))
    monkeypatch.setattr("balie.workspace.mail_folder.PAGE", 1)

    first = page(willem, tab="in")
    assert "De nieuwste" in first
    newest = InboundMail.objects.latest("pk").pk
    assert f"before={newest}" in first
    second = page(willem, tab="in", before=str(newest))
    assert "De nieuwste" not in second
    assert "Kassalade" in second


@pytest.mark.parametrize(
    "path",
    ["/desk/mail/", "/desk/mail/in/{}/", "/desk/mail/in/{}/raw/", "/desk/mail/out/{}/", "/desk/mail/up/1/"],
)
def test_for_everybody_else_the_folder_does_not_exist(
    came_in: InboundMail, anna: User, carla: Contact, dario: Contact, path: str
) -> None:
    key = OutboundMail.objects.get().pk if "out" in path else came_in.pk
    for person in (anna, carla, dario):
        assert browser_of(person).get(path.format(key)).status_code == 404
    assert browser_of(None).get(path.format(key)).status_code == 302


@pytest.mark.parametrize("direction", ["in", "out"])
def test_nobody_else_retries_anything(
    came_in: InboundMail, anna: User, carla: Contact, direction: str
) -> None:
    OutboundMail.objects.update(state=OutboundState.FAILED)
    InboundMail.objects.update(state=InboundState.QUARANTINED)
    key = OutboundMail.objects.get().pk if direction == "out" else came_in.pk

    for person in (anna, carla):
        assert browser_of(person).post(reverse("mail_retry", args=[direction, key])).status_code == 404
    assert OutboundMail.objects.get().state == OutboundState.FAILED
    assert InboundMail.objects.get().state == InboundState.QUARANTINED


@pytest.mark.parametrize("path", ["/desk/mail/in/999999/", "/desk/mail/out/999999/", "/desk/mail/up/1/"])
def test_what_is_not_there_is_not_found(softwear: Desk, willem: User, path: str) -> None:
    assert browser_of(willem).get(path).status_code == 404


def test_the_list_costs_the_same_whatever_its_length(
    came_in: InboundMail, willem: User, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        arrives(letter("carla@shop.example", f"Vraag {number}"))
    browser = browser_of(willem)

    for tab in ("in", "out"):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            browser.get(reverse("mail_folder"), {"tab": tab})


def test_a_mail_about_an_account_forgets_its_text_once_sent(softwear: Desk, willem: User) -> None:
    mail = OutboundMail.objects.create(
        created_at="2026-11-20T16:00Z",
        kind=OutboundKind.ACCOUNT,
        message_id_header="<x@softwear.nl>",
        sender="help@softwear.nl",
        recipient="carla@shop.example",
        subject="Code",
        state=OutboundState.SENT,
    )

    assert "held a way to log in" in page(willem, "out", mail.pk, name="mail_shown")
