"""The customer keeps its own phone numbers: from these a call is put through (IB-02)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.customers import number_codes, phone_numbers
from balie.customers.numbers import as_people_write
from balie.portal.helpdesk import may_keep_numbers, page
from balie.portal.phone_number_form import NumberForm
from balie.portal.visitors import CustomerVisit, customers_only
from balie.rules.refusals import Refusal


@customers_only
@require_POST
def hand_in(request: CustomerVisit) -> HttpResponse:
    """Hand in a number. One that cannot be read comes back as it was typed, with the reason."""
    if not may_keep_numbers(request):
        raise Http404
    form = NumberForm(request.POST)
    if not form.is_valid():
        return page(request, number=form, status=422)
    try:
        number = phone_numbers.hand_in(
            request.contact,
            form.cleaned_data["number"],
            label=form.cleaned_data["label"],
            country=request.desk.country,
            now=request.now,
        )
    except Refusal as refusal:
        return page(request, number=form, refusal=refusal, status=422)
    written = as_people_write(number.e164, country=request.desk.country)
    said = (
        _("%(number)s is registered already.")
        if number.registered_on
        else _("%(number)s is handed in. You get a mail when the desk has confirmed it.")
    )
    messages.success(request, said % {"number": written})
    return redirect(reverse("my_helpdesk") + "#numbers")


@customers_only
@require_POST
def remove(request: CustomerVisit, key: int) -> HttpResponse:
    """Take a number off the list; the page asked for a confirmation."""
    if not may_keep_numbers(request):
        raise Http404
    number = phone_numbers.remove(request.contact, key, now=request.now)
    written = as_people_write(number.e164, country=request.desk.country)
    messages.success(request, _("%(number)s is off the list.") % {"number": written})
    return redirect(reverse("my_helpdesk") + "#numbers")


@customers_only
@require_POST
def code(request: CustomerVisit, key: int) -> HttpResponse:
    """Confirm a number with the code that the desk read out when it phoned that number (IB-02)."""
    if not may_keep_numbers(request):
        raise Http404
    try:
        number = number_codes.confirm_by_code(
            request.contact, key, request.POST.get("code", ""), now=request.now
        )
    except Refusal as refusal:
        return page(request, refusal=refusal, code_for=key, status=422)
    written = as_people_write(number.e164, country=request.desk.country)
    messages.success(request, _("%(number)s is registered.") % {"number": written})
    return redirect(reverse("my_helpdesk") + "#numbers")
