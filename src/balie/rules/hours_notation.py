"""Opening hours as people write them: `09:00-12:00, 13:00-17:00`; past midnight `22:00-02:00`; closed is empty.

One notation for presets, the browser and error messages.
"""

from __future__ import annotations

import re
from itertools import pairwise

from balie.rules.desk import Window
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

DAY = 1440
SHAPE = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


class UnreadableHours(Refusal):
    """A text is no opening hours."""


def parse_windows(text: str) -> tuple[Window, ...]:
    """The windows of one day, sorted. Raises `UnreadableHours` with what is wrong and how to write it."""
    windows = tuple(sorted(_window(part.strip()) for part in text.split(",") if part.strip()))
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            raise UnreadableHours(
                _("%(first)s and %(second)s overlap; write them as one window."),
                first=format_windows((earlier,)),
                second=format_windows((later,)),
            )
    return windows


def format_windows(windows: tuple[Window, ...]) -> str:
    """The inverse of `parse_windows`; 24:00 stays 24:00, past midnight shows the next day's clock time."""
    return ", ".join(f"{_clock(each.opens)}-{_clock(each.closes)}" for each in windows)


def _clock(minutes: int) -> str:
    if minutes > DAY:
        minutes -= DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _window(text: str) -> Window:
    match = SHAPE.fullmatch(text)
    if match is None:
        raise UnreadableHours(_("“%(text)s” is not a window; write it as 09:00-17:00."), text=text)
    from_hour, from_minute, to_hour, to_minute = (int(each) for each in match.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or opens >= DAY or closes > DAY:
        raise UnreadableHours(_("“%(text)s” has a time that no clock shows (00:00 to 24:00)."), text=text)
    if closes == opens:
        raise UnreadableHours(
            _("“%(text)s” begins when it ends; a whole day is 00:00-24:00, closed is an empty text."),
            text=text,
        )
    return Window(opens, closes if closes > opens else closes + DAY)
