"""What people call a holiday, in the reader's language: from the `holidays` package, which knows the dates too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import holidays


def holiday_name(country: str, region: str, day: date, *, language: str) -> str:
    """The names of the holidays on `day`, as `Tweede Kerstdag`; empty when there are none.

    A language that the package does not have for this country gives the country's own.
    """
    return ", ".join(_names(country, region, day.year, language[:2]).get(day, ()))


@lru_cache(maxsize=64)
def _names(country: str, region: str, year: int, language: str) -> dict[date, Sequence[str]]:
    of_country = getattr(holidays, country)
    languages = of_country.supported_languages
    spoken = next((each for each in languages if each.split("_")[0] == language), None)
    wanted = tuple(each for each in ("public", "optional") if each in of_country.supported_categories)
    calendar = holidays.country_holidays(
        country, subdiv=region or None, years=year, language=spoken, categories=wanted
    )
    return {day: calendar.get_list(day) for day in calendar}
