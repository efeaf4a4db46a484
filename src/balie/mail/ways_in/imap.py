"""A connection to one mailbox: reached, let in, its folder opened; every failure in plain words."""

from __future__ import annotations

import contextlib
import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from balie.desk.sealing import seal, unseal
from balie.mail.ways_in import oauth2, troubles
from balie.mail.ways_in.models import Login, Mailbox, Security

CONNECT_SECONDS, READ_SECONDS = 20.0, 60.0

logging.getLogger("imapclient").setLevel(
    logging.WARNING
)  # at DEBUG it writes down what is sent, tokens included

_tokens: dict[int, oauth2.Token] = {}
_at_the_tokens = threading.Lock()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a test found: how many messages are in the folder, and how many of them are unread."""

    messages: int
    unread: int
    can_idle: bool


@contextlib.contextmanager
def opened(mailbox: Mailbox) -> Iterator[IMAPClient]:
    """The mailbox, logged in, for the length of the block. Raises `MailboxTrouble`, also for what fails inside."""
    client = _connected(mailbox)
    try:
        with speaking(mailbox):
            _log_in(client, mailbox)
            yield client
    finally:
        with contextlib.suppress(Exception):
            client.logout()
        with contextlib.suppress(Exception):
            client.shutdown()


@contextlib.contextmanager
def speaking(mailbox: Mailbox) -> Iterator[None]:
    """Turns what goes wrong with the server inside the block into `MailboxTrouble`."""
    try:
        yield
    except IMAPClientError as error:
        if isinstance(error, CapabilityError):
            raise troubles.refused(troubles.words_of(error)) from error
        raise troubles.trouble_with(mailbox.host, mailbox.port, error) from error
    except OSError as error:
        raise troubles.trouble_with(mailbox.host, mailbox.port, error) from error


def select(client: IMAPClient, mailbox: Mailbox) -> dict[bytes, int]:
    """Open the folder of the mailbox; answers what the server says about it (`UIDVALIDITY`, `UIDNEXT`, `EXISTS`)."""
    try:
        selected: dict[bytes, int] = client.select_folder(mailbox.folder)
    except IMAPClientError as error:
        if client.folder_exists(mailbox.folder):
            raise troubles.refused(troubles.words_of(error)) from error
        names = [str(name) for _flags, _delimiter, name in client.list_folders()]
        raise troubles.no_folder(mailbox.folder, there_are=names) from error
    return selected


def look(mailbox: Mailbox) -> Looked:
    """Log in and count, without touching anything. Raises `MailboxTrouble`, `SealedElsewhere`."""
    with opened(mailbox) as client:
        messages = int(select(client, mailbox)[b"EXISTS"])
        unread = len(client.search(["UNSEEN"]))
        for folder in result_folders(mailbox):
            if not client.folder_exists(folder):
                names = [str(name) for _flags, _delimiter, name in client.list_folders()]
                raise troubles.no_folder(folder, there_are=names)
        return Looked(messages, unread, can_idle=client.has_capability("IDLE"))


def result_folders(mailbox: Mailbox) -> set[str]:
    return {mailbox.processed_folder, mailbox.automatic_folder, mailbox.quarantine_folder} - {""}


def forget_token(mailbox: Mailbox) -> None:
    """Ask for a new access token next time."""
    with _at_the_tokens:
        _tokens.pop(mailbox.pk, None)


def _connected(mailbox: Mailbox) -> IMAPClient:
    timeout = SocketTimeout(CONNECT_SECONDS, READ_SECONDS)
    context = ssl.create_default_context()
    is_tls = mailbox.security == Security.TLS
    try:
        client = IMAPClient(mailbox.host, mailbox.port, ssl=is_tls, ssl_context=context, timeout=timeout)
    except (IMAPClientError, OSError) as error:
        raise troubles.trouble_with(mailbox.host, mailbox.port, error) from error
    if mailbox.security == Security.STARTTLS:
        try:
            client.starttls(context)
        except CapabilityError as error:
            client.shutdown()
            raise troubles.no_starttls(mailbox.host, mailbox.port) from error
        except (IMAPClientError, OSError) as error:
            with contextlib.suppress(Exception):
                client.shutdown()
            raise troubles.trouble_with(mailbox.host, mailbox.port, error) from error
    return client


def _log_in(client: IMAPClient, mailbox: Mailbox) -> None:
    if mailbox.login == Login.OAUTH2:
        _by_token(client, mailbox)
    else:
        _by_password(client, mailbox)


def _by_password(client: IMAPClient, mailbox: Mailbox) -> None:
    password = unseal(mailbox.sealed_password)
    log_in: Callable[[str, str], object] = (
        client.plain_login if client.has_capability("AUTH=PLAIN") else client.login
    )  # LOGIN knows no letters outside ASCII
    try:
        log_in(mailbox.user, password)
    except (LoginError, UnicodeEncodeError) as error:
        raise troubles.wrong_login(mailbox.user, troubles.words_of(error)) from error


def _by_token(client: IMAPClient, mailbox: Mailbox) -> None:
    """With the token that is still good; one that the server does not take is exchanged for a new one, once."""
    token = _token(mailbox)
    try:
        client.oauth2_login(mailbox.user, token.text)
    except LoginError as first:
        forget_token(mailbox)
        fresh = _token(mailbox)
        if fresh.text == token.text:
            raise troubles.wrong_token(mailbox.user, troubles.words_of(first)) from first
        try:
            client.oauth2_login(mailbox.user, fresh.text)
        except LoginError as error:
            raise troubles.wrong_token(mailbox.user, troubles.words_of(error)) from error


def _token(mailbox: Mailbox) -> oauth2.Token:
    with _at_the_tokens:
        kept = _tokens.get(mailbox.pk)
        if kept is not None and kept.is_good:
            return kept
        token = oauth2.fetch(mailbox)
        _tokens[mailbox.pk] = token
        if token.renewed:
            mailbox.sealed_refresh_token = seal(token.renewed)
            Mailbox.objects.filter(pk=mailbox.pk).update(sealed_refresh_token=mailbox.sealed_refresh_token)
        return token
