"""Phone numbers that customers handed in: confirmed or refused by the desk (IB-02)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers import phone_numbers
from balie.customers.models import PhoneNumber
from balie.customers.numbers import as_people_write
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.customer_forms import RefusedNumber

SHOWN = 100


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
