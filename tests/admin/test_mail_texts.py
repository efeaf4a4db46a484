"""Changing the texts of mails in the browser: checked, shown with a real ticket, and back to the standard."""

from __future__ import annotations

import pytest
from tests.cast import at, browser_of

from balie.accounts.models import User
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.mail import texts
from balie.mail.models import MailText
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.models import Ticket

LIST = "/admin/mail-texts/"
CONFIRMATION = "/admin/mail-texts/confirmation/nl/"
OWN = {"subject": "Vraag {number}", "body": "Dag {name}!\n\n{promise}\n\n{link}"}


@pytest.fixture
def asked(infobits: Desk, sla8: Customer, carla: Contact) -> Ticket:
    writing = actions.Writing("Er komt <b>geen</b> bon uit.")
    return actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="Geen bon",
        writing=writing,
        by=carla.user,
        situation=at(infobits),
    )


@pytest.mark.parametrize("kind", texts.KINDS)
def test_every_mail_can_be_looked_at_with_a_real_ticket(asked: Ticket, willem: User, kind: str) -> None:
    page = browser_of(willem).get(f"/admin/mail-texts/{kind}/en/")
    shown = page.context["preview"]
    assert page.status_code == 200
    assert shown.subject
    assert shown.text.strip()
    assert "{" not in shown.text
    assert "style=" not in shown.html  # our pages have none, their policy forbids it


def test_a_desk_without_tickets_has_a_preview_too(infobits: Desk, willem: User) -> None:
    assert browser_of(willem).get(CONFIRMATION).status_code == 200


def test_a_text_is_looked_at_before_it_is_kept(asked: Ticket, willem: User) -> None:
    page = browser_of(willem).post(CONFIRMATION, {**OWN, "_preview": "yes", "ticket": asked.number})
    assert page.context["preview"].subject == f"Vraag {asked.number}"
    assert "<p>Dag Carla!</p>" in page.content.decode()
    assert not MailText.objects.exists()


def test_a_text_is_kept_and_given_back_to_the_standard(asked: Ticket, willem: User) -> None:
    browser = browser_of(willem)
    assert browser.post(CONFIRMATION, OWN).status_code == 302
    assert MailText.objects.get().body == OWN["body"]
    assert "own text" in browser.get(LIST).content.decode()
    assert browser.post(CONFIRMATION, {"_standard": "yes"}).status_code == 302
    assert not MailText.objects.exists()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"body": "{promise} {link} {nummer}"}, "{nummer}"),
        ({"body": "{promise}"}, "{link}"),
        ({"subject": ""}, "required"),
    ],
    ids=["unknown place", "missing place", "no subject"],
)
def test_a_text_that_cannot_be_is_refused_in_words(
    asked: Ticket, willem: User, changed: dict[str, str], complaint: str
) -> None:
    refused = browser_of(willem).post(CONFIRMATION, {**OWN, **changed})
    assert refused.status_code == 200
    assert complaint in refused.context["form"].errors.as_text()
    assert not MailText.objects.exists()


def test_an_administrator_cannot_break_the_html(asked: Ticket, willem: User) -> None:
    hostile = {**OWN, "body": "</p></div><script>alert(1)</script>{promise}{link}", "_preview": "yes"}
    page = browser_of(willem).post(CONFIRMATION, hostile).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("address", ["/admin/mail-texts/account/nl/", "/admin/mail-texts/reply/fr/"])
def test_a_mail_or_a_language_that_is_not_there_is_not_found(
    infobits: Desk, willem: User, address: str
) -> None:
    assert browser_of(willem).get(address).status_code == 404


def test_only_administrators_see_the_texts(
    infobits: Desk, anna: User, carla: Contact, dario: Contact
) -> None:
    for person in (anna, carla, dario):
        assert browser_of(person).get(LIST).status_code == 403
        assert browser_of(person).post(CONFIRMATION, OWN).status_code == 403
    assert "/login/" in browser_of(None).get(LIST).url  # type: ignore[attr-defined]
