"""LMTP: yes after the commit and not before, by recipient, for whatever a mail server may hand over."""

from __future__ import annotations

import smtplib
import ssl
import threading
from pathlib import Path

import psycopg
import pytest
from tests.mail.letters import letter
from tests.mail.ways_in.lmtp_client import LmtpServer, database_url, running_lmtp
from tests.servers import certificates
from tests.servers.daemons import until
from tests.servers.postfix import Postfix

from balie.desk.models import Desk
from balie.mail import intake
from balie.mail.models import InboundMail, Mailbox, Way
from balie.mail.ways_in import keeping
from balie.presets.reading import load

HELP = "helpdesk@infobits.example"
LETTER = letter("carla@shop.example", to=HELP).replace(b"\n", b"\r\n")


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    from balie.config.desk_setup import make_desk

    return make_desk(load("infobits"))


def raw_mails() -> list[bytes]:
    return [bytes(mail.raw) for mail in InboundMail.objects.order_by("id")]


def test_what_is_said_yes_to_is_kept_with_its_envelope_on_top(desk: Desk, lmtp: LmtpServer) -> None:
    with lmtp.client() as client:
        client.sendmail("carla@shop.example", [HELP], LETTER)

        mail = InboundMail.objects.get()
    head = f"Return-Path: <carla@shop.example>\r\nDelivered-To: {HELP}\r\n".encode()
    assert bytes(mail.raw) == head + LETTER
    assert mail.way == Way.LMTP


def test_a_server_that_did_not_hear_the_yes_offers_the_same_message_again(
    desk: Desk, lmtp: LmtpServer
) -> None:
    for _time in range(2):
        with lmtp.client() as client:
            client.sendmail("carla@shop.example", [HELP], LETTER)

    assert len(raw_mails()) == 1


def test_each_recipient_gets_an_answer_of_its_own(desk: Desk, lmtp: LmtpServer) -> None:
    others = {"carla@infobits.example", "help@elsewhere.example"}
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        client.mail("carla@shop.example")
        said = [
            client.rcpt(each)[0] for each in (HELP, *sorted(others), f"postmaster@{HELP.partition('@')[2]}")
        ]
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(LETTER + b".\r\n")
        after = [client.getreply()[0] for _each in range(2)]

    assert said == [250, 550, 550, 250]
    assert after == [250, 250]
    assert raw_mails()[0].count(b"Delivered-To:") == 2


@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param("helpdesk+4711-abc@infobits.example", id="a reply to a ticket"),
        pytest.param("second@infobits.example", id="the address of a mailbox"),
        pytest.param("abuse@infobits.example", id="abuse"),
        pytest.param("balie@standard.example", id="the sender of mail when the desk has no address"),
    ],
)
def test_every_address_of_the_desk_is_taken(desk: Desk, lmtp: LmtpServer, recipient: str) -> None:
    Mailbox.objects.create(name="Tweede", host="mail.example", user="x", address="second@infobits.example")

    with lmtp.client() as client:
        client.sendmail("carla@shop.example", [recipient], LETTER)

    assert f"Delivered-To: {recipient}".encode() in raw_mails()[0]


@pytest.mark.parametrize(
    ("sender", "top"),
    [
        pytest.param("", b"Return-Path: <>", id="a delivery report has no sender"),
        pytest.param(
            "jan..jansen@mobiel.example", b"Return-Path: <jan..jansen@mobiel.example>", id="two dots"
        ),
        pytest.param("jan.@mobiel.example", b"Return-Path: <jan.@mobiel.example>", id="a dot at the end"),
        pytest.param('"jan jansen"@x.example', b'Return-Path: <"jan jansen"@x.example>', id="a quoted name"),
    ],
)
def test_no_message_is_sent_back_for_how_its_sender_is_written(
    desk: Desk, lmtp: LmtpServer, sender: str, top: bytes
) -> None:
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        assert client.docmd("MAIL", f"FROM:<{sender}> SIZE=100 BODY=8BITMIME")[0] == 250
        assert client.rcpt(HELP)[0] == 250
        assert client.data(LETTER)[0] == 250

    assert raw_mails()[0].startswith(top)


def test_addresses_and_headers_in_utf_8_arrive_as_they_were(desk: Desk, lmtp: LmtpServer) -> None:
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        assert client.has_extn("smtputf8")
        client.command_encoding = "utf-8"
        assert client.docmd("MAIL", "FROM:<zoë@müller.example> SMTPUTF8 BODY=8BITMIME")[0] == 250
        client.rcpt(HELP)
        client.data("Subject: Zoë\r\n\r\nHallo\r\n".encode())

    assert raw_mails()[0].startswith("Return-Path: <zoë@müller.example>".encode())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b".\r\n..\r\n...x\r\n", id="lines of dots"),
        pytest.param(b"a\r\n\r\n", id="an empty last line"),
        pytest.param(b"Subject: x\r\n\r\n" + b"x" * 3_000_000 + b"\r\n", id="a line of three megabytes"),
        pytest.param(
            b"Subject: x\r\n\r\n\x00\xff\r\r\n\n.\n\r\n.\r", id="bytes that are no text, and lone CR and LF"
        ),
        pytest.param(
            b"Subject: x\r\n\r\n" + b"\r\n." * 70_000, id="the beginning of the end, again and again"
        ),
    ],
)
def test_the_content_is_kept_byte_for_byte(desk: Desk, lmtp: LmtpServer, content: bytes) -> None:
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        client.mail("carla@shop.example")
        client.rcpt(HELP)
        client.putcmd("data")
        client.getreply()
        client.send(_stuffed(content) + b".\r\n")
        assert client.getreply()[0] == 250

    kept = raw_mails()[0].partition(f"Delivered-To: {HELP}\r\n".encode())[2]
    assert kept == (content if content.endswith(b"\r\n") else content + b"\r\n")


