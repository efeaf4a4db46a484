"""Working time: when a line is open, and sums in the hours that count (SW-01, SW-02, IB-29, IB-30).

Conventions, each a row in docs/rules/working-time.md:

- Windows are half-open: at closing time it is closed. Windows that touch are one.
- A window belongs to the day on which it begins; a holiday or exception replaces the hours of its own day
  and leaves those that run past midnight from the day before.
- Local times become moments one by one: a time that occurs twice is the first, a time in the gap has the
  offset before the change. A window that has no length left then is gone; so is a day that a zone skips.
- A deadline exactly on closing time is that closing time; its mirror, a start exactly on opening time, is
  that opening time.

A calendar is compiled for a span of days; every question is O(log n) in the windows of that span. Moments
are aware datetimes, answers are in the calendar's zone, exact to the microsecond.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import NoReturn
from zoneinfo import ZoneInfo

from balie.rules.day_hours import (
    DAY,
    DayHours,
    ImpossibleHours,
    Outlook,
    OverlappingWindows,
    check,
    hours_on,
    outlook,
)
from balie.rules.desk import HolidayDates, OpeningHours
from balie.rules.moments import (
    MICROSECOND,
    MINUTE,
    SECOND,
    EndBeforeStart,
    NaiveMoment,
    UnknownZone,
    bounds,
    length,
    local_time,
    micros,
    moment,
    zone_named,
)
from balie.rules.open_pieces import OpenPiece, open_pieces
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.timeline import Timeline

__all__ = [
    "AlwaysOpen",
    "BeyondCalendar",
    "Calendar",
    "EndBeforeStart",
    "HolidayDates",
    "ImpossibleHours",
    "NaiveMoment",
    "NegativeTime",
    "NeverOpen",
    "OverlappingWindows",
    "Stretch",
    "UnknownZone",
    "ZonePiece",
    "split_by_zone",
]

ONE_DAY = timedelta(days=1)


class NeverOpen(Refusal):
    """These hours have no open moment (left): no deadline, no opening, no closing."""


class AlwaysOpen(Refusal):
    """These hours never close (again): there is no next opening or closing."""


class BeyondCalendar(Refusal):
    """The question or its answer lies outside the days for which the calendar was built."""


class NegativeTime(Refusal):
    """Less than no working time was to be added or subtracted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """An open or closed piece of time, [start, end), and why: one line of a trace."""

    start: datetime
    end: datetime
    is_open: bool
    reason: Reason

    @property
    def length(self) -> timedelta:
        """The time that really passes, also across a clock change."""
        return length(self.start, self.end)


@dataclass(frozen=True, slots=True)
class ZonePiece:
    """A piece of time, [start, end), in one rate zone; `zone` is `None` outside all of them."""

    zone: str | None
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """The time that really passes, also across a clock change."""
        return length(self.start, self.end)


