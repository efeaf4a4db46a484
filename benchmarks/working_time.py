"""Working time on one core: additions a second, beside two libraries that answer the same questions.

    python benchmarks/working_time.py [--json]

All figures of one run are comparable; those of two runs are not, for machines drift. Every answer of the
libraries is compared with ours, and every difference is counted under its explanation: "unexplained" must
stay empty.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz
from business_duration import businessDuration

from balie.desk.holiday_dates import holiday_dates
from balie.presets.reading import load
from balie.rules.desk import OpeningHours, Window
from balie.rules.working_time import Calendar

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
HOLIDAYS = holiday_dates("NL", first=FIRST, last=LAST)
FAST_QUESTIONS, SLOW_QUESTIONS, PAIRS = 100_000, 400, 1_000
LENGTHS = (60, 240, 480, 1440)  # minutes: an hour, and the response times of the plans
MINUTE = timedelta(minutes=1)

ONLY_CLOSES = "a holiday can close a day there, not give it other hours (SW-02)"
LOSES_THE_NIGHT = "a start inside a window past midnight loses the rest of that night there"
CUTS_THE_NIGHTS = "an end inside a window past midnight cuts every night before it there"
WALL_CLOCK = "it subtracts clock readings: an hour off over a clock change"
UNEXPLAINED = "unexplained"

Question = tuple[datetime, int]  # a start, and minutes of working time
Pair = tuple[datetime, datetime]


@dataclass
class Comparison:
    """How often a library gives our answer, and why not."""

    what: str
    compared: int = 0
    differences: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, ours: object, theirs: object, *, question: str, why: str) -> None:
        self.compared += 1
        if ours != theirs:
            self.differences[why] = self.differences.get(why, 0) + 1
            self.examples.setdefault(why, f"{question}: ours {ours}, theirs {theirs}")


def compiled(hours: OpeningHours) -> Calendar:
    return Calendar.build(hours, zone=AMSTERDAM.key, holidays=HOLIDAYS, first=FIRST, last=LAST)


def random_moments(count: int, *, seed: int) -> list[datetime]:
    """Whole minutes of 2026, by a seed, so that every run asks the same."""
    chance = random.Random(seed)
    begin, end = (int(datetime(2026, month, 1, tzinfo=AMSTERDAM).timestamp()) for month in (1, 12))
    return [datetime.fromtimestamp(chance.randrange(begin, end) // 60 * 60, AMSTERDAM) for _ in range(count)]


def questions(count: int) -> list[Question]:
    chance = random.Random(count)
    return [(start, chance.choice(LENGTHS)) for start in random_moments(count, seed=1)]


def pairs(count: int) -> list[Pair]:
    chance = random.Random(count)
    return [
        (start, datetime.fromtimestamp(start.timestamp() + 60 * chance.randrange(14 * 1440), AMSTERDAM))
        for start in random_moments(count, seed=2)
    ]


def per_second(answer_all: Callable[[], object], count: int) -> float:
    """The best of three: what the machine can do when nobody else uses it."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        answer_all()
        best = min(best, time.perf_counter() - began)
    return count / best


class BusinessTimeDelta:
    """The same hours for `businesstimedelta`: a rule for each window of each weekday, one for the holidays."""

    def __init__(self, hours: OpeningHours) -> None:
        self.zone = pytz.timezone(AMSTERDAM.key)
        rules: list[Any] = [
            businesstimedelta.WorkDayRule(
                _clock(window.opens), _clock(window.closes), [weekday], tz=self.zone
            )
            for weekday, windows in enumerate(hours.week)
            for window in windows
        ]
        if hours.holidays:
            rules.append(businesstimedelta.HolidayRule(_days_off(hours), tz=self.zone))
        self.rules = businesstimedelta.Rules(rules)

    def add(self, start: datetime, minutes: int) -> datetime:
        amount = businesstimedelta.BusinessTimeDelta(self.rules, seconds=minutes * 60)
        answer: datetime = start.astimezone(self.zone) + amount
        return answer


def business_duration(hours: OpeningHours, start: datetime, end: datetime) -> float:
    """Minutes by `business-duration`: one window for all days, in local time without a zone."""
    (window,) = hours.week[0]
    minutes: float = businessDuration(
        start.replace(tzinfo=None),
        end.replace(tzinfo=None),
        _clock(window.opens),
        _clock(window.closes),
        weekendlist=[weekday for weekday, windows in enumerate(hours.week) if not windows],
        holidaylist=_days_off(hours),
    )
    return minutes


