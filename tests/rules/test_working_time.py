"""Working time: the hours of both desks, the conventions, the trace, rate zones and refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.rules.hours import (
    ALWAYS,
    AMSTERDAM,
    HELPDESK,
    NEVER,
    OFFICE,
    TILL_HELPDESK,
    ZONE_1,
    ZONE_2,
    at,
    calendar,
    hours,
    shown,
)

from balie.rules.desk import OpeningHours, Window
from balie.rules.refusals import Refusal
from balie.rules.working_time import (
    AlwaysOpen,
    BeyondCalendar,
    Calendar,
    EndBeforeStart,
    ImpossibleHours,
    NaiveMoment,
    NegativeTime,
    NeverOpen,
    OverlappingWindows,
    UnknownZone,
    split_by_zone,
)

LINES = {
    "office": calendar(OFFICE, name="office"),
    "till-helpdesk": calendar(TILL_HELPDESK, name="till-helpdesk"),
    "helpdesk": calendar(HELPDESK, name="helpdesk"),
    "zone-1": calendar(ZONE_1, name="zone-1"),
    "zone-2": calendar(ZONE_2, name="zone-2"),
    "lunch break": calendar(hours(*["09:00-12:00, 13:00-17:00"] * 5)),
    "joined": calendar(hours(*["12:00-17:00, 09:00-12:00"] * 5)),
    "bar": calendar(hours("", "", "", "20:00-24:00", "20:00-03:00", "20:00-03:00", "14:00-24:00")),
    "always": calendar(ALWAYS, name="always"),
    "never": calendar(NEVER),
}

OPEN_CASES = [
    # line, moment, open, changes at, why this row
    ("office", "2026-11-20 08:59", False, "2026-11-20 09:00+01:00", "SW-01: a minute too early"),
    ("office", "2026-11-20 09:00", True, "2026-11-20 17:00+01:00", "SW-01: opening time is open"),
    ("office", "2026-11-20 16:59:59.999999", True, "2026-11-20 17:00+01:00", "the last microsecond"),
    ("office", "2026-11-20 17:00", False, "2026-11-23 09:00+01:00", "half-open: closing time is closed"),
    ("office", "2026-11-18 09:15", False, "2026-11-18 09:30+01:00", "SW-01: Wednesdays begin at half past"),
    ("till-helpdesk", "2026-11-20 17:00", True, "2026-11-20 21:00+01:00", "SW-01: takes over at five"),
    ("till-helpdesk", "2026-11-18 18:00", False, "2026-11-19 17:00+01:00", "SW-01: Wednesdays end at six"),
    ("till-helpdesk", "2026-11-22 11:59", False, "2026-11-22 12:00+01:00", "SW-01: Sundays from twelve"),
    ("till-helpdesk", "2026-04-06 12:30", True, "2026-04-06 17:00+02:00", "SW-02: Easter Monday 12-17"),
    (
        "till-helpdesk",
        "2026-04-06 17:30",
        False,
        "2026-04-07 17:00+02:00",
        "SW-02: whole day replaced: no evening",
    ),
    ("till-helpdesk", "2026-12-26 10:00", False, "2026-12-26 12:00+01:00", "SW-02: Boxing Day on a Saturday"),
    ("office", "2026-04-06 10:00", False, "2026-04-07 09:00+02:00", "SW-02: Easter Monday, office closed"),
    ("office", "2026-04-03 10:00", True, "2026-04-03 17:00+02:00", "Good Friday is not in SW-02"),
    ("office", "2026-05-14 10:00", False, "2026-05-15 09:00+02:00", "SW-02: Ascension Day, a Thursday"),
    ("till-helpdesk", "2026-04-27 17:30", False, "2026-04-28 17:00+02:00", "SW-02: King's Day, a Monday"),
    ("till-helpdesk", "2025-04-26 10:00", False, "2025-04-27 12:00+02:00", "SW-02: King's Day on the 26th"),
    (
        "till-helpdesk",
        "2025-04-27 12:00",
        True,
        "2025-04-27 17:00+02:00",
        "SW-02: the 27th is a plain Sunday then",
    ),
    ("till-helpdesk", "2026-12-31 17:30", True, "2026-12-31 21:00+01:00", "New Year's Eve is not in SW-02"),
    ("helpdesk", "2026-11-21 10:00", False, "2026-11-23 09:00+01:00", "IB-29: no helpdesk on Saturdays"),
    ("zone-1", "2026-11-21 10:00", True, "2026-11-21 12:00+01:00", "IB-29: zone 1 on Saturday mornings"),
    ("zone-2", "2026-11-21 12:00", True, "2026-11-21 17:00+01:00", "IB-29: zone 2 from twelve on Saturdays"),
    ("zone-2", "2026-11-22 10:00", True, "2026-11-22 17:00+01:00", "IB-29: zone 2 on Sundays"),
    ("lunch break", "2026-11-20 12:30", False, "2026-11-20 13:00+01:00", "two windows a day"),
    ("joined", "2026-11-20 11:00", True, "2026-11-20 17:00+01:00", "windows that touch are one"),
    ("bar", "2026-11-21 02:59", True, "2026-11-21 03:00+01:00", "Friday's window runs past midnight"),
    ("bar", "2026-11-19 23:59", True, "2026-11-20 00:00+01:00", "24:00 is the next midnight"),
    ("bar", "2026-11-23 00:00", False, "2026-11-26 20:00+01:00", "Sunday's 24:00 is no Monday opening"),
    ("always", "2026-11-20 16:00", True, "never", "open day and night: never changes"),
    ("never", "2026-11-20 16:00", False, "never", "closed for ever: never changes"),
]


@pytest.mark.parametrize(("line", "moment", "is_open", "changes_at", "why"), OPEN_CASES)
def test_a_line_is_open_in_its_hours_SW_01_SW_02_IB_29(
    line: str, moment: str, is_open: bool, changes_at: str, why: str
) -> None:
    assert LINES[line].is_open(at(moment)) is is_open, why
    assert shown(LINES[line].changes_at(at(moment))) == changes_at, why


DEADLINE_CASES = [
    # line, start, minutes, deadline, why this row
    ("zone-1", "2026-11-20 16:00", 480, "2026-11-23 13:00+01:00", "IB-30: with a support contract"),
    ("helpdesk", "2026-11-20 16:00", 480, "2026-11-23 16:00+01:00", "IB-30: without one"),
    (
        "zone-1",
        "2026-11-20 16:00",
        240,
        "2026-11-21 12:00+01:00",
        "IB-30: on closing time exactly: that time",
    ),
    ("zone-1", "2026-11-20 16:00", 241, "2026-11-23 09:01+01:00", "a minute more is a minute on Monday"),
    ("helpdesk", "2026-11-20 16:00", 60, "2026-11-20 17:00+01:00", "closing time of the same day"),
    ("helpdesk", "2026-11-20 17:00", 60, "2026-11-23 10:00+01:00", "asked on closing time: starts on Monday"),
    ("helpdesk", "2026-11-21 11:00", 480, "2026-11-23 17:00+01:00", "asked in the weekend: all of Monday"),
    ("helpdesk", "2026-11-20 16:00", 24 * 60, "2026-11-25 16:00+01:00", "IB-09: 24 hours are three days"),
    ("helpdesk", "2026-04-02 16:30", 60, "2026-04-03 09:30+02:00", "Good Friday is a working day here"),
    ("helpdesk", "2026-04-03 16:30", 60, "2026-04-07 09:30+02:00", "Easter Monday does not count"),
    ("helpdesk", "2026-12-24 16:00", 120, "2026-12-28 10:00+01:00", "Christmas and a weekend do not count"),
    (
        "office",
        "2026-11-18 09:00",
        30,
        "2026-11-18 10:00+01:00",
        "SW-01: Wednesday's first half hour is closed",
    ),
    ("helpdesk", "2026-11-20 16:00", 0, "2026-11-20 16:00+01:00", "no minutes, open: now"),
    ("helpdesk", "2026-11-20 17:00", 0, "2026-11-23 09:00+01:00", "no minutes, closed: the next opening"),
    (
        "helpdesk",
        "2026-11-20 16:00:00.000001",
        60,
        "2026-11-23 09:00:00.000001+01:00",
        "a microsecond too late",
    ),
    ("lunch break", "2026-11-20 11:30", 60, "2026-11-20 13:30+01:00", "lunch does not count"),
    ("bar", "2026-11-20 23:00", 241, "2026-11-21 20:01+01:00", "four hours of this night, then the next"),
    ("always", "2026-11-20 16:00", 7 * 1440, "2026-11-27 16:00+01:00", "a week is a week"),
]


@pytest.mark.parametrize(("line", "start", "minutes", "deadline", "why"), DEADLINE_CASES)
def test_a_deadline_counts_open_minutes_only_IB_30_IB_09(
    line: str, start: str, minutes: int, deadline: str, why: str
) -> None:
    assert shown(LINES[line].add(at(start), minutes)) == deadline, why


START_CASES = [
    # line, end, minutes, start, why this row
    ("zone-1", "2026-11-23 13:00", 480, "2026-11-20 16:00+01:00", "IB-30 the other way round"),
    ("helpdesk", "2026-11-23 10:00", 60, "2026-11-23 09:00+01:00", "on opening time exactly: that time"),
    ("helpdesk", "2026-11-23 10:00", 61, "2026-11-20 16:59+01:00", "a minute more is a minute on Friday"),
    (
        "helpdesk",
        "2026-11-22 12:00",
        60,
        "2026-11-20 16:00+01:00",
        "from a closed moment: Friday's last hour",
    ),
    ("helpdesk", "2026-11-20 16:00", 0, "2026-11-20 16:00+01:00", "no minutes, open: now"),
    ("helpdesk", "2026-11-20 17:00", 0, "2026-11-20 17:00+01:00", "no minutes, at closing time: now"),
    ("helpdesk", "2026-11-23 09:00", 0, "2026-11-20 17:00+01:00", "no minutes, at opening: the last closing"),
    ("lunch break", "2026-11-20 13:30", 60, "2026-11-20 11:30+01:00", "lunch does not count"),
]


@pytest.mark.parametrize(("line", "end", "minutes", "start", "why"), START_CASES)
def test_subtracting_mirrors_adding(line: str, end: str, minutes: int, start: str, why: str) -> None:
    assert shown(LINES[line].subtract(at(end), minutes)) == start, why


MEASURE_CASES = [
    # line, start, end, hours, why this row
    ("zone-1", "2026-11-20 16:00", "2026-11-23 13:00", 8, "IB-30"),
    ("helpdesk", "2026-11-20 16:00", "2026-11-23 13:00", 5, "IB-30: Saturday does not count"),
    ("helpdesk", "2026-11-20 17:00", "2026-11-23 09:00", 0, "a closed weekend"),
    ("helpdesk", "2026-11-23 13:00", "2026-11-20 16:00", -5, "backwards is negative"),
    ("helpdesk", "2025-01-01 00:00", "2025-01-01 00:00", 0, "nothing, before the first opening"),
    ("lunch break", "2026-11-20 00:00", "2026-11-21 00:00", 7, "lunch does not count"),
    ("never", "2026-11-20 16:00", "2026-11-23 13:00", 0, "never open"),
]


@pytest.mark.parametrize(("line", "start", "end", "expected", "why"), MEASURE_CASES)
def test_only_open_time_is_measured(line: str, start: str, end: str, expected: int, why: str) -> None:
    assert LINES[line].measure(at(start), at(end)) == timedelta(hours=expected), why


def test_the_next_opening_and_closing_may_be_the_moment_itself() -> None:
    helpdesk = LINES["helpdesk"]
    assert shown(helpdesk.next_opening(at("2026-11-20 09:00"))) == "2026-11-20 09:00+01:00"
    assert shown(helpdesk.next_opening(at("2026-11-20 09:01"))) == "2026-11-23 09:00+01:00"
    assert shown(helpdesk.next_closing(at("2026-11-20 17:00"))) == "2026-11-20 17:00+01:00"
    assert shown(helpdesk.next_closing(at("2026-11-20 17:01"))) == "2026-11-23 17:00+01:00"


def test_a_length_may_be_given_to_the_microsecond() -> None:
    start, length = at("2026-11-20 16:59:59.5"), timedelta(seconds=1, microseconds=3)
    deadline = LINES["helpdesk"].add(start, length)
    assert shown(deadline) == "2026-11-23 09:00:00.500003+01:00"
    assert LINES["helpdesk"].measure(start, deadline) == length


def test_answers_are_in_the_zone_of_the_calendar() -> None:
    assert shown(LINES["helpdesk"].add(at("2026-11-20 15:00+00:00"), 30)) == "2026-11-20 16:30+01:00"


def test_whole_seconds_since_1970_answer_the_same() -> None:
    zone_1, start = LINES["zone-1"], at("2026-11-20 16:00")
    asked = int(start.timestamp())
    deadline = int(zone_1.add(start, 480).timestamp())
    assert zone_1.add_epoch(asked, 480 * 60) == deadline
    assert zone_1.subtract_epoch(deadline, 480 * 60) == asked
    assert zone_1.measure_epoch(asked, deadline) == 480 * 60
    assert [zone_1.is_open_epoch(each) for each in (asked, deadline + 4 * 3600)] == [True, False]


class TestExceptionsAndHolidays:
    def test_an_exception_replaces_its_day_and_goes_before_a_holiday(self) -> None:
        line = calendar(
            hours(
                *["09:00-17:00"] * 6,
                holidays={"boxing_day": ""},
                exceptions={
                    date(2026, 12, 24): ("09:00-12:00", "Christmas Eve"),
                    date(2026, 12, 26): ("10:00-11:00", "Stocktaking"),
                    date(2026, 12, 28): ("", "Stocktaking"),
                },
            )
        )
        assert shown(line.add(at("2026-12-24 11:30"), 60)) == "2026-12-25 09:30+01:00"
        assert shown(line.add(at("2026-12-25 16:30"), 90)) == "2026-12-26 11:00+01:00"
        assert shown(line.changes_at(at("2026-12-26 11:00"))) == "2026-12-29 09:00+01:00"

    def test_of_two_holidays_on_one_day_the_one_with_the_fewest_open_minutes_counts(self) -> None:
        day = date(2026, 5, 14)
        line = Calendar.build(
            hours(
                *["09:00-17:00"] * 5, holidays={"a": "10:00-14:00", "b": "12:00-13:00", "c": "09:00-12:00"}
            ),
            zone=AMSTERDAM,
            holidays={day: frozenset({"a", "b", "c", "not of this line"})},
            first=day,
            last=day,
        )
        assert line.measure(at("2026-05-14 00:00"), at("2026-05-15 00:00")) == timedelta(hours=1)
        assert line.is_open(at("2026-05-14 12:30"))

    def test_new_years_eve_runs_on_into_a_closed_new_years_day(self) -> None:
        line = calendar(hours(*["20:00-02:00"] * 7, holidays={"new_years_day": ""}))
        assert line.is_open(at("2027-01-01 01:59"))
        assert shown(line.changes_at(at("2027-01-01 01:00"))) == "2027-01-01 02:00+01:00"
        assert shown(line.changes_at(at("2027-01-01 02:00"))) == "2027-01-02 20:00+01:00"

    def test_hours_that_a_holiday_makes_overlap_count_once(self) -> None:
        line = calendar(hours(*["20:00-02:00"] * 7, holidays={"boxing_day": "00:00-01:00, 01:30-12:00"}))
        assert line.measure(at("2026-12-25 12:00"), at("2026-12-26 12:00")) == timedelta(hours=16)
        assert shown(line.changes_at(at("2026-12-25 21:00"))) == "2026-12-26 12:00+01:00"


class TestTheEdgesOfTheSpan:
    WEEK = calendar(hours(*["20:00-02:00"] * 7), first=date(2026, 11, 16), last=date(2026, 11, 22))

    def test_windows_cross_the_midnights_at_both_ends(self) -> None:
        assert self.WEEK.is_open(at("2026-11-16 01:00"))
        assert self.WEEK.is_open(at("2026-11-23 00:00"))
        assert self.WEEK.measure(at("2026-11-16 00:00"), at("2026-11-23 00:00")) == timedelta(hours=7 * 6)

    def test_an_answer_may_be_the_last_moment(self) -> None:
        assert shown(self.WEEK.add(at("2026-11-22 20:00"), 240)) == "2026-11-23 00:00+01:00"
        assert shown(self.WEEK.subtract(at("2026-11-16 02:00"), 120)) == "2026-11-16 00:00+01:00"

    @pytest.mark.parametrize(
        "question",
        [
            lambda week: week.is_open(at("2026-11-15 23:59:59")),
            lambda week: week.is_open(at("2026-11-23 00:00:01")),
            lambda week: week.add(at("2026-11-15 23:59"), 1),
            lambda week: week.add(at("2026-11-22 20:00"), 241),
            lambda week: week.add(at("2026-11-22 20:00"), 7 * 1440),
            lambda week: week.subtract(at("2026-11-23 00:01"), 1),
            lambda week: week.subtract(at("2026-11-16 02:00"), 121),
            lambda week: week.subtract(at("2026-11-16 02:00"), 7 * 1440),
            lambda week: week.measure(at("2026-11-15 23:59"), at("2026-11-17 00:00")),
            lambda week: week.next_closing(at("2026-11-22 20:00")),
            lambda week: week.changes_at(at("2026-11-22 20:00")),
            lambda week: week.stretches(at("2026-11-22 20:00"), at("2026-11-23 01:00")),
            lambda week: split_by_zone(at("2026-11-22 20:00"), at("2026-11-23 01:00"), {"zone": week}),
        ],
    )
    def test_nothing_beyond_is_guessed(self, question: Callable[[Calendar], object]) -> None:
        with pytest.raises(BeyondCalendar, match="from 2026-11-16 to 2026-11-22 only"):
            question(self.WEEK)


class TestHoursThatNeverChange:
    AT = at("2026-11-20 16:00")

    @pytest.mark.parametrize("question", ["next_opening", "next_closing"])
    def test_hours_without_any_window_are_never_open(self, question: str) -> None:
        with pytest.raises(NeverOpen):
            getattr(LINES["never"], question)(self.AT)

    @pytest.mark.parametrize("minutes", [0, 1])
    @pytest.mark.parametrize("question", ["add", "subtract"])
    def test_no_deadline_comes_of_hours_that_are_never_open(self, question: str, minutes: int) -> None:
        with pytest.raises(NeverOpen):
            getattr(LINES["never"], question)(self.AT, minutes)

    @pytest.mark.parametrize("question", ["next_opening", "next_closing"])
    def test_hours_around_the_clock_never_close(self, question: str) -> None:
        with pytest.raises(AlwaysOpen):
            getattr(LINES["always"], question)(self.AT)

    def test_a_deadline_in_hours_around_the_clock_may_be_beyond_the_calendar(self) -> None:
        with pytest.raises(BeyondCalendar):
            LINES["always"].add(self.AT, 3 * 365 * 1440)

    @pytest.mark.parametrize(
        ("opening_hours", "why"),
        [
            (OpeningHours(week=((Window(540, 1980),),) * 7), "each day ends where the next begins"),
            (hours("00:00-24:00", *["00:00-12:00, 12:00-24:00"] * 6), "in two windows"),
            (hours(*["00:00-24:00"] * 7, holidays={"boxing_day": "00:00-24:00"}), "also on a holiday"),
            (hours(*["00:00-24:00"] * 7, exceptions={date(2026, 1, 1): ("", "moving")}), "closed long ago"),
        ],
    )
    def test_these_are_around_the_clock(self, opening_hours: OpeningHours, why: str) -> None:
        assert calendar(opening_hours).changes_at(self.AT) is None, why

    @pytest.mark.parametrize(
        ("opening_hours", "why"),
        [
            (hours(*["00:00-24:00"] * 7, holidays={"liberation_day": ""}), "another year has that holiday"),
            (hours(*["00:00-24:00"] * 7, exceptions={date(2028, 6, 1): ("", "moving")}), "it will close"),
            (hours(exceptions={date(2028, 6, 1): ("09:00-17:00", "fair")}), "it will open"),
            (hours(holidays={"liberation_day": "09:00-17:00"}), "it opens on that holiday"),
        ],
    )
    def test_these_change_on_a_day_that_the_calendar_does_not_know(
        self, opening_hours: OpeningHours, why: str
    ) -> None:
        with pytest.raises(BeyondCalendar):
            calendar(opening_hours).changes_at(self.AT)
            pytest.fail(why)

    def test_after_its_last_dated_opening_a_line_is_never_open_again(self) -> None:
        fair = calendar(hours(exceptions={date(2026, 11, 20): ("09:00-17:00", "fair")}))
        assert shown(fair.changes_at(self.AT)) == "2026-11-20 17:00+01:00"
        assert fair.changes_at(at("2026-11-20 17:00")) is None
        with pytest.raises(NeverOpen):
            fair.add(self.AT, 61)


class TestTheTrace:
    def trace(self, line: str, start: str, end: str) -> list[tuple[str, str, str, str | None]]:
        pieces = LINES[line].stretches(at(start), at(end))
        assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]
        return [
            (
                piece.start.strftime("%a %H:%M"),
                piece.end.strftime("%a %H:%M") + (" open" if piece.is_open else ""),
                piece.reason.render(),
                piece.reason.setting,
            )
            for piece in pieces
        ]

    def test_it_shows_which_hours_counted_and_why_IB_30(self) -> None:
        assert self.trace("zone-1", "2026-11-20 16:00", "2026-11-23 13:00") == [
            ("Fri 16:00", "Fri 17:00 open", "Friday's hours: 09:00-17:00", "lines.zone-1.friday"),
            ("Fri 17:00", "Sat 09:00", "Outside the weekly hours", "lines.zone-1"),
            ("Sat 09:00", "Sat 12:00 open", "Saturday's hours: 09:00-12:00", "lines.zone-1.saturday"),
            ("Sat 12:00", "Mon 09:00", "Outside the weekly hours", "lines.zone-1"),
            ("Mon 09:00", "Mon 13:00 open", "Monday's hours: 09:00-17:00", "lines.zone-1.monday"),
        ]

    def test_it_names_the_holidays_SW_02(self) -> None:
        sunday, monday = (
            "lines.till-helpdesk.holidays.easter_sunday",
            "lines.till-helpdesk.holidays.easter_monday",
        )
        assert self.trace("till-helpdesk", "2026-04-04 16:00", "2026-04-07 09:00") == [
            ("Sat 16:00", "Sat 17:00 open", "Saturday's hours: 09:00-17:00", "lines.till-helpdesk.saturday"),
            ("Sat 17:00", "Sun 00:00", "Outside the weekly hours", "lines.till-helpdesk"),
            ("Sun 00:00", "Mon 00:00", "Easter Sunday: closed", sunday),
            ("Mon 00:00", "Mon 12:00", "Easter Monday: 12:00-17:00", monday),
            ("Mon 12:00", "Mon 17:00 open", "Easter Monday: 12:00-17:00", monday),
            ("Mon 17:00", "Tue 00:00", "Easter Monday: 12:00-17:00", monday),
            ("Tue 00:00", "Tue 09:00", "Outside the weekly hours", "lines.till-helpdesk"),
        ]

    @pytest.mark.parametrize(
        ("day", "text"),
        [
            ("2026-12-21", "Christmas party: 09:00-12:00"),
            ("2026-12-22", "Moving: closed"),
            ("2026-12-23", "Other hours on 2026-12-23: 09:00-12:00, 13:00-14:00"),
            ("2026-12-24", "Closed on 2026-12-24"),
        ],
    )
    def test_it_names_the_exceptions(self, day: str, text: str) -> None:
        line = calendar(
            hours(
                *["09:00-17:00"] * 5,
                exceptions={
                    date(2026, 12, 21): ("09:00-12:00", "Christmas party"),
                    date(2026, 12, 22): ("", "Moving"),
                    date(2026, 12, 23): ("09:00-12:00, 13:00-14:00", ""),
                    date(2026, 12, 24): ("", ""),
                },
            ),
            name="desk",
        )
        reasons = [piece.reason for piece in line.stretches(at(f"{day} 00:00"), at(f"{day} 23:59"))]
        assert {reason.render() for reason in reasons} == {text}
        assert {reason.setting for reason in reasons} == {f"lines.desk.exceptions.{day}"}

    def test_a_calendar_without_a_name_has_no_settings_to_name(self) -> None:
        pieces = LINES["lunch break"].stretches(at("2026-11-20 12:30"), at("2026-11-20 13:30"))
        assert [(piece.is_open, piece.reason.setting) for piece in pieces] == [(False, None), (True, None)]

    def test_hours_that_touch_across_midnight_are_two_pieces_with_a_reason_each(self) -> None:
        assert self.trace("always", "2026-11-20 12:00", "2026-11-21 12:00") == [
            ("Fri 12:00", "Sat 00:00 open", "Friday's hours: 00:00-24:00", "lines.always.friday"),
            ("Sat 00:00", "Sat 12:00 open", "Saturday's hours: 00:00-24:00", "lines.always.saturday"),
        ]

    def test_the_length_of_a_piece_is_the_time_that_passes(self) -> None:
        night = LINES["zone-1"].stretches(at("2026-10-24 12:00"), at("2026-10-26 09:00"))
        assert [piece.length for piece in night] == [timedelta(hours=46)]

    def test_a_day_that_the_zone_skipped_is_not_in_it(self) -> None:
        apia = calendar(
            hours(*["09:00-17:00"] * 5), zone="Pacific/Apia", first=date(2011, 12, 1), last=date(2012, 1, 31)
        )
        pieces = apia.stretches(
            at("2011-12-29 09:00", "Pacific/Apia"), at("2012-01-02 09:00", "Pacific/Apia")
        )
        assert [(piece.is_open, shown(piece.end), piece.length) for piece in pieces] == [
            (True, "2011-12-29 17:00-10:00", timedelta(hours=8)),
            (False, "2012-01-02 09:00+14:00", timedelta(hours=7 + 2 * 24 + 9)),
        ]

    def test_no_time_has_no_pieces(self) -> None:
        assert LINES["zone-1"].stretches(at("2026-11-20 16:00"), at("2026-11-20 16:00")) == ()


class TestRateZones:
    ZONES = {"zone-1": LINES["zone-1"], "zone-2": LINES["zone-2"]}

    def pieces(self, start: str, end: str, **zones: Calendar) -> list[tuple[str | None, int]]:
        pieces = split_by_zone(at(start), at(end), zones or self.ZONES)
        return [(piece.zone, round(piece.length / timedelta(minutes=1))) for piece in pieces]

    def test_a_call_from_half_past_four_to_half_past_five_has_two_zones_IB_29(self) -> None:
        assert self.pieces("2026-11-20 16:30", "2026-11-20 17:30") == [("zone-1", 30), ("zone-2", 30)]

    def test_time_outside_every_zone_is_a_piece_too_IB_29(self) -> None:
        assert self.pieces("2026-11-20 20:00", "2026-11-21 12:30") == [
            ("zone-2", 60),
            (None, 12 * 60),
            ("zone-1", 180),
            ("zone-2", 30),
        ]

    def test_a_holiday_is_outside_every_zone_IB_29(self) -> None:
        assert self.pieces("2026-12-25 00:00", "2026-12-27 00:00") == [(None, 2880)]

    def test_where_zones_overlap_the_first_counts(self) -> None:
        day, hour = LINES["helpdesk"], calendar(hours(*["12:00-13:00"] * 5))
        start, end = "2026-11-20 11:00", "2026-11-20 14:00"
        assert self.pieces(start, end, hour=hour, day=day) == [("day", 60), ("hour", 60), ("day", 60)]
        assert self.pieces(start, end, day=day, hour=hour) == [("day", 180)]

    def test_without_zones_all_of_it_is_outside(self) -> None:
        start, end = at("2026-11-20 16:30"), at("2026-11-20 17:30")
        assert [(piece.zone, piece.length) for piece in split_by_zone(start, end, {})] == [
            (None, timedelta(hours=1))
        ]

    def test_no_time_has_no_pieces(self) -> None:
        assert self.pieces("2026-11-20 16:30", "2026-11-20 16:30") == []

    def test_moments_stay_in_the_zone_in_which_they_came(self) -> None:
        pieces = split_by_zone(at("2026-11-20 15:30+00:00"), at("2026-11-20 16:30+00:00"), self.ZONES)
        assert [shown(piece.start) for piece in pieces] == [
            "2026-11-20 15:30+00:00",
            "2026-11-20 16:00+00:00",
        ]


class TestRefusals:
    NAIVE = datetime(2026, 11, 20, 16)  # noqa: DTZ001 -- a moment without a zone is what is refused here

    @pytest.mark.parametrize(
        "question",
        [
            lambda line, naive: line.is_open(naive),
            lambda line, naive: line.next_opening(naive),
            lambda line, naive: line.next_closing(naive),
            lambda line, naive: line.changes_at(naive),
            lambda line, naive: line.add(naive, 60),
            lambda line, naive: line.subtract(naive, 60),
            lambda line, naive: line.measure(naive, at("2026-11-20 17:00")),
            lambda line, naive: line.measure(at("2026-11-20 15:00"), naive),
            lambda line, naive: line.stretches(naive, at("2026-11-20 17:00")),
            lambda line, naive: split_by_zone(at("2026-11-20 15:00"), naive, {"zone": line}),
        ],
    )
    def test_a_moment_without_a_zone(self, question: Callable[[Calendar, datetime], object]) -> None:
        with pytest.raises(NaiveMoment, match="2026-11-20T16:00:00 has no time zone"):
            question(LINES["zone-1"], self.NAIVE)

    @pytest.mark.parametrize("question", ["add", "subtract"])
    def test_less_than_no_time(self, question: str) -> None:
        with pytest.raises(NegativeTime):
            getattr(LINES["zone-1"], question)(at("2026-11-20 16:00"), -1)

    @pytest.mark.parametrize("split", [LINES["zone-1"].stretches, lambda *ends: split_by_zone(*ends, {})])
    def test_a_stretch_that_ends_before_it_starts(
        self, split: Callable[[datetime, datetime], object]
    ) -> None:
        with pytest.raises(EndBeforeStart):
            split(at("2026-11-20 16:00"), at("2026-11-20 15:59"))

    def test_a_calendar_that_ends_before_it_begins(self) -> None:
        with pytest.raises(EndBeforeStart):
            calendar(OFFICE, first=date(2026, 1, 2), last=date(2026, 1, 1))

    @pytest.mark.parametrize("zone", ["Europe/Amsterdan", "Europe", "../etc/passwd", "", "\0"])
    def test_a_zone_that_nobody_knows(self, zone: str) -> None:
        with pytest.raises(UnknownZone):
            calendar(OFFICE, zone=zone)

    @pytest.mark.parametrize(
        ("opening_hours", "message", "setting"),
        [
            (
                OpeningHours(week=((Window(540, 720), Window(660, 900)), *[()] * 6)),
                "The hours 09:00-12:00 and 11:00-15:00 overlap (monday).",
                "monday",
            ),
            (
                hours("", "22:00-02:00", "01:00-05:00"),
                "The hours 22:00-02:00 and 01:00-05:00 overlap (wednesday).",
                "wednesday",
            ),
            (
                hours("01:00-05:00", "", "", "", "", "", "12:00-13:00, 22:00-02:00"),
                "The hours 22:00-02:00 and 01:00-05:00 overlap (monday).",
                "monday",
            ),
            (
                OpeningHours(week=((),) * 7, holidays={"boxing_day": (Window(0, 1440), Window(720, 780))}),
                "The hours 00:00-24:00 and 12:00-13:00 overlap (holidays.boxing_day).",
                "holidays.boxing_day",
            ),
        ],
    )
    def test_windows_that_overlap(self, opening_hours: OpeningHours, message: str, setting: str) -> None:
        with pytest.raises(OverlappingWindows) as refused:
            calendar(opening_hours)
        assert (str(refused.value), refused.value.reason.setting) == (message, setting)

    def test_a_window_past_midnight_may_touch_the_next_day_s(self) -> None:
        line = calendar(hours("22:00-02:00", "02:00-05:00"))
        assert shown(line.changes_at(at("2026-11-16 23:00"))) == "2026-11-17 05:00+01:00"

    @pytest.mark.parametrize(
        "window", [Window(-1, 60), Window(1440, 1500), Window(600, 600), Window(600, 540), Window(600, 2041)]
    )
    def test_a_window_that_no_clock_shows(self, window: Window) -> None:
        with pytest.raises(ImpossibleHours, match="friday"):
            calendar(OpeningHours(week=((), (), (), (), (window,), (), ())))

    def test_a_week_without_seven_days(self) -> None:
        with pytest.raises(ImpossibleHours, match="seven days, not 5"):
            calendar(OpeningHours(week=((),) * 5))

    def test_every_one_of_them_is_a_refusal(self) -> None:
        ours: list[type[Any]] = [AlwaysOpen, BeyondCalendar, EndBeforeStart, ImpossibleHours, NaiveMoment]
        ours += [NegativeTime, NeverOpen, OverlappingWindows, UnknownZone]
        assert all(issubclass(each, Refusal) for each in ours)
