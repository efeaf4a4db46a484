"""Connections to the mail server that takes our mail: opened with encryption, kept open between mails."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from threading import Lock
from time import monotonic
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from balie.rules.delivery import Trouble
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

TIMEOUT_SECONDS = 20
"""For each step of a conversation; nothing waits longer than that for a server."""

TIMEOUT_FOR_CONTENT_SECONDS = 120
"""For the answer to a whole mail, which a virus scanner may hold up."""

IDLE_SECONDS = 60
"""How long a connection is kept without a mail."""

LOOKED_AFTER_SECONDS = 2
"""Idle for longer, a connection is asked whether it still is one."""

MAILS_PER_CONNECTION = 100
PORTS = {"smtp": 587, "smtps": 465}


class UnusableSmtpUrl(Refusal):
    """`BALIE_SMTP_URL` names no server that mail could be given to."""


class Unreachable(Exception):
    """The server takes no mail at all now: what stood in the way, and in whose words."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble, self.words = trouble, words


class Encryption(Enum):
    STARTTLS = "starttls"
    FROM_THE_START = "smtps"
    NONE = "none"  # only on this very machine


class Step(Enum):
    """What happens one after the other until a mail is on its way."""

    NAME = "name"
    CONNECTION = "connection"
    ENCRYPTION = "encryption"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


Tell = Callable[[Step, str], None]
"""Who hears of each step that went well, with the server's words."""


def _nobody(step: Step, words: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server as `BALIE_SMTP_URL` names it."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = ""

    @classmethod
    def read(cls, url: str) -> Self:
        """`smtp://user:password@host:587` (STARTTLS), `smtps://host`, or `smtp://127.0.0.1:25?tls=no`.

        Raises `UnusableSmtpUrl`. Without encryption only this machine is spoken to.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (KeyError, ValueError):
            raise UnusableSmtpUrl(_("BALIE_SMTP_URL must look like smtp://user:password@host:587.")) from None
        if not parts.hostname:
            raise UnusableSmtpUrl(_("BALIE_SMTP_URL names no server."))
        encryption = Encryption.STARTTLS if parts.scheme == "smtp" else Encryption.FROM_THE_START
        if parse_qs(parts.query).get("tls") == ["no"]:
            if not _is_this_machine(parts.hostname):
                raise UnusableSmtpUrl(
                    _("BALIE_SMTP_URL asks for no encryption; that is for a server on this machine only.")
                )
            encryption = Encryption.NONE
        return cls(
            parts.hostname, port, encryption, unquote(parts.username or ""), unquote(parts.password or "")
        )

    def open(self, tell: Tell = _nobody) -> smtplib.SMTP:
        """A connection that is ready to take mail. Raises `Unreachable`."""
        try:
            return self._open(tell)
        except Exception as error:
            if (found := _why_unreachable(error)) is None:
                raise
            raise found from error

    def _open(self, tell: Tell) -> smtplib.SMTP:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        tell(Step.NAME, ", ".join(dict.fromkeys(str(each[4][0]) for each in found)))
        opened: smtplib.SMTP
        if self.encryption is Encryption.FROM_THE_START:
            opened = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(opened, tell)
        except Exception:
            opened.close()
            raise
        return opened

    def _greet(self, opened: smtplib.SMTP, tell: Tell) -> None:
        tell(Step.CONNECTION, f"{self.host}:{self.port}")
        if self.encryption is Encryption.STARTTLS:
            opened.starttls(context=ssl.create_default_context())
        opened.ehlo_or_helo_if_needed()
        if isinstance(opened.sock, ssl.SSLSocket):
            tell(
                Step.ENCRYPTION,
                " ".join(filter(None, (opened.sock.version(), (opened.sock.cipher() or ("",))[0]))),
            )
        if self.user:
            code, words = opened.login(self.user, self.password)
            tell(Step.LOGIN, spoken(code, words))


class Connection:
    """One open connection, and what was done with it."""

    def __init__(self, server: SmtpServer, smtp: smtplib.SMTP) -> None:
        self.server, self.smtp = server, smtp
        self.mails = 0
        self.used_at = monotonic()

    @property
    def is_open(self) -> bool:
        return self.smtp.sock is not None

    def still_answers(self) -> bool:
        """Whether it can take another mail; asks the server when it was idle for more than a moment."""
        idle = monotonic() - self.used_at
        if not self.is_open or idle > IDLE_SECONDS:
            return False
        try:
            return idle < LOOKED_AFTER_SECONDS or self.smtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        try:
            self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            self.smtp.close()


class Pool:
    """Connections that wait for the next mail. Safe between threads; a connection is held by one of them."""

    def __init__(self) -> None:
        self._idle: dict[SmtpServer, list[Connection]] = defaultdict(list)
        self._lock = Lock()

    def take(self, server: SmtpServer) -> Connection:
        """One that waits and still answers, else a new one. Raises `Unreachable`."""
        while waiting := self._pop(server):
            if waiting.still_answers():
                return waiting
            waiting.close()
        return Connection(server, server.open())

    def give_back(self, connection: Connection) -> None:
        """Let it wait for the next mail, unless it has taken many or is closed."""
        connection.used_at = monotonic()
        if connection.is_open and connection.mails < MAILS_PER_CONNECTION:
            with self._lock:
                self._idle[connection.server].append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close all that wait."""
        with self._lock:
            waiting = [each for several in self._idle.values() for each in several]
            self._idle.clear()
        for each in waiting:
            each.close()

    def _pop(self, server: SmtpServer) -> Connection | None:
        with self._lock:
            waiting = self._idle[server]
            return waiting.pop() if waiting else None


def spoken(code: int, words: bytes | str) -> str:
    """What a server said: its number and its words, on one line."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def _why_unreachable(error: Exception) -> Unreachable | None:
    """The trouble behind what Python raises; `None` for a mistake of ours."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return Unreachable(Trouble.LOGIN, spoken(error.smtp_code, error.smtp_error))
        case smtplib.SMTPNotSupportedError():
            trouble = Trouble.NO_ENCRYPTION if "STARTTLS" in str(error) else Trouble.LOGIN
            return Unreachable(trouble, str(error))
        case smtplib.SMTPResponseException():
            return Unreachable(Trouble.NO_CONNECTION, spoken(error.smtp_code, error.smtp_error))
        case ssl.SSLCertVerificationError():
            return Unreachable(Trouble.CERTIFICATE, error.verify_message)
        case ssl.SSLError():
            return Unreachable(Trouble.NO_ENCRYPTION, str(error))
        case socket.gaierror():
            return Unreachable(Trouble.NO_SUCH_SERVER, str(error.strerror))
        case OSError() | smtplib.SMTPException():
            return Unreachable(Trouble.NO_CONNECTION, f"{type(error).__name__}: {error}")
        case UnicodeError():
            return Unreachable(Trouble.NO_SUCH_SERVER, str(error))
    return None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
