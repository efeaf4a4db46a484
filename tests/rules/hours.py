"""The hours of the two desks, and short ways to write hours and moments in tests of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from balie.rules.desk import DatedException, OpeningHours, Window
from balie.rules.hours_notation import parse_windows
from balie.rules.working_time import Calendar

AMSTERDAM = "Europe/Amsterdam"

HOLIDAYS = {
    date(2025, 4, 26): frozenset({"kings_day"}),  # the 27th is a Sunday
    date(2026, 1, 1): frozenset({"new_years_day"}),
    date(2026, 4, 3): frozenset({"good_friday"}),  # not a holiday of either desk
    date(2026, 4, 5): frozenset({"easter_sunday"}),
    date(2026, 4, 6): frozenset({"easter_monday"}),
    date(2026, 4, 27): frozenset({"kings_day"}),
    date(2026, 5, 14): frozenset({"ascension_day"}),
    date(2026, 5, 24): frozenset({"whit_sunday"}),
    date(2026, 5, 25): frozenset({"whit_monday"}),
    date(2026, 12, 25): frozenset({"christmas_day"}),
    date(2026, 12, 26): frozenset({"boxing_day"}),
    date(2027, 1, 1): frozenset({"new_years_day"}),
}
CLOSED_ON = ("new_years_day", "easter_sunday", "kings_day", "ascension_day", "whit_sunday", "christmas_day")
HALF_OPEN_ON = ("easter_monday", "whit_monday", "boxing_day")


def windows(text: str) -> tuple[Window, ...]:
    return parse_windows(text)


def hours(
    *days: str,
    holidays: Mapping[str, str] | None = None,
    exceptions: Mapping[date, tuple[str, str]] | None = None,
) -> OpeningHours:
    """One text for each weekday, Monday first; the days left out are closed."""
    return OpeningHours(
        week=tuple(windows(text) for text in (*days, *[""] * (7 - len(days)))),
        holidays={key: windows(text) for key, text in (holidays or {}).items()},
        exceptions={
            day: DatedException(windows(text), because) for day, (text, because) in (exceptions or {}).items()
        },
    )


def with_holidays(weekly: OpeningHours, second_days: str) -> OpeningHours:
    """`weekly`, closed on the six days of SW-02, and with the hours `second_days` on the other three."""
    closed = dict.fromkeys(CLOSED_ON, windows(""))
    return replace(weekly, holidays=closed | dict.fromkeys(HALF_OPEN_ON, windows(second_days)))


OFFICE = with_holidays(
    hours("09:00-17:00", "09:00-17:00", "09:30-17:00", "09:00-17:00", "09:00-17:00"), second_days=""
)
TILL_HELPDESK = with_holidays(
    hours(*["17:00-18:00"] * 3, *["17:00-21:00"] * 2, "09:00-17:00", "12:00-17:00"), second_days="12:00-17:00"
)
HELPDESK = with_holidays(hours(*["09:00-17:00"] * 5), second_days="")
ZONE_1 = with_holidays(hours(*["09:00-17:00"] * 5, "09:00-12:00"), second_days="")
ZONE_2 = with_holidays(hours(*["17:00-21:00"] * 5, "12:00-17:00", "10:00-17:00"), second_days="")
ALWAYS = hours(*["00:00-24:00"] * 7)
NEVER = hours()


def calendar(
    opening_hours: OpeningHours,
    *,
    zone: str = AMSTERDAM,
    first: date = date(2025, 1, 1),
    last: date = date(2027, 12, 31),
    name: str = "",
) -> Calendar:
    return Calendar.build(opening_hours, zone=zone, holidays=HOLIDAYS, first=first, last=last, name=name)


def at(text: str, zone: str = AMSTERDAM) -> datetime:
    """`2026-11-20 16:00`, in the local time of `zone`; an offset in the text goes before it."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def shown(moment: datetime | None) -> str:
    """A moment as a test writes it, with its offset: equal datetimes of one zone need not be one moment."""
    if moment is None:
        return "never"
    return moment.isoformat(" ", "microseconds" if moment.microsecond else "minutes")
