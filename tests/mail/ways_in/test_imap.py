"""Reaching a mailbox: every way to be let in, and every failure in words that say what to look at."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest
from tests.mail.letters import letter
from tests.mail.ways_in.mailboxes import by_token, emptied, mailbox_on
from tests.servers import certificates, tokens
from tests.servers.dovecot import USERS, Dovecot

from balie.desk.sealing import SealedElsewhere, unseal
from balie.mail.ways_in import imap
from balie.mail.ways_in.emptying import Round
from balie.mail.ways_in.imap import Looked
from balie.mail.ways_in.models import Mailbox, Security
from balie.mail.ways_in.troubles import MailboxTrouble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tokens_of_the_test(dovecot: Dovecot) -> None:
    imap._tokens.clear()
    dovecot.tokens.__dict__.update(refresh_token=tokens.REFRESH_TOKEN, rotates=False, given=[], valid=set())


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS, Security.NONE])
def test_a_look_counts_and_touches_nothing(dovecot: Dovecot, security: Security) -> None:
    dovecot.deliver(letter("carla@shop.example"))
    port = dovecot.tls_port if security == Security.TLS else dovecot.port

    assert imap.look(mailbox_on(dovecot, security=security, port=port)) == Looked(1, 1, can_idle=True)
    assert not Mailbox.objects.exclude(last_uid=0).exists()
    assert not any("S" in name.partition(":2,")[2] for name in dovecot.messages())


def test_oauth2_fetches_a_token_and_uses_it_until_it_is_taken_back(dovecot: Dovecot) -> None:
    mailbox = by_token(dovecot)
    imap.look(mailbox)
    imap.look(mailbox)
    assert dovecot.tokens.given == ["access-1"]

    dovecot.tokens.take_back()

    assert imap.look(mailbox).messages == 0
    assert dovecot.tokens.given == ["access-1", "access-2"]


def test_a_refresh_token_that_is_replaced_is_kept_sealed(dovecot: Dovecot) -> None:
    dovecot.tokens.rotates = True
    mailbox = by_token(dovecot)
    imap.look(mailbox)

    kept = Mailbox.objects.get().sealed_refresh_token
    assert unseal(kept) == dovecot.tokens.refresh_token != tokens.REFRESH_TOKEN
    assert "refresh" not in kept


def test_mail_is_fetched_with_a_token_as_with_a_password(dovecot: Dovecot) -> None:
    dovecot.deliver(letter("carla@shop.example"))

    assert emptied(by_token(dovecot)) == Round(kept=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"host": "mail.invalid"}, "no server called mail.invalid", id="the name"),
        pytest.param({"port": 1}, "Nobody answers at port 1", id="the port"),
        pytest.param({"password": "wrong"}, "does not let balie in", id="the password"),
        pytest.param({"password": "wröng"}, "does not let balie in", id="a password with an umlaut"),
        pytest.param({"user": "nobody"}, "does not let nobody in", id="the user"),
        pytest.param({"folder": "Nergens"}, "no folder “Nergens”. The account has: ", id="the folder"),
        pytest.param({"processed_folder": "Weg"}, "no folder “Weg”", id="the folder of a result"),
        pytest.param(
            {"host": "localhost.localdomain.invalid"}, "no server called", id="a domain that is none"
        ),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    dovecot: Dovecot, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(MailboxTrouble) as said:
        imap.look(mailbox_on(dovecot, **fields))

    assert words in str(said.value)
    assert "wrong" not in str(said.value)


@pytest.mark.parametrize(
    ("security", "port", "words"),
    [
        pytest.param(Security.TLS, "port", "does not speak TLS", id="TLS where STARTTLS is spoken"),
        pytest.param(Security.STARTTLS, "tls_port", "broke off", id="STARTTLS where TLS is spoken"),
    ],
)
def test_the_wrong_kind_of_encryption_is_named(
    dovecot: Dovecot, security: Security, port: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "READ_SECONDS", 2.0)
    monkeypatch.setattr(imap, "CONNECT_SECONDS", 2.0)
    with pytest.raises(MailboxTrouble) as said:
        imap.look(mailbox_on(dovecot, security=security, port=getattr(dovecot, port)))

    assert words in str(said.value) or "does not answer" in str(said.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(MailboxTrouble, match="self-made"):
        imap.look(mailbox_on(dovecot))


def test_a_certificate_for_another_name_is_refused(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _always_loopback)

    with pytest.raises(MailboxTrouble, match=r"not for mail\.other\.example"):
        imap.look(mailbox_on(dovecot, host="mail.other.example"))


def test_an_expired_certificate_is_said_to_be_expired(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificates.made_in(tmp_path, days=(-3, -1))
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=_shake_hands, args=(listener, context))
        answering.start()
        with pytest.raises(MailboxTrouble, match="has expired"):
            imap.look(mailbox_on(dovecot, port=listener.getsockname()[1]))
        answering.join()


def test_a_server_that_says_nothing_is_given_up_in_time(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(imap, "READ_SECONDS", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(MailboxTrouble, match="does not answer"),
    ):
        imap.look(mailbox_on(dovecot, port=listener.getsockname()[1]))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param(
            {"refresh_token": "revoked"}, "The refresh token was revoked", id="permission withdrawn"
        ),
        pytest.param({"client_secret": "wrong"}, "Unknown client", id="the client's secret"),
        pytest.param(
            {"token_url": "http://127.0.0.1:1/token"}, "cannot be reached", id="the endpoint is away"
        ),
        pytest.param(
            {"token_url": "http://mail.example/token"}, "https://", id="a secret is not sent in the open"
        ),
        pytest.param({"token_url": "file:///etc/passwd"}, "https://", id="no address of the web"),
        pytest.param(
            {"user": "second@desk.example"}, "does not accept the token", id="a token of somebody else"
        ),
    ],
)
def test_what_is_wrong_with_a_token_is_said_in_plain_words(
    dovecot: Dovecot, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(MailboxTrouble) as said:
        imap.look(by_token(dovecot, **fields))

    assert words in str(said.value)


def test_secrets_of_another_installation_are_asked_for_again(dovecot: Dovecot, settings: object) -> None:
    mailbox = mailbox_on(dovecot)
    settings.SECRET_KEY = "another"

    with pytest.raises(SealedElsewhere):
        imap.look(mailbox)


def test_what_is_sent_is_never_in_the_log(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        imap.look(mailbox_on(dovecot))
        imap.look(by_token(dovecot, name="Tweede"))

    for secret in (USERS["balie"], "access-1", tokens.REFRESH_TOKEN, tokens.CLIENT_SECRET):
        assert secret not in caplog.text


def _always_loopback(host: str, port: int, *given: object, **more: object) -> list[object]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    """One TLS handshake, which the other side breaks off."""
    plain, _address = listener.accept()
    with plain, pytest.raises(OSError):
        context.wrap_socket(plain, server_side=True)
