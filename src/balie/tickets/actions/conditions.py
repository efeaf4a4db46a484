"""What a ticket waits for before its clock starts: the desk's word (IB-20), a payment or credit (IB-19)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Customer
from balie.rules import lifecycle
from balie.rules.decision import Condition
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.price_basis import PriceBasis
from balie.rules.wishes import AnswerMode
from balie.tickets import clocks
from balie.tickets.actions.messages import refuse_when_newer
from balie.tickets.actions.moving import move
from balie.tickets.actions.storing import locked, moved, tell_state
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


@transaction.atomic
def accept(ticket: Ticket, *, by: User, situation: Situation, seen: int | None = None) -> Ticket:
    """Accept a request that the customer could not demand (IB-20); raises `lifecycle.MoveNotAllowed`.

    Prepaid work then waits for the payment, unless there is credit. With `seen`, the newest message that the person
    saw, also `SomebodyWasFirst`.
    """
    ticket = locked(ticket)
    if seen is not None:
        refuse_when_newer(ticket, seen)
    before = State(ticket.state)
    for what in _steps(ticket, situation):
        mode = AnswerMode(ticket.answer_mode)
        outcome = lifecycle.move(State(ticket.state), what, answer_mode=mode, by=Actor.AGENT)
        moved(ticket, what, outcome, by, situation)
    record("accept", ticket, by=by, now=situation.now, state=ticket.state)
    tell_state(ticket, before, situation.now)
    return ticket


@transaction.atomic
def begin_paid(customer: Customer, *, by: User | None, situation: Situation) -> int:
    """Begin everything of a customer that waits for its payment, the oldest first; answers how many (IB-19)."""
    waiting = Ticket.objects.select_for_update().filter(customer=customer, state=State.AWAITING_PAYMENT)
    tickets = list(waiting.order_by("opened_at", "pk"))
    for ticket in tickets:
        move(ticket, Move.PAY, actor=Actor.SYSTEM, by=by, situation=situation)
    return len(tickets)


def _steps(ticket: Ticket, situation: Situation) -> Sequence[Move]:
    """The moves that accepting comes to."""
    if State(ticket.state) is not State.AWAITING_ACCEPTANCE or not _is_prepaid(ticket):
        return (Move.ACCEPT,)
    situation.forget(ticket.customer)
    has_credit = situation.facts(ticket.customer).prepaid_minutes > 0
    return (Move.ASK_PAYMENT, Move.PAY) if has_credit else (Move.ASK_PAYMENT,)


def _is_prepaid(ticket: Ticket) -> bool:
    """Whether the payment comes first; credit of the day on which it was asked may be gone by now."""
    decision = clocks.decision_of(ticket)
    return decision.price is PriceBasis.PREPAID or Condition.PAYMENT in decision.waits_for
