"""When we call back: the moments that are free, and what became of the attempts (IB-15, IB-24, SW-18).

A moment is offered within the desk's hours, within the times that suit the customer as long as one of them is to
come, and not when its owner has another call planned. All moments are aware and answered in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.working_time import Calendar

Span = tuple[datetime, datetime]

LOOKS_AHEAD = timedelta(days=16)
STEP = timedelta(minutes=5)
"""A moment that is offered begins on a multiple of these."""
LONGEST = timedelta(hours=12)
"""Nobody plans one call for longer than a day at work."""


class Outcome(StrEnum):
    """What came of one attempt."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"


class Standing(StrEnum):
    """How a call-back stands."""

    PLANNED = "planned"
    REACHED = "reached"
    GIVEN_UP = "given_up"  # as many attempts failed as the desk makes; the customer was told how to reach us
    CANCELLED = "cancelled"


class NotASpan(Refusal):
    """The end does not come after the start, or lies more than `LONGEST` from it."""


class AlreadyPast(Refusal):
    """A call is planned for what is still to come."""


class OutsideHours(Refusal):
    """The desk is closed at that time."""


class DoesNotSuit(Refusal):
    """The customer named other times, and nobody said that this one was agreed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The next free moments, in order. `suits`: they are within the times that the customer named, if it named any."""

    moments: tuple[Span, ...]
    suits: bool = True

    @property
    def first(self) -> Span | None:
        return self.moments[0] if self.moments else None


def free_moments(
    calendar: Calendar,
    *,
    wished: Sequence[Span],
    taken: Sequence[Span],
    minutes: int,
    after: datetime,
    most: int,
) -> Offer:
    """At most `most` moments of `minutes`, from `after` on.

    Without a wish that can still be met, those of the opening hours. None when the desk stays closed in the days
    that are looked at.
    """
    to_come = [each for each in map(_in_utc, wished) if each[1] > after]
    busy = sorted(map(_in_utc, taken))
    until = max([after.astimezone(UTC) + LOOKS_AHEAD, *(end for _, end in to_come)])
    opening = list(_open(calendar, after, until))
    length = timedelta(minutes=minutes)
    if wanted := _first(_moments(_both(opening, sorted(to_come)), busy, length), most):
        return Offer(wanted)
    return Offer(_first(_moments(opening, busy, length), most), suits=not to_come)


def check(calendar: Calendar, span: Span, *, wished: Sequence[Span], agreed: bool, now: datetime) -> None:
    """Whether a call can be planned for this span; raises `NotASpan`, `AlreadyPast`, `OutsideHours`, `DoesNotSuit`.

    `agreed`: somebody spoke with the customer, so that its preferred times do not count.
    """
    start, end = _in_utc(span)
    if not start < end or end - start > LONGEST:
        raise NotASpan(_("A call-back has a beginning and a later end, on the same day."))
    if end <= now:
        raise AlreadyPast(
            Reason(_("That time is over.")), Reason(_("Choose a moment that is still to come."))
        )
    first, last = calendar.bounds
    if not first <= start < end <= last or calendar.measure(start, end) < end - start:
        raise OutsideHours(
            Reason(_("The desk is closed then."), rule="IB-24"),
            Reason(_("Choose a time within the opening hours.")),
        )
    to_come = [each for each in map(_in_utc, wished) if each[1] > now]
    if to_come and not agreed and not any(begin <= start and end <= finish for begin, finish in to_come):
        raise DoesNotSuit(
            Reason(_("The customer named other times."), rule="IB-15"),
            Reason(_("Choose one of its times, or say that you agreed on this one.")),
        )


def standing(outcomes: Sequence[Outcome], *, most: int) -> Standing:
    """How the attempts so far leave a call-back; `most` failed ones end it."""
    if Outcome.REACHED in outcomes:
        return Standing.REACHED
    return Standing.GIVEN_UP if len(outcomes) >= most else Standing.PLANNED


def is_overdue(planned_until: datetime, *, now: datetime) -> bool:
    """Whether the time for the call has passed."""
    return planned_until.astimezone(UTC) < now.astimezone(UTC)


def _in_utc(span: Span) -> Span:
    return span[0].astimezone(UTC), span[1].astimezone(UTC)


def _open(calendar: Calendar, after: datetime, until: datetime) -> Iterator[Span]:
    """The opening hours between two moments, as far as the calendar knows them."""
    first, last = _in_utc(calendar.bounds)
    begin, finish = max(first, after.astimezone(UTC)), min(last, until)
    if begin < finish:
        for piece in calendar.stretches(begin, finish):
            if piece.is_open:
                yield _in_utc((piece.start, piece.end))


def _both(opening: Sequence[Span], wished: Sequence[Span]) -> Iterator[Span]:
    """What lies in the hours and in a wish, in order."""
    found = {
        (max(one[0], other[0]), min(one[1], other[1]))
        for one in opening
        for other in wished
        if one[0] < other[1] and other[0] < one[1]
    }
    yield from sorted(found)


def _moments(
    windows: Iterator[Span] | Sequence[Span], busy: Sequence[Span], length: timedelta
) -> Iterator[Span]:
    """The free moments of these windows, one after the other; none overlaps one before it."""
    free_from = datetime.min.replace(tzinfo=UTC)
    for opens, closes in windows:
        start = _on_a_step(max(opens, free_from))
        while start + length <= closes:
            in_the_way = [end for begin, end in busy if begin < start + length and start < end]
            if in_the_way:
                start = _on_a_step(max(in_the_way))
                continue
            yield start, start + length
            start = free_from = _on_a_step(start + length)


def _on_a_step(at: datetime) -> datetime:
    """The first moment, `at` or later, on a multiple of the step."""
    over = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % STEP
    return at + (STEP - over) if over else at


def _first(moments: Iterator[Span], most: int) -> tuple[Span, ...]:
    return tuple(each for each, _place in zip(moments, range(most), strict=False))
