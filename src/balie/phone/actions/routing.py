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
from balie.live.actions import NOTIFIED, publishing
from balie.phone import facts, limits
from balie.phone.actions.exchanges import heard
from balie.phone.actions.progress import (
    CALL,
    called_at,
    numbers_of,
    stand,
    telephones_of,
    tell,
    told_of,
    topics_for,
)
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

    @property
    def customers(self) -> list[int]:
        """That registered the number at this moment."""
        return [each.customer.pk for each in self.known]


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


def route_call(exchange: Exchange, asked: Asked, *, now: datetime, desk: Desk | None = None) -> Routed:
    """Decide about a call and keep it; asked again about the same call it is decided anew (SW-01 to 05, IB-01 to 04).

    `desk`: where it was read already. Raises `UnknownLine` for a line that is none, `NotNow` for a moment too far away,
    `TooMany` for somebody who tries numbers.
    """
    if asked.at is not None:
        check_moment(asked.at, now=now)
    desk = desk or the_desk()
    heard(exchange, now=now)
    try:
        return _routed(exchange, asked, desk, now=now)
    except IntegrityError:  # a customer, a line or a topic of it was removed in this very moment
        return _routed(exchange, asked, desk, now=now)


def _routed(exchange: Exchange, asked: Asked, desk: Desk, *, now: datetime) -> Routed:
    answers_a_menu = asked.digit is not None or asked.topic is not None
    ways = (_again, _first, _again) if answers_a_menu else (_first, _again, _first)
    return next(routed for way in ways if (routed := way(exchange, asked, desk, now=now)) is not None)


def _first(exchange: Exchange, asked: Asked, desk: Desk, *, now: datetime) -> Routed | None:
    """Decide about a call that was never spoken of, and keep it in one statement; `None` for any other.

    Raises `TooMany`.
    """
    question = _question(asked, desk, None, now=now)
    decision = _decide(question)
    row = Call(exchange=exchange, name=asked.call)
    _describe(row, question, decision)
    stand(row, (), {})
    is_new = _insert(exchange, row, question, topics_for(decision.rings_first_at), now=now)
    return _answer(question, decision, row) if is_new else None


@transaction.atomic
def _again(exchange: Exchange, asked: Asked, desk: Desk, *, now: datetime) -> Routed | None:
    """Decide anew about a call that was asked about or told of; `None` when there is none.

    Another number than it had is counted as that of a new call is. Raises `TooMany`.
    """
    row = CALL.first(exchange=exchange.pk, name=asked.call)
    if row is None:
        return None
    question = _question(asked, desk, row, now=now)
    if isinstance(question.caller, Known) and question.caller.e164 != row.caller:
        limits.spend(exchange, question.caller.e164, counts_new=not _is_public(question), now=now)
    decision, before = _decide(question), row.state
    _describe(row, question, decision)
    told = told_of([row])[row.pk]
    telephones = telephones_of(numbers_of(row, told))
    stand(row, told, telephones)
    row.save()
    row.customers.set(question.customers)
    users = decision.rings_first_at | (called_at(row, told, telephones) if told else set())
    tell(row, before=before, users=users, now=now)
    return _answer(question, decision, row)


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


def _decide(question: _Question) -> _Decision:
    customers = tuple(each.facts for each in question.known)
    route = routing.route(
        routing.Call(question.caller, question.at, question.line, question.topic, customers),
        desk_for_rules(question.desk),
    )
    queue = facts.queue_of(route.target, question.known) if route.target else ()
    return _Decision(route, queue, _choices(route, question.desk))


def _answer(question: _Question, decision: _Decision, row: Call) -> Routed:
    route, zone = decision.route, question.desk.zone
    prompts = prompts_of(route, decision.choices, at=question.at, zone=zone)
    text = spoken(route.text, at=question.at, zone=zone) if route.text else None
    return Routed(
        call=row,
        action=route.action,
        target=route.target,
        groups=tuple(tuple(each.number for each in group) for group in decision.queue),
        announcement=route.announcement,
        text=own_words(question.desk, prompts) or text,
        language=question.desk.language,
        prompts=prompts,
        choices=tuple(decision.choices),
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


def _describe(row: Call, question: _Question, decision: _Decision) -> None:
    asked, caller, route = question.asked, question.caller, decision.route
    asked_at = row.route.get("asked_at") or question.at.isoformat()
    row.route = decision.as_json() | {"asked_at": asked_at}
    row.caller = caller.e164 if isinstance(caller, Known) else ""
    row.caller_text = as_given(asked, caller)
    row.is_withheld = isinstance(caller, Withheld)
    row.called = clean(asked.called)[:LONGEST_NAME]
    row.action, row.announcement = route.action.value, route.announcement.value if route.announcement else ""
    row.line_id = facts.keys_of_lines(question.desk).get(route.target or question.line or "")
    topic = facts.topic_names(question.desk).get(question.topic or "")
    row.topic_id = topic.key if topic else None
    row.contact_id = facts.contact_among(question.known)


def _insert(exchange: Exchange, row: Call, question: _Question, topics: list[str], *, now: datetime) -> bool:
    """Count a new call, keep it with its customers and show it; whether it is new. Raises `TooMany`.

    One statement is the whole transaction, whose end does not wait for the disk (decision 0031); within another
    transaction that holds for its end.
    """
    values = {name: getattr(row, name) for name in _COLUMNS}
    values |= {"route": json.dumps(row.route), "customers": question.customers, "topics": topics}
    values |= limits.values(counts_new=not _is_public(question), now=now)
    [(is_spoken_of, is_seldom, is_known, is_counted, key, *_done)] = ask(_INSERT, values)
    if is_spoken_of:
        return False
    limits.check(is_seldom=is_seldom, is_known=is_known)
    if key is None and is_counted:
        limits.give_back(exchange)
    row.pk, row._state.adding = key, False
    return key is not None


_COLUMNS = (
    "exchange_id", "name", "direction", "caller", "caller_text", "is_withheld", "called", "line_id", "topic_id",
    "contact_id", "action", "announcement", "state", "began_at", "ended_at",
)  # fmt: skip
_SHOWN = publishing(
    "SELECT unnest(%(topics)s::text[]), jsonb_build_object('call', id, 'state', %(state)s::text) FROM call"
)
_INSERT = f"""
    WITH {limits.PASSING}, call AS (
        INSERT INTO phone_call ({", ".join(_COLUMNS)}, route)
        SELECT {", ".join(f"%({name})s" for name in _COLUMNS)}, %(route)s::jsonb
        FROM passing WHERE NOT is_spoken_of AND is_seldom AND is_known
        ON CONFLICT (exchange_id, name) DO NOTHING RETURNING id
    ), linked AS (
        INSERT INTO phone_call_customers (call_id, customer_id)
        SELECT id, unnest(%(customers)s::bigint[]) FROM call
    ), {_SHOWN}
    SELECT is_spoken_of, is_seldom, is_known, is_counted, (SELECT id FROM call), {NOTIFIED},
           set_config('synchronous_commit', 'off', true)
    FROM passing
"""
