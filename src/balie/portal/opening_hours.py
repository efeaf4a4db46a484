"""The desk's opening hours as people read them: a week, open or closed now, and the days that differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

import babel.dates
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.contracts.facts import Revision
from balie.desk.holiday_names import holiday_name
from balie.desk.models import Desk
from balie.rules.day_hours import DayHours, Source, hours_on
from balie.rules.desk import HolidayDates, Line, LineKind, PhoneUse, Window
from balie.rules.hours_notation import format_windows
from balie.rules.together import changes_together, is_open_together, windows_together
from balie.rules.working_time import Calendar
from balie.tickets.facts import Situation

DAYS_AHEAD = 60
MOST_SECONDS = 900
WEEK = 7


@dataclass(frozen=True, slots=True)
class LineNow:
    """One line at this moment. `change` is `opens Monday 09:00`; empty when it never changes."""

    key: str
    name: str
    is_open: bool
    change: str
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The hours of one line on one day. `special`: they replace those of the week."""

    hours: str
    special: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One row of a table. `name`: the weekday, or the date and what day it is."""

    name: str
    cells: tuple[Cell, ...]
    is_today: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The hours of some lines, one column a line."""

    lines: tuple[LineNow, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """All that the public page says about hours. `zones`: the windows in which work has its own rate."""

    channels: Table
    zones: Table
    coming: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class LineToday:
    """One line on the day of the situation. `windows`: minutes from midnight; `because`: what makes the day special."""

    now: LineNow
    hours: str
    windows: tuple[Window, ...]
    because: str
    phone_use: PhoneUse


@dataclass(frozen=True, slots=True)
class Today:
    """The lines by which people can be reached, on this day. `minutes`: how far the day is on its clock.

    `holds_seconds`: after so long an open page asks anew, because a line opens or closes, or the day went on.
    """

    day: str
    minutes: int
    lines: tuple[LineToday, ...]
    holds_seconds: int


@dataclass(frozen=True, slots=True)
class Telephone:
    """The hours in which a recognised caller is put through (IB-03). `week`: as `week_of` tells it."""

    is_open: bool
    change: str
    week: str


def telephone(situation: Situation) -> Telephone | None:
    """The hours of the lines for recognised callers, as one; `None` when there are none."""
    lines = [line for line in situation.desk.lines.values() if line.phone_use is PhoneUse.RECOGNISED_CALLERS]
    if not lines:
        return None
    now, zone = situation.now, ZoneInfo(situation.row.zone)
    calendars = [situation.calendar(line.key) for line in lines]
    is_open, changes_at = is_open_together(calendars, now), changes_together(calendars, now)
    return Telephone(is_open, change_in_words(is_open, changes_at, now=now, zone=zone), week_of(*lines))


def week_of(*lines: Line) -> str:
    """`Mon-Fri 09:00-17:00; Sat 09:00-12:00`: when at least one of the lines is open in a usual week."""
    days = [windows_together(line.hours.week[weekday] for line in lines) for weekday in range(WEEK)]
    names = babel.dates.get_day_names("abbreviated", locale=_language())
    found = []
    for windows, group in groupby(range(WEEK), key=lambda weekday: days[weekday]):
        weekdays = list(group)
        if windows:
            span = "-".join(dict.fromkeys(names[weekday] for weekday in (weekdays[0], weekdays[-1])))
            found.append(f"{span} {format_windows(windows)}")
    return "; ".join(found) or _("closed")


def today(situation: Situation) -> Today:
    """The hours of this day only, with what changes next: quick enough for a page that is opened often."""
    return _Reader(situation).of_today()


def opening_hours(situation: Situation) -> Hours:
    """The hours of the desk as its clocks show them now, in the reader's language."""
    reader = _Reader(situation)
    return Hours(
        channels=reader.week(LineKind.CHANNEL),
        zones=reader.week(LineKind.RATE_ZONE),
        coming=_coming(Revision(situation.row), reader.today, _language()),
    )


@lru_cache(maxsize=64)
def _coming(revision: Revision, today: date, _language: str) -> tuple[Day, ...]:
    """The days ahead with other hours, the same for everybody on this day."""
    noon = datetime.combine(today, time(12), ZoneInfo(revision.desk.zone))
    return _Reader(Situation(revision.desk, now=noon)).coming(LineKind.CHANNEL)


def change_in_words(is_open: bool, changes_at: datetime | None, *, now: datetime, zone: ZoneInfo) -> str:
    """`opens Monday 09:00`, `closes at 17:00`; empty when nothing changes."""
    if changes_at is None:
        return ""
    at = changes_at.astimezone(zone)
    days = (at.date() - now.astimezone(zone).date()).days
    values = {"time": f"{at:%H:%M}", "day": _day_name(at.date(), days)}
    if days == 0:
        return (_("closes at %(time)s") if is_open else _("opens at %(time)s")) % values
    return (_("closes %(day)s %(time)s") if is_open else _("opens %(day)s %(time)s")) % values


def in_words(windows: Sequence[Window]) -> str:
    """`09:00-12:30, 13:15-17:30`, or closed."""
    return format_windows(tuple(windows)) or _("closed")


def _day_name(day: date, days_away: int) -> str:
    if days_away == 1:
        return _("tomorrow")
    pattern = "EEEE" if days_away < WEEK else "EEEE d MMMM"
    return _written(day, pattern, _language())


def _language() -> str:
    return (get_language() or "nl")[:2]


class _Reader:
    """Reads the lines of one desk at one moment."""

    def __init__(self, situation: Situation) -> None:
        self.desk: Desk = situation.row
        self.zone = ZoneInfo(self.desk.zone)
        self.now = situation.now
        self.today = situation.now.astimezone(self.zone).date()
        self.lines = situation.desk.lines
        self.calendars = situation.calendars
        self.holidays: HolidayDates = situation.desk.holidays

    def week(self, kind: LineKind) -> Table:
        """Monday to Sunday as always; today as it really is."""
        lines = self._lines(kind)
        monday = self.today - timedelta(days=self.today.weekday())
        days = [monday + timedelta(days=number) for number in range(WEEK)] if lines else []
        return Table(
            lines=tuple(self._now(line) for line in lines),
            days=tuple(self._day_of_week(day, lines) for day in days),
        )

    def coming(self, kind: LineKind) -> tuple[Day, ...]:
        """The days ahead on which other hours replace those of the week."""
        lines = self._lines(kind)
        days = (self.today + timedelta(days=number) for number in range(DAYS_AHEAD))
        return tuple(row for day in days if (row := self._special_day(day, lines)) is not None)

    def of_today(self) -> Today:
        local = self.now.astimezone(self.zone)
        lines = tuple(self._today(line) for line in self._lines(LineKind.CHANNEL))
        minutes = local.hour * 60 + local.minute
        return Today(_as_heading(self.today, "EEEE d MMMM"), minutes, lines, self._holds_seconds(lines))

    def _holds_seconds(self, lines: Sequence[LineToday]) -> int:
        """To just after the first change, and not for longer than `MOST_SECONDS`."""
        changes = (line.now.changes_at for line in lines)
        waits = (math.floor((at - self.now).total_seconds()) + 1 for at in changes if at is not None)
        return min((*waits, MOST_SECONDS))

    def _today(self, line: Line) -> LineToday:
        found = self._hours_on(self.today, line)
        return LineToday(
            now=self._now(line),
            hours=in_words(found.windows),
            windows=tuple(found.windows),
            because=self._because(self.today, [found]),
            phone_use=line.phone_use,
        )

    def _lines(self, kind: LineKind) -> list[Line]:
        return [line for line in self.lines.values() if line.kind is kind]

    def _now(self, line: Line) -> LineNow:
        calendar: Calendar = self.calendars[line.key]
        is_open = calendar.is_open(self.now)
        changes_at = calendar.changes_at(self.now)
        return LineNow(
            key=line.key,
            name=_name(line),
            is_open=is_open,
            change=change_in_words(is_open, changes_at, now=self.now, zone=self.zone),
            changes_at=changes_at,
        )

    def _day_of_week(self, day: date, lines: list[Line]) -> Day:
        is_today = day == self.today
        found = [self._hours_on(day, line) if is_today else _as_always(day, line) for line in lines]
        return Day(
            name=_as_heading(day, "EEEE"),
            cells=tuple(_cell(each, line) for each, line in zip(found, lines, strict=True)),
            is_today=is_today,
            because=self._because(day, found),
        )

    def _special_day(self, day: date, lines: list[Line]) -> Day | None:
        found = [self._hours_on(day, line) for line in lines]
        cells = tuple(_cell(each, line) for each, line in zip(found, lines, strict=True))
        if not any(cell.special for cell in cells):
            return None
        return Day(
            name=_as_heading(day, "EEEE d MMMM"),
            cells=cells,
            is_today=day == self.today,
            because=self._because(day, found),
        )

    def _hours_on(self, day: date, line: Line) -> DayHours:
        return hours_on(day, line.hours, self.holidays)

    def _because(self, day: date, found: list[DayHours]) -> str:
        """The text of an exception, else the name of the holiday."""
        sources = {each.source: each.name for each in found}
        if Source.EXCEPTION in sources:
            return sources[Source.EXCEPTION]
        if Source.HOLIDAY not in sources:
            return ""
        return holiday_name(self.desk.country, self.desk.region, day, language=_language())


def _as_heading(day: date, pattern: str) -> str:
    text = _written(day, pattern, _language())
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=500)
def _written(day: date, pattern: str, language: str) -> str:
    return babel.dates.format_date(day, pattern, locale=language)


def _name(line: Line) -> str:
    return line.name.get(_language()) or next(iter(line.name.values()), line.key)


def _as_always(day: date, line: Line) -> DayHours:
    return DayHours(day, line.hours.week[day.weekday()], Source.WEEK)


def _cell(found: DayHours, line: Line) -> Cell:
    usual = tuple(line.hours.week[found.day.weekday()])
    replaced = found.source is not Source.WEEK and found.windows != usual
    return Cell(in_words(found.windows), special=replaced)
