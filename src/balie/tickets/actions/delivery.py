"""What the desk must know of its own mail about a ticket."""

from __future__ import annotations

from datetime import datetime

from balie.tickets.actions.storing import happened, let_screens_look
from balie.tickets.models import Ticket


def tell_undelivered(ticket: Ticket, *, recipient: str, now: datetime) -> None:
    """Put on the record that a mail to `recipient` did not arrive; open pages look again. No clock minds it."""
    happened(ticket, "undelivered", None, now, to=recipient)
    let_screens_look(ticket)
