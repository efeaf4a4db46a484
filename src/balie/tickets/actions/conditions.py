"""What a ticket waits for before its clock starts: the desk's word (IB-20), a payment or credit (IB-19)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.contracts.actions import book_credit
from balie.contracts.models import CreditBooking
from balie.customers.models import Customer
from balie.rules import lifecycle
from balie.rules.decision import Condition
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode
from balie.tickets import clocks
from balie.tickets.actions.messages import refuse_when_newer
from balie.tickets.actions.moving import move
from balie.tickets.actions.storing import locked, moved, tell_state
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket


class NotPlaced(Refusal):
    """There is no account to book on."""

    def __init__(self) -> None:
        super().__init__(
            Reason(_("The sender belongs to no customer yet, so there is no account to book on.")),
            Reason(_("Place the sender at a customer first.")),
        )


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


@transaction.atomic
def book_payment(
    ticket: Ticket,
    *,
    minutes: int,
    because: str,
    by: User,
    situation: Situation,
    submission: UUID | None = None,
) -> CreditBooking:
    """Book what a customer paid for a ticket that waits for it on its account; the ticket then begins (IB-19).

    The same `submission` twice is one booking. Raises `NotPlaced` for a sender who belongs to no customer, and
    `lifecycle.MoveNotAllowed` when the ticket waits for no payment, or not any more.
    """
    if ticket.customer is None:
        raise NotPlaced()
    # The account first, as everybody who books does: two who book at once come one after the other.
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=ticket.customer.pk)
    if submission and (already := CreditBooking.objects.filter(submission=submission).first()):
        return already
    ticket.refresh_from_db(fields=["state"])
    mode = AnswerMode(ticket.answer_mode)
    lifecycle.move(State(ticket.state), Move.PAY, answer_mode=mode, by=Actor.AGENT)
    return book_credit(
        ticket.customer,
        minutes=minutes,
        because=f"#{ticket.number}: {because}",
        by=by,
        now=situation.now,
        submission=submission,
    )


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
