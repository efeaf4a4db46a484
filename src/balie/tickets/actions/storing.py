"""What every write on a ticket ends with: the event, the clocks, the row, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from balie import events as bus
from balie.live.actions import publish as tell_screens
from balie.prepared import insert
from balie.rules import lifecycle
from balie.rules.lifecycle import Move, State
from balie.rules.sla import EventKind, kinds_of
from balie.tickets import clocks
from balie.tickets.events import StateChanged
from balie.tickets.facts import Situation
from balie.tickets.models import Message, Ticket, TicketEvent


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends: two at once come one after the other."""
    return (
        Ticket.objects.select_for_update(of=("self",)).select_related("category", "contact").get(pk=ticket.pk)
    )


def happened(
    ticket: Ticket,
    kind: str,
    who: object,
    at: datetime,
    *,
    message: Message | None = None,
    clocks: Sequence[EventKind] = (),
    **data: Any,
) -> None:
    """Write down that something happened, and what it means to the clocks."""
    insert(
        TicketEvent(
            ticket=ticket,
            at=at,
            kind=kind,
            clocks=list(clocks),
            who=str(who or ""),
            message=message,
            data={key: value for key, value in data.items() if value},
        )
    )


def moved(
    ticket: Ticket,
    what: Move,
    outcome: lifecycle.Outcome,
    who: object,
    situation: Situation,
    *,
    message: Message | None = None,
    because: str = "",
    is_heard: bool = True,
) -> None:
    """Bring the ticket into the state of `outcome`. A move that is not heard starts and stops no clock."""
    heard = kinds_of(what, outcome.state, with_message=message is not None) if is_heard else ()
    happened(ticket, what.value, who, situation.now, message=message, clocks=heard, because=because)
    if outcome.state not in lifecycle.ENDED:
        ticket.closed_at = None
    elif ticket.closed_at is None:
        ticket.closed_at = situation.now
    ticket.state, ticket.initiative = outcome.state.value, outcome.initiative.value
    store(ticket, situation)


def store(ticket: Ticket, situation: Situation) -> None:
    """Save the ticket with its clocks recomputed from its events, and let the screens look again."""
    clocks.wind(ticket, situation)
    ticket.changed_at = situation.now
    ticket.save()
    let_screens_look(ticket)


def let_screens_look(ticket: Ticket) -> None:
    """Tell the queue and the open pages of this ticket that it changed."""
    tell_screens("queue", f"ticket-{ticket.pk}", data={"ticket": ticket.number})


def tell_state(
    ticket: Ticket, before: State, at: datetime, *, because: str = "", answered: bool = False
) -> None:
    """Publish the new state, when it is another than `before`."""
    after = State(ticket.state)
    if after is not before:
        bus.publish(StateChanged(ticket, before, after, at, because=because, answered=answered))
