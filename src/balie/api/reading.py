"""What programs send, read into what the actions take; everything that is wrong with it is said at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from balie.phone.actions import MOST_EVENTS, Told
from balie.phone.asking import Asked, clean
from balie.phone.models import LONGEST_NAME, Direction
from balie.rules.call_progress import Kind

LONGEST_TEXT = 2000
_NEVER = datetime.max.replace(tzinfo=UTC)
DIGITS = "0123456789#*"


class Unreadable(Exception):
    """What was sent cannot be read. `errors`: field -> what is wrong with it and what to send instead."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(f"{name}: {error}" if name else error for name, error in errors.items()))


@dataclass(frozen=True, slots=True)
class BadEvent:
    """An event that cannot be read: its `id`, as far as it has one, and why."""

    name: str
    why: str


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a request. Raises `Unreadable`."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable({"": f"Send JSON in UTF-8; this is none: {str(error)[:200]}"}) from error
    if not isinstance(found, dict):
        raise Unreadable({"": "Send a JSON object: {…}."})
    return found


def asked_in(sent: Mapping[str, Any]) -> Asked:
    """The question of an exchange. Raises `Unreadable`."""
    read = _Reader(sent)
    asked = Asked(
        call=read.name("call"),
        number=read.text("from"),
        asserted=read.text("asserted"),
        privacy=read.text("privacy"),
        name=read.text("name"),
        called=read.text("to"),
        line=read.text("line"),
        topic=read.text("topic"),
        digit=read.one_of("digit", tuple(DIGITS)),
        at=read.moment("at"),
    )
    read.finish()
    return asked


def events_in(sent: Mapping[str, Any]) -> tuple[list[Told], list[BadEvent]]:
    """The events of a telling, and those that cannot be read. Raises `Unreadable` when there are no events at all."""
    events = sent.get("events")
    if not isinstance(events, list):
        raise Unreadable({"events": "Send a list of events."})
    if len(events) > MOST_EVENTS:
        raise Unreadable(
            {"events": f"Send {MOST_EVENTS} events at the most at a time; these are {len(events)}."}
        )
    told, bad = [], []
    for each in events:
        try:
            told.append(_told_in(each))
        except Unreadable as error:
            bad.append(BadEvent(_name_of(each), str(error)))
    return told, bad


def _told_in(sent: Any) -> Told:
    if not isinstance(sent, dict):
        raise Unreadable({"events": "An event is an object: {…}."})
    read = _Reader(sent)
    told = Told(
        name=read.name("id"),
        call=read.name("call"),
        kind=Kind(read.one_of("kind", tuple(Kind), needed=True) or Kind.ENDED),
        at=read.moment("at", needed=True) or _NEVER,
        extension=clean(read.text("extension"))[:80],
        direction=Direction(found) if (found := read.one_of("direction", tuple(Direction.values))) else None,
        caller=read.text("from"),
        called=read.text("to"),
        data=read.data("data"),
    )
    read.finish()
    return told


def _name_of(sent: Any) -> str:
    found = sent.get("id") if isinstance(sent, dict) else None
    return clean(found)[:LONGEST_NAME] if isinstance(found, str) else ""


class _Reader:
    """Reads field after field, and remembers what was wrong."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self.sent = sent
        self.errors: dict[str, str] = {}

    def finish(self) -> None:
        if self.errors:
            raise Unreadable(self.errors)

    def name(self, field: str) -> str:
        """An identity: 1 to 200 characters that can be stored as they are."""
        found = self.sent.get(field)
        if not isinstance(found, str) or not found.strip():
            return self._wrong(
                field, "This is needed: a text that the exchange gives to it, the same each time."
            )
        if len(found) > LONGEST_NAME:
            return self._wrong(field, f"Send {LONGEST_NAME} characters at the most.")
        if clean(found) != found:
            return self._wrong(field, "Send it without control characters and without spaces around it.")
        return found

    def text(self, field: str) -> str | None:
        found = self.sent.get(field)
        if found is None or isinstance(found, str):
            return None if found is None else found[:LONGEST_TEXT]
        return self._wrong(field, "Send a text or null.") or None

    def one_of(self, field: str, choices: tuple[str, ...], *, needed: bool = False) -> str | None:
        found = self.sent.get(field)
        if found in choices and isinstance(found, str):
            return found
        if found is None and not needed:
            return None
        return self._wrong(field, f"Send one of: {', '.join(map(str, choices))}.") or None

    def moment(self, field: str, *, needed: bool = False) -> datetime | None:
        found = self.sent.get(field)
        if found is None and not needed:
            return None
        at = _moment(found)
        if at is None:
            self._wrong(field, "Send a moment with its offset: 2026-11-20T16:00:00+01:00.")
        return at

    def data(self, field: str) -> dict[str, Any]:
        found = self.sent.get(field)
        if found is None or isinstance(found, dict):
            return found or {}
        self._wrong(field, "Send an object or null.")
        return {}

    def _wrong(self, field: str, error: str) -> str:
        self.errors[field] = error
        return ""


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at if at.utcoffset() is not None and 1900 < at.year < 9000 else None
    except (TypeError, ValueError):
        return None


def _no_number(text: str) -> Callable[[str], float]:
    raise ValueError(f"{text} is no number of JSON")
