"""Mail on its way out: when it is tried again, and what it means that it did not arrive (IB-15, SW-17).

A server answers with a number: 4xx is "not now", 5xx is "no" (RFC 5321). Most add a code of three parts (RFC 3463)
that says more; its class can contradict the number, and then the number counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from balie.rules.reasons import gettext_noop as _

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    *[timedelta(hours=8)] * 14,
)
"""From each attempt to the next: five days together, less two hours (RFC 5321, 4.5.4.1: four or five days)."""


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When a mail is tried again after `attempts` that came to nothing (1 or more), or `None` when it has failed.

    Attempts count, not days: a desk whose worker stood still for a week still tries as often.
    """
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


class Trouble(StrEnum):
    """Why a mail did not arrive, as far as somebody can act on it."""

    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_DOMAIN = "unknown_domain"
    MAILBOX_CLOSED = "mailbox_closed"
    MAILBOX_FULL = "mailbox_full"
    TOO_LARGE = "too_large"
    NOT_TRUSTED = "not_trusted"  # spam, SPF, DKIM, DMARC, a block list
    SENDER_REFUSED = "sender_refused"
    NOT_NOW = "not_now"
    NO_SUCH_SERVER = "no_such_server"
    NO_CONNECTION = "no_connection"
    NO_ENCRYPTION = "no_encryption"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    NOT_IN_ASCII = "not_in_ascii"
    UNWRITABLE = "unwritable"
    TOO_LATE = "too_late"
    OTHER = "other"


PLAIN: dict[Trouble, str] = {
    Trouble.UNKNOWN_ADDRESS: _("This address does not exist."),
    Trouble.UNKNOWN_DOMAIN: _("The part behind the @ does not exist, or takes no mail."),
    Trouble.MAILBOX_CLOSED: _("This mailbox takes no mail any more."),
    Trouble.MAILBOX_FULL: _("This mailbox is full."),
    Trouble.TOO_LARGE: _("The mail is too large for this mailbox."),
    Trouble.NOT_TRUSTED: _("The other side takes this mail for unwanted, or does not trust our mail server."),
    Trouble.SENDER_REFUSED: _("Our mail server does not let the desk send from its address."),
    Trouble.NOT_NOW: _("The other side does not take the mail now."),
    Trouble.NO_SUCH_SERVER: _("The name of our mail server cannot be found."),
    Trouble.NO_CONNECTION: _("Our mail server cannot be reached."),
    Trouble.NO_ENCRYPTION: _("Our mail server offers no encryption, so Balie gave it nothing."),
    Trouble.CERTIFICATE: _("The certificate of our mail server is not right, so Balie gave it nothing."),
    Trouble.LOGIN: _("Our mail server does not accept the user name and password of the desk."),
    Trouble.NOT_IN_ASCII: _("This address has letters that our mail server cannot send to."),
    Trouble.UNWRITABLE: _("No mail can be made of this: the address or a header is wrong."),
    Trouble.TOO_LATE: _("It could not be delivered for days, and is not tried any more."),
    Trouble.OTHER: _("The mail server did not take it."),
}
"""What the agent reads first; the server's own words come below it."""

OF_THE_HOUSE = frozenset(
    {
        Trouble.SENDER_REFUSED,
        Trouble.NO_SUCH_SERVER,
        Trouble.NO_CONNECTION,
        Trouble.NO_ENCRYPTION,
        Trouble.CERTIFICATE,
        Trouble.LOGIN,
    }
)
"""Trouble with our own server: an administrator must act, no address is to blame."""

OF_THE_ADDRESS = frozenset({Trouble.UNKNOWN_ADDRESS, Trouble.UNKNOWN_DOMAIN, Trouble.MAILBOX_CLOSED})
"""Trouble that stays: writing to this address again leads to the same."""

# RFC 3463: subject and detail of an enhanced status code, and what it means here.
_CODES: dict[tuple[int, int], Trouble] = {
    (1, 0): Trouble.UNKNOWN_ADDRESS,
    (1, 1): Trouble.UNKNOWN_ADDRESS,
    (1, 2): Trouble.UNKNOWN_DOMAIN,
    (1, 3): Trouble.UNKNOWN_ADDRESS,
    (1, 4): Trouble.UNKNOWN_ADDRESS,
    (1, 6): Trouble.UNKNOWN_ADDRESS,
    (1, 7): Trouble.SENDER_REFUSED,
    (1, 8): Trouble.SENDER_REFUSED,
    (1, 10): Trouble.UNKNOWN_DOMAIN,
    (2, 1): Trouble.MAILBOX_CLOSED,
    (2, 2): Trouble.MAILBOX_FULL,
    (2, 3): Trouble.TOO_LARGE,
    (3, 4): Trouble.TOO_LARGE,
    (4, 1): Trouble.NOT_NOW,
    (4, 4): Trouble.UNKNOWN_DOMAIN,
    (4, 7): Trouble.TOO_LATE,
    (6, 7): Trouble.NOT_IN_ASCII,
}
_OF_SUBJECT: dict[int, Trouble] = {7: Trouble.NOT_TRUSTED}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NUMBER = re.compile(r"\A\s*([245]\d\d)\b")
_WORDS = (
    (re.compile(r"over ?quota|mailbox (?:is )?full|quota exceeded", re.IGNORECASE), Trouble.MAILBOX_FULL),
    (
        re.compile(
            r"user unknown|unknown user|no such (?:user|recipient|mailbox|person|address)|does(?: not|n't) exist"
            r"|address unknown|unknown (?:recipient|local)|nobody of that name",
            re.IGNORECASE,
        ),
        Trouble.UNKNOWN_ADDRESS,
    ),
    (
        re.compile(r"spam|blocked|block ?list|blacklist|reputation|dmarc|\bspf\b", re.IGNORECASE),
        Trouble.NOT_TRUSTED,
    ),
    (re.compile(r"too (?:large|big)|size limit", re.IGNORECASE), Trouble.TOO_LARGE),
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a server's answer means. `is_final`: trying the same again is of no use."""

    trouble: Trouble
    is_final: bool

    @property
    def marks_address(self) -> bool:
        """Whether nothing reaches this address any more."""
        return self.is_final and self.trouble in OF_THE_ADDRESS


def meaning_of(words: str) -> Meaning:
    """What the answer of a server means, such as `550 5.1.1 no such user`, or a status with its diagnosis.

    A number at the beginning decides whether it is final, else the class of the code; words without either are final,
    because only reports that something was not delivered come without.
    """
    number, status = _NUMBER.match(words), _STATUS.search(words)
    digit = number[1][0] if number else status[1] if status else "5"
    trouble = _by_code(status) or _by_words(words)
    is_final = digit == "5"
    if trouble is None:
        trouble = Trouble.OTHER if is_final else Trouble.NOT_NOW
    return Meaning(trouble, is_final)


def _by_code(status: re.Match[str] | None) -> Trouble | None:
    if status is None:
        return None
    subject, detail = int(status[2]), int(status[3])
    return _CODES.get((subject, detail)) or _OF_SUBJECT.get(subject)


def _by_words(words: str) -> Trouble | None:
    return next((trouble for pattern, trouble in _WORDS if pattern.search(words)), None)
