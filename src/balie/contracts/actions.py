"""Every write on what a customer bought: its credit account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.contracts.events import CreditBooked
from balie.contracts.models import CreditBooking, CustomerTerms
from balie.customers.models import Customer
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


class NotEnoughCredit(Refusal):
    """More minutes would go out than there are."""

    def __init__(self, balance: int) -> None:
        self.balance = balance
        super().__init__(
            Reason(
                _("There are %(balance)s minutes on the account; more than that cannot go off."),
                {"balance": balance},
                "IB-19",
                "customer.prepaid_minutes",
            ),
            Reason(
                _("Take off %(balance)s minutes at the most, or first book the payment."),
                {"balance": balance},
            ),
        )


@transaction.atomic
def book_credit(
    customer: Customer,
    *,
    minutes: int,
    because: str,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
) -> CreditBooking:
    """Book minutes into a customer's credit account, or out of it when they are negative (IB-19).

    `submission` is made with the form: the same form sent twice, also at the same moment, is one booking. Raises
    `NotEnoughCredit`. What waits for the payment starts when there is credit: `tickets.handlers` listens.
    """
    _one_at_a_time(customer)
    if submission and (already := CreditBooking.objects.filter(submission=submission).first()):
        return already
    terms, _created = CustomerTerms.objects.select_for_update().get_or_create(customer=customer)
    balance = terms.prepaid_minutes + minutes
    if balance < 0:
        raise NotEnoughCredit(terms.prepaid_minutes)
    terms.prepaid_minutes = balance
    terms.save(update_fields=["prepaid_minutes"])
    booking = CreditBooking.objects.create(
        customer=customer,
        minutes=minutes,
        balance=balance,
        because=because,
        by=by,
        booked_at=now,
        submission=submission,
    )
    record("book_credit", customer, by=by, now=now, minutes=minutes, balance=balance, because=because)
    bus.publish(CreditBooked(booking, now))
    return booking


def _one_at_a_time(customer: Customer) -> None:
    """Let bookings, and questions that look for credit, come one after the other for one customer."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
