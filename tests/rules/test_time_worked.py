"""Time worked: what can be written down, also where the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import moment

from balie.rules.time_worked import BadTime, check, overlapping, whole_minutes

NOW = moment("2026-11-20 16:00")


@pytest.mark.parametrize(
    ("start", "end", "minutes", "because"),
    [
        ("2026-11-20 15:00", "2026-11-20 15:30", 30, "whole minutes"),
        ("2026-11-20 15:00", "2026-11-20 15:00:01", 1, "a second is a minute begun"),
        ("2026-11-20 15:00", "2026-11-20 15:01:01", 2, "rounded up"),
        ("2026-10-25 01:30", "2026-10-25 03:30", 180, "three hours pass in the night of the winter clock"),
        ("2026-03-29 01:30", "2026-03-29 03:30", 60, "one hour passes in the night of the summer clock"),
    ],
)
def test_the_minutes_are_those_that_really_passed(start, end, minutes, because):
    assert whole_minutes(moment(start), moment(end)) == minutes, because


@pytest.mark.parametrize(
    ("start", "end", "minutes", "says"),
    [
        ("2026-11-20 15:30", "2026-11-20 15:00", 30, "ends before it begins"),
        ("2026-11-20 15:30", "2026-11-20 15:30", 1, "ends before it begins"),
        ("2026-11-19 15:00", "2026-11-20 15:00", 60, "24 hours or more"),
        ("2026-11-20 15:30", "2026-11-20 16:01", 30, "still to come"),
        ("2026-11-20 15:00", "2026-11-20 15:30", 0, "No minutes"),
        ("2026-11-20 15:00", "2026-11-20 15:30", -5, "No minutes"),
        ("2026-11-20 15:00", "2026-11-20 15:30", 31, "31 minutes do not fit between these times: 30 passed"),
        ("2026-03-29 01:30", "2026-03-29 03:30", 61, "60 passed"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(start, end, minutes, says):
    with pytest.raises(BadTime, match=says) as refused:
        check(moment(start), moment(end), minutes, now=NOW)
    assert refused.value.ways_forward


@pytest.mark.parametrize(
    ("start", "end", "minutes", "because"),
    [
        ("2026-11-20 15:00", "2026-11-20 16:00", 60, "up to this moment"),
        ("2026-11-20 15:00", "2026-11-20 15:30", 20, "fewer: somebody paused"),
        ("2026-11-19 16:01", "2026-11-20 16:00", 1439, "a minute less than a day"),
        ("2026-10-25 01:30", "2026-10-25 03:30", 180, "the night has an hour more"),
    ],
)
def test_what_can_be_is_taken(start, end, minutes, because):
    check(moment(start), moment(end), minutes, now=NOW)


def test_what_shares_time_overlaps_and_what_touches_does_not():
    def span(start: str, end: str) -> tuple[datetime, datetime]:
        return moment(f"2026-11-20 {start}"), moment(f"2026-11-20 {end}")

    others = [span("09:00", "10:00"), span("09:30", "10:30"), span("11:00", "12:00")]
    assert overlapping(*span("10:00", "11:00"), others) == [others[1]]


moments = st.integers(0, 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(start=moments, seconds=st.integers(1, 86_399))
def test_all_that_passed_always_fits_and_one_more_never(start, seconds):
    end = start + timedelta(seconds=seconds)
    minutes = whole_minutes(start, end)
    check(start, end, minutes, now=end)
    with pytest.raises(BadTime):
        check(start, end, minutes + 1, now=end)
