"""The dates of holidays by name."""

from __future__ import annotations

from datetime import date

import pytest

from balie.desk.holiday_dates import UnknownCountry, holiday_dates, known_holidays

DATES = [
    ("2026-01-01", "new_years_day", "fixed"),
    ("2026-04-03", "good_friday", "always in the Dutch list, whether or not a desk closes"),
    ("2026-04-05", "easter_sunday", "moves with the moon"),
    ("2026-04-06", "easter_monday", "the day after"),
    ("2026-04-27", "kings_day", "a Monday"),
    ("2025-04-26", "kings_day", "the 27th is a Sunday, so it is the 26th (SW-02)"),
    ("2026-05-05", "liberation_day", "every year, not only in lustrum years: the desk picks"),
    ("2026-05-14", "ascension_day", "39 days after Easter"),
    ("2026-05-24", "whit_sunday", "49 days after Easter"),
    ("2026-05-25", "whit_monday", "the day after"),
    ("2026-12-25", "christmas_day", "fixed"),
    ("2026-12-26", "boxing_day", "2e kerstdag"),
]


@pytest.mark.parametrize(("day", "key", "because"), DATES)
def test_a_dutch_holiday_falls_on_its_day_SW_02(day: str, key: str, because: str) -> None:
    on = date.fromisoformat(day)
    assert key in holiday_dates("NL", first=on, last=on)[on], because


def test_two_holidays_may_fall_on_one_day() -> None:
    on = date(2016, 5, 5)
    assert holiday_dates("NL", first=on, last=on)[on] == {"ascension_day", "liberation_day"}


def test_no_kings_day_on_a_sunday() -> None:
    assert date(2025, 4, 27) not in holiday_dates("NL", first=date(2025, 1, 1), last=date(2025, 12, 31))


def test_every_year_of_the_span_is_there() -> None:
    dates = holiday_dates("NL", first=date(2025, 12, 31), last=date(2027, 1, 1))
    assert {day.year for day in dates} == {2025, 2026, 2027}


def test_a_day_off_in_anothers_place_has_a_name_of_its_own() -> None:
    on = date(2026, 12, 28)
    assert holiday_dates("GB", region="ENG", first=on, last=on)[on] == {"boxing_day_observed"}


def test_parts_of_a_country_differ() -> None:
    assert "easter_monday" in known_holidays("GB", "ENG")
    assert "easter_monday" not in known_holidays("GB", "SCT")


@pytest.mark.parametrize(
    ("country", "region"),
    [("XX", None), ("nl", None), ("os", None), ("", None), ("NL", "XXX"), ("HolidayBase", None)],
)
def test_an_unknown_country_is_refused_by_name(country: str, region: str | None) -> None:
    with pytest.raises(UnknownCountry, match="ISO 3166"):
        known_holidays(country, region)