def _clock(minutes: int) -> clock_time:
    return clock_time(minutes // 60 % 24, minutes % 60)


def _days_off(hours: OpeningHours) -> list[date]:
    return sorted(day for day, keys in HOLIDAYS.items() if keys & hours.holidays.keys())


def compare_additions(what: str, hours: OpeningHours, asked: Iterable[Question]) -> Comparison:
    calendar, library, found = compiled(hours), BusinessTimeDelta(hours), Comparison(what)
    for start, minutes in asked:
        ours = calendar.add(start, minutes)
        theirs = library.add(start, minutes).astimezone(AMSTERDAM)
        if _has_other_hours(hours, start.date(), max(ours, theirs).date()):
            why = ONLY_CLOSES
        elif _runs_past_midnight(hours) and calendar.is_open(start):
            why = LOSES_THE_NIGHT
        else:
            why = UNEXPLAINED
        found.note(ours.isoformat(), theirs.isoformat(), question=f"{start} + {minutes} min", why=why)
    return found


def compare_measures(what: str, hours: OpeningHours, asked: Iterable[Pair]) -> Comparison:
    calendar, found = compiled(hours), Comparison(what)
    for start, end in asked:
        ours = calendar.measure(start, end) / MINUTE
        theirs = business_duration(hours, start, end)
        if _runs_past_midnight(hours) and calendar.is_open(start):
            why = LOSES_THE_NIGHT
        elif _runs_past_midnight(hours) and calendar.is_open(end):
            why = CUTS_THE_NIGHTS
        elif start.utcoffset() != end.utcoffset() and abs(ours - theirs) == 60:
            why = WALL_CLOCK
        else:
            why = UNEXPLAINED
        found.note(ours, theirs, question=f"{start} to {end}, minutes", why=why)
    return found


def _has_other_hours(hours: OpeningHours, first: date, last: date) -> bool:
    return any(
        first <= day <= last and any(hours.holidays.get(key) for key in keys)
        for day, keys in HOLIDAYS.items()
    )


def _runs_past_midnight(hours: OpeningHours) -> bool:
    return any(window.closes > 1440 for windows in hours.week for window in windows)


def measure_speed(till_helpdesk: OpeningHours, helpdesk: OpeningHours) -> dict[str, float]:
    """Answers a second: additions with the softwear till helpdesk, measures with the infobits helpdesk."""
    calendar, library = compiled(till_helpdesk), BusinessTimeDelta(till_helpdesk)
    fast, slow, measured = questions(FAST_QUESTIONS), questions(SLOW_QUESTIONS), pairs(SLOW_QUESTIONS)
    epochs = [(int(start.timestamp()), minutes * 60) for start, minutes in fast]
    day_hours = compiled(helpdesk)
    figures = {
        "add, epoch seconds": per_second(
            lambda: [calendar.add_epoch(start, seconds) for start, seconds in epochs], len(epochs)
        ),
        "add, aware datetimes": per_second(
            lambda: [calendar.add(start, minutes) for start, minutes in fast], len(fast)
        ),
        "add, businesstimedelta": per_second(
            lambda: [library.add(start, minutes) for start, minutes in slow], len(slow)
        ),
        "measure, aware datetimes": per_second(
            lambda: [day_hours.measure(start, end) for start, end in measured], len(measured)
        ),
        "measure, business-duration": per_second(
            lambda: [business_duration(helpdesk, start, end) for start, end in measured], len(measured)
        ),
        "calendars of four years built": per_second(lambda: compiled(till_helpdesk), 1),
    }
    figures["times businesstimedelta, epoch seconds"] = (
        figures["add, epoch seconds"] / figures["add, businesstimedelta"]
    )
    figures["times businesstimedelta, aware datetimes"] = (
        figures["add, aware datetimes"] / figures["add, businesstimedelta"]
    )
    figures["times business-duration, aware datetimes"] = (
        figures["measure, aware datetimes"] / figures["measure, business-duration"]
    )
    return figures


def compare(office: OpeningHours, till_helpdesk: OpeningHours, helpdesk: OpeningHours) -> list[Comparison]:
    night = OpeningHours(week=((Window(22 * 60, 30 * 60),),) * 7)
    small_hours = OpeningHours(week=((Window(0, 6 * 60),),) * 7)
    asked, measured = questions(SLOW_QUESTIONS), pairs(PAIRS)
    return [
        compare_additions("businesstimedelta, softwear office", office, asked),
        compare_additions("businesstimedelta, softwear till helpdesk", till_helpdesk, asked),
        compare_additions("businesstimedelta, infobits helpdesk", helpdesk, asked),
        compare_additions("businesstimedelta, every night 22:00-06:00", night, asked),
        compare_measures("business-duration, infobits helpdesk", helpdesk, measured),
        compare_measures("business-duration, every night 22:00-06:00", night, measured),
        compare_measures("business-duration, every night 00:00-06:00", small_hours, measured),
    ]


def report(speed: dict[str, float], comparisons: list[Comparison]) -> str:
    lines = ["Answers a second, one core"]
    lines += [f"  {what:<42}{figure:>12,.0f}" for what, figure in speed.items()]
    for each in comparisons:
        equal = each.compared - sum(each.differences.values())
        lines += ["", f"{each.what}: {equal} of {each.compared} answers equal ours"]
        for why, count in each.differences.items():
            lines += [f"  {count}: {why}", f"    {each.examples[why]}"]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    softwear, infobits = load("softwear").desk, load("infobits").desk
    till_helpdesk = softwear.lines["till-helpdesk"].hours
    helpdesk = infobits.lines["helpdesk"].hours
    speed = measure_speed(till_helpdesk, helpdesk)
    comparisons = compare(softwear.lines["office"].hours, till_helpdesk, helpdesk)
    if arguments.json:
        print(json.dumps({"speed": speed, "comparisons": [asdict(each) for each in comparisons]}))
    else:
        print(report(speed, comparisons))


if __name__ == "__main__":
    main()
