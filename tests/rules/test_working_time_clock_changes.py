"""Working time when the clock changes: a table of nights, each worked out by hand.

The Netherlands: on 29 March 2026 clocks go from 02:00 to 03:00 (+01:00 to +02:00, at 01:00 UTC), on
25 October from 03:00 to 02:00 (at 01:00 UTC).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.rules.hours import ALWAYS, AMSTERDAM, at, calendar, hours, shown

from balie.rules.working_time import Calendar, split_by_zone

SPRING, AUTUMN = "2026-03-29", "2026-10-25"  # both Sundays


def only_on(weekday: int, text: str, *, zone: str = AMSTERDAM, year: int = 2026) -> Calendar:
    week = [""] * 7
    week[weekday] = text
    return calendar(hours(*week), zone=zone, first=date(year, 1, 1), last=date(year, 12, 31))


SUNDAY_CASES = [
    # window on Sunday, day, opens, closes, why this row
    ("01:00-05:00", SPRING, "01:00+01:00", "05:00+02:00", "the gap is inside: three hours pass"),
    ("01:00-02:00", SPRING, "01:00+01:00", "03:00+02:00", "02:00 is in the gap: read at +01:00 it is 03:00"),
    ("02:00-04:00", SPRING, "03:00+02:00", "04:00+02:00", "begins when the clock changes"),
    ("02:30-05:00", SPRING, "03:30+02:00", "05:00+02:00", "in the gap, the offset before: 01:30 UTC"),
    ("01:00-02:30", SPRING, "01:00+01:00", "03:30+02:00", "the same rule for closing: 90 minutes pass"),
    ("02:00-02:30", SPRING, "03:00+02:00", "03:30+02:00", "all of it in the gap: keeps its length"),
    ("00:00-24:00", SPRING, "00:00+01:00", "00:00+02:00", "a day of 23 hours"),
    ("01:00-05:00", AUTUMN, "01:00+02:00", "05:00+01:00", "02:00 to 03:00 comes twice: five hours pass"),
    (
        "02:00-03:00",
        AUTUMN,
        "02:00+02:00",
        "03:00+01:00",
        "from the first 02:00 to the only 03:00: two hours",
    ),
    ("02:30-05:00", AUTUMN, "02:30+02:00", "05:00+01:00", "the first 02:30"),
    ("01:00-02:30", AUTUMN, "01:00+02:00", "02:30+02:00", "closes at the first 02:30 and stays closed"),
    ("02:00-02:30", AUTUMN, "02:00+02:00", "02:30+02:00", "between the two first ones: half an hour"),
    ("00:00-24:00", AUTUMN, "00:00+02:00", "00:00+01:00", "a day of 25 hours"),
]


@pytest.mark.parametrize(("window", "day", "opens", "closes", "why"), SUNDAY_CASES)
def test_a_window_in_the_night_of_a_clock_change(
    window: str, day: str, opens: str, closes: str, why: str
) -> None:
    line = only_on(6, window)
    opening = line.next_opening(at(f"{day} 00:00"))
    closing = line.next_closing(at(f"{day} 00:00"))
    assert (shown(opening), shown(closing)[11:]) == (f"{day} {opens}", closes), why
    assert line.measure(opening, closing) == timedelta(seconds=closing.timestamp() - opening.timestamp())


@pytest.mark.parametrize("window", ["02:30-03:00", "02:15-03:15", "02:00-03:00"])
def test_a_window_that_has_no_length_left_in_the_gap_is_gone(window: str) -> None:
    line = only_on(6, window)
    assert line.measure(at(f"{SPRING} 00:00"), at("2026-03-30 00:00")) == timedelta()
    assert shown(line.next_opening(at(f"{SPRING} 00:00")))[:10] == "2026-04-05"


def test_windows_that_the_gap_pushes_into_each_other_count_once() -> None:
    line = only_on(6, "02:00-02:30, 03:00-05:00")
    assert line.measure(at(f"{SPRING} 00:00"), at("2026-03-30 00:00")) == timedelta(hours=2)


NIGHT_CASES = [
    # Saturday 22:00 to Sunday 06:00; start, minutes, deadline, why this row
    ("2026-03-28 22:00", 7 * 60, "2026-03-29 06:00+02:00", "spring: seven hours pass until closing time"),
    ("2026-03-29 01:30", 60, "2026-03-29 03:30+02:00", "spring: an hour later the clock shows two more"),
    ("2026-03-29 02:30", 60, "2026-03-29 04:30+02:00", "spring: a start in the gap has the offset before"),
    ("2026-10-24 22:00", 9 * 60, "2026-10-25 06:00+01:00", "autumn: nine hours pass until closing time"),
    ("2026-10-25 01:30", 60, "2026-10-25 02:30+02:00", "autumn: the first 02:30"),
    ("2026-10-25 01:30", 120, "2026-10-25 02:30+01:00", "autumn: the second 02:30"),
    ("2026-10-25 02:30", 60, "2026-10-25 02:30+01:00", "autumn: a start that occurs twice is the first"),
    ("2026-10-25 02:30+01:00", 60, "2026-10-25 03:30+01:00", "autumn: the second, said by its offset"),
]


@pytest.mark.parametrize(("start", "minutes", "deadline", "why"), NIGHT_CASES)
def test_a_deadline_in_the_night_of_a_clock_change(start: str, minutes: int, deadline: str, why: str) -> None:
    night = only_on(5, "22:00-06:00")
    found = night.add(at(start), minutes)
    assert shown(found) == deadline, why
    assert shown(night.subtract(found, minutes)) == shown(night.add(at(start), 0)), why
    assert night.measure(at(start), found) == timedelta(minutes=minutes), why


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [("2026-03-28 12:00", "2026-03-29 12:00", 23), ("2026-10-24 12:00", "2026-10-25 12:00", 25)],
)
def test_around_the_clock_a_day_has_the_hours_that_pass(start: str, end: str, passed: int) -> None:
    assert calendar(ALWAYS).measure(at(start), at(end)) == timedelta(hours=passed)


def test_a_deadline_over_the_weekend_of_a_clock_change_keeps_the_clock_time_IB_30() -> None:
    zone_1 = calendar(hours(*["09:00-17:00"] * 5, "09:00-12:00"))
    assert shown(zone_1.add(at("2026-03-27 16:00"), 480)) == "2026-03-30 13:00+02:00"
    assert shown(zone_1.add(at("2026-10-23 16:00"), 480)) == "2026-10-26 13:00+01:00"


def test_rate_zones_in_the_night_of_a_clock_change_add_up_to_the_time_that_passes_IB_29() -> None:
    zones = {"night": only_on(6, "00:00-02:30"), "morning": only_on(6, "02:30-12:00")}
    for day, night, morning in ((SPRING, 150, 510), (AUTUMN, 150, 630)):
        pieces = split_by_zone(at(f"{day} 00:00"), at(f"{day} 12:00"), zones)
        minutes = {piece.zone: piece.length / timedelta(minutes=1) for piece in pieces}
        assert minutes == {"night": night, "morning": morning}


ZONE_CASES = [
    # zone, weekday, window, start, minutes, deadline, why this row
    (
        "Asia/Kathmandu",
        4,
        "09:00-17:00",
        "2026-11-20 09:00",
        60,
        "2026-11-20 10:00+05:45",
        "+05:45, no changes",
    ),
    (
        "America/St_Johns",
        6,
        "00:00-06:00",
        "2026-03-08 01:00",
        120,
        "2026-03-08 04:00-02:30",
        "half-hour offset",
    ),
    (
        "America/St_Johns",
        6,
        "00:00-06:00",
        "2026-11-01 00:00",
        180,
        "2026-11-01 02:00-03:30",
        "02:00 goes to 01:00",
    ),
    (
        "America/St_Johns",
        6,
        "00:00-06:00",
        "2010-11-07 00:00",
        60,
        "2010-11-07 00:00-03:30",
        "00:01 goes to 23:01",
    ),
    (
        "Australia/Lord_Howe",
        6,
        "01:00-03:00",
        "2026-04-05 01:00",
        60,
        "2026-04-05 01:30+10:30",
        "half an hour back",
    ),
    (
        "Australia/Lord_Howe",
        6,
        "01:00-03:00",
        "2026-10-04 01:00",
        90,
        "2026-10-04 03:00+11:00",
        "half an hour on",
    ),
    (
        "Australia/Lord_Howe",
        6,
        "02:15-04:00",
        "2026-10-04 00:00",
        60,
        "2026-10-04 03:45+11:00",
        "opens in its gap",
    ),
    (
        "America/Sao_Paulo",
        6,
        "00:00-02:00",
        "2018-11-04 01:00",
        60,
        "2018-11-04 02:00-02:00",
        "no midnight that day",
    ),
    (
        "America/Sao_Paulo",
        5,
        "22:00-24:00",
        "2018-02-17 22:00",
        180,
        "2018-02-18 00:00-03:00",
        "24:00 back to 23:00",
    ),
    (
        "America/Havana",
        6,
        "00:00-02:00",
        "2026-11-01 00:00",
        180,
        "2026-11-01 02:00-05:00",
        "01:00 back to 00:00",
    ),
    (
        "Africa/Casablanca",
        6,
        "01:00-04:00",
        "2026-02-15 01:00",
        180,
        "2026-02-15 03:00+00:00",
        "back for Ramadan",
    ),
    ("UTC", 6, "01:00-04:00", "2026-03-29 01:00", 180, "2026-03-29 04:00+00:00", "nothing happens"),
]


@pytest.mark.parametrize(("zone", "weekday", "window", "start", "minutes", "deadline", "why"), ZONE_CASES)
def test_any_zone_has_its_own_clock_changes(
    zone: str, weekday: int, window: str, start: str, minutes: int, deadline: str, why: str
) -> None:
    line = only_on(weekday, window, zone=zone, year=int(start[:4]))
    assert shown(line.add(at(start, zone), minutes)) == deadline, why


class TestTheDayThatSamoaSkipped:
    """Thursday 29 December 2011, 24:00 in Apia (-10:00) was Saturday 31 December, 00:00 (+14:00)."""

    def apia(self, *days: str) -> Calendar:
        return calendar(hours(*days), zone="Pacific/Apia", first=date(2011, 12, 1), last=date(2012, 1, 31))

    def test_has_no_working_time(self) -> None:
        line = self.apia(*["09:00-17:00"] * 5)
        deadline = line.add(at("2011-12-29 16:00", "Pacific/Apia"), 120)
        assert shown(deadline) == "2012-01-02 10:00+14:00"

    def test_is_passed_over_by_the_hours_of_the_days_around_it(self) -> None:
        line = self.apia(*["09:00-17:00"] * 6)
        deadline = line.add(at("2011-12-29 16:00", "Pacific/Apia"), 120)
        assert shown(deadline) == "2011-12-31 10:00+14:00"

    def test_lets_a_thursday_night_run_on_into_saturday(self) -> None:
        line = self.apia("", "", "", "22:00-02:00")
        deadline = line.add(at("2011-12-29 22:00", "Pacific/Apia"), 240)
        assert shown(deadline) == "2011-12-31 02:00+14:00"
