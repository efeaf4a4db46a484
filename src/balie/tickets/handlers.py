"""What tickets do when something happens to a customer, or to a ticket; `config.wiring` connects them."""

from __future__ import annotations

from balie.contracts.events import CreditBooked
from balie.customers.events import ContactPlaced
from balie.desk.queries import the_desk
from balie.rules.lifecycle import ENDED
from balie.rules.wishes import AnswerMode
from balie.tickets import actions
from balie.tickets.events import StateChanged, TicketOpened
from balie.tickets.facts import Situation


def on_contact_placed(event: ContactPlaced) -> None:
    actions.bring_along(event.contact, by=event.by, now=event.at)


def on_credit_booked(event: CreditBooked) -> None:
    """What waited for the payment begins (IB-19)."""
    booking = event.booking
    if booking.balance > 0:
        situation = Situation(the_desk(), now=event.at)
        actions.begin_paid(booking.customer, by=booking.by, situation=situation)


def on_ticket_opened(event: TicketOpened) -> None:
    """The call that the customer asked for is planned, unless something stands before it (IB-15)."""
    if event.ticket.answer_mode != AnswerMode.SITE:
        actions.plan_first(event.ticket, situation=Situation(event.desk, now=event.at))


def on_state_changed(event: StateChanged) -> None:
    """A ticket that ended is called about no more; one that was accepted or paid gets its call (IB-19, IB-20)."""
    if event.after in ENDED:
        actions.cancel_planned(event.ticket, now=event.at)
    elif event.ticket.answer_mode != AnswerMode.SITE:
        actions.plan_first(event.ticket, situation=Situation(the_desk(), now=event.at))
