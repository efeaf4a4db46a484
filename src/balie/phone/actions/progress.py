"""A call stands as its events say: computed anew after each question and each telling."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from balie import events as bus
from balie.live.actions import publish
from balie.phone.events import CallChanged
from balie.phone.models import Call, CallEvent, Extension
from balie.prepared import Given, Prepared, ask
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
_EVENTS = Prepared(
    lambda: CallEvent.objects.filter(call=Given("call")).order_by().values_list("kind", "at", "extension")
)
_TELEPHONE = Prepared(lambda: Extension.objects.filter(number=Given("number")).order_by())


def told_of(call: Call) -> list[Event]:
    """The events of a call as the rule takes them."""
    return [Event(Kind(kind), at, extension) for kind, at, extension in _EVENTS.all(call=call.pk)]


def stand(call: Call, told: Iterable[Event]) -> list[str]:
    """Put on the row how the call stands; answers the names of the columns that it wrote into."""
    found = standing(told, asked_at=asked_at(call), action=Action(call.action) if call.action else None)
    call.state = found.progress.value
    call.began_at, call.answered_at, call.ended_at = found.began_at, found.answered_at, found.ended_at
    _at_telephone(call, found)
    return ["state", "began_at", "answered_at", "ended_at", "extension", "handled_by"]


def asked_at(call: Call) -> datetime | None:
    """When the exchange asked about this call first; `None` when it only told of it."""
    text = call.route.get("asked_at")
    return datetime.fromisoformat(text) if text else None


def _at_telephone(call: Call, found: Standing) -> None:
    """Whose telephone it was at the time stays, also when it is somebody else's later."""
    telephone = _TELEPHONE.first(number=found.extension) if found.extension else None
    is_another = (telephone.pk if telephone else None) != call.extension_id
    call.extension = telephone
    if found.answered_at is None:
        call.handled_by_id = None
    elif is_another or call.handled_by_id is None:
        call.handled_by_id = telephone.user_id if telephone else None


def tell(call: Call, *, before: str | None, users: Collection[int], now: datetime) -> None:
    """Say on every screen that a call changed, and on those of `users`, whose telephones ring or rang for it."""
    if before is None or before != call.state:
        bus.publish(CallChanged(call, before, now))
    personal = sorted({*users, *([call.handled_by_id] if call.handled_by_id else [])})
    publish(EVERYBODY, *(f"phone-{user}" for user in personal), data={"call": call.pk, "state": call.state})


def called_at(call: Call, told: Iterable[Event]) -> set[int]:
    """The agents whose telephones ring first for the call, and those at which it was told to ring."""
    numbers = {each.extension for each in told if each.extension}
    if call.action == Action.FORWARD:
        numbers |= set(next(iter(call.route.get("groups", ())), ()))
    if not numbers:
        return set()
    return {user for (user,) in ask(_OWNERS, {"numbers": sorted(numbers)})}


_OWNERS = "SELECT user_id FROM phone_extension WHERE number = ANY(%(numbers)s) AND user_id IS NOT NULL"
