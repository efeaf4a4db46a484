"""The next opening as somebody says it over the telephone: “maandag om half tien”, “Monday at half past nine”.

Words and order belong to a language, so this is a table for each language and no translated text. A language that has
no table here is spoken in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

NAMED_DAYS = 7
"""Within so many days a weekday alone says which day is meant."""


def spoken_moment(at: datetime, *, today: date, language: str) -> str:
    """When this moment is, seen from `today`. Both are on the clocks of the desk."""
    return _MOMENTS.get(language, _english_moment)(at, today)


def spoken_date(day: date, *, language: str) -> str:
    """A day of the year in words, without its weekday."""
    return _DATES.get(language, _english_date)(day)


def spoken_weekday(number: int, *, language: str) -> str:
    """The name of a weekday; Monday is 0."""
    return _DAYS.get(language, _ENGLISH_DAYS)[number]


def spoken_time(hour: int, minute: int, *, language: str) -> str:
    """A time of the day in words, with the part of the day where it could be misunderstood."""
    return _TIMES.get(language, _english_time)(hour, minute)


# -- Dutch -------------------------------------------------------------------------------------------------

_DUTCH = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
    "twintig",
]
_DUTCH_TENS = {2: "twintig", 3: "dertig", 4: "veertig", 5: "vijftig"}
_DUTCH_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DUTCH_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def _dutch_number(number: int) -> str:
    if number <= 20:
        return _DUTCH[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _DUTCH_TENS[tens]
    return f"{_DUTCH[ones]}{'ën' if _DUTCH[ones].endswith('e') else 'en'}{_DUTCH_TENS[tens]}"


def _dutch_time(hour: int, minute: int) -> str:
    this, following = (_DUTCH[each % 12 or 12] for each in (hour, hour + 1))
    match minute:
        case 0:
            words = f"{this} uur"
        case 5 | 10:
            words = f"{_DUTCH[minute]} over {this}"
        case 15:
            words = f"kwart over {this}"
        case 20 | 25:
            words = f"{_DUTCH[30 - minute]} voor half {following}"
        case 30:
            words = f"half {following}"
        case 35 | 40:
            words = f"{_DUTCH[minute - 30]} over half {following}"
        case 45:
            words = f"kwart voor {following}"
        case 50 | 55:
            words = f"{_DUTCH[60 - minute]} voor {following}"
        case _:
            words = f"{this} uur {_dutch_number(minute)}"
    return " ".join([words, *_part(hour, night="'s nachts", noon="'s middags", evening="'s avonds")])


def _dutch_date(day: date) -> str:
    return f"{_dutch_number(day.day)} {_DUTCH_MONTHS[day.month - 1]}"


def _dutch_moment(at: datetime, today: date) -> str:
    day = _near_day(at.date(), today, ("vandaag", "morgen"), _DUTCH_DAYS)
    if at.date() - today >= timedelta(NAMED_DAYS):
        day += f" {_dutch_date(at)}"
    return f"{day} om {_dutch_time(at.hour, at.minute)}"


# -- English -----------------------------------------------------------------------------------------------

_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ENGLISH_TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty"}
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ORDINAL = {
    1: "first",
    2: "second",
    3: "third",
    5: "fifth",
    8: "eighth",
    9: "ninth",
    12: "twelfth",
}


def _english_number(number: int) -> str:
    if number <= 20:
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens] + (f"-{_ENGLISH[ones]}" if ones else "")


def _english_ordinal(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number in _ORDINAL:
        return _ORDINAL[number]
    if number < 20:
        return f"{_ENGLISH[number]}th"
    if not ones:
        return "twentieth" if tens == 2 else "thirtieth"
    return f"{_ENGLISH_TENS[tens]}-{_english_ordinal(ones)}"


def _english_time(hour: int, minute: int) -> str:
    this, following = (_ENGLISH[each % 12 or 12] for each in (hour, hour + 1))
    match minute:
        case 0:
            words = f"{this} o'clock"
        case 15:
            words = f"quarter past {this}"
        case 30:
            words = f"half past {this}"
        case 45:
            words = f"quarter to {following}"
        case 5 | 10 | 20 | 25:
            words = f"{_english_number(minute)} past {this}"
        case 35 | 40 | 50 | 55:
            words = f"{_english_number(60 - minute)} to {following}"
        case _:
            words = f"{this} {'oh ' if minute < 10 else ''}{_english_number(minute)}"
    return " ".join(
        [words, *_part(hour, night="at night", noon="in the afternoon", evening="in the evening")]
    )


def _english_date(day: date) -> str:
    return f"the {_english_ordinal(day.day)} of {_ENGLISH_MONTHS[day.month - 1]}"


def _english_moment(at: datetime, today: date) -> str:
    day = _near_day(at.date(), today, ("today", "tomorrow"), _ENGLISH_DAYS)
    if at.date() - today >= timedelta(NAMED_DAYS):
        day += f" {_english_date(at)}"
    return f"{day} at {_english_time(at.hour, at.minute)}"


# -- What they share ---------------------------------------------------------------------------------------


def _near_day(day: date, today: date, near: tuple[str, str], days: Sequence[str]) -> str:
    ahead = (day - today).days
    return near[ahead] if ahead in {0, 1} else days[day.weekday()]


def _part(hour: int, *, night: str, noon: str, evening: str) -> tuple[str, ...]:
    """The part of the day: nothing in the morning, which is when a desk opens."""
    if hour < 6:
        return (night,)
    if hour < 12:
        return ()
    return (noon,) if hour < 18 else (evening,)


_MOMENTS: Mapping[str, Callable[[datetime, date], str]] = {"nl": _dutch_moment, "en": _english_moment}
_DATES: Mapping[str, Callable[[date], str]] = {"nl": _dutch_date, "en": _english_date}
_DAYS: Mapping[str, Sequence[str]] = {"nl": _DUTCH_DAYS, "en": _ENGLISH_DAYS}
_TIMES: Mapping[str, Callable[[int, int], str]] = {"nl": _dutch_time, "en": _english_time}
