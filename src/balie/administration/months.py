"""A month of one line, day by day: which hours count, and where they come from."""

from __future__ import annotations

from calendar import Calendar as Months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.desk.holiday_dates import holiday_dates
from balie.desk.holiday_names import holiday_name
from balie.desk.models import Desk
from balie.rules.day_hours import Source, hours_on
from balie.rules.desk import Line
from balie.rules.hours_notation import format_windows

FIRST_YEAR, LAST_YEAR = 2000, 2090
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a line. `because`: the holiday or the exception that replaces the week's hours."""

    on: date
    hours: str
    source: Source
    because: str
    is_today: bool
    is_in_month: bool
    clock_change: str

    @property
    def is_exception(self) -> bool:
        return self.source is Source.EXCEPTION

    @property
    def is_special(self) -> bool:
        return self.source is not Source.WEEK


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks that a month touches, Monday first; `previous` and `following` are `None` at the end of time."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    previous: date | None
    following: date | None


def month_named(text: str | None, *, today: date) -> date:
    """The first day of `2026-11`, or of this month when the text names none that a calendar reaches."""
    try:
        year, month = (int(part) for part in (text or "").split("-"))
        found = date(year, month, 1)
    except ValueError:
        return today.replace(day=1)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else today.replace(day=1)


def month_of(line: Line, first: date, *, desk: Desk, today: date) -> Month:
    """The month that begins on `first`, as this line's hours are now."""
    weeks = Months().monthdatescalendar(first.year, first.month)
    names = _Names(desk)
    dates = holiday_dates(desk.country, region=desk.region or None, first=weeks[0][0], last=weeks[-1][-1])

    def described(on: date) -> Day:
        found = hours_on(on, line.hours, dates)
        return Day(
            on=on,
            hours=format_windows(found.windows),
            source=found.source,
            because=names.of(on, found.source, found.name),
            is_today=on == today,
            is_in_month=on.month == first.month,
            clock_change=clock_change(on, ZoneInfo(desk.zone)),
        )

    before, after = first - ONE_DAY, (first + 31 * ONE_DAY).replace(day=1)
    return Month(
        first=first,
        weeks=tuple(tuple(described(on) for on in week) for week in weeks),
        previous=before.replace(day=1) if before.year >= FIRST_YEAR else None,
        following=after if after.year <= LAST_YEAR else None,
    )


def clock_change(on: date, zone: ZoneInfo) -> str:
    """What the clock does on a day, in words; empty on all days but two a year."""
    begin, end = (datetime.combine(each, time(), zone).utcoffset() for each in (on, on + ONE_DAY))
    if begin is None or end is None or begin == end:
        return ""
    return _("the clock goes forward") if end > begin else _("the clock goes back")


def exceptions_in(line: Line, first: date) -> Iterator[date]:
    """The days of a month on which an exception holds."""
    return (on for on in sorted(line.hours.exceptions) if (on.year, on.month) == (first.year, first.month))


class _Names:
    """What the special days of a desk are called, in the reader's language."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._language = (get_language() or "nl")[:2]

    def of(self, on: date, source: Source, name: str) -> str:
        if source is Source.HOLIDAY:
            return holiday_name(self._desk.country, self._desk.region, on, language=self._language)
        return name
