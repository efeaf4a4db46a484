"""What became of a call: told by an exchange, late, twice, in any order."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from balie.customers.numbers import caller_in
from balie.desk.queries import the_desk
from balie.phone import facts
from balie.phone.actions.exchanges import heard
from balie.phone.actions.progress import stand, tell, told_of
from balie.phone.asking import NotNow, check_moment, clean
from balie.phone.models import LONGEST_NAME, Call, CallEvent, Direction, Exchange
from balie.prepared import insert
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
    """Keep what was told, call by call: what is wrong with one is no matter of the others."""
    heard(exchange, now=now)
    refused, by_call = [], dict[str, list[Told]]()
    for each in events:
        try:
            check_moment(each.at, now=now)
        except NotNow as refusal:
            refused.append(Refused(each.name, refusal.reason))
        else:
            by_call.setdefault(each.call, []).append(each)
    counts = [_take(exchange, name, told, now=now) for name, told in sorted(by_call.items())]
    kept = sum(counts)
    return Taken(kept, sum(map(len, by_call.values())) - kept, tuple(refused))


@transaction.atomic
def _take(exchange: Exchange, name: str, told: Sequence[Told], *, now: datetime) -> int:
    """Keep the events of one call; answers how many were new."""
    names = [each.name for each in told]
    known = set(CallEvent.objects.filter(exchange=exchange, name__in=names).values_list("name", flat=True))
    fresh = {each.name: each for each in told if each.name not in known}
    if not fresh:
        return 0
    call, is_new = _call_for(exchange, name, list(fresh.values()))
    before = None if is_new else call.state
    rows = [_row(exchange, call, each, now=now) for each in fresh.values()]
    CallEvent.objects.bulk_create(rows, ignore_conflicts=True)
    events = told_of(call)
    call.save(update_fields=stand(call, events))
    tell(call, before=before, told=events, now=now)
    return len(fresh)


def _call_for(exchange: Exchange, name: str, told: Sequence[Told]) -> tuple[Call, bool]:
    """The call that these events are about, locked; one that nobody asked about is made of what they say."""
    ours = Call.objects.select_for_update(no_key=True).filter(exchange=exchange, name=name)
    if (call := ours.first()) is not None:
        return call, False
    call = _made_of(exchange, name, told)
    try:
        with transaction.atomic():
            insert(call)
    except IntegrityError:  # asked about in this very moment
        return ours.get(), False
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
    line = facts.line_behind(called, country=desk.country) if called and direction == Direction.IN else None
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


def _row(exchange: Exchange, call: Call, told: Told, *, now: datetime) -> CallEvent:
    return CallEvent(
        call=call,
        exchange=exchange,
        name=told.name,
        kind=told.kind.value,
        at=told.at,
        received_at=now,
        extension=told.extension,
        data=kept_data(told.data),
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
