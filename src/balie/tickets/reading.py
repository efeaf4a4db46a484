"""Reading what belongs to one ticket."""

from __future__ import annotations

from balie.rules.wishes import AnswerMode
from balie.tickets.models import CallRequest, Ticket


def call_request_of(ticket: Ticket) -> CallRequest | None:
    """Where and when the customer wants to be called; `None` for an answer on the site. At most two queries."""
    if ticket.answer_mode == AnswerMode.SITE:
        return None
    return CallRequest.objects.prefetch_related("preferred_times").filter(ticket=ticket).first()
