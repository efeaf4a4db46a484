"""Taking back that a question is urgent, before the work begins (IB-22)."""

from __future__ import annotations

from django.db import transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.rules import urgency
from balie.rules.lifecycle import State
from balie.tickets import clocks
from balie.tickets.actions.storing import happened, locked, store
from balie.tickets.events import UrgencyTakenBack
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


@transaction.atomic
def drop_urgency(ticket: Ticket, *, by: Contact | User, situation: Situation) -> Ticket:
    """Let a ticket wait its turn after all; raises `WorkHasBegun`. A second time changes nothing.

    It keeps its promise, loses the surcharge and goes to its place in the queue. The record has the decision that it
    was made under.
    """
    ticket = locked(ticket)
    if not ticket.urgent:
        return ticket
    calm = urgency.dropped(clocks.decision_of(ticket), State(ticket.state))
    happened(ticket, "drop_urgency", by, situation.now, before=ticket.decision)
    ticket.urgent = False
    ticket.decision = {
        **ticket.decision,
        "wish": {**ticket.decision["wish"], "urgent": False},
        "decision": calm.as_json(),
    }
    store(ticket, situation)
    record("drop_urgency", ticket, by=by if isinstance(by, User) else str(by), now=situation.now)
    if isinstance(by, User):
        bus.publish(UrgencyTakenBack(ticket, situation.now))
    return ticket
