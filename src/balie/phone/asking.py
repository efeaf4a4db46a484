"""What an exchange asks about a call, and what it is answered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from balie.customers.numbers import caller_in
from balie.phone.models import LONGEST_NAME, Call
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.routing import Action, Announcement, Caller, Withheld

LATEST = timedelta(days=30)
"""How late an exchange may tell something."""
CLOCK_AHEAD = timedelta(minutes=5)
"""How far the clock of an exchange may be ahead of ours."""
HIDES = frozenset({"id", "user", "header"})
"""The wishes for privacy (RFC 3323, RFC 3325) of a caller who does not want to be known by its number."""


class NotNow(Refusal):
    """The moment lies too far back or ahead: the clock of the exchange is wrong."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an exchange: where does this call go?

    `call`: the exchange's own identity of the call, the same each time it asks about it. `number`, `asserted` and
    `privacy` are the From, the P-Asserted-Identity and the Privacy header as the network gave them, `name` the display
    name. `line` is the key of the line that was called, else `called` may tell it. `topic`: the key of a topic or
    `SOMETHING_ELSE`; `digit`: a key that was pressed in the menu instead. `at`: when it called, else now.
    """

    call: str
    number: str | None = None
    asserted: str | None = None
    privacy: str | None = None
    name: str | None = None
    called: str | None = None
    line: str | None = None
    topic: str | None = None
    digit: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A key of the menu and what it stands for."""

    digit: str
    topic: str
    name: dict[str, str]  # language -> name


@dataclass(frozen=True, slots=True)
class Routed:
    """What the exchange does with the call.

    `groups`: the telephones to ring, those of a group together, group after group; only those that take calls now.
    `text`: what the caller hears by language; `prompts`: the same as names of sound files, in order, and those of the
    menu. `reasons` are for agents and name no customer.
    """

    call: Call
    action: Action
    target: str | None
    groups: tuple[tuple[str, ...], ...]
    announcement: Announcement | None
    text: dict[str, str] | None
    language: str
    prompts: tuple[str, ...]
    choices: tuple[Choice, ...]
    next_opening: datetime | None
    reasons: tuple[Reason, ...]

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(each for group in self.groups for each in group)


def caller_of(asked: Asked, *, country: str) -> Caller:
    """Who calls: the asserted number counts before the From; who asks for privacy has withheld both (IB-02)."""
    wishes = re.split(r"[;,\s]+", (asked.privacy or "").lower())
    if HIDES.intersection(wishes):
        return Withheld()
    return caller_in(clean(asked.asserted) or clean(asked.number), country=country)


def as_given(asked: Asked, caller: Caller) -> str:
    """What the network told of the caller, for the log; nothing of one that hides its number."""
    if isinstance(caller, Withheld):
        return ""
    number = clean(asked.asserted) or clean(asked.number)
    name = clean(asked.name)
    return (f"{name} <{number}>" if name else number)[:LONGEST_NAME]


_UNSEEN = {"Cc": " ", "Cs": " ", "Cf": ""}
"""By Unicode category: control characters, halves of characters, and characters that only format others."""


def clean(text: str | None) -> str:
    """`text` as it can be stored and shown: spaces once, nothing invisible, nothing that turns a line around."""
    kept = text or ""
    if not kept.isprintable():  # most are: then nothing of `_UNSEEN` is in it
        kept = "".join(_UNSEEN.get(unicodedata.category(each), each) for each in kept)
    return " ".join(kept.split())


def check_moment(at: datetime, *, now: datetime) -> None:
    """Raises `NotNow` for a moment that no exchange with a right clock would tell now."""
    if at > now + CLOCK_AHEAD:
        raise NotNow(_("The moment lies in the future: set the clock of the exchange right."))
    if at < now - LATEST:
        raise NotNow(
            _("The moment lies more than %(days)s days back; that is taken no more."), days=LATEST.days
        )
