"""The life of a ticket: its states, who may make which move, and who has to move next (IB-23, IB-24).

`MOVES` is the whole story; the diagram and the tables in `docs/rules/lifecycle.md` are generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from balie.rules.desk import Settings
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode


class State(StrEnum):
    """Where a ticket stands."""

    AWAITING_ACCEPTANCE = "awaiting_acceptance"  # a request that the desk must first accept (IB-20)
    AWAITING_PAYMENT = "awaiting_payment"  # prepaid, and not paid yet (IB-13, IB-19)
    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"  # for the customer
    PLANNED = "planned"
    SOLVED = "solved"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a ticket."""

    ACCEPT = "accept"
    ASK_PAYMENT = "ask_payment"
    PAY = "pay"  # a payment came in, or credit was booked
    TAKE_UP = "take_up"  # begin, or go on after waiting
    ANSWER = "answer"  # a public message by a person, or a call-back that reached the customer
    ASK_BACK = "ask_back"  # a question to the customer: we wait for the reply
    PLAN = "plan"
    REPLY = "reply"  # a message by the customer
    SOLVE = "solve"
    CLOSE = "close"
    CLOSE_BY_ITSELF = "close_by_itself"  # nobody wrote for some time (IB-23)
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class Actor(StrEnum):
    """Who makes a move."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Initiative(StrEnum):
    """Whose turn it is. On a ticket that has ended it is the customer's: only it can want more."""

    DESK = "desk"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a move leads; `None` where the answer mode does not know the move.

    `site`: an answer on the site, the initiative stays with the customer (IB-23).
    `calling`: call-back or AnyDesk, the desk follows up until the problem is solved (IB-24).
    """

    site: State | None
    calling: State | None

    def for_mode(self, mode: AnswerMode) -> State | None:
        return self.site if mode is AnswerMode.SITE else self.calling


def _to(state: State) -> Way:
    return Way(site=state, calling=state)


_ANSWERED = Way(site=State.WAITING, calling=State.OPEN)
_SILENT = Way(site=State.CLOSED, calling=None)

MOVES: Mapping[State, Mapping[Move, Way]] = MappingProxyType(
    {
        State.AWAITING_ACCEPTANCE: {
            Move.ACCEPT: _to(State.NEW),
            Move.ASK_PAYMENT: _to(State.AWAITING_PAYMENT),  # accepted, and to be paid first
            Move.REPLY: _to(State.AWAITING_ACCEPTANCE),
            Move.ANSWER: _to(State.AWAITING_ACCEPTANCE),
            Move.DECLINE: _to(State.DECLINED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.AWAITING_PAYMENT: {
            Move.PAY: _to(State.NEW),
            Move.REPLY: _to(State.AWAITING_PAYMENT),
            Move.ANSWER: _to(State.AWAITING_PAYMENT),
            Move.DECLINE: _to(State.DECLINED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.NEW: {
            Move.TAKE_UP: _to(State.OPEN),
            Move.ANSWER: _ANSWERED,
            Move.ASK_BACK: _to(State.WAITING),
            Move.PLAN: _to(State.PLANNED),
            Move.ASK_PAYMENT: _to(State.AWAITING_PAYMENT),
            Move.REPLY: _to(State.NEW),
            Move.SOLVE: _to(State.SOLVED),
            Move.CLOSE: _to(State.CLOSED),
            Move.DECLINE: _to(State.DECLINED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.OPEN: {
            Move.ANSWER: _ANSWERED,
            Move.ASK_BACK: _to(State.WAITING),
            Move.PLAN: _to(State.PLANNED),
            Move.ASK_PAYMENT: _to(State.AWAITING_PAYMENT),
            Move.REPLY: _to(State.OPEN),
            Move.SOLVE: _to(State.SOLVED),
            Move.CLOSE: _to(State.CLOSED),
            Move.DECLINE: _to(State.DECLINED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.WAITING: {
            Move.TAKE_UP: _to(State.OPEN),
            Move.ANSWER: _ANSWERED,
            Move.ASK_BACK: _to(State.WAITING),
            Move.PLAN: _to(State.PLANNED),
            Move.REPLY: _to(State.OPEN),
            Move.SOLVE: _to(State.SOLVED),
            Move.CLOSE: _to(State.CLOSED),
            Move.CLOSE_BY_ITSELF: _SILENT,
            Move.DECLINE: _to(State.DECLINED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.PLANNED: {
            Move.TAKE_UP: _to(State.OPEN),
            Move.ANSWER: _to(State.PLANNED),  # what was agreed stays planned
            Move.ASK_BACK: _to(State.WAITING),
            Move.PLAN: _to(State.PLANNED),  # on another day
            Move.REPLY: _to(State.PLANNED),
            Move.SOLVE: _to(State.SOLVED),
            Move.CLOSE: _to(State.CLOSED),
            Move.WITHDRAW: _to(State.WITHDRAWN),
        },
        State.SOLVED: {
            Move.ANSWER: _to(State.SOLVED),
            Move.CLOSE: _to(State.CLOSED),
            Move.CLOSE_BY_ITSELF: _SILENT,
            Move.REOPEN: _to(State.OPEN),
        },
        State.CLOSED: {Move.REOPEN: _to(State.OPEN)},
        State.DECLINED: {Move.REOPEN: _to(State.OPEN)},
        State.WITHDRAWN: {Move.REOPEN: _to(State.OPEN)},
    }
)

MAKERS: Mapping[Move, frozenset[Actor]] = MappingProxyType(
    {
        Move.ACCEPT: frozenset({Actor.AGENT}),
        Move.ASK_PAYMENT: frozenset({Actor.AGENT}),
        Move.PAY: frozenset({Actor.AGENT, Actor.SYSTEM}),
        Move.TAKE_UP: frozenset({Actor.AGENT, Actor.SYSTEM}),
        Move.ANSWER: frozenset({Actor.AGENT}),
        Move.ASK_BACK: frozenset({Actor.AGENT}),
        Move.PLAN: frozenset({Actor.AGENT}),
        Move.REPLY: frozenset({Actor.CUSTOMER}),
        Move.SOLVE: frozenset({Actor.AGENT}),
        Move.CLOSE: frozenset({Actor.AGENT, Actor.CUSTOMER}),
        Move.CLOSE_BY_ITSELF: frozenset({Actor.SYSTEM}),
        Move.DECLINE: frozenset({Actor.AGENT}),
        Move.WITHDRAW: frozenset({Actor.AGENT, Actor.CUSTOMER}),
        # A customer re-opens by replying in time; `receive_reply` watches the time.
        Move.REOPEN: frozenset({Actor.AGENT, Actor.SYSTEM}),
    }
)

ENDED = frozenset({State.SOLVED, State.CLOSED, State.DECLINED, State.WITHDRAWN})
FIRST_STATES = (State.NEW, State.AWAITING_PAYMENT, State.AWAITING_ACCEPTANCE)

_CUSTOMERS_TURN = ENDED | {State.AWAITING_PAYMENT}
_REOPENED_BY_REPLY = frozenset({State.SOLVED, State.CLOSED})
_CLOSES_WHEN_SILENT = frozenset({State.WAITING, State.SOLVED})

# Whole sentences, because a translation cannot be put together from the names of states and moves.
_NOT_NOW: Mapping[State, str] = {
    State.AWAITING_ACCEPTANCE: _("This cannot be done now: the request must be accepted first."),
    State.AWAITING_PAYMENT: _("This cannot be done now: the ticket waits for the payment."),
    State.NEW: _("This cannot be done with a new ticket."),
    State.OPEN: _("This cannot be done while the ticket is open."),
    State.WAITING: _("This cannot be done while we wait for the customer."),
    State.PLANNED: _("This cannot be done while the work is planned."),
    State.SOLVED: _("This cannot be done any more: the ticket is solved."),
    State.CLOSED: _("This cannot be done any more: the ticket is closed."),
    State.DECLINED: _("This cannot be done any more: the request was declined."),
    State.WITHDRAWN: _("This cannot be done any more: the ticket was withdrawn."),
}
_NOT_YOURS: Mapping[Actor, str] = {
    Actor.AGENT: _("This is not for an agent to do."),
    Actor.CUSTOMER: _("Only the helpdesk can do this."),
    Actor.SYSTEM: _("This needs a person; it does not happen by itself."),
}
_POSSIBLE: Mapping[Move, str] = {
    Move.ACCEPT: _("Accept the request."),
    Move.ASK_PAYMENT: _("Ask for the payment first."),
    Move.PAY: _("Book the payment."),
    Move.TAKE_UP: _("Take the ticket up."),
    Move.ANSWER: _("Send an answer."),
    Move.ASK_BACK: _("Ask the customer a question and wait for the reply."),
    Move.PLAN: _("Plan the work."),
    Move.REPLY: _("Write a reply."),
    Move.SOLVE: _("Mark the ticket as solved."),
    Move.CLOSE: _("Close the ticket."),
    Move.CLOSE_BY_ITSELF: _("Let the ticket close by itself."),
    Move.DECLINE: _("Decline the request, with the reason."),
    Move.WITHDRAW: _("Withdraw the ticket."),
    Move.REOPEN: _("Re-open the ticket."),
}
_NOTHING_POSSIBLE = _("Open a new ticket that refers to this one.")


class MoveNotAllowed(Refusal):
    """The ticket's state, its answer mode or the person does not allow the move.

    `possible` are the moves that this actor can make now; `ways_forward` says the same in sentences.
    """

    def __init__(self, message: str, state: State, what: Move, possible: tuple[Move, ...]) -> None:
        self.state, self.move, self.possible = state, what, possible
        ways = [Reason(_POSSIBLE[each], {"move": each.value}) for each in possible]
        reason = Reason(message, {"state": state.value, "move": what.value})
        super().__init__(reason, *(ways or [Reason(_NOTHING_POSSIBLE)]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the ticket stands after a move, and whose turn it is then."""

    state: State
    initiative: Initiative


