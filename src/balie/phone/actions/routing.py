"""Where does this call go? Asked by an exchange, decided by `rules.routing`, kept on the call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from balie.desk.models import Desk
from balie.desk.queries import the_desk
from balie.phone import facts, limits
from balie.phone.actions.exchanges import heard
from balie.phone.actions.progress import CALL, called_at, stand, tell, told_of
from balie.phone.asking import Asked, Choice, Routed, as_given, caller_of, check_moment, clean
from balie.phone.models import LONGEST_NAME, Call, Exchange
from balie.phone.prompts import ELSE_KEY, KEYS, own_words, prompts_of
from balie.phone.wording import spoken
from balie.prepared import ask
from balie.rules import routing
from balie.rules.desk import FOR_EVERYBODY
from balie.rules.routing import SOMETHING_ELSE, Caller, Known, Route, Withheld
from balie.tickets.facts import desk_for_rules

SOMETHING_ELSE_NAME = {"nl": "Iets anders", "en": "Something else"}


@dataclass(frozen=True, slots=True)
class _Question:
    """A question with everything that was found out about it."""

    asked: Asked
    desk: Desk
    caller: Caller
    line: str | None
    topic: str | None
    at: datetime
    known: list[facts.Registered]


def route_call(exchange: Exchange, asked: Asked, *, now: datetime, desk: Desk | None = None) -> Routed:
    """Decide about a call and keep it; asked again about the same call it is decided anew (SW-01 to 05, IB-01 to 04).

    `desk`: where it was read already. Raises `UnknownLine` for a line that is none, `NotNow` for a moment too far away,
    `TooMany` for somebody who tries numbers.
    """
    if asked.at is not None:
        check_moment(asked.at, now=now)
    desk = desk or the_desk()
    try:
        return _routed(exchange, asked, desk, now=now)
    except IntegrityError:  # the same call was asked about twice in this very moment
        return _routed(exchange, asked, desk, now=now)


@transaction.atomic
def _routed(exchange: Exchange, asked: Asked, desk: Desk, *, now: datetime) -> Routed:
    heard(exchange, now=now)
    call = CALL.first(exchange=exchange.pk, name=asked.call)
    question = _question(asked, desk, call, now=now)
    if call is None and isinstance(question.caller, Known):
        counts_new = not _is_public(question)
        limits.spend(exchange, question.caller.e164, counts_new=counts_new, now=now)
    return _decide(exchange, question, call, now=now)


def _question(asked: Asked, desk: Desk, call: Call | None, *, now: datetime) -> _Question:
    caller = caller_of(asked, country=desk.country)
    line = asked.line or (facts.line_behind(asked.called, desk) if asked.called else None)
    known = facts.registered(caller.e164) if isinstance(caller, Known) else []
    topic = asked.topic or _topic_behind(asked.digit, call)
    return _Question(asked, desk, caller, line, topic, asked.at or now, known)


def _topic_behind(digit: str | None, call: Call | None) -> str | None:
    """What a key means is what the menu said when this caller heard it."""
    choices = call.route.get("choices", []) if call is not None else []
    return next((each["topic"] for each in choices if each["digit"] == digit), None)


def _is_public(question: _Question) -> bool:
    lines = desk_for_rules(question.desk).lines.values()
    return any(line.phone_use in FOR_EVERYBODY for line in lines)


def _decide(exchange: Exchange, question: _Question, call: Call | None, *, now: datetime) -> Routed:
    customers = tuple(each.facts for each in question.known)
    route = routing.route(
        routing.Call(question.caller, question.at, question.line, question.topic, customers),
        desk_for_rules(question.desk),
    )
    queue = facts.queue_of(route.target) if route.target else ()
    choices = _choices(route, question.desk)
    kept = _keep(exchange, question, _Decision(route, queue, choices), call, now=now)
    zone = question.desk.zone
    prompts = prompts_of(route, choices, at=question.at, zone=zone)
    text = spoken(route.text, at=question.at, zone=zone) if route.text else None
    return Routed(
        call=kept,
        action=route.action,
        target=route.target,
        groups=tuple(tuple(each.number for each in group) for group in queue),
        announcement=route.announcement,
        text=own_words(question.desk, prompts) or text,
        language=question.desk.language,
        prompts=prompts,
        choices=choices,
        next_opening=route.next_opening,
        reasons=route.reasons,
    )


def _choices(route: Route, desk: Desk) -> tuple[Choice, ...]:
    """The menu: a key for each topic as far as there are keys, and one for anything else."""
    if route.action is not routing.Action.MENU:
        return ()
    names = facts.topic_names(desk)
    keys = KEYS.replace(ELSE_KEY, "")
    topics = [
        Choice(digit, key, dict(names[key].name)) for digit, key in zip(keys, route.choices, strict=False)
    ]
    return (*topics, Choice(ELSE_KEY, SOMETHING_ELSE, dict(SOMETHING_ELSE_NAME)))


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was decided, at which telephones it rings, and what the menu offers."""

    route: Route
    queue: Sequence[Sequence[facts.Telephone]]
    choices: Sequence[Choice]

    @property
    def rings_first_at(self) -> set[int]:
        """The agents whose telephones ring first."""
        return {each.user for each in self.queue[0] if each.user is not None} if self.queue else set()

    def as_json(self) -> dict[str, Any]:
        route = self.route
        return {
            "action": route.action.value,
            "target": route.target,
            "announcement": route.announcement.value if route.announcement else None,
            "next_opening": route.next_opening.isoformat() if route.next_opening else None,
            "groups": [[each.number for each in group] for group in self.queue],
            "choices": [{"digit": each.digit, "topic": each.topic} for each in self.choices],
            "reasons": [each.as_json() for each in route.reasons],
        }


