"""The clocks of a ticket, computed anew from everything that happened to it (IB-08, IB-09, IB-16, IB-17).

A question starts a response clock, and so does each later message of the customer; an answer stops them all.
Waiting for the customer pauses only the solution clock. Nothing is counted along the way, so a pause or a
correction that is entered late changes the clocks as if it had always been known.

The deadlines follow from the events alone; `now` only tells how a clock stands at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from balie.rules.decision import Condition, Decision
from balie.rules.lifecycle import Move, State
from balie.rules.moments import micros
from balie.rules.working_time import Calendar


class EventKind(StrEnum):
    """What the clocks listen to."""

    OPENED = "opened"  # the first question
    ASKED = "asked"  # a customer's message that gives us the initiative
    PAID = "paid"  # or credit is there
    ACCEPTED = "accepted"
    PAYMENT_ASKED = "payment_asked"  # from now on the clocks wait for it
    ANSWERED = (
        "answered"  # a public message by a person of the desk, or a call-back that reached the customer
    )
    WAITING = "waiting"  # for the customer
    RESUMED = "resumed"
    SOLVED = "solved"
    CLOSED = "closed"
    DECLINED = "declined"  # with a reason: an answer, too
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    TERMS_CHANGED = "terms_changed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised, in working minutes (more than none, or `None`), and what the clocks wait for.

    `warn_before_minutes`: so many working minutes before a deadline the clock warns; 0 is no warning.
    """

    response_minutes: int | None = None
    solution_minutes: int | None = None
    warn_before_minutes: int = 0
    waits_for: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, decision: Decision, *, warn_before_minutes: int) -> Terms:
        """The terms of the decision that a ticket was made under."""
        return cls(
            response_minutes=decision.response_minutes,
            solution_minutes=decision.solution_minutes,
            warn_before_minutes=warn_before_minutes,
            waits_for=decision.waits_for,
        )


@dataclass(frozen=True, slots=True)
class SlaEvent:
    """Something that happened at an aware moment; `sequence` orders what happened at the same one.

    `TERMS_CHANGED` carries the new terms and the calendar in which they count.
    """

    kind: EventKind
    at: datetime
    sequence: int = 0
    terms: Terms | None = None
    calendar: Calendar | None = None


class ClockState(StrEnum):
    """How a clock stands."""

    NOT_STARTED = "not_started"  # nothing was asked, or it waits for a payment or acceptance
    RUNNING = "running"
    WARNED = "warned"
    OVERDUE = "overdue"  # from the deadline on
    PAUSED = "paused"
    MET = "met"  # at the deadline or before
    MISSED = "missed"
    STOPPED = "stopped"  # the ticket ended in time without it: withdrawn, or solved without an answer


