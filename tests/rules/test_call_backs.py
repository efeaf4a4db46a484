"""When we call back: which moments are free, and what became of the attempts (IB-15, IB-24, SW-18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import moment
from tests.rules import hours
from tests.rules.hours import ALWAYS, NEVER

from balie.rules.call_backs import (
    LONGEST,
    AlreadyPast,
    DoesNotSuit,
    NotASpan,
    Offer,
    Outcome,
    OutsideHours,
    Span,
    Standing,
    check,
    free_moments,
    is_overdue,
    standing,
)

HELPDESK = hours.calendar(hours.HELPDESK)
"""Monday to Friday; 2026-11-20 is a Friday."""


def span(text: str) -> Span:
    """`2026-11-20 09:00-10:00`."""
    day, hours = text.split()
    start, end = hours.split("-")
    return moment(f"{day} {start}"), moment(f"{day} {end}")


def offered(after: str, *, wished=(), taken=(), minutes=15, most=2, calendar=HELPDESK) -> Offer:
    return free_moments(
        calendar,
        wished=[span(each) for each in wished],
        taken=[span(each) for each in taken],
        minutes=minutes,
        after=moment(after),
        most=most,
    )


@pytest.mark.parametrize(
    ("after", "wished", "taken", "first", "suits", "because"),
    [
        ("2026-11-20 10:02", [], [], "2026-11-20 10:05-10:20", True, "the next round moment"),
        (
            "2026-11-20 16:50",
            [],
            [],
            "2026-11-23 09:00-09:15",
            True,
            "too near to closing: after the weekend",
        ),
        ("2026-11-20 16:45", [], [], "2026-11-20 16:45-17:00", True, "until closing time exactly"),
        ("2026-11-21 12:00", [], [], "2026-11-23 09:00-09:15", True, "closed on Saturday"),
        ("2026-11-20 10:00", ["2026-11-20 14:00-15:00"], [], "2026-11-20 14:00-14:15", True, "its wish"),
        (
            "2026-11-20 10:00",
            ["2026-11-23 14:00-15:00", "2026-11-20 14:00-15:00"],
            [],
            "2026-11-20 14:00-14:15",
            True,
            "the earliest of its wishes",
        ),
        (
            "2026-11-20 14:30",
            ["2026-11-20 14:00-15:00"],
            [],
            "2026-11-20 14:30-14:45",
            True,
            "what is left of its wish",
        ),
        (
            "2026-11-20 10:00",
            ["2026-11-19 14:00-15:00"],
            [],
            "2026-11-20 10:00-10:15",
            True,
            "a wish that has passed is no wish",
        ),
        (
            "2026-11-20 10:00",
            ["2026-11-21 14:00-15:00"],
            [],
            "2026-11-20 10:00-10:15",
            False,
            "a wish when the desk is closed cannot be met",
        ),
        (
            "2026-11-20 10:00",
            ["2026-11-20 16:00-18:00"],
            ["2026-11-20 16:00-16:40"],
            "2026-11-20 16:40-16:55",
            True,
            "after the other call, before closing",
        ),
        (
            "2026-11-20 10:00",
            ["2026-11-20 14:00-14:30"],
            ["2026-11-20 14:00-14:30"],
            "2026-11-20 10:00-10:15",
            False,
            "its owner is busy all through the wish",
        ),
        (
            "2026-11-20 10:00",
            [],
            ["2026-11-20 10:00-10:07", "2026-11-20 10:20-10:50"],
            "2026-11-20 10:50-11:05",
            True,
            "the gap between two calls is too short",
        ),
        (
            "2026-11-20 10:00",
            ["2026-12-14 10:00-11:00"],
            [],
            "2026-12-14 10:00-10:15",
            True,
            "a wish further away than we look by ourselves",
        ),
    ],
)
def test_the_first_moment_that_is_offered_IB_15_IB_24(after, wished, taken, first, suits, because):
    found = offered(after, wished=wished, taken=taken)
    assert (found.first, found.suits) == (span(first), suits), because


def test_moments_follow_one_another_and_never_overlap():
    found = offered("2026-11-20 16:30", wished=["2026-11-20 16:00-17:00", "2026-11-20 16:35-17:00"], most=5)
    assert [f"{start.astimezone(HELPDESK.zone):%H:%M}" for start, _end in found.moments] == ["16:30", "16:45"]


def test_a_desk_that_stays_closed_offers_nothing():
    found = offered("2026-11-20 10:00", calendar=hours.calendar(NEVER))
    assert found == Offer(()) and found.first is None


def test_beyond_the_years_that_the_calendar_knows_nothing_is_offered():
    assert offered("2199-01-01 10:00").moments == ()


def test_on_the_day_of_the_winter_clock_a_moment_has_its_real_length():
    nights = hours.calendar(hours.hours(*[""] * 6, "01:00-04:00"))
    found = offered("2026-10-25 01:00", minutes=120, most=3, calendar=nights)
    assert [end - start for start, end in found.moments[:2]] == [timedelta(hours=2)] * 2


@pytest.mark.parametrize(
    ("text", "wished", "agreed", "error", "because"),
    [
        ("2026-11-20 14:00-14:15", [], False, None, "open, and no wish"),
        ("2026-11-20 16:45-17:00", [], False, None, "until closing time"),
        ("2026-11-20 14:15-14:00", [], False, NotASpan, "the wrong way round"),
        ("2026-11-20 14:00-14:00", [], False, NotASpan, "no length"),
        ("2026-11-20 09:00-09:59", [], False, AlreadyPast, "over"),
        ("2026-11-20 16:50-17:05", [], False, OutsideHours, "ends after closing"),
        ("2026-11-21 10:00-10:15", [], True, OutsideHours, "Saturday, also when agreed"),
        ("2199-11-20 10:00-10:15", [], True, OutsideHours, "further than the calendar knows"),
        ("2026-11-20 14:00-14:15", ["2026-11-20 13:00-15:00"], False, None, "within the wish"),
        ("2026-11-20 15:00-15:15", ["2026-11-20 13:00-15:00"], False, DoesNotSuit, "after the wish"),
        ("2026-11-20 15:00-15:15", ["2026-11-20 13:00-15:00"], True, None, "agreed on the phone"),
        ("2026-11-20 15:00-15:15", ["2026-11-19 13:00-15:00"], False, None, "the wish has passed"),
    ],
)
def test_what_can_be_planned(text, wished, agreed, error, because):
    def planning() -> None:
        check(
            HELPDESK,
            span(text),
            wished=[span(each) for each in wished],
            agreed=agreed,
            now=moment("2026-11-20 10:00"),
        )

    if error is None:
        planning()
    else:
        with pytest.raises(error):
            planning()


def test_a_call_that_lasts_longer_than_a_day_at_work_is_a_slip():
    always = hours.calendar(ALWAYS)
    start = moment("2026-11-20 10:00")
    with pytest.raises(NotASpan):
        check(always, (start, start + LONGEST + timedelta(minutes=1)), wished=[], agreed=True, now=start)
    check(always, (start, start + LONGEST), wished=[], agreed=True, now=start)


FAILED = [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER]


@pytest.mark.parametrize(
    ("outcomes", "most", "stands", "because"),
    [
        ([], 3, Standing.PLANNED, "nobody tried yet"),
        (FAILED[:2], 3, Standing.PLANNED, "two of three"),
        (FAILED, 3, Standing.GIVEN_UP, "three failed, in whatever way"),
        ([*FAILED[:2], Outcome.REACHED], 3, Standing.REACHED, "at the third attempt"),
        ([Outcome.BUSY], 1, Standing.GIVEN_UP, "a desk that tries once"),
    ],
)
def test_how_attempts_leave_a_call_back(outcomes, most, stands, because):
    assert standing(outcomes, most=most) is stands, because


def test_it_is_overdue_after_its_last_moment():
    until = moment("2026-11-20 14:15")
    assert not is_overdue(until, now=until)
    assert is_overdue(until, now=until + timedelta(seconds=1))


days = st.integers(0, 9)
spans = st.builds(
    lambda day, minute, length: (
        datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=day, minutes=minute),
        datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=day, minutes=minute + length),
    ),
    days,
    st.integers(0, 1440),
    st.integers(1, 300),
)


@given(
    wished=st.lists(spans, max_size=4),
    taken=st.lists(spans, max_size=6),
    minutes=st.integers(5, 120),
    minute=st.integers(0, 5000),
)
def test_every_moment_is_open_free_to_come_and_wished_if_it_suits(wished, taken, minutes, minute):
    after = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minute)
    found = free_moments(HELPDESK, wished=wished, taken=taken, minutes=minutes, after=after, most=6)
    to_come = [each for each in wished if each[1] > after]
    for start, end in found.moments:
        assert start >= after and end - start == timedelta(minutes=minutes)
        assert HELPDESK.measure(start, end) == end - start
        assert not any(begin < end and start < finish for begin, finish in taken)
        check(HELPDESK, (start, end), wished=wished, agreed=not found.suits, now=after)
    assert found.suits or to_come
    assert list(found.moments) == sorted(found.moments)
    assert all(one[1] <= other[0] for one, other in zip(found.moments, found.moments[1:], strict=False))
