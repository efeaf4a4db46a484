"""When no mail for so long is unusual, in open time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from balie.rules.mail_silence import is_unusual, unusual_after


def minutes(*amounts: float) -> list[timedelta]:
    return [timedelta(minutes=amount) for amount in amounts]


@pytest.mark.parametrize(
    ("gaps", "limit_minutes"),
    [
        pytest.param(minutes(), None, id="no mail ever: nothing is known"),
        pytest.param(minutes(*[10] * 19), None, id="nineteen gaps: too few to learn from"),
        pytest.param(minutes(*[10] * 20), 120, id="a mail every ten minutes: two hours is the least"),
        pytest.param(minutes(*[60] * 20), 240, id="a mail every hour: four hours"),
        pytest.param(minutes(*[0] * 20), 120, id="a burst: two hours is the least"),
        pytest.param(
            minutes(*[60] * 90, *[6000] * 10), 240, id="one gap in ten may be long: it does not count"
        ),
        pytest.param(
            minutes(*[60] * 89, *[600] * 11), 2400, id="more than one in ten are long: then that is usual"
        ),
        pytest.param(minutes(*[600] * 20), 2400, id="a quiet desk with a mail a day: after four days"),
    ],
)
def test_the_limit_follows_what_is_usual(gaps: list[timedelta], limit_minutes: int | None) -> None:
    limit = None if limit_minutes is None else timedelta(minutes=limit_minutes)

    assert unusual_after(gaps) == limit


@pytest.mark.parametrize(
    ("silence", "unusual"),
    [
        pytest.param(239, False, id="just below"),
        pytest.param(240, False, id="at the limit itself: not longer than usual"),
        pytest.param(241, True, id="above"),
    ],
)
def test_silence_is_unusual_above_the_limit(silence: float, unusual: bool) -> None:
    assert is_unusual(timedelta(minutes=silence), minutes(*[60] * 20)) is unusual


def test_a_desk_that_is_not_known_is_never_silent() -> None:
    assert not is_unusual(timedelta(days=365), minutes(*[10] * 5))