@dataclass(frozen=True, slots=True)
class NewLinkedTicket:
    """The reply comes too late, or after a no: it becomes a new ticket that refers to the old one."""

    because: Reason


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    """When a silent ticket is warned about and closes (IB-23). `warns_at` is `None` when there is no room."""

    warns_at: datetime | None
    closes_at: datetime


def initiative_of(state: State, *, answer_mode: AnswerMode) -> Initiative:
    """Whose turn it is (IB-23, IB-24): a waiting call-back stays with the desk, which follows up."""
    if state in _CUSTOMERS_TURN:
        return Initiative.CUSTOMER
    if state is State.WAITING and answer_mode is AnswerMode.SITE:
        return Initiative.CUSTOMER
    return Initiative.DESK


def first_state(*, must_be_accepted: bool, must_be_paid: bool) -> State:
    """Where a ticket begins. Nobody pays for a request that may still be declined: acceptance comes first."""
    if must_be_accepted:
        return State.AWAITING_ACCEPTANCE
    return State.AWAITING_PAYMENT if must_be_paid else State.NEW


def possible_moves(state: State, *, answer_mode: AnswerMode, by: Actor) -> tuple[Move, ...]:
    """The moves this actor can make now, in the order of `MOVES`."""
    ways = MOVES[state].items()
    return tuple(what for what, way in ways if by in MAKERS[what] and way.for_mode(answer_mode) is not None)


