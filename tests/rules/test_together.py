"""Several lines as one: the hours in which a recognised caller is put through (IB-03, IB-29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.desk import DatedException, OpeningHours, Window
from balie.rules.together import changes_together, is_open_together, windows_together
from balie.rules.working_time import Calendar

TZ = ZoneInfo("Europe/Amsterdam")
DESK = load("infobits").desk
FORWARDED_ON = ("helpdesk", "zone-1", "zone-2")


def compiled(hours: OpeningHours) -> Calendar:
    first, last = date(2026, 11, 1), date(2027, 1, 31)
    return Calendar.build(hours, zone="Europe/Amsterdam", holidays=DESK.holidays, first=first, last=last)


CALENDARS = [compiled(DESK.lines[key].hours) for key in FORWARDED_ON]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.mark.parametrize(
    ("moment", "is_open", "changes"),
    [
        pytest.param("2026-11-20 08:59", False, "2026-11-20 09:00", id="before the first line opens"),
        pytest.param("2026-11-20 16:00", True, "2026-11-20 21:00", id="zone 2 takes over at 17:00"),
        pytest.param("2026-11-20 17:00", True, "2026-11-20 21:00", id="at the handover itself"),
        pytest.param("2026-11-20 21:00", False, "2026-11-21 09:00", id="closed at closing time"),
        pytest.param(
            "2026-11-21 11:59", True, "2026-11-21 17:00", id="Saturday passes from zone 1 to zone 2"
        ),
        pytest.param("2026-11-21 17:00", False, "2026-11-22 10:00", id="Sunday opens at 10:00"),
        pytest.param("2026-11-22 18:05", False, "2026-11-23 09:00", id="Sunday evening waits for Monday"),
        pytest.param("2026-12-24 22:00", False, "2026-12-27 10:00", id="both days of Christmas are closed"),
    ],
)
def test_lines_that_hand_over_to_each_other_are_one_IB_29(moment: str, is_open: bool, changes: str) -> None:
    assert is_open_together(CALENDARS, at(moment)) is is_open
    assert changes_together(CALENDARS, at(moment)) == at(changes)


def test_a_pause_between_two_lines_is_a_change() -> None:
    morning = OpeningHours(week=((Window(540, 720),),) * 7)
    afternoon = OpeningHours(week=((Window(780, 1020),),) * 7)
    both = [compiled(morning), compiled(afternoon)]
    assert changes_together(both, at("2026-11-20 10:00")) == at("2026-11-20 12:00")
    assert changes_together(both, at("2026-11-20 12:30")) == at("2026-11-20 13:00")


@pytest.mark.parametrize("window", [(), (Window(0, 1440),)], ids=["never open", "never closed"])
def test_what_never_changes_has_no_moment(window: tuple[Window, ...]) -> None:
    assert changes_together([compiled(OpeningHours(week=(window,) * 7))], at("2026-11-20 10:00")) is None


def test_two_lines_that_are_open_in_turns_never_change() -> None:
    day = compiled(OpeningHours(week=((Window(480, 1200),),) * 7))
    night = compiled(OpeningHours(week=((Window(1200, 1920),),) * 7))
    assert changes_together([day, night], at("2026-11-20 10:00")) is None


def test_an_exception_of_one_line_leaves_the_other() -> None:
    closed = {date(2026, 11, 20): DatedException(windows=())}
    helpdesk = compiled(replace(DESK.lines["helpdesk"].hours, exceptions=closed))
    zone_1 = compiled(DESK.lines["zone-1"].hours)
    assert is_open_together([helpdesk, zone_1], at("2026-11-20 10:00"))


def test_windows_that_touch_or_overlap_become_one() -> None:
    found = windows_together(
        [[Window(540, 720)], [Window(720, 1020), Window(1080, 1260)], [Window(600, 700)]]
    )
    assert found == (Window(540, 1020), Window(1080, 1260))
    assert windows_together([[], []]) == ()
