"""A call stands as its events say: computed anew after each question and each telling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from balie import events as bus
from balie.live.actions import publish
from balie.phone.events import CallChanged
from balie.phone.models import Call
from balie.prepared import Given, IsAnyGiven, Prepared, ask
from balie.rules.call_progress import Event, Kind, Standing, standing
from balie.rules.routing import Action

EVERYBODY = "phone"

CALL = Prepared(
    lambda: (
        Call.objects.select_for_update(no_key=True)
        .filter(exchange=Given("exchange"), name=Given("name"))
        .order_by()
    )
)
"""The call of an exchange by its name there, locked."""
CALLS = Prepared(
    lambda: (
        Call.objects.select_for_update(no_key=True)
        .filter(IsAnyGiven("name", "names"), exchange=Given("exchange"))
        .order_by("name")
    )
)
"""Calls of an exchange by their names there, locked in the order of their names."""


@dataclass(frozen=True, slots=True)
class KnownTelephone:
    """A telephone that the desk knows: its key and that of its agent."""

    key: int
    user: int | None


def told_of(calls: Iterable[Call]) -> dict[int, list[Event]]:
    """The events of each call as the rule takes them, by its key."""
    found = defaultdict[int, list[Event]](list)
    for call, kind, at, extension in ask(_EVENTS, {"calls": [each.pk for each in calls]}):
        found[call].append(Event(Kind(kind), at, extension))
    return found


_EVENTS = "SELECT call_id, kind, at, extension FROM phone_callevent WHERE call_id = ANY(%(calls)s::bigint[])"


def numbers_of(call: Call, told: Iterable[Event]) -> set[str]:
    """The telephones that were told of with a call, and those that ring for it first."""
    numbers = {each.extension for each in told if each.extension}
    if call.action == Action.FORWARD:
        numbers |= set(next(iter(call.route.get("groups", ())), ()))
    return numbers


def telephones_of(numbers: Iterable[str]) -> dict[str, KnownTelephone]:
    """Those of these numbers that the desk knows."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    return {number: KnownTelephone(key, user) for number, key, user in ask(_TELEPHONES, {"numbers": wanted})}


_TELEPHONES = "SELECT number, id, user_id FROM phone_extension WHERE number = ANY(%(numbers)s)"


def stand(call: Call, told: Iterable[Event], telephones: Mapping[str, KnownTelephone]) -> None:
    """Put on the row how the call stands, into the columns of `STANDING`."""
    found = standing(told, asked_at=asked_at(call), action=Action(call.action) if call.action else None)
    call.state = found.progress.value
    call.began_at, call.answered_at, call.ended_at = found.began_at, found.answered_at, found.ended_at
    _at_telephone(call, found, telephones.get(found.extension))


STANDING = ("state", "began_at", "answered_at", "ended_at", "extension_id", "handled_by_id")


def asked_at(call: Call) -> datetime | None:
    """When the exchange asked about this call first; `None` when it only told of it."""
    text = call.route.get("asked_at")
    return datetime.fromisoformat(text) if text else None


def _at_telephone(call: Call, found: Standing, telephone: KnownTelephone | None) -> None:
    """Whose telephone it was at the time stays, also when it is somebody else's later."""
    key = telephone.key if telephone else None
    is_another = key != call.extension_id
    call.extension_id = key
    if found.answered_at is None:
        call.handled_by_id = None
    elif is_another or call.handled_by_id is None:
        call.handled_by_id = telephone.user if telephone else None


def tell(call: Call, *, before: str | None, users: Collection[int], now: datetime) -> None:
    """Say on every screen that a call changed, and on those of `users`, whose telephones ring or rang for it."""
    if before is None or before != call.state:
        bus.publish(CallChanged(call, before, now))
    personal = {*users, *([call.handled_by_id] if call.handled_by_id else [])}
    publish(*topics_for(personal), data={"call": call.pk, "state": call.state})


def topics_for(users: Iterable[int]) -> list[str]:
    """Where everybody and these agents hear of a call."""
    return [EVERYBODY, *(f"phone-{user}" for user in sorted(users))]


def called_at(call: Call, told: Iterable[Event], telephones: Mapping[str, KnownTelephone]) -> set[int]:
    """The agents whose telephones ring first for the call, and those at which it was told to ring."""
    rung = (telephones.get(number) for number in numbers_of(call, told))
    return {each.user for each in rung if each is not None and each.user is not None}
