"""Moments as plain numbers: microseconds since 1970, which sort, add and subtract without surprises.

Two datetimes of one zone compare and subtract as wall-clock readings; these numbers do not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000  # microseconds
MINUTE = 60 * SECOND


class NaiveMoment(Refusal):
    """A moment without a zone is no moment."""


class EndBeforeStart(Refusal):
    """A stretch, or the span of a calendar, ends before it starts."""


class UnknownZone(Refusal):
    """A zone that the time zone database does not know."""


def local_time(day: date, minutes: int, zone: tzinfo) -> int:
    """The moment at which clocks in `zone` show `minutes` after midnight of `day`: the first such, if two.

    In a gap: with the offset before the change (both are what `fold=0` means, PEP 495).
    """
    return micros(datetime.combine(day, time(), zone) + timedelta(minutes=minutes))


def micros(at: datetime) -> int:
    try:
        since = at - EPOCH
    except TypeError:
        raise NaiveMoment(_("The moment %(at)s has no time zone."), at=at.isoformat()) from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def moment(at: int, zone: tzinfo | None) -> datetime:
    seconds, rest = divmod(at, SECOND)
    found = datetime.fromtimestamp(seconds, zone)
    return found.replace(microsecond=rest) if rest else found


def length(start: datetime, end: datetime) -> timedelta:
    """Not `end - start`: within one zone that subtracts wall-clock readings, an hour off twice a year."""
    return timedelta(microseconds=micros(end) - micros(start))


def bounds(start: datetime, end: datetime) -> tuple[int, int]:
    begin, finish = micros(start), micros(end)
    if finish < begin:
        raise EndBeforeStart(
            _("The stretch ends at %(end)s, before it starts at %(start)s."),
            start=start.isoformat(),
            end=end.isoformat(),
        )
    return begin, finish


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(
            _("“%(zone)s” is not a time zone; write it as Europe/Amsterdam."), zone=name
        ) from None