class Calendar:
    """Opening hours in one zone, compiled for the days `first` to `last` (both inclusive).

    Questions and answers lie from midnight on `first` to midnight after `last`; anything else is
    refused with `BeyondCalendar`. Moments without a zone are refused with `NaiveMoment`.
    """

    __slots__ = (
        "_begin",
        "_days",
        "_end",
        "_midnights",
        "_outlook",
        "_pieces",
        "_timeline",
        "first",
        "last",
        "name",
        "zone",
    )

    def __init__(self, days: list[DayHours], *, zone: ZoneInfo, expected: Outlook, name: str) -> None:
        """Use `build`. `days` has one day more at either end, for the windows that cross midnight there."""
        self.name = name
        self.zone = zone
        self.first = days[1].day
        self.last = days[-2].day
        self._days = days
        self._outlook = expected
        self._midnights = [local_time(each.day, 0, zone) for each in days]
        self._midnights.append(local_time(days[-1].day, DAY, zone))
        self._begin = self._midnights[1]
        self._end = self._midnights[-2]
        self._pieces = open_pieces(days, self._midnights, zone)
        self._timeline = Timeline((piece.opens, piece.closes) for piece in self._pieces)

    @classmethod
    def build(
        cls,
        hours: OpeningHours,
        *,
        zone: str,
        holidays: HolidayDates,
        first: date,
        last: date,
        name: str = "",
    ) -> Calendar:
        """Compile `hours` for the days `first` to `last`, both inclusive; about 5 ms a year.

        `zone` is an IANA name. `holidays` should reach one day beyond the span at either end, for the hours
        around midnight there. `name` is the line's key, for the settings in a trace (`lines.office.monday`).
        Raises `OverlappingWindows`, `ImpossibleHours`, `UnknownZone` or `EndBeforeStart`.
        """
        if last < first:
            raise EndBeforeStart(
                _("The calendar ends on %(last)s, before it begins on %(first)s."),
                first=first.isoformat(),
                last=last.isoformat(),
            )
        check(hours)
        days = [
            hours_on(first + ONE_DAY * number, hours, holidays)
            for number in range(-1, (last - first).days + 2)
        ]
        return cls(days, zone=zone_named(zone), expected=outlook(hours, first, last), name=name)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first and the last moment that the calendar knows."""
        return self._moment(self._begin), self._moment(self._end)

    def is_open(self, at: datetime) -> bool:
        return self._timeline.is_open(self._within(micros(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first moment, `at` or later, at which it opens. Raises `NeverOpen` or `AlwaysOpen`."""
        return self._moment(self._known_change(self._timeline.next_opening(self._within(micros(at)))))

    def next_closing(self, at: datetime) -> datetime:
        """The first moment, `at` or later, at which it closes. Raises `NeverOpen` or `AlwaysOpen`."""
        return self._moment(self._known_change(self._timeline.next_closing(self._within(micros(at)))))

    def changes_at(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which `is_open` changes; `None` when it never will."""
        try:
            return self._moment(self._known_change(self._timeline.next_change(self._within(micros(at)))))
        except (NeverOpen, AlwaysOpen):
            return None

    def add(self, start: datetime, minutes: int | timedelta) -> datetime:
        """The first moment by which `minutes` of working time have passed since `start` (IB-30).

        On closing time exactly: that closing time. No minutes: `start` when open, else the next opening.
        Raises `NeverOpen` or `NegativeTime`.
        """
        return moment(self._add(micros(start), _amount(minutes)), self.zone)

    def add_epoch(self, start: int, seconds: int) -> int:
        """`add` in whole seconds since 1970 and seconds of working time."""
        return self._add(start * SECOND, seconds * SECOND) // SECOND

    def subtract(self, end: datetime, minutes: int | timedelta) -> datetime:
        """The last moment from which `minutes` of working time pass until `end`.

        On opening time exactly: that opening time. No minutes: `end` when open just before, else the last
        closing. Raises `NeverOpen` or `NegativeTime`.
        """
        return moment(self._subtract(micros(end), _amount(minutes)), self.zone)

    def subtract_epoch(self, end: int, seconds: int) -> int:
        """`subtract` in whole seconds since 1970 and seconds of working time."""
        return self._subtract(end * SECOND, seconds * SECOND) // SECOND

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative when `end` comes first."""
        return timedelta(microseconds=self._measure(micros(start), micros(end)))

    def measure_epoch(self, start: int, end: int) -> int:
        """`measure` in whole seconds since 1970, in seconds."""
        return self._measure(start * SECOND, end * SECOND) // SECOND

    def is_open_epoch(self, at: int) -> bool:
        """`is_open` in whole seconds since 1970."""
        return self._timeline.is_open(self._within(at * SECOND))

    def stretches(self, start: datetime, end: datetime) -> tuple[Stretch, ...]:
        """The open and closed pieces from `start` to `end`, in order and without holes, each with its reason.

        Raises `EndBeforeStart`.
        """
        begin, finish = map(self._within, bounds(start, end))
        found: list[Stretch] = []
        at = begin
        for piece in self._pieces_between(begin, finish):
            found += self._closed(at, max(at, piece.opens))
            at = max(at, piece.opens)
            until = min(piece.closes, finish)
            reason = piece.origin.why_open(piece.window, self.name)
            found.append(Stretch(self._moment(at), self._moment(until), True, reason))
            at = until
        return tuple(found + self._closed(at, finish))

    def timeline(self, begin: int, finish: int) -> Timeline:
        """The open time in microseconds since 1970, for use between two moments that the calendar knows."""
        self._within(begin)
        self._within(finish)
        return self._timeline

    def _add(self, start: int, amount: int) -> int:
        if amount < 0:
            raise NegativeTime(_("Working time to add or subtract must not be negative."))
        if not self._begin <= start <= self._end:
            raise self._beyond()
        result = self._timeline.add(start, amount)
        return result if result is not None and result <= self._end else self._no_time_left()

    def _subtract(self, end: int, amount: int) -> int:
        if amount < 0:
            raise NegativeTime(_("Working time to add or subtract must not be negative."))
        if not self._begin <= end <= self._end:
            raise self._beyond()
        result = self._timeline.subtract(end, amount)
        return result if result is not None and result >= self._begin else self._no_time_left()

    def _measure(self, start: int, end: int) -> int:
        return self._timeline.done(self._within(end)) - self._timeline.done(self._within(start))

    def _no_time_left(self) -> NoReturn:
        if self._outlook is Outlook.NEVER_OPEN:
            raise self._never_open()
        raise self._beyond()

    def _known_change(self, change: int | None) -> int:
        if change is not None and change <= self._end:
            return change
        if self._outlook is Outlook.NEVER_OPEN:
            raise self._never_open()
        if self._outlook is Outlook.ALWAYS_OPEN:
            raise AlwaysOpen(_("These hours never close."))
        raise self._beyond()

    def _within(self, at: int) -> int:
        if self._begin <= at <= self._end:
            return at
        raise self._beyond()

    def _pieces_between(self, begin: int, finish: int) -> Iterator[OpenPiece]:
        index = bisect_right(self._pieces, begin, key=attrgetter("closes"))
        while index < len(self._pieces) and max(begin, self._pieces[index].opens) < finish:
            yield self._pieces[index]
            index += 1

    def _closed(self, begin: int, finish: int) -> list[Stretch]:
        """One stretch for each run of days that are closed for the same reason."""
        index = bisect_right(self._midnights, begin) - 1
        parts: list[tuple[Reason, int, int]] = []
        while begin < finish:
            until = min(self._midnights[index + 1], finish)
            if begin < until:
                parts.append((self._days[index].why_closed(self.name), begin, until))
            begin, index = until, index + 1
        runs = (list(run) for _reason, run in groupby(parts, key=itemgetter(0)))
        return [Stretch(self._moment(run[0][1]), self._moment(run[-1][2]), False, run[0][0]) for run in runs]

    def _moment(self, at: int) -> datetime:
        return moment(at, self.zone)

    def _never_open(self) -> NeverOpen:
        return NeverOpen(_("These hours are never open."))

    def _beyond(self) -> BeyondCalendar:
        return BeyondCalendar(
            _("The calendar knows the days from %(first)s to %(last)s only."),
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )


def split_by_zone(start: datetime, end: datetime, zones: Mapping[str, Calendar]) -> tuple[ZonePiece, ...]:
    """The pieces from `start` to `end` by rate zone, in order and without holes (IB-29).

    Where zones overlap, the first of the mapping counts. Moments come back in the zone of `start`.
    Raises `EndBeforeStart` or `BeyondCalendar`.
    """
    begin, finish = bounds(start, end)
    lines = {key: calendar.timeline(begin, finish) for key, calendar in zones.items()}
    cuts = {begin, finish}.union(*(line.changes_between(begin, finish) for line in lines.values()))

    def zone_at(piece: tuple[int, int]) -> str | None:
        return next((key for key, line in lines.items() if line.is_open(piece[0])), None)

    runs = [(zone, list(run)) for zone, run in groupby(pairwise(sorted(cuts)), key=zone_at)]
    return tuple(
        ZonePiece(zone, moment(run[0][0], start.tzinfo), moment(run[-1][1], start.tzinfo))
        for zone, run in runs
    )


def _amount(minutes: int | timedelta) -> int:
    return minutes * MINUTE if isinstance(minutes, int) else minutes // MICROSECOND