def _keep(
    exchange: Exchange, question: _Question, decision: _Decision, call: Call | None, *, now: datetime
) -> Call:
    """Write the decision on the call, a new one or the one that was asked about before."""
    before = call.state if call is not None else None
    row = call or Call(exchange=exchange, name=question.asked.call)
    asked_at = row.route.get("asked_at") or question.at.isoformat()
    row.route = decision.as_json() | {"asked_at": asked_at}
    _describe(row, question, decision.route)
    told = told_of(row) if call is not None else []
    stand(row, told)
    customers = [each.customer.pk for each in question.known]  # that registered the number at this moment
    if call is None:
        _insert(row, customers)
    else:
        row.save()
        row.customers.set(customers)
    users = decision.rings_first_at | (called_at(row, told) if told else set())
    tell(row, before=before, users=users, now=now)
    return row


def _describe(row: Call, question: _Question, route: Route) -> None:
    asked, caller = question.asked, question.caller
    row.caller = caller.e164 if isinstance(caller, Known) else ""
    row.caller_text = as_given(asked, caller)
    row.is_withheld = isinstance(caller, Withheld)
    row.called = clean(asked.called)[:LONGEST_NAME]
    row.action, row.announcement = route.action.value, route.announcement.value if route.announcement else ""
    row.line_id = facts.keys_of_lines(question.desk).get(route.target or question.line or "")
    topic = facts.topic_names(question.desk).get(question.topic or "")
    row.topic_id = topic.key if topic else None
    row.contact_id = facts.contact_among(question.known)


def _insert(row: Call, customers: list[int]) -> None:
    """A new call with its customers, in a transaction whose end does not wait for the disk (decision 0031)."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    route = json.dumps(row.route)
    [(row.pk, _synchronous)] = ask(_INSERT, values | {"route": route, "customers": customers})
    row._state.adding = False


_COLUMNS = (
    "exchange_id", "name", "direction", "caller", "caller_text", "is_withheld", "called", "line_id", "topic_id",
    "contact_id", "action", "announcement", "state", "began_at", "ended_at",
)  # fmt: skip
_INSERT = f"""
    WITH call AS (
        INSERT INTO phone_call ({", ".join(_COLUMNS)}, route)
        VALUES ({", ".join(f"%({name})s" for name in _COLUMNS)}, %(route)s::jsonb) RETURNING id
    ), linked AS (
        INSERT INTO phone_call_customers (call_id, customer_id)
        SELECT id, unnest(%(customers)s::bigint[]) FROM call
    )
    SELECT id, set_config('synchronous_commit', 'off', true) FROM call
"""
