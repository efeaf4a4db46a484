"""The mail of a run: what is sent when and by which way, decided by the seed alone; and how each message looks.

A follow-up, an out-of-office note and our own mail coming back answer mail that the desk has sent by then, so which one
they answer depends on how the run goes.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.reliability.sink import Received

DESK = "help@desk.example"
MARK_HEADER = "X-Offer"
LARGE_BYTES = 1_500_000
FIRST_ANSWERS = 0.1
"""So much of the mail comes in before anything answers mail of the desk."""


class Way(StrEnum):
    IMAP = "imap"
    LMTP = "lmtp"


class Kind(StrEnum):
    """What is sent, and so what must become of it."""

    QUESTION = "question"
    BROKEN = "broken"
    LARGE = "large"
    TWICE = "twice"
    FOLLOW_UP = "follow_up"
    OUT_OF_OFFICE = "out_of_office"
    AUTOMATIC = "automatic"
    OWN = "own"


ANSWERS_US = frozenset({Kind.FOLLOW_UP, Kind.OUT_OF_OFFICE, Kind.OWN})
SHARES = {
    Kind.QUESTION: 50,
    Kind.FOLLOW_UP: 18,
    Kind.TWICE: 12,
    Kind.BROKEN: 8,
    Kind.AUTOMATIC: 5,
    Kind.OUT_OF_OFFICE: 4,
    Kind.OWN: 2,
    Kind.LARGE: 1,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One message: `at` seconds after the first it is offered, by each of its ways."""

    seed: int
    number: int
    kind: Kind
    ways: tuple[Way, ...]
    at: float

    @property
    def mark(self) -> str:
        """By which the message is known again wherever it went."""
        return f"merk-{self.seed}-{self.number:05}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is offered. `answers`: the Message-ID of our mail that it answers."""

    raw: bytes
    sender: str
    recipient: str = DESK
    answers: str = ""


def plan(seed: int, count: int, *, seconds: float) -> list[Planned]:
    """The mail of a run, in the order in which it is offered."""
    chance = random.Random(f"plan {seed}")
    moments = sorted(chance.uniform(0, seconds) for _ in range(count))
    return [
        Planned(seed, number, kind, _ways(kind, chance), at)
        for number, at in enumerate(moments)
        for kind in [_kind(chance, early=number < count * FIRST_ANSWERS)]
    ]


def _kind(chance: random.Random, *, early: bool) -> Kind:
    kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
    return Kind.QUESTION if early and kind in ANSWERS_US else kind


def _ways(kind: Kind, chance: random.Random) -> tuple[Way, ...]:
    if kind is Kind.TWICE:
        return (Way.IMAP, Way.LMTP)
    return (chance.choice(list(Way)),)


def write(planned: Planned, ours: Sequence[Received]) -> Letter:
    """The message; `ours` is mail of the desk that it may answer, which has some when its kind needs it."""
    chance = random.Random(planned.mark)
    if planned.kind is Kind.OWN:
        mail = chance.choice(ours)
        return Letter(
            f"{MARK_HEADER}: {planned.mark}\r\n".encode() + mail.raw, mail.sender, answers=mail.message_id
        )
    if planned.kind in ANSWERS_US:
        return _answer(planned, chance.choice(ours), chance)
    sender = f"klant{chance.randrange(400)}@winkel{chance.randrange(3)}.example"
    if planned.kind is Kind.AUTOMATIC:
        return Letter(_message(planned, sender, chance, "Auto-Submitted: auto-generated"), sender)
    if planned.kind is Kind.BROKEN:
        return Letter(chance.choice(_BROKEN)(planned, sender), sender)
    if planned.kind is Kind.LARGE:
        return Letter(_with_file(planned, sender, chance.randbytes(chance.randrange(LARGE_BYTES))), sender)
    return Letter(_message(planned, sender, chance), sender)


def _answer(planned: Planned, mail: Received, chance: random.Random) -> Letter:
    headers = [f"In-Reply-To: {mail.message_id}", f"References: {mail.message_id}"]
    if planned.kind is Kind.OUT_OF_OFFICE:
        headers.append("Auto-Submitted: auto-replied")
    raw = _message(planned, mail.recipient, chance, *headers, to=mail.reply_to)
    return Letter(raw, mail.recipient, mail.reply_to, answers=mail.message_id)


def _head(planned: Planned, sender: str, *more: str, to: str = DESK) -> bytes:
    lines = [
        f"{MARK_HEADER}: {planned.mark}",
        f"From: Klant <{sender}>",
        f"To: {to}",
        f"Subject: Kassa {planned.mark}",
        f"Message-ID: <{planned.mark}@winkel.example>",
        "Date: Mon, 23 Nov 2026 09:31:00 +0100",
        "MIME-Version: 1.0",
        *more,
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _message(planned: Planned, sender: str, chance: random.Random, *more: str, to: str = DESK) -> bytes:
    words = f"De kassa print {chance.randrange(9)} keer «één» bon. {planned.mark}\n".replace("\n", "\r\n")
    words += "Regel met uitleg.\r\n" * chance.randrange(200)
    charset = chance.choice(["utf-8", "iso-8859-1", "windows-1252"])
    content = words.encode(charset)
    encoding = chance.choice(["8bit", "base64"])
    if encoding == "base64":
        content = base64.encodebytes(content).replace(b"\n", b"\r\n")
    kind = [f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {encoding}"]
    return _head(planned, sender, *more, *kind, to=to) + b"\r\n" + content


def _with_file(planned: Planned, sender: str, content: bytes) -> bytes:
    file = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return b"".join(
        [
            _head(planned, sender, "Content-Type: multipart/mixed; boundary=grens"),
            f"\r\n--grens\r\nContent-Type: text/plain\r\n\r\nZie de scan. {planned.mark}\r\n".encode(),
            b"--grens\r\nContent-Type: application/pdf; name=scan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            file,
            b"--grens--\r\n",
        ]
    )


# --- What real programs break ---------------------------------------------------------------------------


def _other_boundary(planned: Planned, sender: str) -> bytes:
    head = _head(planned, sender, "Content-Type: multipart/mixed; boundary=grens")
    return head + b"\r\n--muur\r\nContent-Type: text/plain\r\n\r\nHij print niet.\r\n--muur--\r\n"


def _cut_off(planned: Planned, sender: str) -> bytes:
    return _with_file(planned, sender, b"een scan" * 500)[:-700]


def _unknown_charset(planned: Planned, sender: str) -> bytes:
    return (
        _head(planned, sender, "Content-Type: text/plain; charset=klingon-8")
        + b"\r\nHij print \xe9\xe9n bon.\r\n"
    )


def _no_base64(planned: Planned, sender: str) -> bytes:
    return _head(planned, sender, "Content-Transfer-Encoding: base64") + b"\r\nDit is geen base64!\r\n=\r\n"


def _bytes_in_headers(planned: Planned, sender: str) -> bytes:
    return (
        _head(planned, sender)
        + b"X-Naam: caf\xe9 \xff\r\nContent-Type: text/plain; charset=\r\n\r\nHij print niet.\r\n"
    )


def _only_headers(planned: Planned, sender: str) -> bytes:
    return _head(planned, sender)


_BROKEN: tuple[Callable[[Planned, str], bytes], ...] = (
    _other_boundary,
    _cut_off,
    _unknown_charset,
    _no_base64,
    _bytes_in_headers,
    _only_headers,
)
