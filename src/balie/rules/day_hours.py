"""Which hours count on a day: those of the week, of a holiday, or of a dated exception."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from itertools import pairwise

from balie.rules.desk import HolidayDates, OpeningHours, Window
from balie.rules.hours_notation import format_windows
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

NO_HOLIDAYS: frozenset[str] = frozenset()
DAY = 1440  # minutes
WEEK = 7 * DAY
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS_OF = (
    _("Monday's hours: %(hours)s"),
    _("Tuesday's hours: %(hours)s"),
    _("Wednesday's hours: %(hours)s"),
    _("Thursday's hours: %(hours)s"),
    _("Friday's hours: %(hours)s"),
    _("Saturday's hours: %(hours)s"),
    _("Sunday's hours: %(hours)s"),
)


class ImpossibleHours(Refusal):
    """A week without seven days, or a window that no clock can show."""


class OverlappingWindows(Refusal):
    """Two windows of the weekly hours, of one holiday or of one exception share time."""


class Source(StrEnum):
    """Where the hours of a day come from."""

    WEEK = "week"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"


class Outlook(Enum):
    """What hours come to on the days that nobody looked at."""

    NEVER_OPEN = "never open"
    ALWAYS_OPEN = "always open"
    CHANGING = "changing"


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day, windows sorted and joined where they touch.

    `name`: the holiday's key, or the text of the exception.
    """

    day: date
    windows: tuple[Window, ...]
    source: Source
    name: str = ""

    def why_open(self, window: Window, line: str) -> Reason:
        """Why the line with this key is open in `window`; the reason's setting is the key behind it."""
        if self.source is not Source.WEEK:
            return self._why_special(line)
        weekday = self.day.weekday()
        values = {"hours": format_windows((window,))}
        return Reason(HOURS_OF[weekday], values, setting=_setting(line, WEEKDAYS[weekday]))

    def why_closed(self, line: str) -> Reason:
        if self.source is not Source.WEEK:
            return self._why_special(line)
        return Reason(_("Outside the weekly hours"), setting=_setting(line))

    def _why_special(self, line: str) -> Reason:
        values = {"day": self.day.isoformat(), "hours": format_windows(self.windows)}
        if self.source is Source.HOLIDAY:
            message = _("%(holiday)s: %(hours)s") if self.windows else _("%(holiday)s: closed")
            values |= {"holiday": self.name.replace("_", " ").title(), "key": self.name}
            return Reason(message, values, setting=_setting(line, "holidays", self.name))
        if self.name:
            message = _("%(because)s: %(hours)s") if self.windows else _("%(because)s: closed")
        else:
            message = _("Other hours on %(day)s: %(hours)s") if self.windows else _("Closed on %(day)s")
        setting = _setting(line, "exceptions", self.day.isoformat())
        return Reason(message, values | {"because": self.name}, setting=setting)


def hours_on(day: date, hours: OpeningHours, holidays: HolidayDates) -> DayHours:
    """Those of its exception, else of the holiday with the fewest open minutes, else its weekday (SW-02)."""
    exception = hours.exceptions.get(day)
    if exception is not None:
        return DayHours(day, join_adjacent(exception.windows), Source.EXCEPTION, exception.because)
    known = [key for key in holidays.get(day, NO_HOLIDAYS) if key in hours.holidays]
    if known:
        key = min(known, key=lambda each: (_open_minutes(hours.holidays[each]), each))
        return DayHours(day, join_adjacent(hours.holidays[key]), Source.HOLIDAY, key)
    return DayHours(day, join_adjacent(hours.week[day.weekday()]), Source.WEEK)


def join_adjacent(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Sorted, and one window where the next opens when the former closes: nobody closes at 12 to open."""
    joined: list[Window] = []
    for window in sorted(windows):
        if joined and joined[-1].closes == window.opens:
            joined[-1] = Window(joined[-1].opens, window.closes)
        else:
            joined.append(window)
    return tuple(joined)


def check(hours: OpeningHours) -> None:
    """Raise `ImpossibleHours` or `OverlappingWindows`, each naming the setting, for hours that mean nothing.

    A holiday or an exception may meet the past-midnight hours of the day before: they overlap only on
    some dates, and count once there.
    """
    if len(hours.week) != len(WEEKDAYS):
        raise ImpossibleHours(_("A week has seven days, not %(days)s."), days=len(hours.week))
    for setting, windows in _all_days(hours):
        for window in windows:
            _check_window(window, setting)
        for earlier, later in pairwise(sorted(windows)):
            _check_apart(earlier, later, later.opens, setting)
    for weekday, windows in enumerate(hours.week):
        evening = hours.week[weekday - 1]
        if windows and evening:
            _check_apart(max(evening), min(windows), min(windows).opens + DAY, WEEKDAYS[weekday])


def outlook(hours: OpeningHours, first: date, last: date) -> Outlook:
    """What to expect before `first` and after `last`, where holidays and exceptions come, too."""
    days = [windows for _setting, windows in _all_days(hours, first, last)]
    if not any(days):
        return Outlook.NEVER_OPEN
    special = days[len(WEEKDAYS) :]
    all_week = sum(_open_minutes(windows) for windows in hours.week) == WEEK
    if all_week and all(join_adjacent(windows) == (Window(0, DAY),) for windows in special):
        return Outlook.ALWAYS_OPEN
    return Outlook.CHANGING


def _all_days(
    hours: OpeningHours, first: date = date.max, last: date = date.min
) -> Iterator[tuple[str, tuple[Window, ...]]]:
    """Every kind of day, week first, with its setting; no exceptions between `first` and `last`."""
    for weekday, windows in zip(WEEKDAYS, hours.week, strict=True):
        yield weekday, windows
    for key, windows in hours.holidays.items():
        yield f"holidays.{key}", windows
    for day, exception in hours.exceptions.items():
        if not first < day < last:
            yield f"exceptions.{day.isoformat()}", exception.windows


def _check_window(window: Window, setting: str) -> None:
    if not (0 <= window.opens < DAY and window.opens < window.closes <= window.opens + DAY):
        raise ImpossibleHours(
            Reason(
                _("No window goes from minute %(opens)s to minute %(closes)s of a day (%(setting)s)."),
                {"opens": window.opens, "closes": window.closes, "setting": setting},
                setting=setting,
            )
        )


def _check_apart(earlier: Window, later: Window, later_opens: int, setting: str) -> None:
    if later_opens < earlier.closes:
        raise OverlappingWindows(
            Reason(
                _("The hours %(first)s and %(second)s overlap (%(setting)s)."),
                {
                    "first": format_windows((earlier,)),
                    "second": format_windows((later,)),
                    "setting": setting,
                },
                setting=setting,
            )
        )


def _open_minutes(windows: Iterable[Window]) -> int:
    return sum(window.closes - window.opens for window in windows)


def _setting(line: str, *keys: str) -> str | None:
    """The dotted key of a setting of a line; `None` when the line has no key."""
    return ".".join(("lines", line, *keys)) if line else None
