"""What follows from a ticket's events: when an answer is due, when we are warned, when it closes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from balie.rules import lifecycle, sla
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket, TicketEvent

CLOSING_ANNOUNCED = "closing_announced"
_SPEAKS = frozenset({sla.EventKind.ANSWERED, sla.EventKind.SOLVED, sla.EventKind.WAITING})


def assess(ticket: Ticket, situation: Situation, events: Iterable[TicketEvent] | None = None) -> sla.Clocks:
    """The clocks of a ticket at the situation's moment, under the decision that the ticket keeps."""
    decision = decision_of(ticket)
    terms = sla.Terms.of(decision, warn_before_minutes=situation.settings.warn_before_minutes)
    calendar = situation.calendar(decision.hours) if decision.hours else None
    rows = ticket.events.all() if events is None else events
    return sla.assess(list(_heard_by_clocks(rows)), terms, calendar, now=situation.now)


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


def _heard_by_clocks(events: Iterable[TicketEvent]) -> Iterable[sla.SlaEvent]:
    """One event of a ticket may mean several things to the clocks, in order."""
    for event in events:
        for step, kind in enumerate(event.clocks):
            yield sla.SlaEvent(sla.EventKind(kind), event.at, (event.pk or 0) * 10 + step)


def _silent_since(events: Sequence[TicketEvent]) -> datetime | None:
    spoken = [event.at for event in events if _SPEAKS.intersection(event.clocks)]
    return spoken[-1] if spoken else None
