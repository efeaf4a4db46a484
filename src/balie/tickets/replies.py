"""What a customer's message would do to a ticket (IB-23): asked here for the site and for mail alike."""

from __future__ import annotations

from balie.rules import lifecycle
from balie.rules.lifecycle import NewLinkedTicket, Outcome, State
from balie.rules.wishes import AnswerMode
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


def outcome_of_reply(ticket: Ticket, situation: Situation) -> Outcome | NewLinkedTicket:
    """It goes on, opens again, or becomes a new ticket that refers to this one."""
    return lifecycle.receive_reply(
        State(ticket.state),
        answer_mode=AnswerMode(ticket.answer_mode),
        since=ticket.closed_at or ticket.changed_at,
        zone=situation.row.zone,
        settings=situation.settings,
        now=situation.now,
    )
