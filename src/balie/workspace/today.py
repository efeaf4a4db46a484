"""What would be decided today about a ticket's wish, when that differs from what the ticket keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from balie.rules.decision import Decision
from balie.rules.differences import differences
from balie.rules.entitlement import decide_received
from balie.rules.lifecycle import ENDED
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import clocks
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Today:
    """Today's decision, and what in it differs from the one that the ticket keeps."""

    decision: Decision
    differences: Sequence[Reason]


def today_of(ticket: Ticket, situation: Situation) -> Today | None:
    """`None` when nothing would be otherwise, and for a ticket that has ended or belongs to nobody yet.

    The quota is left out of it: this ticket and its messages have been counted already.
    """
    kept = clocks.decision_of(ticket)
    if ticket.customer is None or ticket.state in ENDED or _was_over_quota(kept):
        return None
    facts = replace(situation.facts(ticket.customer), tickets_this_month=0, reactions_on_ticket=0)
    decision = decide_received(facts, wish_of(ticket), situation.desk, at=situation.now)
    found = differences(kept, decision, situation.desk)
    return Today(decision, found) if found else None


def wish_of(ticket: Ticket) -> Wish:
    """What the ticket asks for now: its urgency may have been taken back, its topic changed."""
    return Wish(
        channel=Channel(ticket.channel),
        topic=ticket.category.key if ticket.category else None,
        answer_mode=AnswerMode(ticket.answer_mode),
        billing_mode=BillingMode(ticket.billing_mode),
        urgent=ticket.urgent,
    )


def _was_over_quota(kept: Decision) -> bool:
    return kept.refusal is not None and kept.refusal.rule == "IB-10"
