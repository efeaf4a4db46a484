"""What an agent puts right on a ticket: what it is about, whether it is urgent, where the customer is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.rules import urgency_raised
from balie.rules.call_backs import Standing
from balie.rules.decision import Decision
from balie.rules.entitlement import decide_received
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import clocks
from balie.tickets.actions.reaching import CallWish, keep_call_wish
from balie.tickets.actions.storing import happened, locked, store
from balie.tickets.events import UrgencyRaised
from balie.tickets.facts import Situation
from balie.tickets.models import CallRequest, Category, Ticket


@transaction.atomic
def change_topic(ticket: Ticket, *, to: Category | None, by: User, situation: Situation) -> Ticket:
    """Say what a ticket is about. The decision that it was made under stays."""
    ticket = locked(ticket)
    before = ticket.category
    if before == to:
        return ticket
    ticket.category = to
    happened(ticket, "change_topic", by, situation.now, to=str(to or ""), before=str(before or ""))
    store(ticket, situation)
    record("change_topic", ticket, by=by, now=situation.now, topic=[_key(before), _key(to)])
    return ticket


@transaction.atomic
def raise_urgency(ticket: Ticket, *, by: User, situation: Situation) -> Ticket:
    """Let a ticket go before everything else, at the surcharge of now; raises `NotEntitled` (IB-11) and `HasEnded`.

    It keeps its promise. A second time changes nothing.
    """
    ticket = locked(ticket)
    if ticket.urgent:
        return ticket
    raised = urgency_raised.raised(
        clocks.decision_of(ticket),
        State(ticket.state),
        calm=_decide(ticket, situation, urgent=False),
        urgent=_decide(ticket, situation, urgent=True),
    )
    happened(ticket, "raise_urgency", by, situation.now, before=ticket.decision)
    ticket.urgent = True
    ticket.decision = {
        **ticket.decision,
        "wish": {**ticket.decision["wish"], "urgent": True},
        "decision": raised.as_json(),
    }
    store(ticket, situation)
    record("raise_urgency", ticket, by=by, now=situation.now)
    bus.publish(UrgencyRaised(ticket, situation.now))
    return ticket


@transaction.atomic
def change_call(ticket: Ticket, *, to: CallWish, by: User, situation: Situation) -> Ticket:
    """Call another number, connect with another computer, at other times."""
    ticket = locked(ticket)
    kept = CallRequest.objects.filter(ticket=ticket).first()
    if kept is not None and (kept.phone, kept.anydesk) == (to.phone, to.anydesk) and not to.times:
        return ticket
    times = to.times or _times_of(kept)
    if kept is not None:
        kept.delete()
    keep_call_wish(ticket, replace(to, times=times))
    ticket.call_backs.filter(standing=Standing.PLANNED).update(phone=to.phone, anydesk=to.anydesk)
    happened(ticket, "change_call", by, situation.now)
    store(ticket, situation)
    record("change_call", ticket, by=by, now=situation.now)
    return ticket


def _decide(ticket: Ticket, situation: Situation, *, urgent: bool) -> Decision:
    """Today's decision; the quota is left out of it, because this ticket has been counted already."""
    facts = replace(situation.facts(ticket.customer), tickets_this_month=0, reactions_on_ticket=0)
    wish = Wish(
        channel=Channel(ticket.channel),
        topic=ticket.category.key if ticket.category else None,
        answer_mode=AnswerMode(ticket.answer_mode),
        billing_mode=BillingMode(ticket.billing_mode),
        urgent=urgent,
    )
    return decide_received(facts, wish, situation.desk, at=situation.now)


def _times_of(kept: CallRequest | None) -> Sequence[tuple[datetime, datetime]]:
    return [(each.starts_at, each.ends_at) for each in kept.preferred_times.all()] if kept else []


def _key(topic: Category | None) -> str | None:
    return topic.key if topic else None
