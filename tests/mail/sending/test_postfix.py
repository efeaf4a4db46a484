"""Our mail through Debian's Postfix: encryption, login, connections that stay open, signatures, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import dkim
import pytest
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR
from tests.mail.letters import arrives, letter
from tests.servers.postfix import Postfix

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, signing
from balie.mail.bounces import return_path_of
from balie.mail.models import OutboundMail, OutboundState
from balie.mail.sending import POOL, Result, SmtpServer, attempt
from balie.rules.delivery import Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_connection_is_left():
    yield
    POOL.close()


def queued(
    postfix: Postfix, settings: Settings, *, to: str = "carla@shop.example", **changes: object
) -> OutboundMail:
    """A confirmation that waits to be given to Postfix."""
    settings.SMTP_URL = f"smtp://127.0.0.1:{postfix.port}?tls=no"
    arrives(letter("carla@shop.example"))
    waiting = OutboundMail.objects.filter(state=OutboundState.QUEUED)
    waiting.update(recipient=to, **changes)
    return waiting.get()


def delivered(mail: OutboundMail) -> OutboundMail:
    actions.deliver(mail.pk, now=FRIDAY_AT_FOUR)
    mail.refresh_from_db()
    return mail


def server_of(postfix: Postfix, scheme: str, port: int, *, login: str = "balie:p%40ss%2Fword@") -> str:
    return f"{scheme}://{login}localhost:{port}"


def test_a_mail_arrives_as_it_was_written(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    sent = delivered(queued(postfix, settings))
    [arrived] = postfix.await_letters()

    assert sent.state == OutboundState.SENT, sent.error
    assert arrived["Return-Path"] == f"<{return_path_of(sent)}>"
    assert (arrived["Message-ID"], arrived["Reply-To"]) == (sent.message_id_header, sent.reply_to)
    assert arrived["Auto-Submitted"] == "auto-replied"
    assert arrived["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert arrived["List-Unsubscribe"] is None and arrived["Precedence"] is None
    assert arrived.get_body(("plain",)).get_content().split() == sent.text.split()


@pytest.mark.parametrize("way", ["starttls", "from the start"])
def test_it_is_encrypted_and_logged_in(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings, way: str
) -> None:
    mail = queued(postfix, settings)
    settings.SMTP_URL = (
        server_of(postfix, "smtp", postfix.submission_port)
        if way == "starttls"
        else server_of(postfix, "smtps", postfix.tls_port)
    )

    sent = delivered(mail)
    [arrived] = postfix.await_letters()

    assert sent.state == OutboundState.SENT, sent.error
    assert "ESMTPSA" in arrived["Received"]


@pytest.mark.parametrize(
    ("url", "trouble", "because"),
    [
        ("smtp://balie:wrong@localhost:{submission}", Trouble.LOGIN, "a wrong password"),
        ("smtps://localhost:{plain}", Trouble.NO_ENCRYPTION, "the port is not encrypted from the start"),
        ("smtp://127.0.0.2:{plain}", Trouble.NO_CONNECTION, "nobody listens there"),
        ("smtp://mail.nowhere.invalid", Trouble.NO_SUCH_SERVER, "the name does not exist"),
    ],
)
def test_why_a_server_takes_nothing_is_told_in_words_and_tried_again(
    softwear: Desk,
    carla: Contact,
    postfix: Postfix,
    settings: Settings,
    url: str,
    trouble: Trouble,
    because: str,
) -> None:
    mail = queued(postfix, settings)
    settings.SMTP_URL = url.format(submission=postfix.submission_port, plain=postfix.port)

    sent = delivered(mail)

    assert (sent.state, sent.trouble) == (OutboundState.QUEUED, trouble), (because, sent.error)
    assert sent.next_attempt_at == FRIDAY_AT_FOUR + timedelta(minutes=1)
    assert sent.error


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = queued(postfix, settings)
    monkeypatch.delenv("SSL_CERT_FILE")
    settings.SMTP_URL = server_of(postfix, "smtp", postfix.submission_port)

    sent = delivered(mail)

    assert (sent.state, sent.trouble) == (OutboundState.QUEUED, Trouble.CERTIFICATE)
    assert "self-signed" in sent.error or "self signed" in sent.error
    assert postfix.letters() == []


@pytest.mark.parametrize(
    ("local_part", "state", "trouble", "said"),
    [
        ("gone", OutboundState.FAILED, Trouble.UNKNOWN_ADDRESS, "550 5.1.1"),
        ("full", OutboundState.QUEUED, Trouble.MAILBOX_FULL, "452 4.2.2"),
        ("later", OutboundState.QUEUED, Trouble.NOT_NOW, "451 4.3.0"),
    ],
)
def test_no_and_not_now_are_told_apart(
    softwear: Desk,
    carla: Contact,
    postfix: Postfix,
    settings: Settings,
    local_part: str,
    state: str,
    trouble: Trouble,
    said: str,
) -> None:
    sent = delivered(queued(postfix, settings, to=f"{local_part}@shop.example"))

    assert (sent.state, sent.trouble) == (state, trouble)
    assert sent.error.startswith(said)


def test_one_connection_takes_many_mails_also_after_one_that_was_refused(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    first = queued(postfix, settings)
    server = SmtpServer.read(settings.SMTP_URL)
    recipients = ["carla@shop.example", "gone@shop.example", "full@shop.example", "carla@shop.example"]
    results = []
    for number, recipient in enumerate(recipients):
        first.recipient, first.message_id_header = recipient, f"<pooled-{number}@softwear.nl>"
        results.append(attempt(first, server).result)
    postfix.await_letters(2)

    assert results == [Result.SENT, Result.REFUSED, Result.LATER, Result.SENT]
    assert postfix.told().rpartition("reload")[2].count(": connect from") == 1, postfix.told()


def test_a_connection_that_the_server_closed_is_made_anew(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    mail = queued(postfix, settings)
    server = SmtpServer.read(settings.SMTP_URL)
    assert attempt(mail, server).result is Result.SENT
    kept = POOL.take(server)
    assert kept.mails == 1
    POOL.give_back(kept)
    assert kept.smtp.sock is not None
    kept.smtp.sock.shutdown(2)

    assert attempt(mail, server).result is Result.SENT
    assert len(postfix.await_letters(2)) == 2


def test_an_address_with_a_domain_of_other_letters_is_reached(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    sent = delivered(queued(postfix, settings, to="carla@bäckerei.example"))
    [arrived] = postfix.await_letters()

    assert sent.state == OutboundState.SENT, sent.error
    assert arrived["Delivered-To"] == "carla@xn--bckerei-5wa.example"


def test_a_local_part_of_other_letters_is_reached_by_a_server_that_knows_them(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    sent = delivered(queued(postfix, settings, to="jürgen@shop.example"))

    assert sent.state == OutboundState.SENT, sent.error
    assert b"j\xc3\xbcrgen@shop.example" in [postfix.await_letters(), postfix.raw_letters()][1][0]


def test_the_signature_of_the_domain_holds_on_the_other_side(
    softwear: Desk, carla: Contact, willem: User, postfix: Postfix, settings: Settings
) -> None:
    key = signing.make_key("softwear.nl", by=willem, now=FRIDAY_AT_FOUR)
    signing.sign_with(key, by=willem, now=FRIDAY_AT_FOUR)
    mail = queued(
        postfix, settings, text="Beste Carla,\n\n.één regel die met een punt begint\nFrom hier\n" + "x" * 1200
    )

    sent = delivered(mail)
    postfix.await_letters()
    [raw] = postfix.raw_letters()
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    assert sent.state == OutboundState.SENT, sent.error
    assert dkim.verify(raw, dnsfunc=dns_with(key))
    assert not dkim.verify(raw.replace(b"een punt", b"een komma"), dnsfunc=dns_with(key))
    assert not dkim.verify(b"From: somebody@else.example\r\n" + raw, dnsfunc=dns_with(key))
    assert not dkim.verify(raw.replace(b"Subject:", b"Subject: also\r\nSubject:", 1), dnsfunc=dns_with(key))


def dns_with(key: signing.SigningKey):
    """A DNS that knows the record of one key."""

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        known = name.decode().rstrip(".") == signing.record_name(key)
        return signing.record_text(key).encode() if known else None

    return look_up


def test_the_report_about_a_mail_that_came_back_is_sent_to_the_address_of_that_mail(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    sent = delivered(queued(postfix, settings, to="bounced@shop.example"))
    [report] = postfix.await_letters()

    assert sent.state == OutboundState.SENT
    assert report["Delivered-To"] == return_path_of(sent)
    assert report.get_content_type() == "multipart/report"


def test_what_stays_in_the_house_reaches_no_server(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    mail = queued(postfix, settings)
    Desk.objects.update(is_demo=True)

    kept = delivered(mail)

    assert kept.state == OutboundState.KEPT
    assert "connect from" not in postfix.told().rpartition("reload")[2]
    assert (postfix.letters(), postfix.waiting()) == ([], 0)
