"""Giving mail to a real server: encryption, login, what it says, and when we try again."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR, at
from tests.mail.letters import arrives, letter
from tests.mail.test_intake import waiting_jobs
from tests.postbox import Loopback, Postbox, knows_balie, stop

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, delivering, jobs
from balie.mail.bounces import return_path_of
from balie.mail.models import OutboundKind, OutboundMail, OutboundState
from balie.mail.sending import Encryption, SmtpServer, UnusableSmtpUrl
from balie.tickets import actions as tickets
from balie.tickets.actions import Upload, Writing

pytestmark = pytest.mark.django_db


def queued() -> OutboundMail:
    """A confirmation to Carla that waits to be delivered."""
    arrives(letter("carla@shop.example"))
    return OutboundMail.objects.get(state=OutboundState.QUEUED)


def test_a_letter_is_queued_with_a_job_of_its_own(
    softwear: Desk, carla: Contact, mail_server: Loopback
) -> None:
    sent = queued()

    assert [job.args for job in waiting_jobs(jobs.DELIVER)] == [{"outbound": sent.pk}]


def test_what_the_server_took_is_what_the_row_says(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    sent = queued()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    sent.refresh_from_db()
    message, envelope = postbox.messages[0], postbox.envelopes[0]
    assert (sent.state, sent.sent_at, sent.attempts, sent.next_attempt_at) == (
        OutboundState.SENT,
        FRIDAY_AT_FOUR,
        1,
        None,
    )
    assert (envelope.mail_from, envelope.rcpt_tos) == (return_path_of(sent), ["carla@shop.example"])
    assert message["Message-ID"] == sent.message_id_header
    assert message["From"] == "Softwear servicedesk <help@softwear.nl>"
    assert (message["Reply-To"], message["Subject"]) == (sent.reply_to, sent.subject)
    assert message["Auto-Submitted"] == "auto-replied"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().split() == sent.text.split()


def test_a_mail_is_given_to_the_server_once(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    sent = queued()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)
    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    assert len(postbox.messages) == 1


def test_the_files_of_an_answer_go_with_it_IB_15(
    infobits: Desk, carla: Contact, anna: User, mail_server: Loopback, postbox: Postbox
) -> None:
    asked = arrives(letter("carla@shop.example", to="helpdesk@infobits.example"))
    writing = Writing("Zie bijlage.", uploads=[Upload("uitleg.pdf", "application/pdf", b"%PDF-1.7")])
    tickets.reply(asked.ticket, writing=writing, by=anna, seen=asked.message.pk, situation=at(infobits))

    actions.deliver(OutboundMail.objects.get(kind=OutboundKind.REPLY).pk, now=FRIDAY_AT_FOUR)

    message = postbox.messages[0]
    assert [(each.get_filename(), each.get_content()) for each in message.iter_attachments()] == [
        ("uitleg.pdf", b"%PDF-1.7")
    ]
    assert message["Auto-Submitted"] is None


@pytest.mark.parametrize(
    ("at_recipient", "at_content"),
    [("550 5.1.1 no such user", "250 OK"), ("250 OK", "554 5.7.1 we do not like it")],
    ids=["recipient", "content"],
)
def test_a_refusal_for_good_is_not_tried_again(
    softwear: Desk,
    carla: Contact,
    mail_server: Loopback,
    postbox: Postbox,
    at_recipient: str,
    at_content: str,
) -> None:
    postbox.says_to_recipient, postbox.says_to_content = at_recipient, at_content
    sent = queued()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    sent.refresh_from_db()
    assert (sent.state, sent.next_attempt_at) == (OutboundState.FAILED, None)
    assert sent.error in (at_recipient, at_content)


def test_a_refusal_for_now_is_tried_again_under_the_same_message_id(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    postbox.says_to_recipient = "451 4.7.1 greylisted, come back"
    sent = queued()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    sent.refresh_from_db()
    assert (sent.state, sent.error) == (OutboundState.QUEUED, "451 4.7.1 greylisted, come back")
    assert sent.next_attempt_at == FRIDAY_AT_FOUR + timedelta(minutes=1)
    postbox.says_to_recipient = "250 OK"
    assert actions.deliver_due(now=FRIDAY_AT_FOUR + timedelta(seconds=59)) == 0
    assert actions.deliver_due(now=FRIDAY_AT_FOUR + timedelta(minutes=1)) == 1
    assert postbox.messages[0]["Message-ID"] == sent.message_id_header


def test_a_mail_is_tried_for_days_and_then_has_failed(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    postbox.says_to_recipient = "451 4.7.1 not now"
    sent = queued()
    now, moments = FRIDAY_AT_FOUR, 0
    while sent.state == OutboundState.QUEUED:
        now = sent.next_attempt_at
        actions.deliver_due(now=now)
        sent.refresh_from_db()
        moments += 1

    assert moments == 20
    assert timedelta(days=4) < now - FRIDAY_AT_FOUR < timedelta(days=5)
    assert (sent.state, sent.error) == (OutboundState.FAILED, "451 4.7.1 not now")


def test_a_server_that_is_gone_stops_the_round_after_one_attempt(
    softwear: Desk, carla: Contact, settings: Settings
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMTP_URL = f"smtp://127.0.0.1:{free.getsockname()[1]}?tls=no"
        arrives(letter("carla@shop.example"))
        arrives(letter("carla@shop.example"))

        assert actions.deliver_due(now=FRIDAY_AT_FOUR) == 1

    first, second = OutboundMail.objects.order_by("pk")
    assert (first.attempts, second.attempts) == (1, 0)
    assert "ConnectionRefusedError" in first.error


def test_a_mail_whose_job_was_lost_is_delivered_by_the_round(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    queued()

    actions.deliver_due(now=FRIDAY_AT_FOUR)

    assert len(postbox.messages) == 1


def test_a_demo_desk_sends_nothing_whatever_is_set(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    sent = queued()
    Desk.objects.update(is_demo=True)

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)
    later = arrives(letter("carla@shop.example")).ticket

    assert postbox.messages == []
    assert [mail.state for mail in OutboundMail.objects.all()] == [OutboundState.KEPT] * 2
    assert later is not None


def test_without_a_server_mail_stays_in_the_folder(
    softwear: Desk, carla: Contact, settings: Settings
) -> None:
    settings.SMTP_URL = ""

    arrives(letter("carla@shop.example"))

    assert OutboundMail.objects.get().state == OutboundState.KEPT
    assert waiting_jobs(jobs.DELIVER) == []


def test_an_administrator_sends_a_failed_mail_again(
    softwear: Desk, carla: Contact, willem: User, mail_server: Loopback, postbox: Postbox
) -> None:
    postbox.says_to_recipient = "550 5.1.1 no such user"
    sent = queued()
    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)
    postbox.says_to_recipient = "250 OK"

    actions.resend(sent, by=willem, now=FRIDAY_AT_FOUR)
    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    assert postbox.messages[0]["Message-ID"] == sent.message_id_header
    with pytest.raises(actions.NotUndelivered):
        actions.resend(sent, by=willem, now=FRIDAY_AT_FOUR)


def test_nothing_is_sent_again_where_mail_stays_in_the_folder(
    softwear: Desk, carla: Contact, willem: User
) -> None:
    arrives(letter("carla@shop.example"))

    with pytest.raises(actions.StaysInFolder):
        actions.resend(OutboundMail.objects.get(), by=willem, now=FRIDAY_AT_FOUR)


def test_mail_goes_out_encrypted_and_with_a_login(
    softwear: Desk, carla: Contact, postbox: Postbox, settings: Settings, certificate: ssl.SSLContext
) -> None:
    server = Loopback(
        postbox, tls_context=certificate, require_starttls=True, auth_required=True, authenticator=knows_balie
    )
    server.start()
    try:
        settings.SMTP_URL = f"smtp://balie:p%40ss%2Fword@127.0.0.1:{server.port}"
        actions.deliver(queued().pk, now=FRIDAY_AT_FOUR)
    finally:
        stop(server)

    assert OutboundMail.objects.get().state == OutboundState.SENT, OutboundMail.objects.get().error


def test_mail_goes_out_over_a_connection_encrypted_from_the_start(
    softwear: Desk, carla: Contact, postbox: Postbox, settings: Settings, certificate: ssl.SSLContext
) -> None:
    server = Loopback(postbox, ssl_context=certificate)
    server.start()
    try:
        settings.SMTP_URL = f"smtps://127.0.0.1:{server.port}"
        actions.deliver(queued().pk, now=FRIDAY_AT_FOUR)
    finally:
        stop(server)

    assert OutboundMail.objects.get().state == OutboundState.SENT, OutboundMail.objects.get().error


def test_without_the_encryption_that_was_asked_for_nothing_is_sent(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{mail_server.port}"

    actions.deliver(queued().pk, now=FRIDAY_AT_FOUR)

    sent = OutboundMail.objects.get()
    assert (sent.state, postbox.messages) == (OutboundState.QUEUED, [])
    assert "STARTTLS" in sent.error


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587, Encryption.STARTTLS)),
        (
            "smtps://u:p%40@mail.example",
            SmtpServer("mail.example", 465, Encryption.FROM_THE_START, "u", "p@"),
        ),
        ("smtp://localhost:25?tls=no", SmtpServer("localhost", 25, Encryption.NONE)),
        ("smtp://[::1]:2525?tls=no", SmtpServer("::1", 2525, Encryption.NONE)),
    ],
)
def test_the_address_of_a_server_is_read(url: str, server: SmtpServer) -> None:
    assert SmtpServer.read(url) == server


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("mail.example", "must look like"),
        ("http://mail.example", "must look like"),
        ("smtp://mail.example:no", "must look like"),
        ("smtp://", "names no server"),
        ("smtp://mail.example:25?tls=no", "on this machine only"),
    ],
)
def test_an_address_that_names_no_server_is_refused_with_the_reason(url: str, because: str) -> None:
    with pytest.raises(UnusableSmtpUrl, match=because):
        SmtpServer.read(url)


def test_an_unusable_address_is_told_on_the_mail_that_waits(
    softwear: Desk, carla: Contact, settings: Settings
) -> None:
    settings.SMTP_URL = "smtp://mail.example:25?tls=no"
    sent = queued()

    actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)

    sent.refresh_from_db()
    assert sent.state == OutboundState.QUEUED
    assert "on this machine only" in sent.error


def test_a_mail_that_cannot_be_written_fails_and_stops_no_other(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox
) -> None:
    poisoned = queued()
    OutboundMail.objects.filter(pk=poisoned.pk).update(recipient="a@[", next_attempt_at=FRIDAY_AT_FOUR)
    arrives(letter("carla@shop.example", subject="Nog een vraag", text="En de scanner?"))

    actions.deliver_due(now=FRIDAY_AT_FOUR + timedelta(minutes=5))

    poisoned.refresh_from_db()
    assert poisoned.state == OutboundState.FAILED
    assert "cannot be written" in poisoned.error
    assert len(postbox.messages) == 1


def test_killed_between_the_servers_yes_and_our_commit_it_is_sent_again_under_the_same_message_id(
    softwear: Desk, carla: Contact, mail_server: Loopback, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = queued()

    def killed(*_what: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(delivering, "_note", killed)
        actions.deliver(sent.pk, now=FRIDAY_AT_FOUR)
    actions.deliver_due(now=FRIDAY_AT_FOUR)

    first, second = postbox.messages
    assert first["Message-ID"] == second["Message-ID"] == sent.message_id_header
    assert first.as_bytes() == second.as_bytes()
    assert OutboundMail.objects.get().state == OutboundState.SENT


@given(outcomes=st.lists(st.sampled_from(["250 OK", "451 4.3.0 later", "550 5.1.1 no"]), max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_a_mail_it_keeps_its_message_id(
    softwear: Desk,
    carla: Contact,
    willem: User,
    mail_server: Loopback,
    postbox: Postbox,
    outcomes: list[str],
) -> None:
    postbox.messages.clear()
    sent = queued()
    now = FRIDAY_AT_FOUR
    for said in outcomes:
        postbox.says_to_content = said
        actions.deliver(sent.pk, now=now)
        now += timedelta(days=1)
        with suppress(actions.NotUndelivered):
            actions.resend(sent, by=willem, now=now)

    assert {each["Message-ID"] for each in postbox.messages} <= {sent.message_id_header}
    OutboundMail.objects.all().delete()
