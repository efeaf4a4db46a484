"""How a call stands: the table, and that neither order nor repetition matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.call_progress import Event, Kind, Progress, Standing, standing
from balie.rules.routing import Action

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FORWARD, MENU, ANNOUNCE, REFUSE = Action.FORWARD, Action.MENU, Action.ANNOUNCE, Action.REFUSE


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def told(text: str) -> list[Event]:
    """`ringing 1 201, answered 5 201, ended 65`: what, seconds after noon, at which telephone."""
    events = []
    for part in filter(None, text.split(",")):
        kind, seconds, *extension = part.split()
        events.append(Event(Kind(kind), after(float(seconds)), "".join(extension)))
    return events


CASES = [
    # what was decided, what was told, how it stands, answered, ended, telephone, seconds talked: because
    (FORWARD, "", Progress.RINGING, None, None, "", 0, "nothing was told yet"),
    (FORWARD, "ringing 1 201", Progress.RINGING, None, None, "201", 0, "it rings at a telephone"),
    (
        FORWARD,
        "ringing 1 201, ringing 9 202",
        Progress.RINGING,
        None,
        None,
        "202",
        0,
        "the one that rang last",
    ),
    (FORWARD, "ringing 1 201, answered 5 201", Progress.TALKING, 5, None, "201", 0, "somebody picked up"),
    (FORWARD, "answered 5 201, ended 65", Progress.ENDED, 5, 65, "201", 60, "a whole call"),
    (
        FORWARD,
        "answered 5 201, answered 6 201, ended 65",
        Progress.ENDED,
        5,
        65,
        "201",
        60,
        "the first answer",
    ),
    (
        FORWARD,
        "answered 5 201, ended 65, ended 66",
        Progress.ENDED,
        5,
        66,
        "201",
        61,
        "the last end, told by both",
    ),
    (
        FORWARD,
        "answered 70 201, ended 65",
        Progress.ENDED,
        65,
        65,
        "201",
        0,
        "the clock of the telephone is ahead",
    ),
    (
        FORWARD,
        "answered 5 201, ended 5",
        Progress.ENDED,
        5,
        5,
        "201",
        0,
        "at one instant the end counts last",
    ),
    (
        FORWARD,
        "answered 5 201, transferred 30 202, ended 65",
        Progress.ENDED,
        5,
        65,
        "202",
        60,
        "transferred",
    ),
    (FORWARD, "transferred 30 202, ended 65", Progress.ENDED, 30, 65, "202", 35, "the answer was never told"),
    (FORWARD, "answered 5 201, transferred 30", Progress.TALKING, 5, None, "201", 0, "to whom was not told"),
    (FORWARD, "ringing 1 201, ended 30", Progress.MISSED, None, 30, "201", 0, "nobody picked up"),
    (FORWARD, "ended 3", Progress.MISSED, None, 3, "", 0, "hung up before a telephone rang"),
    (FORWARD, "ringing 1 201, missed 30 201", Progress.MISSED, None, 30, "201", 0, "told by the exchange"),
    (
        FORWARD,
        "missed 4 202, answered 5 201",
        Progress.TALKING,
        5,
        None,
        "201",
        0,
        "one of a group picked up",
    ),
    (
        FORWARD,
        "answered 5 201, missed 70 202, ended 65",
        Progress.ENDED,
        5,
        65,
        "201",
        60,
        "the other was late",
    ),
    (FORWARD, "voicemail 20", Progress.VOICEMAIL, None, 20, "", 0, "the voicemail took it"),
    (
        FORWARD,
        "voicemail 20, ended 50",
        Progress.VOICEMAIL,
        None,
        50,
        "",
        0,
        "and the caller spoke for a while",
    ),
    (
        FORWARD,
        "voicemail 20, missed 5, ended 50",
        Progress.VOICEMAIL,
        None,
        50,
        "",
        0,
        "missed, then voicemail",
    ),
    (
        FORWARD,
        "answered 5 201, voicemail 30, ended 65",
        Progress.VOICEMAIL,
        5,
        65,
        "201",
        25,
        "led to voicemail",
    ),
    (
        FORWARD,
        "voicemail 20, answered 25 201, ended 65",
        Progress.ENDED,
        25,
        65,
        "201",
        40,
        "picked up all the same",
    ),
    (FORWARD, "voicemail 20, answered 25 201", Progress.TALKING, 25, None, "201", 0, "and is still talking"),
    (MENU, "", Progress.RINGING, None, None, "", 0, "is choosing"),
    (MENU, "ended 20", Progress.HELPED_ON, None, 20, "", 0, "hung up in the menu: nobody missed anything"),
    (ANNOUNCE, "", Progress.HELPED_ON, None, 0, "", 0, "over with the announcement"),
    (ANNOUNCE, "ended 12", Progress.HELPED_ON, None, 12, "", 0, "heard it to the end"),
    (ANNOUNCE, "missed 12", Progress.HELPED_ON, None, 12, "", 0, "nobody was to pick up"),
    (
        ANNOUNCE,
        "ringing 2 201, ended 9",
        Progress.MISSED,
        None,
        9,
        "201",
        0,
        "rang all the same: Balie was too slow",
    ),
    (ANNOUNCE, "answered 3 201, ended 63", Progress.ENDED, 3, 63, "201", 60, "what happened counts"),
    (REFUSE, "", Progress.HELPED_ON, None, 0, "", 0, "refused is over"),
    (None, "ended 30", Progress.MISSED, None, 30, "", 0, "nobody asked about it: it was for the desk"),
    (
        None,
        "answered 5 201",
        Progress.TALKING,
        5,
        None,
        "201",
        0,
        "nobody asked about it, somebody picked up",
    ),
]


@pytest.mark.parametrize(
    ("action", "text", "progress", "answered", "ended", "extension", "seconds"),
    [case[:-1] for case in CASES],
    ids=[case[-1] for case in CASES],
)
def test_how_a_call_stands(
    action: Action | None,
    text: str,
    progress: Progress,
    answered: float | None,
    ended: float | None,
    extension: str,
    seconds: int,
) -> None:
    found = standing(told(text), asked_at=NOON if action else None, action=action)
    assert found.progress is progress
    assert found.answered_at == (None if answered is None else after(answered))
    assert found.ended_at == (None if ended is None else after(ended))
    assert (found.extension, found.talked_seconds) == (extension, seconds)


def test_a_call_that_was_told_of_before_it_was_asked_about_began_then() -> None:
    found = standing(told("ringing -3 201"), asked_at=NOON, action=FORWARD)
    assert found.began_at == after(-3)


def test_a_call_during_a_clock_change_lasts_as_long_as_it_lasted() -> None:
    """At 3 o'clock in the night of 25 October the clocks go back to 2: 02:50 to 02:10 is twenty minutes."""
    answered = datetime(2026, 10, 25, 2, 50, tzinfo=AMSTERDAM, fold=0)
    ended = datetime(2026, 10, 25, 2, 10, tzinfo=AMSTERDAM, fold=1)
    events = [Event(Kind.ENDED, ended), Event(Kind.ANSWERED, answered, "201")]
    found = standing(events, asked_at=answered, action=FORWARD)
    assert found.talked_seconds == 20 * 60
    assert found.progress is Progress.ENDED


events = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    at=st.integers(-5, 20).map(after),
    extension=st.sampled_from(["", "201", "202"]),
)
actions = st.sampled_from([*Action, None])


@given(st.lists(events, min_size=1), actions, st.data())
def test_neither_order_nor_repetition_nor_zone_matters(
    some: list[Event], action: Action | None, data: st.DataObject
) -> None:
    asked_at = NOON if action else None
    again = data.draw(st.permutations(some + data.draw(st.lists(st.sampled_from(some)))))
    elsewhere = [Event(each.kind, each.at.astimezone(AMSTERDAM), each.extension) for each in again]
    assert standing(elsewhere, asked_at=asked_at, action=action) == standing(
        some, asked_at=asked_at, action=action
    )


@given(st.lists(events, min_size=1), actions)
def test_a_call_never_ends_before_it_began_and_is_open_or_over(
    some: list[Event], action: Action | None
) -> None:
    found = standing(some, asked_at=NOON if action else None, action=action)
    is_open = found.progress in (Progress.RINGING, Progress.TALKING)
    assert (found.ended_at is None) == is_open
    moments = [each for each in (found.answered_at, found.ended_at) if each is not None]
    assert moments == sorted(moments)
    assert all(each >= found.began_at for each in moments)
    assert found.talked_seconds >= 0
    assert isinstance(found, Standing)
