"""The next opening in words, as a caller hears it (SW-01, IB-29)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from balie.rules.spoken_time import spoken_date, spoken_moment, spoken_time, spoken_weekday

TIMES = {
    (9, 0): ("negen uur", "nine o'clock"),
    (9, 5): ("vijf over negen", "five past nine"),
    (9, 10): ("tien over negen", "ten past nine"),
    (9, 15): ("kwart over negen", "quarter past nine"),
    (9, 20): ("tien voor half tien", "twenty past nine"),
    (9, 25): ("vijf voor half tien", "twenty-five past nine"),
    (9, 30): ("half tien", "half past nine"),
    (9, 35): ("vijf over half tien", "twenty-five to ten"),
    (9, 40): ("tien over half tien", "twenty to ten"),
    (9, 45): ("kwart voor tien", "quarter to ten"),
    (9, 50): ("tien voor tien", "ten to ten"),
    (9, 55): ("vijf voor tien", "five to ten"),
    (8, 7): ("acht uur zeven", "eight oh seven"),
    (8, 22): ("acht uur tweeëntwintig", "eight twenty-two"),
    (8, 31): ("acht uur eenendertig", "eight thirty-one"),
    (0, 0): ("twaalf uur 's nachts", "twelve o'clock at night"),
    (5, 59): ("vijf uur negenenvijftig 's nachts", "five fifty-nine at night"),
    (6, 0): ("zes uur", "six o'clock"),
    (12, 0): ("twaalf uur 's middags", "twelve o'clock in the afternoon"),
    (12, 30): ("half een 's middags", "half past twelve in the afternoon"),
    (17, 0): ("vijf uur 's middags", "five o'clock in the afternoon"),
    (18, 15): ("kwart over zes 's avonds", "quarter past six in the evening"),
    (23, 45): ("kwart voor twaalf 's avonds", "quarter to twelve in the evening"),
}

THAT_DAY = datetime(2026, 11, 20, tzinfo=UTC)
FRIDAY = THAT_DAY.date()
MOMENTS = [
    pytest.param(
        "2026-11-20 17:00", "vandaag om vijf uur 's middags", "today at five o'clock in the afternoon"
    ),
    pytest.param("2026-11-21 09:00", "morgen om negen uur", "tomorrow at nine o'clock"),
    pytest.param(
        "2026-11-22 12:00", "zondag om twaalf uur 's middags", "Sunday at twelve o'clock in the afternoon"
    ),
    pytest.param("2026-11-23 09:00", "maandag om negen uur", "Monday at nine o'clock"),
    pytest.param("2026-11-25 09:30", "woensdag om half tien", "Wednesday at half past nine"),
    pytest.param(
        "2026-11-27 09:00",
        "vrijdag zevenentwintig november om negen uur",
        "Friday the twenty-seventh of November at nine o'clock",
    ),
    pytest.param(
        "2027-01-04 09:00",
        "maandag vier januari om negen uur",
        "Monday the fourth of January at nine o'clock",
    ),
    pytest.param(
        "2027-05-20 09:00",
        "donderdag twintig mei om negen uur",
        "Thursday the twentieth of May at nine o'clock",
    ),
    pytest.param(
        "2027-04-30 09:00",
        "vrijdag dertig april om negen uur",
        "Friday the thirtieth of April at nine o'clock",
    ),
    pytest.param(
        "2027-03-31 09:00",
        "woensdag eenendertig maart om negen uur",
        "Wednesday the thirty-first of March at nine o'clock",
    ),
    pytest.param(
        "2027-02-12 09:00",
        "vrijdag twaalf februari om negen uur",
        "Friday the twelfth of February at nine o'clock",
    ),
]


@pytest.mark.parametrize(("time", "words"), TIMES.items())
def test_a_time_is_said_as_people_say_it(time: tuple[int, int], words: tuple[str, str]) -> None:
    assert (spoken_time(*time, language="nl"), spoken_time(*time, language="en")) == words


@pytest.mark.parametrize(("at", "dutch", "english"), MOMENTS)
def test_an_opening_is_said_as_seen_from_today(at: str, dutch: str, english: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert spoken_moment(moment, today=FRIDAY, language="nl") == dutch
    assert spoken_moment(moment, today=FRIDAY, language="en") == english


def test_a_language_without_words_of_its_own_is_spoken_in_english() -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert spoken_moment(moment, today=FRIDAY, language="fy") == "Monday at nine o'clock"
    assert spoken_time(9, 0, language="fy") == "nine o'clock"


@given(
    moment=some.integers(0, 800 * 24 * 60).map(lambda minutes: THAT_DAY + timedelta(minutes=minutes)),
    language=some.sampled_from(["nl", "en"]),
)
def test_every_moment_has_words_and_no_digit(moment: datetime, language: str) -> None:
    words = spoken_moment(moment, today=FRIDAY, language=language)

    assert words
    assert not any(each.isdigit() for each in words)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_two_moments_of_one_week_never_sound_alike(language: str) -> None:
    said = [
        spoken_moment(THAT_DAY + timedelta(minutes=each), today=FRIDAY, language=language)
        for each in range(7 * 24 * 60)
    ]

    assert len(set(said)) == len(said)


def test_a_date_and_a_weekday_are_said_alone() -> None:
    assert spoken_date(date(2027, 1, 4), language="nl") == "vier januari"
    assert spoken_date(date(2027, 8, 22), language="en") == "the twenty-second of August"
    assert [spoken_weekday(6, language=each) for each in ("nl", "en", "fy")] == ["zondag", "Sunday", "Sunday"]
