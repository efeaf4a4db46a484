"""Several lines as one: is any of them open, when does that change, and what are their hours (IB-03, IB-29)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from balie.rules.desk import Window
from balie.rules.working_time import Calendar

MOST_HANDOVERS = 50
"""From line to line without a pause; beyond it the lines count as always open."""


def is_open_together(calendars: Iterable[Calendar], at: datetime) -> bool:
    """Whether at least one of them is open."""
    return any(calendar.is_open(at) for calendar in calendars)


def changes_together(calendars: Sequence[Calendar], at: datetime) -> datetime | None:
    """The first moment after `at` at which `is_open_together` changes; `None` when it never will.

    Where one line closes as another opens, nothing changes.
    """
    was_open = is_open_together(calendars, at)
    for _handover in range(MOST_HANDOVERS):
        changes = [
            change
            for calendar in calendars
            if calendar.is_open(at) is was_open and (change := calendar.changes_at(at)) is not None
        ]
        if not changes:
            return None
        at = max(changes) if was_open else min(changes)
        if is_open_together(calendars, at) is not was_open:
            return at
    return None


def windows_together(days: Iterable[Iterable[Window]]) -> tuple[Window, ...]:
    """The windows of one day of several lines: those that touch or overlap become one."""
    joined: list[Window] = []
    for window in sorted(window for windows in days for window in windows):
        if joined and window.opens <= joined[-1].closes:
            joined[-1] = Window(joined[-1].opens, max(joined[-1].closes, window.closes))
        else:
            joined.append(window)
    return tuple(joined)
