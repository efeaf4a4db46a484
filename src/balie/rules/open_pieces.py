"""The windows of days as moments: what is open, when, and because of which day."""

from __future__ import annotations

from datetime import tzinfo
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from balie.rules.day_hours import DayHours
from balie.rules.desk import Window
from balie.rules.moments import local_time


class OpenPiece(NamedTuple):
    """What is left of one window of one day after those before it: moments, and where it comes from."""

    opens: int
    closes: int
    origin: DayHours
    window: Window


def open_pieces(days: list[DayHours], midnights: list[int], zone: tzinfo) -> list[OpenPiece]:
    """The windows of all days as moments, in order, each without what the ones before it already cover."""
    found = [
        OpenPiece(
            local_time(each.day, window.opens, zone), local_time(each.day, window.closes, zone), each, window
        )
        for each, (midnight, next_midnight) in zip(days, pairwise(midnights), strict=True)
        if midnight < next_midnight  # else the zone skipped this day: Apia, 30 December 2011
        for window in each.windows
    ]
    found.sort(key=itemgetter(0, 1))
    pieces: list[OpenPiece] = []
    covered = found[0].opens if found else 0
    for piece in found:
        if max(covered, piece.opens) < piece.closes:
            pieces.append(piece._replace(opens=max(covered, piece.opens)))
            covered = piece.closes
    return pieces
