"""Open time on one straight line of whole numbers: sums and searches, nothing about days or zones.

The unit is the caller's (`working_time` uses microseconds since 1970). Open stretches are half-open,
[opens, closes). With `done(t)` for the open time before `t`:

- `add(t, n)` is the first moment with `done = done(t) + n`, so a deadline may be a closing time;
- `subtract(t, n)` is the last moment with `done = done(t) - n`, so a start may be an opening time.

Each searches a sorted list once or twice: O(log n).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Timeline:
    """Open stretches that do not touch, in order, with the open time before each."""

    __slots__ = ("_closes", "_done", "_opens")

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        """`stretches` are (opens, closes), sorted by `opens`; those that touch or overlap become one."""
        self._opens: list[int] = []
        self._closes: list[int] = []
        for opens, closes in stretches:
            if self._closes and opens <= self._closes[-1]:
                self._closes[-1] = max(self._closes[-1], closes)
            else:
                self._opens.append(opens)
                self._closes.append(closes)
        self._done = [0]  # _done[i]: open time before _opens[i]; the last entry is the total
        for opens, closes in zip(self._opens, self._closes, strict=True):
            self._done.append(self._done[-1] + closes - opens)

    def is_open(self, at: int) -> bool:
        index = bisect_right(self._opens, at)
        return index > 0 and at < self._closes[index - 1]

    def done(self, at: int) -> int:
        """The open time before `at`."""
        index = bisect_right(self._opens, at)
        if index == 0:
            return 0
        to_come = self._closes[index - 1] - at
        return self._done[index] - to_come if to_come > 0 else self._done[index]

    def add(self, start: int, amount: int) -> int | None:
        """`amount` of open time after `start`; for 0 the first open moment. `None` past the last stretch."""
        done = self.done(start)
        return self._first_with(done + amount) if amount else self._last_with(done)

    def subtract(self, end: int, amount: int) -> int | None:
        """`amount` of open time before `end`; for 0 the last open end. `None` before the first stretch."""
        done = self.done(end)
        return self._last_with(done - amount) if amount else self._first_with(done)

    def next_opening(self, at: int) -> int | None:
        """The first opening at or after `at`."""
        index = bisect_left(self._opens, at)
        return self._opens[index] if index < len(self._opens) else None

    def next_closing(self, at: int) -> int | None:
        """The first closing at or after `at`."""
        index = bisect_left(self._closes, at)
        return self._closes[index] if index < len(self._closes) else None

    def next_change(self, at: int) -> int | None:
        """The first opening or closing after `at`."""
        return self.next_closing(at) if self.is_open(at) else self.next_opening(at)

    def changes_between(self, start: int, end: int) -> list[int]:
        """The openings and closings after `start` and before `end`, in no order."""
        return [
            *self._opens[bisect_right(self._opens, start) : bisect_left(self._opens, end)],
            *self._closes[bisect_right(self._closes, start) : bisect_left(self._closes, end)],
        ]

    def _first_with(self, done: int) -> int | None:
        index = bisect_left(self._done, done)
        if not 0 < index < len(self._done):
            return None
        return self._closes[index - 1] - (self._done[index] - done)

    def _last_with(self, done: int) -> int | None:
        index = bisect_right(self._done, done) - 1
        if not 0 <= index < len(self._opens):
            return None
        return self._opens[index] + done - self._done[index]
