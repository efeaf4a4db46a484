"""What became of a call: told by an exchange, late, twice, in any order."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction

from balie.customers.numbers import caller_in
from balie.desk.queries import the_desk
from balie.live.actions import gathered
from balie.phone import facts
from balie.phone.actions.exchanges import heard
from balie.phone.actions.forgotten import forget_supposed
from balie.phone.actions.progress import (
    CALL,
    CALLS,
    STANDING,
    called_at,
    numbers_of,
    stand,
    telephones_of,
    tell,
    told_of,
)
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
    """Keep the events of all these calls at once, or else of each by itself; answers how many were new."""
    try:
        return _take(exchange, by_call, now=now)
    except DatabaseError:  # two tellings met, or something of one call cannot be kept
        return sum(_take(exchange, {name: told}, now=now) for name, told in sorted(by_call.items()))


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A call and what is told of it. `before`: how it stood until then, `None` for one that is new."""

    call: Call
    before: str | None
    told: Sequence[Told]


def _take(exchange: Exchange, by_call: Mapping[str, Sequence[Told]], *, now: datetime) -> int:
    """Keep the events of these calls in one transaction; answers how many were new."""
    with transaction.atomic(), gathered():
        spoken = _spoken_of(exchange, by_call)
        fresh = _keep(exchange, spoken, now=now)
        if unheard := [each.call.pk for each in spoken if each.before is None and not fresh[each.call.pk]]:
            Call.objects.filter(
                pk__in=unheard
            ).delete()  # all that was told of them is known, of another call
        if fresh:
            _stand_anew([each for each in spoken if fresh[each.call.pk]], now=now)
    return fresh.total()


def _stand_anew(changed: Sequence[_Spoken], *, now: datetime) -> None:
    """Compute how these calls stand after all of their events, keep it and tell it."""
    for each in changed:
        if each.before is not None and each.before not in OPEN_CALL_STATES:
            forget_supposed(each.call)
    calls = [each.call for each in changed]
    events = told_of(calls)
    telephones = telephones_of(chain.from_iterable(numbers_of(call, events[call.pk]) for call in calls))
    for call in calls:
        stand(call, events[call.pk], telephones)
    ask(_STAND, {name: [getattr(call, name) for call in calls] for name in ("pk", *STANDING)})
    for each in changed:
        users = called_at(each.call, events[each.call.pk], telephones)
        tell(each.call, before=each.before, users=users, now=now)


_STAND = """
    UPDATE phone_call SET state = new.state, began_at = new.began_at, answered_at = new.answered_at,
        ended_at = new.ended_at, extension_id = new.extension_id, handled_by_id = new.handled_by_id
    FROM unnest(
        %(pk)s::bigint[], %(state)s::text[], %(began_at)s::timestamptz[], %(answered_at)s::timestamptz[],
        %(ended_at)s::timestamptz[], %(extension_id)s::bigint[], %(handled_by_id)s::bigint[]
    ) AS new (id, state, began_at, answered_at, ended_at, extension_id, handled_by_id)
    WHERE phone_call.id = new.id RETURNING 1
"""


def _keep(exchange: Exchange, spoken: Sequence[_Spoken], *, now: datetime) -> Counter[int]:
    """Write the events that are not there yet; answers how many those were, by the key of their call."""
    told = [(each.call.pk, event) for each in spoken for event in each.told]
    values = {
        "calls": [call for call, _event in told],
        "exchange": exchange.pk,
        "now": now,
        "names": [event.name for _call, event in told],
        "kinds": [event.kind.value for _call, event in told],
        "moments": [event.at for _call, event in told],
        "extensions": [event.extension for _call, event in told],
        "data": [json.dumps(kept_data(event.data)) for _call, event in told],
    }
    return Counter(call for (call,) in ask(_KEEP, values))


_KEEP = """
    INSERT INTO phone_callevent (call_id, exchange_id, name, kind, at, received_at, extension, data)
    SELECT call_id, %(exchange)s::bigint, name, kind, at, %(now)s::timestamptz, extension, data
    FROM unnest(
        %(calls)s::bigint[], %(names)s::text[], %(kinds)s::text[], %(moments)s::timestamptz[],
        %(extensions)s::text[], %(data)s::jsonb[]
    ) AS told (call_id, name, kind, at, extension, data)
    ON CONFLICT (exchange_id, name) DO NOTHING
    RETURNING call_id
"""


def _spoken_of(exchange: Exchange, by_call: Mapping[str, Sequence[Told]]) -> list[_Spoken]:
    """The calls that these events are about, locked; those that nobody asked about are made of what they say."""
    there = CALLS.all(exchange=exchange.pk, names=sorted(by_call))
    missing = sorted(by_call.keys() - {call.name for call in there})
    made = (_unasked(exchange, name, by_call[name]) for name in missing)
    return [
        *(_Spoken(call, call.state, by_call[call.name]) for call in there),
        *(each for each in made if each is not None),
    ]


def _unasked(exchange: Exchange, name: str, told: Sequence[Told]) -> _Spoken | None:
    """A call of which an exchange tells without having asked.

    None for events that are known already, of another call: an exchange uses a name once.
    """
    known = set(
        CallEvent.objects.filter(exchange=exchange, name__in=[each.name for each in told]).values_list(
            "name", flat=True
        )
    )
    fresh = [each for each in told if each.name not in known]
    if not fresh:
        return None
    call, customers = _made_of(exchange, name, fresh)
    try:
        with transaction.atomic():
            insert(call)
    except IntegrityError:  # asked about in this very moment
        found = CALL.first(exchange=exchange.pk, name=name)
        return None if found is None else _Spoken(found, found.state, told)
    call.customers.set(customers)
    return _Spoken(call, None, told)


def _made_of(exchange: Exchange, name: str, told: Sequence[Told]) -> tuple[Call, list[int]]:
    """The call, and the keys of the customers that registered its number."""
    desk = the_desk()
    direction = next((each.direction for each in told if each.direction), Direction.IN)
    caller = next((each.caller for each in told if each.caller), None)
    called = next((each.called for each in told if each.called), None)
    other = called if direction == Direction.OUT else caller
    who = caller_in(other, country=desk.country)
    line = facts.line_behind(called, desk) if called and direction == Direction.IN else None
    known = facts.registered(who.e164) if isinstance(who, Known) else []
    call = Call(
        exchange=exchange,
        name=name,
        direction=direction,
        caller=who.e164 if isinstance(who, Known) else "",
        caller_text="" if isinstance(who, Withheld) else clean(other)[:LONGEST_NAME],
        is_withheld=isinstance(who, Withheld) and direction == Direction.IN,
        called=clean(called)[:LONGEST_NAME],
        line_id=facts.keys_of_lines(desk).get(line or ""),
        began_at=min(each.at for each in told),
        contact_id=facts.contact_among(known),
    )
    return call, [each.customer.pk for each in known]


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
