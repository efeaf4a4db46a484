"""Time worked on a ticket: what can be written down, and what is odd about it (SW-12, IB-22).

The stretch is kept with the minutes, because a price is by the minute in the rate zone of the hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

LONGEST = timedelta(hours=24)
"""Nobody works for a whole day on end: that much is a slip, and is not taken."""
MINUTE = timedelta(minutes=1)


class BadTime(Refusal):
    """The time worked cannot be as it was written down."""


def whole_minutes(started_at: datetime, ended_at: datetime) -> int:
    """The minutes that really passed, rounded up, also across a clock change."""
    return -((started_at.astimezone(UTC) - ended_at.astimezone(UTC)) // MINUTE)


def check(started_at: datetime, ended_at: datetime, minutes: int, *, now: datetime) -> None:
    """Whether `minutes` can have been worked between these moments; raises `BadTime`.

    Fewer than passed is a pause; more than passed, rounded up, is impossible.
    """
    start, end = started_at.astimezone(UTC), ended_at.astimezone(UTC)
    if not start < end:
        raise BadTime(Reason(_("The work ends before it begins.")), Reason(_("Exchange the two times.")))
    if end - start >= LONGEST:
        raise BadTime(
            Reason(_("That is 24 hours or more on end.")), Reason(_("Write each day down by itself."))
        )
    if end > now.astimezone(UTC):
        raise BadTime(Reason(_("That time is still to come.")), Reason(_("Write down what was worked.")))
    if minutes < 1:
        raise BadTime(Reason(_("No minutes were worked.")), Reason(_("Write down one minute or more.")))
    if minutes > (passed := whole_minutes(start, end)):
        raise BadTime(
            Reason(
                _("%(minutes)s minutes do not fit between these times: %(passed)s passed."),
                {"minutes": minutes, "passed": passed},
            ),
            Reason(_("Correct the times or the minutes.")),
        )


def overlapping(
    started_at: datetime, ended_at: datetime, others: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """Which other stretches of the same person share time with this one: odd, and no reason to refuse."""
    start, end = started_at.astimezone(UTC), ended_at.astimezone(UTC)
    return [each for each in others if each[0].astimezone(UTC) < end and start < each[1].astimezone(UTC)]
