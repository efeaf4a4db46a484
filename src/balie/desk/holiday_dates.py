"""On which dates the holidays fall, by name: data for `rules.working_time`, from the `holidays` package."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

ONE_NAME_FOR_ONE_DAY = {
    "second_day_of_christmas": "boxing_day",
    "pentecost": "whit_sunday",
    "pentecost_monday": "whit_monday",
    "labor_day": "labour_day",
}
CODE = re.compile(r"[A-Z]{2}")
YEARS_WITH_EVERY_HOLIDAY = range(2020, 2048)  # all weekdays for all dates: every observed day occurs


class UnknownCountry(Refusal):
    """No holidays are known for this country, or for this part of it."""


def holiday_dates(
    country: str, *, region: str | None = None, first: date, last: date
) -> dict[date, frozenset[str]]:
    """The keys of the holidays (`boxing_day`) on each date of the years of `first` to `last`.

    `country` is an ISO 3166 code, `region` its part (`ENG`). Holidays on which not everybody is
    free are in it too (5 May, every year): a desk picks by name. Raises `UnknownCountry`.
    """
    years = range(first.year, last.year + 1)
    calendar = _calendar(country, region, years)
    dates: defaultdict[date, set[str]] = defaultdict(set)
    for day in calendar:
        dates[day].update(_key(name) for name in calendar.get_list(day))
    return {day: frozenset(keys) for day, keys in dates.items()}


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of a country on any day, for the rules; a year is worked out when it is first asked for."""

    country: str
    region: str | None = None

    def get(self, day: date, default: frozenset[str], /) -> frozenset[str]:
        return _dates_of_year(self.country, self.region, day.year).get(day, default)


@lru_cache(maxsize=256)
def _dates_of_year(country: str, region: str | None, year: int) -> dict[date, frozenset[str]]:
    return holiday_dates(country, region=region, first=date(year, 1, 1), last=date(year, 1, 1))


@lru_cache(maxsize=32)
def known_holidays(country: str, region: str | None = None) -> frozenset[str]:
    """The keys of every holiday of a country, the same for every desk. Raises `UnknownCountry`."""
    first, last = YEARS_WITH_EVERY_HOLIDAY[0], YEARS_WITH_EVERY_HOLIDAY[-1]
    dates = holiday_dates(country, region=region, first=date(first, 1, 1), last=date(last, 1, 1))
    return frozenset().union(*dates.values())


def _calendar(country: str, region: str | None, years: range) -> holidays.HolidayBase:
    try:
        of_country = getattr(holidays, country if CODE.fullmatch(country) else "")
        language = next(
            each for each in ("en_US", "en_GB", None) if each in (*of_country.supported_languages, None)
        )
        wanted = tuple(each for each in ("public", "optional") if each in of_country.supported_categories)
        return holidays.country_holidays(
            country, subdiv=region, years=years, language=language, categories=wanted
        )
    except (AttributeError, NotImplementedError):
        raise UnknownCountry(
            _("No holidays are known for “%(country)s”; write an ISO 3166 code such as NL."),
            country=f"{country}-{region}" if region else country,
        )


def _key(name: str) -> str:
    """`King's Day` -> `kings_day`; a day off in another's place ends in `_observed`."""
    plain = re.sub(r"['’.]", "", name.casefold())
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return ONE_NAME_FOR_ONE_DAY.get(key, key)
