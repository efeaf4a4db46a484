"""The holidays that a desk can choose from, in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from balie.desk.holiday_dates import YEARS_WITH_EVERY_HOLIDAY, holiday_dates, known_holidays
from balie.desk.holiday_names import holiday_name


@lru_cache(maxsize=16)
def holiday_choices(country: str, region: str, *, language: str) -> tuple[tuple[str, str], ...]:
    """`("boxing_day", "Tweede Kerstdag")` for every holiday of the country, in the order of the year.

    Raises `UnknownCountry`.
    """
    first, last = YEARS_WITH_EVERY_HOLIDAY[0], YEARS_WITH_EVERY_HOLIDAY[-1]
    dates = holiday_dates(country, region=region or None, first=date(first, 1, 1), last=date(last, 12, 31))
    alone: dict[str, date] = {}
    for day, keys in sorted(dates.items()):
        if len(keys) == 1:
            alone.setdefault(next(iter(keys)), day)
    known = sorted(known_holidays(country, region or None), key=lambda key: _place_in_year(alone.get(key)))
    return tuple((key, _name(key, alone.get(key), country, region, language)) for key in known)


def _place_in_year(day: date | None) -> tuple[int, int]:
    return (day.month, day.day) if day else (13, 0)


def _name(key: str, day: date | None, country: str, region: str, language: str) -> str:
    """A holiday that never falls on a day of its own is called by its key."""
    return (
        holiday_name(country, region, day, language=language) if day else key.replace("_", " ").capitalize()
    )
