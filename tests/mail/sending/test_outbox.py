"""Django's own mail: passwords, codes and invitations are rows of the same outbox."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives, mail_admins, send_mail
from django.test import Client
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR
from tests.postbox import Loopback, Postbox

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions
from balie.mail.models import OutboundKind, OutboundMail, OutboundState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_outbox(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "balie.mail.outbox.Outbox"


def test_what_django_sends_is_a_row_for_each_recipient(softwear: Desk) -> None:
    message = EmailMultiAlternatives("Welkom", "Hallo", to=["a@shop.example"], bcc=["b@shop.example"])
    message.attach_alternative("<p>Hallo</p>", "text/html")

    assert message.send() == 1

    rows = OutboundMail.objects.order_by("pk")
    assert [row.recipient for row in rows] == ["a@shop.example", "b@shop.example"]
    assert {(row.kind, row.text, row.html) for row in rows} == {
        (OutboundKind.ACCOUNT, "Hallo", "<p>Hallo</p>")
    }
    assert len({row.message_id_header for row in rows}) == 2
    assert rows[0].headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_to_nobody_is_nothing(softwear: Desk, settings: Settings) -> None:
    settings.ADMINS = []

    mail_admins("x", "y")

    assert not OutboundMail.objects.exists()


def test_an_attachment_is_refused_rather_than_lost(softwear: Desk) -> None:
    message = EmailMultiAlternatives("Welkom", "Hallo", to=["a@shop.example"])
    message.attach("x.txt", "x", "text/plain")

    with pytest.raises(ValueError, match="has no attachments"):
        message.send()


def test_a_way_to_log_in_is_forgotten_once_it_has_arrived(
    softwear: Desk, mail_server: Loopback, postbox: Postbox
) -> None:
    send_mail("Code", "Uw code is 123456", None, ["carla@shop.example"])
    sent = OutboundMail.objects.get()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    sent.refresh_from_db()
    assert "123456" in postbox.messages[0].get_content()
    assert (sent.state, sent.text, sent.html) == (OutboundState.SENT, "", "")


def test_a_forgotten_password_is_mailed_through_the_outbox(
    softwear: Desk, carla: Contact, client: Client
) -> None:
    client.post("/account/password/reset/", {"email": "carla@shop.example"})

    sent = OutboundMail.objects.get()
    assert (sent.kind, sent.recipient, sent.state) == (
        OutboundKind.ACCOUNT,
        "carla@shop.example",
        OutboundState.KEPT,
    )
    assert "/account/password/reset/key/" in sent.text
