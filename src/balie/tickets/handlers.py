"""What tickets do when something happens to a customer; `config.wiring` connects them."""

from __future__ import annotations

from balie.contracts.events import CreditBooked
from balie.customers.events import ContactPlaced
from balie.desk.queries import the_desk
from balie.tickets import actions
from balie.tickets.facts import Situation


def on_contact_placed(event: ContactPlaced) -> None:
    actions.bring_along(event.contact, by=event.by, now=event.at)


def on_credit_booked(event: CreditBooked) -> None:
    """What waited for the payment begins (IB-19)."""
    booking = event.booking
    if booking.balance > 0:
        situation = Situation(the_desk(), now=event.at)
        actions.begin_paid(booking.customer, by=booking.by, situation=situation)
