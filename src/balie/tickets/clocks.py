"""What follows from a ticket's events: when an answer is due, when we are warned, when it closes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from balie.rules import lifecycle, sla
from balie.rules.decision import Condition, Decision
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket, TicketEvent

CLOSING_ANNOUNCED = "closing_announced"
TERMS_CHANGED = "terms_changed"
"""The event by which a running ticket got other terms; its data says which (`terms`)."""
_NOT_STORED_YET = 2**53
_SPEAKS = frozenset({sla.EventKind.ANSWERED, sla.EventKind.SOLVED, sla.EventKind.WAITING})


def assess(ticket: Ticket, situation: Situation, events: Iterable[TicketEvent] | None = None) -> sla.Clocks:
    """The clocks of a ticket at the situation's moment, under the decision that the ticket keeps."""
    decision = decision_of(ticket)
    terms = sla.Terms.of(decision, warn_before_minutes=situation.settings.warn_before_minutes)
    calendar = situation.calendar(decision.hours) if decision.hours else None
    rows = ticket.events.all() if events is None else events
    heard = list(_heard_by_clocks(rows, terms, situation))
    return sla.assess(heard, terms, calendar, now=situation.now)


def decision_of(ticket: Ticket) -> Decision:
    """The decision that a ticket was made under."""
    return Decision.from_json(ticket.decision["decision"])


def wind(ticket: Ticket, situation: Situation, events: Sequence[TicketEvent] | None = None) -> None:
    """Set `due_at`, `warn_at`, `warn_closing_at` and `closes_at` of a ticket from its events, without saving it.

    `events`: those of a ticket that is not stored yet; else they are read.
    """
    if events is None:
        events = list(ticket.events.order_by("id"))
    clocks = assess(ticket, situation, events)
    ticket.due_at = clocks.response_due_at
    is_due = ticket.due_at is not None and isinstance(clocks.response, sla.Clock)
    ticket.warn_at = clocks.response.warn_at if is_due and isinstance(clocks.response, sla.Clock) else None
    silent_since = _silent_since(events) or ticket.opened_at
    announced = [event.at for event in events if event.kind == CLOSING_ANNOUNCED and event.at >= silent_since]
    plan = lifecycle.closing_plan(
        State(ticket.state),
        answer_mode=AnswerMode(ticket.answer_mode),
        silent_since=silent_since,
        zone=situation.row.zone,
        settings=situation.settings,
        warned_at=max(announced, default=None),
    )
    ticket.closes_at = plan.closes_at if plan else None
    ticket.warn_closing_at = plan.warns_at if plan else None


def terms_now(decision: Decision, events: Iterable[TicketEvent]) -> tuple[str | None, int | None, int | None]:
    """The line whose hours count, and the minutes to respond and to solve: as decided, or as changed last."""
    changed = [event.data["terms"] for event in events if event.kind == TERMS_CHANGED]
    if not changed:
        return decision.hours, decision.response_minutes, decision.solution_minutes
    return changed[-1]["hours"], changed[-1]["response_minutes"], changed[-1]["solution_minutes"]


def _heard_by_clocks(
    events: Iterable[TicketEvent], terms: sla.Terms, situation: Situation
) -> Iterable[sla.SlaEvent]:
    """One event of a ticket may mean several things to the clocks, in order. What is not stored yet comes last."""
    for event in events:
        for step, kind in enumerate(sla.EventKind(each) for each in event.clocks):
            heard = sla.SlaEvent(kind, event.at, (event.pk or _NOT_STORED_YET) * 10 + step)
            if kind is sla.EventKind.PAYMENT_ASKED:
                terms = replace(terms, waits_for=(*terms.waits_for, Condition.PAYMENT))
            if kind is sla.EventKind.TERMS_CHANGED:
                heard = _with_terms(heard, terms, event.data["terms"], situation)
            yield heard


def _with_terms(
    heard: sla.SlaEvent, terms: sla.Terms, changed: Mapping[str, Any], situation: Situation
) -> sla.SlaEvent:
    """What was agreed anew: other minutes in other hours. What the clocks wait for stays."""
    agreed = replace(
        terms,
        response_minutes=changed["response_minutes"],
        solution_minutes=changed["solution_minutes"],
    )
    calendar = situation.calendar(changed["hours"]) if changed["hours"] else None
    return replace(heard, terms=agreed, calendar=calendar)


def _silent_since(events: Sequence[TicketEvent]) -> datetime | None:
    spoken = [event.at for event in events if _SPEAKS.intersection(event.clocks)]
    return spoken[-1] if spoken else None
