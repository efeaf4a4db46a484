"""Giving our mail to a server: one attempt, and what it came to."""

from __future__ import annotations

import atexit
import smtplib
from dataclasses import dataclass
from enum import Enum

from balie.mail.connections import (
    TIMEOUT_FOR_CONTENT_SECONDS,
    TIMEOUT_SECONDS,
    Connection,
    Encryption,
    Pool,
    SmtpServer,
    Step,
    Tell,
    Unreachable,
    UnusableSmtpUrl,
    spoken,
)
from balie.mail.models import OutboundMail
from balie.mail.wire_format import Parcel, parcel_of
from balie.rules.delivery import Trouble, meaning_of

__all__ = [
    "POOL",
    "Attempt",
    "Encryption",
    "Result",
    "SmtpServer",
    "UnusableSmtpUrl",
    "attempt",
    "give",
]

POOL = Pool()
"""The connections of this process."""

atexit.register(POOL.close)

SERVICE_CLOSES = 421


class Result(Enum):
    SENT = "sent"
    REFUSED = "refused"  # for good: this mail is not wanted
    LATER = "later"  # this mail, not now
    UNREACHABLE = "unreachable"  # the server takes no mail at all now


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt came to, with the server's own words, and what they mean."""

    result: Result
    words: str = ""
    trouble: Trouble | None = None


class Refused(Exception):
    """The server said no to one step; the connection goes on."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(attempt.words)
        self.attempt = attempt


class WentAway(Exception):
    """The connection was closed before the server had the mail: nothing was sent."""


def attempt(mail: OutboundMail, server: SmtpServer, *, pool: Pool = POOL) -> Attempt:
    """Give `mail` to the server. Never raises for what a server, the network or the mail itself can do."""
    try:
        parcel = parcel_of(mail)
    except OSError as error:  # a file that cannot be read now
        return Attempt(Result.LATER, f"{type(error).__name__}: {error}", Trouble.NOT_NOW)
    except Exception as error:  # what no mail can be made of, such as an address that is none
        words = f"This mail cannot be written: {type(error).__name__}: {error}"
        return Attempt(Result.REFUSED, words, Trouble.UNWRITABLE)
    return _deliver(parcel, server, pool)


def _deliver(parcel: Parcel, server: SmtpServer, pool: Pool) -> Attempt:
    """One attempt; a kept connection that turns out to be gone is made anew, once."""
    while True:
        try:
            connection = pool.take(server)
        except Unreachable as error:
            return Attempt(Result.UNREACHABLE, error.words, error.trouble)
        is_new = connection.mails == 0
        try:
            return _through(connection, parcel)
        except WentAway as error:
            if is_new:
                return Attempt(Result.UNREACHABLE, str(error), Trouble.NO_CONNECTION)
        except (OSError, smtplib.SMTPException) as error:
            connection.smtp.close()
            return Attempt(Result.UNREACHABLE, f"{type(error).__name__}: {error}", Trouble.NO_CONNECTION)
        finally:
            connection.mails += 1
            pool.give_back(connection)


def _through(connection: Connection, parcel: Parcel) -> Attempt:
    try:
        return Attempt(Result.SENT, give(connection.smtp, parcel))
    except Refused as refused:
        if refused.attempt.result is Result.UNREACHABLE:
            connection.smtp.close()
        else:
            connection.smtp.rset()
        return refused.attempt


def give(smtp: smtplib.SMTP, parcel: Parcel, tell: Tell = lambda _step, _words: None) -> str:
    """Hand a mail over, step by step; answers what the server said to all of it.

    Raises `Refused`; `WentAway` when the connection broke before the content was sent, and `OSError` or
    `SMTPException` when it broke after: then nobody knows whether the server has the mail.
    """
    try:
        said = _envelope(smtp, parcel, tell)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        smtp.close()
        raise WentAway(f"{type(error).__name__}: {error}") from error
    assert smtp.sock is not None
    smtp.sock.settimeout(TIMEOUT_FOR_CONTENT_SECONDS)
    try:
        code, said = smtp.data(parcel.content)
    except smtplib.SMTPDataError as error:
        raise _refused(Step.CONTENT, error.smtp_code, error.smtp_error) from None
    if smtp.sock is not None:
        smtp.sock.settimeout(TIMEOUT_SECONDS)
    if code != 250:
        raise _refused(Step.CONTENT, code, said)
    tell(Step.CONTENT, spoken(code, said))
    return spoken(code, said)


def _envelope(smtp: smtplib.SMTP, parcel: Parcel, tell: Tell) -> bytes:
    code, said = smtp.mail(parcel.sender, _options(smtp, parcel))
    if code != 250:
        raise _refused(Step.SENDER, code, said)
    tell(Step.SENDER, spoken(code, said))
    code, said = smtp.rcpt(parcel.recipient)
    if code not in {250, 251}:
        raise _refused(Step.RECIPIENT, code, said)
    tell(Step.RECIPIENT, spoken(code, said))
    return said


def _options(smtp: smtplib.SMTP, parcel: Parcel) -> list[str]:
    options = [f"SIZE={len(parcel.content)}"] if smtp.has_extn("size") else []
    if not parcel.needs_utf8:
        return options
    if not smtp.has_extn("smtputf8"):
        words = "The server does not offer SMTPUTF8."
        raise Refused(Attempt(Result.REFUSED, words, Trouble.NOT_IN_ASCII))
    smtp.command_encoding = "utf-8"
    return [*options, "SMTPUTF8", "BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [*options, "SMTPUTF8"]


def _refused(step: Step, code: int, said: bytes | str) -> Refused:
    """A number from 500 on is for good (RFC 5321), 4xx for now; with 421 the server closes for everybody."""
    words = spoken(code, said)
    meaning = meaning_of(words)
    trouble = meaning.trouble
    if step is Step.SENDER and trouble not in {Trouble.TOO_LARGE, Trouble.NOT_NOW}:
        trouble = Trouble.SENDER_REFUSED
    if code == SERVICE_CLOSES or code < 400:
        return Refused(Attempt(Result.UNREACHABLE, words, Trouble.NO_CONNECTION))
    return Refused(Attempt(Result.REFUSED if meaning.is_final else Result.LATER, words, trouble))
