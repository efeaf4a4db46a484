"""What became of a call: told by an exchange, late, twice, in any order."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction

from balie.customers.numbers import caller_in
from balie.desk.queries import the_desk
from balie.live.actions import gathered
from balie.phone import facts
from balie.phone.actions.exchanges import heard
from balie.phone.actions.forgotten import forget_supposed
from balie.phone.actions.progress import CALL, called_at, stand, tell, told_of
from balie.phone.asking import NotNow, check_moment, clean
from balie.phone.models import LONGEST_NAME, OPEN_CALL_STATES, Call, CallEvent, Direction, Exchange
from balie.prepared import ask, insert
from balie.rules.call_progress import Kind
from balie.rules.reasons import Reason
from balie.rules.routing import Known, Withheld

MOST_EVENTS = 500
"""In one telling."""
LONGEST_DATA = 4000
"""Characters of JSON that are kept with an event."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, as an exchange tells it.

    `name`: the exchange's own identity of it, so that it may tell it twice; `call` that of the call. `caller` and
    `called` matter for a call that it never asked about; of an outgoing call the other side is `called`.
    """

    name: str
    call: str
    kind: Kind
    at: datetime
    extension: str = ""
    direction: Direction | None = None
    caller: str | None = None
    called: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that was not taken, and why."""

    name: str
    why: Reason


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a telling: how many were new, how many known already, and which were refused."""

    taken: int
    known: int
    refused: tuple[Refused, ...]


def take_events(exchange: Exchange, events: Sequence[Told], *, now: datetime) -> Taken:
    """Keep what was told: what is wrong with one call is no matter of the others."""
    heard(exchange, now=now)
    refused, by_call = [], dict[str, list[Told]]()
    for each in events:
        try:
            check_moment(each.at, now=now)
        except NotNow as refusal:
            refused.append(Refused(each.name, refusal.reason))
        else:
            by_call.setdefault(each.call, []).append(each)
    kept = _take_all(exchange, by_call, now=now)
    return Taken(kept, sum(map(len, by_call.values())) - kept, tuple(refused))


def _take_all(exchange: Exchange, by_call: Mapping[str, Sequence[Told]], *, now: datetime) -> int:
    """Keep the events of all these calls in one transaction, or else of each by itself; answers how many were new."""

    def taken() -> int:
        return sum(_take(exchange, name, told, now=now) for name, told in sorted(by_call.items()))

    try:
        with transaction.atomic(), gathered():
            return taken()
    except DatabaseError:  # two tellings met, or something of one call cannot be kept
        return taken()


@transaction.atomic(savepoint=False)
def _take(exchange: Exchange, name: str, told: Sequence[Told], *, now: datetime) -> int:
    """Keep the events of one call; answers how many were new."""
    call, is_new = _call_for(exchange, name, told)
    if call is None:
        return 0
    before = None if is_new else call.state
    fresh = _keep(exchange, call, told, now=now)
    if not fresh:
        return 0
    if before is not None and before not in OPEN_CALL_STATES:
        forget_supposed(call)
    events = told_of(call)
    stand(call, events)
    ask(_STAND, {name: getattr(call, name) for name in _STANDING} | {"call": call.pk})
    tell(call, before=before, users=called_at(call, events), now=now)
    return fresh


_STANDING = ("state", "began_at", "answered_at", "ended_at", "extension_id", "handled_by_id")
_STAND = """
    UPDATE phone_call SET state = %(state)s, began_at = %(began_at)s, answered_at = %(answered_at)s,
        ended_at = %(ended_at)s, extension_id = %(extension_id)s, handled_by_id = %(handled_by_id)s
    WHERE id = %(call)s RETURNING 1
"""


def _keep(exchange: Exchange, call: Call, told: Sequence[Told], *, now: datetime) -> int:
    """Write the events that are not there yet; answers how many those were."""
    values = {
        "call": call.pk,
        "exchange": exchange.pk,
        "now": now,
        "names": [each.name for each in told],
        "kinds": [each.kind.value for each in told],
        "moments": [each.at for each in told],
        "extensions": [each.extension for each in told],
        "data": [json.dumps(kept_data(each.data)) for each in told],
    }
    return len(ask(_KEEP, values))


_KEEP = """
    INSERT INTO phone_callevent (call_id, exchange_id, name, kind, at, received_at, extension, data)
    SELECT %(call)s::bigint, %(exchange)s::bigint, name, kind, at, %(now)s::timestamptz, extension, data
    FROM unnest(
        %(names)s::text[], %(kinds)s::text[], %(moments)s::timestamptz[], %(extensions)s::text[], %(data)s::jsonb[]
    ) AS told (name, kind, at, extension, data)
    ON CONFLICT (exchange_id, name) DO NOTHING
    RETURNING 1
"""


def _call_for(exchange: Exchange, name: str, told: Sequence[Told]) -> tuple[Call | None, bool]:
    """The call that these events are about, locked; one that nobody asked about is made of what they say.

    None for events that are known already, of another call: an exchange uses a name once.
    """
    if (call := CALL.first(exchange=exchange.pk, name=name)) is not None:
        return call, False
    known = set(
        CallEvent.objects.filter(exchange=exchange, name__in=[each.name for each in told]).values_list(
            "name", flat=True
        )
    )
    fresh = [each for each in told if each.name not in known]
    if not fresh:
        return None, False
    call = _made_of(exchange, name, fresh)
    try:
        with transaction.atomic():
            insert(call)
    except IntegrityError:  # asked about in this very moment
        return CALL.first(exchange=exchange.pk, name=name), False
    if call.caller:
        call.customers.set([each.customer.pk for each in facts.registered(call.caller)])
    return call, True


def _made_of(exchange: Exchange, name: str, told: Sequence[Told]) -> Call:
    desk = the_desk()
    direction = next((each.direction for each in told if each.direction), Direction.IN)
    caller = next((each.caller for each in told if each.caller), None)
    called = next((each.called for each in told if each.called), None)
    other = called if direction == Direction.OUT else caller
    who = caller_in(other, country=desk.country)
    line = facts.line_behind(called, desk) if called and direction == Direction.IN else None
    return Call(
        exchange=exchange,
        name=name,
        direction=direction,
        caller=who.e164 if isinstance(who, Known) else "",
        caller_text="" if isinstance(who, Withheld) else clean(other)[:LONGEST_NAME],
        is_withheld=isinstance(who, Withheld) and direction == Direction.IN,
        called=clean(called)[:LONGEST_NAME],
        line_id=facts.keys_of_lines(desk).get(line or ""),
        began_at=min(each.at for each in told),
        contact_id=facts.contact_among(facts.registered(who.e164)) if isinstance(who, Known) else None,
    )


def kept_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the database can keep of what was told beside; nothing when it is too much."""
    kept: dict[str, Any] = _plain(dict(data))
    return kept if len(json.dumps(kept)) <= LONGEST_DATA else {}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {clean(str(key)): _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case str():
            return clean(value)
        case float() if not math.isfinite(value):
            return None
    return value
