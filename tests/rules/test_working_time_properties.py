"""Working time: what holds for all hours, zones and moments, and a slow second opinion, minute by minute.

The second opinion shares nothing with the calendar but the words of the rules: it looks at what clocks
show on every minute, notes which minutes are open, and counts them.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from balie.rules.desk import DatedException, OpeningHours, Window
from balie.rules.working_time import BeyondCalendar, Calendar, NeverOpen, split_by_zone

MINUTE = timedelta(minutes=1)
DAYS = 7
FIRST_DAYS = {  # three days before something happens to the clocks
    "Europe/Amsterdam": (date(2026, 3, 26), date(2026, 10, 22), date(2026, 11, 19)),
    "Asia/Kathmandu": (date(2026, 3, 26),),
    "America/St_Johns": (date(2026, 3, 5), date(2010, 11, 4)),
    "Australia/Lord_Howe": (date(2026, 4, 2), date(2026, 10, 1)),
    "America/Sao_Paulo": (date(2018, 11, 1), date(2018, 2, 15)),
    "America/Havana": (date(2026, 10, 29),),
    "Pacific/Apia": (date(2011, 12, 27),),
}


@dataclass(frozen=True)
class Clock:
    """What clocks in a zone show on each minute around a span of days."""

    begin: datetime  # UTC
    shows: tuple[datetime, ...]  # naive local times, one for each minute from `begin`
    offsets: tuple[timedelta, ...]

    @cached_property
    def first_minutes(self) -> dict[datetime, int]:
        return {wall: index for index, wall in reversed(list(enumerate(self.shows)))}

    def first_minute_that_shows(self, wall: datetime) -> int:
        if wall in self.first_minutes:
            return self.first_minutes[wall]
        change = next(index for index, shown in enumerate(self.shows) if shown > wall)
        offset_before = self.offsets[change - 1]
        return (wall - offset_before - self.begin.replace(tzinfo=None)) // MINUTE

    def day_exists(self, day: date) -> bool:
        return datetime.combine(day, time(12)) in self.first_minutes


@cache
def clock(zone: str, first: date) -> Clock:
    begin = datetime.combine(first, time(), UTC) - timedelta(days=3)
    local = [(begin + MINUTE * index).astimezone(ZoneInfo(zone)) for index in range((DAYS + 6) * 1440)]
    offsets = [moment.utcoffset() for moment in local]
    return Clock(begin, tuple(moment.replace(tzinfo=None) for moment in local), tuple(filter(None, offsets)))


@dataclass(frozen=True)
class Case:
    """Hours compiled for a week, and the second opinion on it in minutes of `clock`."""

    hours: OpeningHours
    zone: str
    holidays: dict[date, frozenset[str]]
    first: date

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.hours, self)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)

    @property
    def clock(self) -> Clock:
        return clock(self.zone, self.first)

    @property
    def begin(self) -> int:
        return self.clock.first_minute_that_shows(datetime.combine(self.first, time()))

    @property
    def end(self) -> int:
        return self.clock.first_minute_that_shows(datetime.combine(self.last, time()) + timedelta(days=1))

    def at(self, minute: int) -> datetime:
        return self.clock.begin + MINUTE * minute

    @cached_property
    def open_minutes(self) -> list[int]:
        found: set[int] = set()
        for day in (self.first + timedelta(days=number) for number in range(-1, DAYS + 1)):
            if self.clock.day_exists(day):
                midnight = datetime.combine(day, time())
                for window in joined(self.windows_on(day)):
                    opens = self.clock.first_minute_that_shows(midnight + MINUTE * window.opens)
                    closes = self.clock.first_minute_that_shows(midnight + MINUTE * window.closes)
                    found.update(range(opens, closes))
        return sorted(found)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        if day in self.hours.exceptions:
            return self.hours.exceptions[day].windows
        keys = sorted(self.holidays.get(day, ()))
        special = [self.hours.holidays[key] for key in keys if key in self.hours.holidays]
        weekly = self.hours.week[day.weekday()]
        return min(
            special, key=lambda each: sum(window.closes - window.opens for window in each), default=weekly
        )

    def open_before(self, minute: int) -> int:
        return bisect_left(self.open_minutes, minute)


def calendar_of(hours: OpeningHours, case: Case) -> Calendar:
    return Calendar.build(hours, zone=case.zone, holidays=case.holidays, first=case.first, last=case.last)


def joined(windows: tuple[Window, ...]) -> list[Window]:
    found: list[Window] = []
    for window in sorted(windows):
        touches = found and found[-1].closes == window.opens
        found.append(Window(found.pop().opens, window.closes) if touches else window)
    return found


def week_from_cuts(cuts: list[int]) -> tuple[tuple[Window, ...], ...]:
    """Seven days from an even number of minutes of a week: it opens at the first, closes at the second, …"""
    week: list[list[Window]] = [[] for _ in range(7)]
    for opens, closes in zip(cuts[::2], cuts[1::2], strict=True):
        day, minute = divmod(opens, 1440)
        week[day].append(Window(minute, min(minute + closes - opens, minute + 1440)))
    return tuple(tuple(windows) for windows in week)


quarters = st.integers(0, 4 * 24 * 7 - 1).map(lambda number: number * 15)
weeks = st.lists(quarters, unique=True, max_size=40).map(
    lambda cuts: week_from_cuts(sorted(cuts)[: len(cuts) // 2 * 2])
)
days = st.lists(st.integers(0, 96).map(lambda number: number * 15), unique=True, max_size=6).map(
    lambda cuts: tuple(
        Window(opens, closes)
        for opens, closes in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
        if opens < 1440
    )
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(sorted(FIRST_DAYS)))
    first = draw(st.sampled_from(FIRST_DAYS[zone]))
    within = st.integers(-1, DAYS).map(lambda number: first + timedelta(days=number))
    hours = OpeningHours(
        week=draw(weeks),
        holidays=draw(st.dictionaries(st.sampled_from(["fair", "feast"]), days)),
        exceptions=draw(st.dictionaries(within, days.map(DatedException), max_size=2)),
    )
    holidays = draw(st.dictionaries(within, st.sets(st.sampled_from(["fair", "feast"])).map(frozenset)))
    return Case(hours, zone, holidays, first)


def utc(moment: datetime) -> datetime:
    """To compare: a time that occurs twice equals no datetime of another zone (PEP 495)."""
    return moment.astimezone(UTC)


def minutes_of(case: Case) -> st.SearchStrategy[int]:
    return st.integers(case.begin, case.end)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), case=cases())
def test_the_calendar_agrees_with_counting_minutes(data: st.DataObject, case: Case) -> None:
    start, end = sorted([data.draw(minutes_of(case)), data.draw(minutes_of(case))])
    counted = case.open_before(end) - case.open_before(start)
    assert case.calendar.measure(case.at(start), case.at(end)) == MINUTE * counted
    assert case.calendar.is_open(case.at(start)) is (start in case.open_minutes)
    if counted:
        deadline = case.open_minutes[case.open_before(start) + counted - 1] + 1
        assert utc(case.calendar.add(case.at(start), counted)) == case.at(deadline)
        beginning = case.open_minutes[case.open_before(end) - counted]
        assert utc(case.calendar.subtract(case.at(end), counted)) == case.at(beginning)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), case=cases())
def test_openings_and_closings_agree_with_looking_at_each_minute(data: st.DataObject, case: Case) -> None:
    at = data.draw(minutes_of(case))
    is_open = set(case.open_minutes)
    later = range(at, case.end + 1)
    opening = next((each for each in later if each in is_open and each - 1 not in is_open), None)
    closing = next((each for each in later if each not in is_open and each - 1 in is_open), None)
    change = next((each for each in later if (each in is_open) is not (at in is_open)), None)
    for question, expected in (
        (case.calendar.next_opening, opening),
        (case.calendar.next_closing, closing),
        (case.calendar.changes_at, change),
    ):
        try:
            answer = question(case.at(at))
        except (NeverOpen, BeyondCalendar):
            answer = None
        assert (answer and utc(answer)) == (None if expected is None else case.at(expected))


moments = st.integers(0, 10**12)  # microseconds, taken modulo the span


def moment(case: Case, microseconds: int) -> datetime:
    begin, end = case.at(case.begin), case.at(case.end)
    return begin + timedelta(microseconds=microseconds % ((end - begin) // timedelta(microseconds=1)))


lengths = st.timedeltas(timedelta(), timedelta(days=2))
some_time = st.timedeltas(timedelta(microseconds=1), timedelta(days=2))


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=moments, length=lengths)
def test_adding_and_then_measuring_gives_the_length_back(
    case: Case, microseconds: int, length: timedelta
) -> None:
    start = moment(case, microseconds)
    try:
        deadline = case.calendar.add(start, length)
    except (NeverOpen, BeyondCalendar):
        return
    assert case.calendar.measure(start, deadline) == length
    just_before = utc(deadline) - timedelta(microseconds=1)
    assert case.calendar.is_open(just_before if length else deadline), "a deadline is never in closed time"


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=moments, length=some_time)
def test_subtracting_undoes_adding(case: Case, microseconds: int, length: timedelta) -> None:
    try:
        start = case.calendar.add(moment(case, microseconds), 0)  # the first open moment
        deadline = case.calendar.add(start, length)
    except (NeverOpen, BeyondCalendar):
        return
    assert utc(case.calendar.subtract(deadline, length)) == utc(start)


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=moments, length=lengths, more=lengths)
def test_more_time_and_a_later_start_never_give_an_earlier_deadline(
    case: Case, microseconds: int, length: timedelta, more: timedelta
) -> None:
    start = moment(case, microseconds)
    later = min(start + more, case.at(case.end))
    try:
        latest = case.calendar.add(later, length + more)
    except (NeverOpen, BeyondCalendar):
        return
    deadline = utc(case.calendar.add(start, length))
    assert start <= deadline <= utc(case.calendar.add(start, length + more)) <= utc(latest)
    assert deadline <= utc(case.calendar.add(later, length)) <= utc(latest)


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=st.lists(moments, min_size=3, max_size=3))
def test_measuring_in_two_parts_gives_the_same_sum(case: Case, microseconds: list[int]) -> None:
    a, b, c = (moment(case, each) for each in microseconds)
    measure = case.calendar.measure
    assert measure(a, b) + measure(b, c) == measure(a, c)
    assert measure(b, a) == -measure(a, b)


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=st.lists(moments, min_size=2, max_size=2))
def test_the_trace_has_no_holes_and_counts_what_is_measured(case: Case, microseconds: list[int]) -> None:
    start, end = sorted(moment(case, each) for each in microseconds)
    assume(start < end)
    pieces = case.calendar.stretches(start, end)
    assert (utc(pieces[0].start), utc(pieces[-1].end)) == (start, end)
    assert all(utc(earlier.end) == utc(later.start) for earlier, later in pairwise(pieces))
    assert all(piece.length > timedelta() for piece in pieces)
    assert all(case.calendar.is_open(piece.start) is piece.is_open for piece in pieces)
    counted = sum((piece.length for piece in pieces if piece.is_open), timedelta())
    assert counted == case.calendar.measure(start, end)


@settings(max_examples=100, deadline=None)
@given(case=cases(), other=weeks, microseconds=st.lists(moments, min_size=2, max_size=2))
def test_rate_zones_add_up_to_the_stretch_IB_29(
    case: Case, other: tuple[tuple[Window, ...], ...], microseconds: list[int]
) -> None:
    start, end = sorted(moment(case, each) for each in microseconds)
    second = calendar_of(OpeningHours(week=other), case)
    pieces = split_by_zone(start, end, {"first": case.calendar, "second": second})
    assert sum((piece.length for piece in pieces), timedelta()) == end - start
    assert all(earlier.end == later.start for earlier, later in pairwise(pieces))
    assert all(earlier.zone != later.zone for earlier, later in pairwise(pieces))
    first = sum((piece.length for piece in pieces if piece.zone == "first"), timedelta())
    assert first == case.calendar.measure(start, end), "the zone that is named first has all of its time"


@settings(max_examples=100, deadline=None)
@given(case=cases(), microseconds=moments, length=st.integers(0, 2 * 86_400))
def test_the_answers_in_whole_seconds_are_those_in_datetimes(
    case: Case, microseconds: int, length: int
) -> None:
    start = moment(case, microseconds).replace(microsecond=0)
    assume(start >= case.at(case.begin))
    epoch = int(start.timestamp())
    assert case.calendar.is_open_epoch(epoch) is case.calendar.is_open(start)
    try:
        deadline = case.calendar.add(start, timedelta(seconds=length))
    except (NeverOpen, BeyondCalendar):
        return
    assert case.calendar.add_epoch(epoch, length) == deadline.timestamp()
    assert case.calendar.measure_epoch(epoch, int(deadline.timestamp())) == length
