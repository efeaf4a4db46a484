"""Phone numbers of customers: confirmed or refused by the desk, or entered by it (IB-02)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers import number_codes, phone_numbers, phone_ranges
from balie.customers.models import Customer, PhoneNumber
from balie.customers.numbers import as_people_write
from balie.rules.refusals import Refusal
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.customer import page as customer_page
from balie.workspace.customer_forms import NewNumber, NewRange, NumberLabel, RefusedNumber

SHOWN = 100
LONGEST_LABEL = 60
HOURS = number_codes.GOOD_FOR // timedelta(hours=1)


@agents_only
@require_safe
def numbers(request: AgentRequest) -> HttpResponse:
    """Every number that waits for the desk, the oldest first."""
    return _page(request)


@agents_only
@require_POST
def confirm(request: AgentRequest, key: int) -> HttpResponse:
    """Register a number: calls from it are put through from now on."""
    number = phone_numbers.confirm(key, by=request.user, now=request.now)
    return _done(request, number, _("%(number)s of %(customer)s is registered."))


@agents_only
@require_POST
def refuse(request: AgentRequest, key: int) -> HttpResponse:
    """Do not register a number, with the reason that the customer reads."""
    form = RefusedNumber(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tell the customer why: a number is refused with a reason."))
        return _page(request, status=422)
    number = phone_numbers.refuse(key, because=form.cleaned_data["because"], by=request.user, now=request.now)
    return _done(request, number, _("%(number)s of %(customer)s is not registered; the customer reads why."))


@agents_only
@require_POST
def make_code(request: AgentRequest, key: int) -> HttpResponse:
    """Show a code once: the agent phones the number and reads it out (IB-02)."""
    number, code = number_codes.make_code(key, by=request.user, now=request.now)
    written = as_people_write(number.e164, country=request.desk.country)
    context = {
        "number": number,
        "written": written,
        "code": code,
        "hours": HOURS,
        "tries": number_codes.MOST_TRIES,
    }
    answer = render(request, "workspace/number_code.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@agents_only
@require_POST
def register(request: AgentRequest, key: int) -> HttpResponse:
    """Register a number of a customer at once."""
    customer = get_object_or_404(Customer, pk=key)
    form = NewNumber(request.POST)
    if not form.is_valid():
        return customer_page(request, customer, number=form, status=422)
    given = form.cleaned_data
    try:
        number = phone_numbers.register(
            customer,
            given["number"],
            label=given["label"],
            by=request.user,
            country=request.desk.country,
            now=request.now,
        )
    except Refusal as refusal:
        return customer_page(request, customer, number=form, number_refusal=refusal, status=422)
    return _done(request, number, _("%(number)s of %(customer)s is registered."))


@agents_only
@require_POST
def relabel(request: AgentRequest, key: int) -> HttpResponse:
    """Say where or whose a number is."""
    form = NumberLabel(request.POST)
    label = form.cleaned_data["label"] if form.is_valid() else request.POST.get("label", "")[:LONGEST_LABEL]
    number = phone_numbers.relabel(key, label=label, by=request.user, now=request.now)
    return _done(request, number, _("What %(number)s of %(customer)s is called is kept."))


@agents_only
@require_POST
def take_off(request: AgentRequest, key: int) -> HttpResponse:
    """Take a number off, with the way back."""
    number = phone_numbers.take_off(key, by=request.user, now=request.now)
    written = as_people_write(number.e164, country=request.desk.country)
    said = _("%(number)s is off the list: a call from it is put through no longer.") % {"number": written}
    back = reverse("number_register", args=[number.customer_id])
    if number.registered_on is None:
        messages.success(request, said)
    else:
        undo.offer(request, back, said, _("Undo"), {"number": number.e164, "label": number.label})
    return redirect("customer", number.customer_id)


@agents_only
@require_POST
def register_range(request: AgentRequest, key: int) -> HttpResponse:
    """Register all numbers of a company's exchange."""
    customer = get_object_or_404(Customer, pk=key)
    form = NewRange(request.POST)
    if not form.is_valid():
        return customer_page(request, customer, number_range=form, status=422)
    given = form.cleaned_data
    try:
        phone_ranges.register_range(
            customer,
            given["first"],
            given["last"],
            label=given["label"],
            by=request.user,
            country=request.desk.country,
            now=request.now,
        )
    except Refusal as refusal:
        return customer_page(request, customer, number_range=form, number_refusal=refusal, status=422)
    messages.success(request, _("The range is registered: a call from any of its numbers is recognised."))
    return redirect("customer", key)


@agents_only
@require_POST
def take_off_range(request: AgentRequest, key: int) -> HttpResponse:
    """Take a range off, with the way back."""
    gone = phone_ranges.take_off_range(key, by=request.user, now=request.now)
    fields = {"first": gone.first, "last": gone.last, "label": gone.label}
    back = reverse("range_register", args=[gone.customer_id])
    undo.offer(request, back, _("The range is off the list."), _("Undo"), fields)
    return redirect("customer", gone.customer_id)


def _page(request: AgentRequest, *, status: int = 200) -> HttpResponse:
    context = {"pending": phone_numbers.waiting()[:SHOWN]}
    return render(request, "workspace/numbers.html", context, status=status)


def _done(request: AgentRequest, number: PhoneNumber, said: str) -> HttpResponse:
    """Back to where it was decided: the list, or the page of the customer."""
    written = as_people_write(number.e164, country=request.desk.country)
    messages.success(request, said % {"number": written, "customer": number.customer})
    if request.POST.get("from") == "list":
        return redirect("numbers")
    return redirect("customer", number.customer_id)