def _stuffed(content: bytes) -> bytes:
    """As a client sends it: a dot before a dot at the beginning of a line, and a line's end at the end."""
    whole = content if content.endswith(b"\r\n") or not content else content + b"\r\n"
    return (b"\r\n" + whole).replace(b"\r\n.", b"\r\n..")[2:]


def test_a_message_over_the_limit_is_refused_for_good_and_the_next_is_taken(
    desk: Desk, lmtp: LmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_BYTES", 100_000)
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        assert client.docmd("MAIL", "FROM:<carla@shop.example> SIZE=100001")[0] == 552
        client.mail("carla@shop.example")
        client.rcpt(HELP)
        assert client.data(b"x" * 200_000)[0] == 552
        client.sendmail("carla@shop.example", [HELP], LETTER)

    assert len(raw_mails()) == 1


def test_without_a_database_a_message_is_put_off_and_taken_when_it_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "ADDRESSES_SECONDS", 0.0)
    url = database_url()
    with running_lmtp(url) as server, server.client() as client:
        client.sendmail("carla@shop.example", [HELP], LETTER)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("ALTER TABLE mail_inboundmail RENAME TO away")
            with pytest.raises(smtplib.SMTPDataError) as said:
                client.sendmail("carla@shop.example", [HELP], LETTER + b"2\r\n")
            other.execute("ALTER TABLE away RENAME TO mail_inboundmail")
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'balie lmtp'"
            )
        client.sendmail("carla@shop.example", [HELP], LETTER + b"2\r\n")

    assert said.value.smtp_code == 451
    assert len(raw_mails()) == 2


def test_a_database_that_is_away_puts_off_the_recipient_already() -> None:
    with running_lmtp("host=/nowhere dbname=none") as server, server.client() as client:
        client.ehlo_or_helo_if_needed()
        client.mail("carla@shop.example")

        assert client.rcpt(HELP)[0] == 451


def test_many_connections_share_few_commits_and_lose_nothing(desk: Desk, lmtp: LmtpServer) -> None:
    def send(sender: int) -> None:
        with lmtp.client() as client:
            for number in range(10):
                client.sendmail("carla@shop.example", [HELP], LETTER + f"{sender} {number}\r\n".encode())

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(20)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()

    assert len(set(raw_mails())) == 200


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_behind(desk: Desk, lmtp: LmtpServer) -> None:
    client = lmtp.client()
    client.ehlo_or_helo_if_needed()
    client.mail("carla@shop.example")
    client.rcpt(HELP)
    client.putcmd("data")
    client.getreply()
    client.send(LETTER)
    client.close()
    with lmtp.client() as another:
        another.sendmail("carla@shop.example", [HELP], LETTER + b"2\r\n")

    assert len(raw_mails()) == 1


def test_encryption_is_offered_where_there_is_a_certificate(desk: Desk, tmp_path: Path) -> None:
    made = certificates.made_in(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    with running_lmtp(database_url(), tls=context) as server, server.client() as client:
        client.starttls(context=ssl.create_default_context(cafile=str(made.chain)))
        client.sendmail("carla@shop.example", [HELP], LETTER)

    assert len(raw_mails()) == 1


def test_a_socket_in_the_file_system_is_gone_when_the_server_is(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    with running_lmtp(database_url(), address=f"unix:{path}") as server, server.client() as client:
        client.sendmail("carla@shop.example", [HELP], LETTER)

    assert len(raw_mails()) == 1
    assert not path.exists()


@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_postfix_delivers_to_us_and_keeps_what_we_put_off(desk: Desk, postfix: Postfix, over: str) -> None:
    path = postfix.folder / "lmtp"
    address = "127.0.0.1:0" if over == "tcp" else f"unix:{path}"
    with running_lmtp(database_url(), address=address) as server:
        postfix.deliver_by(
            "infobits.example", f"lmtp:inet:127.0.0.1:{server.port}" if over == "tcp" else f"lmtp:unix:{path}"
        )
        with smtplib.SMTP("127.0.0.1", postfix.port) as client:
            client.sendmail("carla@shop.example", [HELP], LETTER)
            client.sendmail("carla@shop.example", ["nobody@infobits.example"], LETTER)
        until(lambda: InboundMail.objects.count() == 1, otherwise=postfix.told)
        [report] = postfix.await_letters(to="carla@shop.example")

    assert f"Delivered-To: {HELP}".encode() in raw_mails()[0]
    assert "no address of the desk" in report.as_string()
