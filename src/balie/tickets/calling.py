"""Where and when to call back: a number, an AnyDesk address, times that suit (IB-15, IB-24)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

import babel.dates
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext

from balie.customers.numbers import to_e164
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode
from balie.rules.working_time import Calendar
from balie.tickets.actions import CallWish
from balie.tickets.facts import Situation

DAYS_AHEAD = 5
"""Open days of which the times are offered."""
LOOKS_AHEAD = timedelta(days=16)
LONGEST_TIME = timedelta(hours=5)
"""A longer stretch is offered in two halves: nobody waits beside the phone for a whole day."""
SHORTEST_TIME = timedelta(minutes=15)
ANYDESK_NUMBER = re.compile(r"\d{9,10}")
ANYDESK_ALIAS = re.compile(r"[a-z0-9._-]{1,50}@[a-z0-9._-]{1,30}")

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be picked: `value` goes with the form, `label` is `09:00-13:00`."""

    value: str
    label: str


def phone_in(text: str, *, country: str) -> str:
    """The number in E.164; raises `ValidationError` that says what is wrong with it.

    Spaces, dashes, brackets and 0031 are how people write; letters are not.
    """
    if letters := re.search(r"[^\W\d_]+", text):
        raise ValidationError(
            gettext("A phone number has no letters: leave “%(letters)s” out.") % {"letters": letters[0]}
        )
    number = to_e164(text, country=country)
    if number is None:
        raise ValidationError(
            gettext("“%(text)s” is not a phone number in use. Write it like 06 12345678 or +31 6 12345678.")
            % {"text": text}
        )
    return number


def anydesk_in(text: str) -> str:
    """The address without spaces, an alias in small letters; raises `ValidationError` that says what one looks like."""
    plain = re.sub(r"[\s.]", "", text)
    if ANYDESK_NUMBER.fullmatch(plain):
        return plain
    alias = text.strip().lower()
    if ANYDESK_ALIAS.fullmatch(alias):
        return alias
    raise ValidationError(
        gettext("An AnyDesk address has 9 or 10 digits, such as 123 456 789, or looks like till@shop.")
    )


def call_wish_in(mode: AnswerMode, cleaned: Mapping[str, Any]) -> CallWish | None:
    """What a valid form says about calling; nothing for an answer on the site."""
    if mode is AnswerMode.SITE:
        return None
    anydesk = cleaned["anydesk"] if mode is AnswerMode.ANYDESK else ""
    return CallWish(cleaned["phone"], anydesk, cleaned["times"])


def days_to_choose(situation: Situation, line: str | None) -> list[tuple[str, list[Time]]]:
    """The open times of the next days in the hours that count, by day in the reader's words."""
    if (calendar := situation.hours_of_calls(line)) is None:
        return []
    zone = calendar.zone
    found: list[tuple[str, list[Time]]] = []
    by_day = groupby(_open_times(calendar, situation.now), key=lambda each: each[0].astimezone(zone).date())
    for on, times in by_day:
        if len(found) == DAYS_AHEAD:
            break
        found.append((_name_of(on, get_language() or "nl"), [_time(each, calendar) for each in times]))
    return found


@lru_cache(maxsize=500)
def _name_of(on: date, language: str) -> str:
    return babel.dates.format_date(on, "EEEE d MMMM", locale=language)


def times_in(values: Sequence[str], situation: Situation, line: str | None) -> list[Stretch]:
    """The stretches that were picked, in order; raises `ValidationError` for one that is past or not in the hours."""
    calendar = situation.hours_of_calls(line)
    offered = (
        {} if calendar is None else {_value(each): each for each in _open_times(calendar, situation.now)}
    )
    picked = {value: offered.get(value) or _still_to_come(value, calendar, situation.now) for value in values}
    if not all(picked.values()):
        raise ValidationError(gettext("One of the times is over or not within the hours. Choose again."))
    return sorted(each for each in picked.values() if each is not None)


def _open_times(calendar: Calendar, now: datetime) -> Iterator[Stretch]:
    try:
        pieces = calendar.stretches(now, now.astimezone(UTC) + LOOKS_AHEAD)
    except Refusal:  # beyond the years for which the calendar was made
        return
    for piece in pieces:
        if piece.is_open:
            yield from (
                each for each in _halves(piece.start, piece.end) if each[1] - each[0] >= SHORTEST_TIME
            )


def _halves(start: datetime, end: datetime) -> list[Stretch]:
    if end.astimezone(UTC) - start.astimezone(UTC) <= LONGEST_TIME:
        return [(start, end)]
    noon = start.replace(hour=13, minute=0, second=0, microsecond=0)
    middle = noon if start < noon < end else start + (end - start) / 2
    return [(start, middle), (middle, end)]


def _still_to_come(value: str, calendar: Calendar | None, now: datetime) -> Stretch | None:
    """A time that was offered a moment ago and has begun meanwhile: what is left of it."""
    if calendar is None or not re.fullmatch(r"\d{9,11}-\d{9,11}", value):
        return None
    start, end = (datetime.fromtimestamp(int(each), UTC) for each in value.split("-"))
    left = max(start, now.astimezone(UTC).replace(microsecond=0))
    try:
        is_open = left < end and calendar.measure(left, end) == end - left
    except Refusal:
        return None
    return (left, end) if is_open and end - left <= LONGEST_TIME else None


def _time(stretch: Stretch, calendar: Calendar) -> Time:
    start, end = (each.astimezone(calendar.zone) for each in stretch)
    return Time(_value(stretch), f"{start:%H:%M}-{end:%H:%M}")


def _value(stretch: Stretch) -> str:
    return f"{int(stretch[0].timestamp())}-{int(stretch[1].timestamp())}"
