"""Opening hours as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.desk import Window
from balie.rules.hours_notation import UnreadableHours, format_windows, parse_windows


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        pytest.param("", (), id="closed"),
        pytest.param("09:00-17:00", (Window(540, 1020),), id="one window"),
        pytest.param("9.30 – 17.00", (Window(570, 1020),), id="as the page of Softwear writes it (SW-01)"),
        pytest.param("13:00-17:00, 09:00-12:00", (Window(540, 720), Window(780, 1020)), id="in any order"),
        pytest.param("00:00-24:00", (Window(0, 1440),), id="the whole day"),
        pytest.param("22:00-02:00", (Window(1320, 1560),), id="past midnight"),
        pytest.param("22:00-00:00", (Window(1320, 1440),), id="until midnight, written as 00:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, windows: tuple[Window, ...]) -> None:
    assert parse_windows(text) == windows


def test_hours_past_midnight_are_written_with_the_next_days_clock() -> None:
    assert format_windows((Window(1320, 1560), Window(0, 1440))) == "22:00-02:00, 00:00-24:00"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nine to five", "“nine to five” is not a window; write it as 09:00-17:00."),
        ("09:00-12:00 13:00-17:00", "is not a window"),
        ("09:00-25:00", "has a time that no clock shows"),
        ("09:60-12:00", "has a time that no clock shows"),
        ("24:00-24:30", "has a time that no clock shows"),
        ("09:00-09:00", "begins when it ends; a whole day is 00:00-24:00"),
        ("09:00-13:00, 12:00-17:00", "09:00-13:00 and 12:00-17:00 overlap; write them as one window."),
    ],
)
def test_what_is_no_hours_is_refused_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableHours) as refused:
        parse_windows(text)
    assert sentence in str(refused.value)


@st.composite
def days(draw: st.DrawFn) -> tuple[Window, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=8)))
    return tuple(Window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@given(days())
def test_writing_and_reading_gives_the_same_hours(windows: tuple[Window, ...]) -> None:
    assert parse_windows(format_windows(windows)) == windows
