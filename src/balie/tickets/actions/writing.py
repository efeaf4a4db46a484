"""Writing on a ticket: an answer, a note, what the customer or a program sends."""

from __future__ import annotations

from django.db import transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.rules import entitlement, lifecycle
from balie.rules.customer_facts import CustomerFacts
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.wishes import AnswerMode, Channel, Wish
from balie.tickets import clocks
from balie.tickets.actions.copies import add_copies
from balie.tickets.actions.drafting import end_draft
from balie.tickets.actions.messages import Writing, refuse_when_newer, sent_before, write
from balie.tickets.actions.opening import open, take_in
from balie.tickets.actions.storing import happened, locked, moved, store, tell_state
from balie.tickets.events import AnswerWritten
from balie.tickets.facts import Situation, reactions_on
from balie.tickets.models import Message, Ticket
from balie.tickets.replies import outcome_of_reply


@transaction.atomic
def reply(
    ticket: Ticket, *, writing: Writing, by: User, seen: int, situation: Situation, move: Move = Move.ANSWER
) -> Message:
    """Answer the customer as an agent (`Move.ANSWER`, `ASK_BACK` or `SOLVE`).

    `seen` is the newest message that the agent saw; raises `SomebodyWasFirst` when there is a newer public one.
    """
    ticket = locked(ticket)
    if already := sent_before(writing):
        return already
    refuse_when_newer(ticket, seen)
    return give_answer(ticket, writing=writing, by=by, move=move, situation=situation)


def give_answer(ticket: Ticket, *, writing: Writing, by: User, move: Move, situation: Situation) -> Message:
    """Answer on a locked ticket, whatever was written on it meanwhile."""
    before = State(ticket.state)
    outcome = lifecycle.move(before, move, answer_mode=AnswerMode(ticket.answer_mode), by=Actor.AGENT)
    message = write(ticket, writing, now=situation.now, agent=by)
    if writing.copies or writing.blind_copies:
        add_copies(ticket, message, writing)
    if ticket.assigned_to_id is None:
        ticket.assigned_to = by
    moved(ticket, move, outcome, by, situation, message=message)
    record("answer", ticket, by=by, now=situation.now, message=message.pk, move=move.value)
    bus.publish(AnswerWritten(ticket, message, situation.now))
    tell_state(ticket, before, situation.now, answered=True)
    return message


@transaction.atomic
def note(ticket: Ticket, *, writing: Writing, by: User | None, situation: Situation) -> Message:
    """Leave a note that only the desk sees; without `by` Balie itself leaves it."""
    ticket = locked(ticket)
    if already := sent_before(writing):
        return already
    message = write(ticket, writing, now=situation.now, agent=by, is_internal=True)
    happened(ticket, "note", by, situation.now, message=message)
    store(ticket, situation)
    record("note", ticket, by=by, now=situation.now, message=message.pk)
    return message


@transaction.atomic
def receive(
    ticket: Ticket,
    contact: Contact,
    *,
    channel: Channel,
    writing: Writing,
    situation: Situation,
    confirm: bool = True,
) -> Ticket:
    """Take in a customer's message. Answers the ticket it landed on: a new one when the old ended long ago (IB-23).

    Over the quota of reactions or of tickets (IB-10) a mail is kept and starts no clock; any other channel raises
    `NotEntitled`.
    """
    ticket = locked(ticket)
    if already := sent_before(writing):
        return already.ticket
    before = State(ticket.state)
    outcome = outcome_of_reply(ticket, situation)
    if isinstance(outcome, lifecycle.NewLinkedTicket):
        wish = Wish(channel, ticket.category.key if ticket.category else None, AnswerMode(ticket.answer_mode))
        if channel is Channel.MAIL:
            return take_in(
                contact,
                wish,
                subject=ticket.subject,
                writing=writing,
                situation=situation,
                follows=ticket,
                confirm=confirm,
            )
        return open(
            contact,
            wish,
            subject=ticket.subject,
            writing=writing,
            by=contact.user,
            situation=situation,
            follows=ticket,
        )
    reaction = decide_reaction(ticket, situation)
    if channel is not Channel.MAIL:
        reaction.demand()
    message = write(ticket, writing, now=situation.now, contact=contact, channel=channel)
    if writing.draft is not None:
        end_draft(contact, writing.draft)
    what = Move.REOPEN if before in lifecycle.ENDED else Move.REPLY
    moved(ticket, what, outcome, contact, situation, message=message, is_heard=reaction.allowed)
    record("reply", ticket, by=str(contact), now=situation.now, message=message.pk)
    tell_state(ticket, before, situation.now)
    return ticket


@transaction.atomic
def file_automatic(
    ticket: Ticket, contact: Contact | None, *, writing: Writing, situation: Situation
) -> Message:
    """Keep a machine's message with its ticket: no state changes, no clock starts, nobody is answered."""
    ticket = locked(ticket)
    message = write(ticket, writing, now=situation.now, contact=contact, channel=Channel.MAIL)
    happened(ticket, "automatic_mail", contact, situation.now, message=message)
    store(ticket, situation)
    return message


def decide_reaction(ticket: Ticket, situation: Situation) -> entitlement.Decision:
    """Whether the customer may write once more on this ticket (IB-10)."""
    facts = CustomerFacts(reactions_on_ticket=reactions_on(ticket))
    return entitlement.decide_reaction(clocks.decision_of(ticket), facts, situation.desk)
