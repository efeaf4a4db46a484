"""Booking what a customer paid for one ticket: on its account, so that the ticket begins (IB-19)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from balie.customers.models import Customer
from balie.rules.lifecycle import State
from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.tickets.models import Ticket
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.customer_forms import Payment
from balie.workspace.ticket import page
from balie.workspace.wording import of_booking


@agents_only
@require_POST
def paid(request: AgentRequest, number: int) -> HttpResponse:
    """Book the payment on the account of the ticket's customer."""
    ticket = access.ticket_for(request.user, number)
    form = Payment(request.POST)
    if not form.is_valid():
        return page(request, ticket, payment=form, status=422)
    waited = waiting_for_payment(ticket.customer)
    try:
        booking = actions.book_payment(
            ticket,
            minutes=form.cleaned_data["minutes_booked"],
            because=form.cleaned_data["because"],
            by=request.user,
            situation=situation_of(request),
            submission=form.cleaned_data["submission"],
        )
    except Refusal as refusal:
        return page(request, access.ticket_for(request.user, number), refusal=refusal, status=422)
    begun = waited - waiting_for_payment(ticket.customer)
    messages.success(request, of_booking(booking.minutes, booking.balance, begun=begun))
    return redirect("ticket", number)


def waiting_for_payment(customer: Customer | None) -> int:
    """How many tickets of a customer wait for its payment."""
    waiting = Ticket.objects.filter(customer=customer, state=State.AWAITING_PAYMENT)
    return waiting.count() if customer is not None else 0
