"""Giving our mail to a server: one attempt, and what it came to."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import Enum
from ipaddress import ip_address
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from balie.files import actions as files
from balie.mail.models import OutboundMail
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


class UnusableSmtpUrl(Refusal):
    """`BALIE_SMTP_URL` names no server that mail could be given to."""


class Encryption(Enum):
    STARTTLS = "starttls"
    FROM_THE_START = "smtps"
    NONE = "none"  # only on this very machine


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
        parts = urlsplit(url)
        try:
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

    @contextmanager
    def session(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready to take mail. Raises what `smtplib` and the network raise."""
        context = ssl.create_default_context()
        opened: smtplib.SMTP
        if self.encryption is Encryption.FROM_THE_START:
            opened = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with opened as session:
            if self.encryption is Encryption.STARTTLS:
                session.starttls(context=context)
            if self.user:
                session.login(self.user, self.password)
            yield session


class Result(Enum):
    SENT = "sent"
    REFUSED = "refused"  # for good: this mail is not wanted
    LATER = "later"  # this mail, not now
    UNREACHABLE = "unreachable"  # the server takes no mail at all now


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt came to, with the server's own words."""

    result: Result
    words: str = ""


def attempt(mail: OutboundMail, server: SmtpServer) -> Attempt:
    """Give `mail` to the server. Never raises for what a server, the network or the mail itself can do."""
    envelope_sender = mail.reply_to or parseaddr(mail.sender)[1]
    try:
        message = as_message(mail)
    except OSError as error:  # a file that cannot be read now
        return Attempt(Result.LATER, f"{type(error).__name__}: {error}")
    except Exception as error:  # what no mail can be made of, such as an address that is none
        return Attempt(Result.REFUSED, f"This mail cannot be written: {type(error).__name__}: {error}")
    try:
        with server.session() as session:
            return _give(session, message, envelope_sender, mail.recipient)
    except smtplib.SMTPResponseException as error:
        return Attempt(Result.UNREACHABLE, _words(error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Result.UNREACHABLE, f"{type(error).__name__}: {error}")


def _give(session: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str) -> Attempt:
    try:
        session.send_message(message, sender, [recipient])
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(*error.recipients[recipient])
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        return Attempt(Result.REFUSED, str(error))
    return Attempt(Result.SENT)


def _refused(code: int, words: bytes | str) -> Attempt:
    """A number from 500 on is for good (RFC 5321); 421 and the other 4xx are for now."""
    return Attempt(Result.REFUSED if code >= 500 else Result.LATER, _words(code, words))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def as_message(mail: OutboundMail) -> EmailMessage:
    """The mail as it is sent; the same at every attempt."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id_header
    message["Date"] = format_datetime(mail.created_at)
    message["From"] = mail.sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.brings_files and mail.message is not None:
        for each in mail.message.attachments.select_related("file"):
            main, _slash, sub = each.content_type.partition("/")
            if main in {"message", "multipart"} or not sub:
                main, sub = "application", "octet-stream"
            message.add_attachment(files.read(each.file), maintype=main, subtype=sub, filename=each.name)
    return message


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