_LIVE = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.OVERDUE})


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. Deadlines are in the calendar's zone, the other moments in UTC.

    `ended_at`: answered, solved or stopped. `waits_for`: what must happen before it starts. `left`: the
    working time that remains of a paused clock.
    """

    state: ClockState
    asked_at: datetime | None = None
    started_at: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    waits_for: tuple[Condition, ...] = ()
    left: timedelta | None = None

    @property
    def is_running(self) -> bool:
        """Whether somebody has to act before, or since, `due_at`."""
        return self.state in _LIVE

    @property
    def changes_at(self) -> datetime | None:
        """When the state changes if nothing happens."""
        return {ClockState.RUNNING: self.warn_at, ClockState.WARNED: self.due_at}.get(self.state)


@dataclass(frozen=True, slots=True)
class NothingPromised:
    """No deadline at all, which is not the same as a late one. `unanswered_since`: the question still open."""

    unanswered_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """`response` is that of the oldest unanswered question, or of the last one when all are answered.

    `questions` has the clock of each question, in the order in which they were asked.
    """

    response: Clock | NothingPromised
    solution: Clock | NothingPromised
    questions: tuple[Clock | NothingPromised, ...]

    @property
    def response_due_at(self) -> datetime | None:
        """The deadline by which the queue is sorted; `None` when no answer is due."""
        running = isinstance(self.response, Clock) and self.response.is_running
        return self.response.due_at if running and isinstance(self.response, Clock) else None

    @property
    def changes_at(self) -> datetime | None:
        """When one of the two clocks changes its state if nothing happens."""
        clocks = [each for each in (self.response, self.solution) if isinstance(each, Clock)]
        return min((each.changes_at for each in clocks if each.changes_at is not None), default=None)


def kinds_of(what: Move, after: State, *, with_message: bool) -> tuple[EventKind, ...]:
    """What a move of the lifecycle means to the clocks, in order.

    `with_message`: somebody wrote a public message with it. Solved or asked back with a message is an answer; a
    re-opening with one is the customer's question.
    """
    said = _SAID.get(what, ()) if with_message else ()
    waits = (EventKind.WAITING,) if after is State.WAITING else ()
    return (*said, *_KINDS[what], *waits)


_KINDS: Mapping[Move, tuple[EventKind, ...]] = {
    Move.ACCEPT: (EventKind.ACCEPTED,),
    Move.ASK_PAYMENT: (EventKind.ACCEPTED, EventKind.PAYMENT_ASKED),
    Move.PAY: (EventKind.PAID,),
    Move.TAKE_UP: (EventKind.RESUMED,),
    Move.ANSWER: (EventKind.ANSWERED,),
    Move.ASK_BACK: (),
    Move.PLAN: (EventKind.RESUMED,),
    Move.REPLY: (EventKind.ASKED,),
    Move.SOLVE: (EventKind.SOLVED,),
    Move.CLOSE: (EventKind.CLOSED,),
    Move.CLOSE_BY_ITSELF: (EventKind.CLOSED,),
    Move.DECLINE: (EventKind.DECLINED,),
    Move.WITHDRAW: (EventKind.WITHDRAWN,),
    Move.REOPEN: (EventKind.REOPENED,),
}
_SAID: Mapping[Move, tuple[EventKind, ...]] = {
    Move.ASK_BACK: (EventKind.ANSWERED,),
    Move.SOLVE: (EventKind.ANSWERED,),
    Move.REOPEN: (EventKind.ASKED,),
}


def assess(events: Sequence[SlaEvent], terms: Terms, calendar: Calendar | None, *, now: datetime) -> Clocks:
    """The clocks of a ticket that was opened under these terms; the events may come in any order.

    `calendar`: the hours that count, `None` only when nothing is promised. Changed terms hold for what is
    unanswered and later; what was answered before keeps the terms under which it was.
    """
    story = _Story(_Agreement(terms, calendar))
    for event in sorted(events, key=lambda each: (micros(each.at), each.sequence)):
        story.hear(event)
    moment = now.astimezone(UTC)
    questions = tuple(_response(question, story, moment) for question in story.questions)
    return Clocks(_shown(questions), _solution(story, moment), questions)


class _Agreement(NamedTuple):
    terms: Terms
    calendar: Calendar | None

    def also_waiting_for(self, condition: Condition) -> _Agreement:
        waits_for = tuple(dict.fromkeys((*self.terms.waits_for, condition)))
        return self._replace(terms=replace(self.terms, waits_for=waits_for))

    def counted_in(self) -> Calendar:
        if self.calendar is None:
            raise ValueError("a promised time needs the calendar in which it counts")
        return self.calendar


class _Settled(NamedTuple):
    """How a question, or the whole ticket, came to an end; and what was agreed then."""

    at: datetime
    agreed: _Agreement
    is_done: bool  # answered or solved, not merely over


@dataclass(slots=True)
class _Question:
    asked_at: datetime
    settled: _Settled | None = None


@dataclass(slots=True)
class _Story:
    """What happened, as far as it matters to the clocks. Moments are in UTC."""

    agreed: _Agreement
    questions: list[_Question] = field(default_factory=list)
    passed: dict[Condition, datetime] = field(default_factory=dict)
    ended: _Settled | None = None
    turns: list[tuple[datetime, datetime]] = field(default_factory=list)  # when it was for us to work
    our_turn_since: datetime | None = None

    def hear(self, event: SlaEvent) -> None:
        at = event.at.astimezone(UTC)
        match event.kind:
            case EventKind.OPENED | EventKind.ASKED:
                self.questions.append(_Question(at))
                self._begin_turn(at)
            case EventKind.PAID:
                self.passed.setdefault(Condition.PAYMENT, at)
            case EventKind.ACCEPTED:
                self.passed.setdefault(Condition.ACCEPTANCE, at)
            case EventKind.PAYMENT_ASKED:
                self.agreed = self.agreed.also_waiting_for(Condition.PAYMENT)
            case EventKind.ANSWERED:
                self._settle_questions(at, is_done=True)
            case EventKind.WAITING:
                self._end_turn(at)
            case EventKind.RESUMED:
                self._begin_turn(at)
            case EventKind.SOLVED | EventKind.CLOSED:
                self._end(at, is_done=True)
            case EventKind.DECLINED:
                self._settle_questions(at, is_done=True)
                self._end(at, is_done=False)
            case EventKind.WITHDRAWN:
                self._settle_questions(at, is_done=False)
                self._end(at, is_done=False)
            case EventKind.REOPENED:
                self.ended = None
                self._begin_turn(at)
            case _:  # the only kind left: changed terms
                if event.terms is None:
                    raise ValueError("changed terms need the new terms")
                self.agreed = _Agreement(event.terms, event.calendar)

    def start_of(self, asked_at: datetime, agreed: _Agreement) -> datetime | None:
        """When a clock starts: when asked, or when the last of what it waits for has passed."""
        waits_for = agreed.terms.waits_for
        if any(condition not in self.passed for condition in waits_for):
            return None
        return max([asked_at, *(self.passed[condition] for condition in waits_for)])

    def not_passed(self, agreed: _Agreement) -> tuple[Condition, ...]:
        return tuple(each for each in agreed.terms.waits_for if each not in self.passed)

    def _settle_questions(self, at: datetime, *, is_done: bool) -> None:
        for question in self.questions:
            if question.settled is None:
                question.settled = _Settled(at, self.agreed, is_done)

    def _end(self, at: datetime, *, is_done: bool) -> None:
        self._end_turn(at)
        if self.ended is None:
            self.ended = _Settled(at, self.agreed, is_done)

    def _begin_turn(self, at: datetime) -> None:
        if self.our_turn_since is None and self.ended is None:
            self.our_turn_since = at

    def _end_turn(self, at: datetime) -> None:
        if self.our_turn_since is not None:
            self.turns.append((self.our_turn_since, at))
            self.our_turn_since = None


def _response(question: _Question, story: _Story, now: datetime) -> Clock | NothingPromised:
    """The clock of one question. A ticket that ended without an answer stops it."""
    over = story.ended and story.ended._replace(is_done=False)
    settled = question.settled or over
    agreed = settled.agreed if settled else story.agreed
    minutes = agreed.terms.response_minutes
    if minutes is None:
        return NothingPromised(None if settled else question.asked_at)
    started_at = story.start_of(question.asked_at, agreed)
    if started_at is None or (settled and settled.at < started_at):
        return _not_started(question.asked_at, settled, story.not_passed(agreed))
    due_at = agreed.counted_in().add(started_at, minutes)
    return _counted(question.asked_at, started_at, due_at, minutes, agreed, settled, now)


def _solution(story: _Story, now: datetime) -> Clock | NothingPromised:
    """The clock until the problem is solved: it runs only while it is our turn."""
    agreed = story.ended.agreed if story.ended else story.agreed
    minutes = agreed.terms.solution_minutes
    asked_at = story.questions[0].asked_at if story.questions else None
    if minutes is None:
        return NothingPromised(None if story.ended else asked_at)
    started_at = None if asked_at is None else story.start_of(asked_at, agreed)
    if started_at is None or (story.ended and story.ended.at < started_at):
        return _not_started(asked_at, story.ended, story.not_passed(agreed))
    calendar, left = agreed.counted_in(), timedelta(minutes=minutes)
    for begin, end in _turns_from(started_at, story):
        spent = None if end is None else calendar.measure(begin, end)
        if spent is None or spent >= left:
            due_at = calendar.add(begin, left)
            return _counted(asked_at, started_at, due_at, minutes, agreed, story.ended, now, since=begin)
        left -= spent
    return _paused(asked_at, started_at, story.ended, left)


def _turns_from(start: datetime, story: _Story) -> Iterable[tuple[datetime, datetime | None]]:
    """Our turns as far as they lie after `start`; the one that lasts has no end."""
    for begin, end in story.turns:
        if end > start:
            yield max(begin, start), end
    if story.our_turn_since is not None:
        yield max(story.our_turn_since, start), None


def _not_started(
    asked_at: datetime | None, settled: _Settled | None, waits_for: tuple[Condition, ...]
) -> Clock:
    """Answered before the clock even started is in time."""
    if settled is None:
        return Clock(ClockState.NOT_STARTED, asked_at, waits_for=waits_for)
    state = ClockState.MET if settled.is_done else ClockState.STOPPED
    return Clock(state, asked_at, ended_at=settled.at)


def _paused(
    asked_at: datetime | None, started_at: datetime, ended: _Settled | None, left: timedelta
) -> Clock:
    """A solution clock with time left that does not run: it waits for the customer, or the ticket ended in time."""
    if ended is None:
        return Clock(ClockState.PAUSED, asked_at, started_at, left=left)
    state = ClockState.MET if ended.is_done else ClockState.STOPPED
    return Clock(state, asked_at, started_at, ended_at=ended.at)


def _counted(
    asked_at: datetime | None,
    started_at: datetime,
    due_at: datetime,
    minutes: int,
    agreed: _Agreement,
    settled: _Settled | None,
    now: datetime,
    *,
    since: datetime | None = None,
) -> Clock:
    """A clock with a deadline. The warning never comes before `since`, when the clock last began to run."""
    before = min(agreed.terms.warn_before_minutes, minutes)
    warn_at = max(since or started_at, agreed.counted_in().subtract(due_at, before)) if before else due_at
    state = _state_at(now, warn_at, due_at) if settled is None else _state_settled(settled, due_at)
    ended_at = settled.at if settled else None
    return Clock(state, asked_at, started_at, warn_at.astimezone(due_at.tzinfo), due_at, ended_at)


def _state_at(now: datetime, warn_at: datetime, due_at: datetime) -> ClockState:
    if now >= due_at:
        return ClockState.OVERDUE
    return ClockState.WARNED if now >= warn_at else ClockState.RUNNING


def _state_settled(settled: _Settled, due_at: datetime) -> ClockState:
    if settled.at > due_at:
        return ClockState.MISSED
    return ClockState.MET if settled.is_done else ClockState.STOPPED


def _shown(questions: tuple[Clock | NothingPromised, ...]) -> Clock | NothingPromised:
    """The oldest question without an answer; when all have one, the last."""
    for clock in questions:
        is_open = clock.unanswered_since if isinstance(clock, NothingPromised) else clock.ended_at is None
        if is_open:
            return clock
    return questions[-1] if questions else Clock(ClockState.NOT_STARTED)
