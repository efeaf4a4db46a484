"""How a call stands, from what an exchange told of it: in any order, twice, late (docs/rules/call-progress.md).

Computed anew from all events each time, never stepped: whoever tells the same events in another order gets the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from balie.rules.routing import Action


class Kind(StrEnum):
    """What an exchange tells about a call, in the order in which things of one instant count."""

    RINGING = "ringing"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    VOICEMAIL = "voicemail"
    MISSED = "missed"
    ENDED = "ended"


class Progress(StrEnum):
    """How a call stands."""

    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    HELPED_ON = "helped_on"  # it heard where to go with its question, and nobody was to answer it


_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_PICKED_UP = (Kind.ANSWERED, Kind.TRANSFERRED)
_AT_A_TELEPHONE = (Kind.RINGING, *_PICKED_UP)
_OVER = (Kind.ENDED, Kind.MISSED)
_TOLD = (Action.ANNOUNCE, Action.REFUSE)
_HELPED_ON = (*_TOLD, Action.MENU)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a call. `at` is aware; `extension` the telephone, where one took part."""

    kind: Kind
    at: datetime
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands. All moments are in UTC and none is before `began_at`.

    `extension`: the telephone that has the call or had it last, else the one that it rang at last. `talked_seconds`:
    from the first answer until the end or the voicemail, 0 as long as it goes on.
    """

    progress: Progress
    began_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    extension: str = ""
    talked_seconds: int = 0


def standing(events: Iterable[Event], *, asked_at: datetime | None, action: Action | None) -> Standing:
    """How a call stands after `events`, in whatever order they come and however often each.

    `asked_at`: when the exchange asked where to send it, and `action`: what it was answered. Both are `None` when it
    never asked; then there is at least one event. A call that hears an announcement is over with that, unless
    something else is told of it: an exchange that got no answer in time does as it likes.
    """
    told = sorted({_in_utc(each) for each in events}, key=_place)
    asked = [] if asked_at is None else [asked_at.astimezone(UTC)]
    began = min([*asked, *(each.at for each in told)])
    if not told and action in _TOLD:
        return Standing(Progress.HELPED_ON, began, ended_at=began)
    over = _last(told, _OVER)
    pickup, voicemail = _first(told, _PICKED_UP), _last(told, (Kind.VOICEMAIL,))
    if pickup is None:
        return _unanswered(told, began, over, voicemail, action)
    last_pickup = _last(told, _PICKED_UP)
    if voicemail is not None and last_pickup is not None and _place(voicemail) > _place(last_pickup):
        return _talked(told, began, pickup, voicemail.at, _later(over, voicemail), Progress.VOICEMAIL)
    over = _last(told, (Kind.ENDED,))  # that one telephone missed it says nothing once another picked up
    if over is None:
        return Standing(Progress.TALKING, began, pickup.at, extension=_telephone(told))
    return _talked(told, began, pickup, over.at, over.at, Progress.ENDED)


def _unanswered(
    told: list[Event], began: datetime, over: Event | None, voicemail: Event | None, action: Action | None
) -> Standing:
    at = _telephone(told)
    if voicemail is not None:
        return Standing(Progress.VOICEMAIL, began, ended_at=_later(over, voicemail), extension=at)
    if over is not None:
        helped_on = action in _HELPED_ON and not at  # a telephone rang all the same, and nobody took it
        progress = Progress.HELPED_ON if helped_on else Progress.MISSED
        return Standing(progress, began, ended_at=over.at, extension=at)
    return Standing(Progress.RINGING, began, extension=at)


def _talked(
    told: list[Event], began: datetime, pickup: Event, until: datetime, ended_at: datetime, progress: Progress
) -> Standing:
    answered_at = min(pickup.at, until)  # a telephone whose clock is ahead did not answer after the end
    seconds = int((until - answered_at).total_seconds())
    return Standing(progress, began, answered_at, ended_at, _telephone(told), seconds)


def _telephone(told: list[Event]) -> str:
    """The one that picked up last, else the one that rang last."""
    named = [each for each in told if each.extension and each.kind in _AT_A_TELEPHONE]
    picked_up = [each for each in named if each.kind in _PICKED_UP]
    return (picked_up or named)[-1].extension if named else ""


def _later(over: Event | None, voicemail: Event) -> datetime:
    return voicemail.at if over is None else max(over.at, voicemail.at)


def _first(told: list[Event], kinds: tuple[Kind, ...]) -> Event | None:
    return next((each for each in told if each.kind in kinds), None)


def _last(told: list[Event], kinds: tuple[Kind, ...]) -> Event | None:
    return _first(told[::-1], kinds)


def _in_utc(event: Event) -> Event:
    """Two moments of one zone compare as wall-clock readings; in the hour that comes twice that is wrong."""
    return Event(event.kind, event.at.astimezone(UTC), event.extension)


def _place(event: Event) -> tuple[datetime, int, str]:
    return event.at, _RANK[event.kind], event.extension
