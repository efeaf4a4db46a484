"""The page of a customer: how it stands, its tickets, its credit, the phone numbers that it handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from balie.contracts.actions import book_credit
from balie.contracts.models import CreditBooking
from balie.customers import phone_numbers
from balie.customers.models import Customer
from balie.customers.numbers import as_people_write
from balie.mail import bounces
from balie.mail.outbox import stays_in_folder
from balie.mail.queries import undelivered_to
from balie.rules.refusals import Refusal
from balie.tickets import queries
from balie.tickets.models import Ticket
from balie.workspace import calls, wording
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.customer_forms import Booking, NewNumber, NewRange
from balie.workspace.delivery import delivery_of, plain_words
from balie.workspace.listing import Listing
from balie.workspace.payment import waiting_for_payment
from balie.workspace.standing import standing_of

BOOKINGS_SHOWN = 10
NUMBERS_SHOWN = 50


@agents_only
def customer(request: AgentRequest, key: int) -> HttpResponse:
    """A customer as it stands, with its newest tickets."""
    return page(request, get_object_or_404(Customer, pk=key))


@agents_only
@require_POST
def credit(request: AgentRequest, key: int) -> HttpResponse:
    """Book prepaid minutes by hand (IB-19). What waited for the payment begins at once."""
    customer = get_object_or_404(Customer, pk=key)
    form = Booking(request.POST)
    if not form.is_valid():
        return page(request, customer, booking=form, status=422)
    waited = waiting_for_payment(customer)
    try:
        booking = book_credit(
            customer,
            minutes=form.minutes,
            because=form.cleaned_data["because"],
            by=request.user,
            now=request.now,
            submission=form.cleaned_data["submission"],
        )
    except Refusal as refusal:
        return page(request, customer, booking=form, refusal=refusal, status=422)
    begun = waited - waiting_for_payment(customer)
    messages.success(request, wording.of_booking(booking.minutes, booking.balance, begun=begun))
    return redirect(reverse("customer", args=[key]) + "#credit")


def page(
    request: AgentRequest,
    customer: Customer,
    *,
    booking: Booking | None = None,
    number: NewNumber | None = None,
    number_range: NewRange | None = None,
    number_refusal: Refusal | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, with a form as it was filled in when it could not be booked."""
    tickets = queries.rows(Ticket.objects.filter(customer=customer).order_by("-id")[: queries.PAGE])
    failed = undelivered_to(customer, now=request.now)
    bookings = CreditBooking.objects.filter(customer=customer).select_related("by")
    context = {
        "standing": standing_of(customer, situation_of(request)),
        "listing": Listing.of(
            tickets, now=request.now, undelivered=[each.ticket_id for each in failed if each.ticket_id]
        ),
        "undelivered": [(delivery_of(each), each) for each in failed],
        "can_send": not stays_in_folder(request.desk),
        "bookings": bookings[: BOOKINGS_SHOWN + 1],
        "bookings_shown": BOOKINGS_SHOWN,
        "booking": booking or Booking(),
        "refusal": refusal,
        "waiting_for_payment": waiting_for_payment(customer),
        "marks": bounces.marks_of_customer(customer),
        "plain_words": plain_words,
        "phone_calls": calls.calls_of({"customers": customer}),
        **calls.words(),
        "numbers": list(
            customer.phone_numbers.select_related("contact").order_by("e164")[: NUMBERS_SHOWN + 1]
        ),
        "ranges": list(customer.phone_ranges.all()[:NUMBERS_SHOWN]),
        "also_at": phone_numbers.also_at(customer),
        "number_form": number or NewNumber(auto_id="number_%s"),
        "range_form": number_range or NewRange(auto_id="range_%s"),
        "number_refusal": number_refusal,
        "country": request.desk.country,
        "written": as_people_write,
        "pending": phone_numbers.waiting().filter(customer=customer),
    }
    return render(request, "workspace/customer.html", context, status=status)