def move(state: State, what: Move, *, answer_mode: AnswerMode, by: Actor) -> Outcome:
    """Make the move; raises `MoveNotAllowed`, which names what is possible instead."""
    way = MOVES[state].get(what)
    after = way.for_mode(answer_mode) if way else None
    if by in MAKERS[what] and after is not None:
        return Outcome(after, initiative_of(after, answer_mode=answer_mode))
    message = _NOT_NOW[state] if by in MAKERS[what] else _NOT_YOURS[by]
    raise MoveNotAllowed(message, state, what, possible_moves(state, answer_mode=answer_mode, by=by))


def receive_reply(
    state: State, *, answer_mode: AnswerMode, since: datetime, zone: str, settings: Settings, now: datetime
) -> Outcome | NewLinkedTicket:
    """What a customer's message does to the ticket.

    It continues a ticket that has not ended, re-opens one that was solved or closed at most
    `settings.reopens_within_days` ago (IB-23), and else becomes a new ticket that refers to this one.
    `since`: when the ticket came into its present state. Days end at the same local time as they began.
    """
    if state not in ENDED:
        return move(state, Move.REPLY, answer_mode=answer_mode, by=Actor.CUSTOMER)
    if state not in _REOPENED_BY_REPLY:
        return NewLinkedTicket(_reason_why_not(state))
    if now.astimezone(UTC) <= _days_later(since, settings.reopens_within_days, zone).astimezone(UTC):
        return move(state, Move.REOPEN, answer_mode=answer_mode, by=Actor.SYSTEM)
    return NewLinkedTicket(
        Reason(
            _("The ticket ended more than %(days)s days ago, so this becomes a new ticket."),
            {"days": settings.reopens_within_days},
            "IB-23",
            "settings.reopens_within_days",
        )
    )


