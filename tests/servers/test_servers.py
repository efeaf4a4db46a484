"""The servers that other tests stand on do what their descriptions say."""

from __future__ import annotations

import imaplib
import smtplib
import ssl

import pytest
from tests.servers.dovecot import USERS, Dovecot
from tests.servers.postfix import Postfix
from tests.servers.tokens import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN

LETTER = b"From: carla@shop.example\r\nTo: help@desk.example\r\nSubject: Kassa\r\n\r\nHij print niet.\r\n"


def test_postfix_delivers_what_it_takes_to_its_maildir(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail("carla@shop.example", ["help@desk.example"], LETTER)

    [letter] = postfix.await_letters(to="help@desk.example")
    assert (letter["Subject"], letter["Return-Path"]) == ("Kassa", "<carla@shop.example>")


@pytest.mark.parametrize(
    ("recipient", "code"),
    [("gone@shop.example", 550), ("full@shop.example", 452), ("later@shop.example", 451)],
)
def test_postfix_refuses_some_recipients(postfix: Postfix, recipient: str, code: int) -> None:
    with (
        smtplib.SMTP("127.0.0.1", postfix.port) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused) as said,
    ):
        client.sendmail("help@desk.example", [recipient], LETTER)

    assert said.value.recipients[recipient][0] == code


def test_postfix_reports_to_the_sender_what_it_could_not_deliver(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail("help+ticket@desk.example", ["bounced@shop.example"], LETTER)

    [report] = postfix.await_letters(to="help+ticket@desk.example")
    assert (report.get_content_type(), report["Return-Path"]) == ("multipart/report", "<>")


def test_submission_takes_mail_after_encryption_and_a_login_only(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.submission_port) as client:
        assert client.docmd("MAIL", "FROM:<help@desk.example>")[0] == 530
        client.starttls(context=ssl.create_default_context(cafile=str(postfix.certificate.chain)))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("balie", "wrong")
        client.login("balie", USERS["balie"])
        client.sendmail("help@desk.example", ["carla@shop.example"], LETTER)

    postfix.await_letters(to="carla@shop.example")


def test_the_port_that_is_encrypted_from_the_start_wants_a_login_too(postfix: Postfix) -> None:
    context = ssl.create_default_context(cafile=str(postfix.certificate.chain))
    with smtplib.SMTP_SSL("127.0.0.1", postfix.tls_port, context=context) as client:
        client.login("balie", USERS["balie"])
        client.sendmail("help@desk.example", ["carla@shop.example"], LETTER)

    postfix.await_letters(to="carla@shop.example")


def test_dovecot_shows_what_was_delivered(dovecot: Dovecot) -> None:
    dovecot.deliver(LETTER)

    with imaplib.IMAP4("127.0.0.1", dovecot.port) as client:
        client.starttls(ssl.create_default_context(cafile=str(dovecot.certificate.chain)))
        client.login("balie", USERS["balie"])
        assert client.select() == ("OK", [b"1"])


def test_dovecot_takes_a_token_of_the_endpoint_until_it_is_taken_back(dovecot: Dovecot) -> None:
    form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    status, said = dovecot.tokens.answer(
        {key: [value] for key, value in form.items()} | {"refresh_token": [REFRESH_TOKEN]}
    )
    secret = f"user=balie\x01auth=Bearer {said['access_token']}\x01\x01".encode()
    context = ssl.create_default_context(cafile=str(dovecot.certificate.chain))

    assert status == 200
    with imaplib.IMAP4_SSL("127.0.0.1", dovecot.tls_port, ssl_context=context) as client:
        assert client.authenticate("XOAUTH2", lambda asked: secret)[0] == "OK"
    dovecot.tokens.take_back()
    with (
        imaplib.IMAP4_SSL("127.0.0.1", dovecot.tls_port, ssl_context=context) as client,
        pytest.raises(imaplib.IMAP4.error),
    ):
        client.authenticate("XOAUTH2", lambda asked: secret if not asked else b"")
