"""Moving a ticket: to another state, to another person, to its end."""

from __future__ import annotations

from django.db import transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.rules import lifecycle
from balie.rules.call_backs import Standing
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.wishes import AnswerMode
from balie.tickets import clocks
from balie.tickets.actions.messages import refuse_when_newer
from balie.tickets.actions.storing import happened, locked, moved, store, tell_state
from balie.tickets.events import ClosingAnnounced
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


@transaction.atomic
def move(
    ticket: Ticket,
    what: Move,
    *,
    actor: Actor,
    by: User | Contact | None,
    situation: Situation,
    because: str = "",
    seen: int | None = None,
) -> Ticket:
    """Move a ticket to another state; raises `lifecycle.MoveNotAllowed`.

    With `seen`, the newest message that the person saw, also `SomebodyWasFirst`: nobody closes what they did not read.
    """
    ticket = locked(ticket)
    if seen is not None:
        refuse_when_newer(ticket, seen)
    before = State(ticket.state)
    outcome = lifecycle.move(before, what, answer_mode=AnswerMode(ticket.answer_mode), by=actor)
    moved(ticket, what, outcome, by, situation, because=because)
    record(
        what.value,
        ticket,
        by=by if isinstance(by, User) else str(by or ""),
        now=situation.now,
        because=because,
    )
    tell_state(ticket, before, situation.now, because=because)
    return ticket


@transaction.atomic
def assign(ticket: Ticket, *, to: User | None, by: User, situation: Situation) -> Ticket:
    """Give a ticket to an agent, or back to nobody; the calls that whoever had it would make go along."""
    ticket = locked(ticket)
    planned = ticket.call_backs.filter(standing=Standing.PLANNED, owner=ticket.assigned_to)
    planned.update(owner=to, reminded_at=None)
    ticket.assigned_to = to
    agent = to.active_agent if to else None
    if agent and agent.team_id:
        ticket.team_id = agent.team_id
    happened(ticket, "assign", by, situation.now, to=str(to) if to else None)
    store(ticket, situation)
    record("assign", ticket, by=by, now=situation.now, to=to.pk if to else None)
    return ticket


@transaction.atomic
def announce_closing(ticket: Ticket, *, situation: Situation) -> bool:
    """Warn a silent customer that its ticket closes (IB-23). Safe to run twice; answers whether it warned."""
    ticket = locked(ticket)
    if ticket.warn_closing_at is None or ticket.warn_closing_at > situation.now:
        return False
    happened(ticket, clocks.CLOSING_ANNOUNCED, None, situation.now)
    clocks.wind(ticket, situation)
    ticket.save()
    bus.publish(ClosingAnnounced(ticket, situation.now))
    return True


@transaction.atomic
def close_silent(ticket: Ticket, *, situation: Situation) -> bool:
    """Close a ticket whose customer stayed silent after the warning (IB-23). Safe twice; answers whether it did."""
    ticket = locked(ticket)
    is_due = ticket.closes_at is not None and ticket.closes_at <= situation.now
    if not is_due or ticket.warn_closing_at is not None:
        return False
    move(ticket, Move.CLOSE_BY_ITSELF, actor=Actor.SYSTEM, by=None, situation=situation)
    return True
