"""Whether it is unusual that no mail came for so long: learned from the gaps between the mails before.

Everything is measured in time during which the desk is open, because at night nobody expects mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

LEAST_GAPS = 20
"""A desk that has had fewer mails is not known yet: its silence means nothing."""

USUAL_PART = 0.9
"""The usual gap is the one that nine of ten do not exceed."""

TIMES_USUAL = 4
LEAST_SILENCE = timedelta(hours=2)


def unusual_after(gaps: Sequence[timedelta]) -> timedelta | None:
    """After how much open time without any mail the administrators are told; `None` while nothing is known."""
    if len(gaps) < LEAST_GAPS:
        return None
    usual = sorted(gaps)[int(len(gaps) * USUAL_PART) - 1]
    return max(LEAST_SILENCE, usual * TIMES_USUAL)


def is_unusual(silence: timedelta, gaps: Sequence[timedelta]) -> bool:
    """Whether this much open time since the last mail is unusual after these gaps."""
    limit = unusual_after(gaps)
    return limit is not None and silence > limit