def closing_plan(
    state: State,
    *,
    answer_mode: AnswerMode,
    silent_since: datetime,
    zone: str,
    settings: Settings,
    warned_at: datetime | None = None,
) -> ClosingPlan | None:
    """When the ticket closes by itself if nobody writes, or `None` when it never does (IB-23, IB-24).

    `silent_since`: our last public message, or the move into this state if that came later. `warned_at`: when the
    customer was warned; a warning that went out late moves the closing, so that there is always time to write.
    """
    if answer_mode is not AnswerMode.SITE or state not in _CLOSES_WHEN_SILENT:
        return None
    after, before = settings.closes_after_silent_days, settings.warns_before_closing_days
    closes_at = _days_later(silent_since, after, zone)
    if warned_at is not None:
        return ClosingPlan(warns_at=None, closes_at=max(closes_at, _days_later(warned_at, before, zone)))
    warns_at = _days_later(silent_since, after - before, zone) if 0 < before < after else None
    return ClosingPlan(warns_at=warns_at, closes_at=closes_at)


def as_mermaid() -> str:
    """The table as a Mermaid state diagram; moves between the same two states share an arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for state, ways in MOVES.items():
        for what, way in ways.items():
            for after, label in _arrows_of(what, way):
                arrows.setdefault((state, after), []).append(label)
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in FIRST_STATES)]
    lines += [f"    {start} --> {end}: {', '.join(labels)}" for (start, end), labels in arrows.items()]
    lines += [f"    {state} --> [*]" for state in State if state in ENDED]
    return "\n".join(lines) + "\n"


def as_markdown() -> str:
    """The table as Markdown: one row per move, one line per state from which it can be made."""
    lines = ["| move | by | from | to |", "|---|---|---|---|"]
    for what in Move:
        by = ", ".join(actor for actor in Actor if actor in MAKERS[what])
        for state, ways in MOVES.items():
            if what in ways:
                lines.append(f"| {_words(what)} | {by} | {_words(state)} | {_destination(ways[what])} |")
    return "\n".join(lines) + "\n"


def _reason_why_not(state: State) -> Reason:
    message = (
        _("The request was declined, so this becomes a new ticket.")
        if state is State.DECLINED
        else _("The ticket was withdrawn, so this becomes a new ticket.")
    )
    return Reason(message, {"state": state.value})


def _days_later(at: datetime, days: int, zone: str) -> datetime:
    """The same local time `days` later. In the gap: the offset before the change; twice: the first (PEP 495)."""
    tz = ZoneInfo(zone)
    local = at.astimezone(tz) + timedelta(days=days)
    return local.astimezone(UTC).astimezone(tz)


def _words(value: StrEnum) -> str:
    return value.replace("_", " ")


def _arrows_of(what: Move, way: Way) -> list[tuple[State, str]]:
    if way.site is way.calling and way.site is not None:
        return [(way.site, _words(what))]
    modes = ((way.site, "site"), (way.calling, "calling"))
    return [(after, f"{_words(what)} ({mode})") for after, mode in modes if after is not None]


def _destination(way: Way) -> str:
    if way.site is way.calling and way.site is not None:
        return _words(way.site)
    modes = (("site", way.site), ("calling", way.calling))
    return ", ".join(f"{mode}: {_words(after) if after else 'not possible'}" for mode, after in modes)
