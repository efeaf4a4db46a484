"""A new ticket for somebody on the phone: find the contact, write down the question, see the terms first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from balie.customers.models import Contact
from balie.customers.numbers import to_e164
from balie.rules.entitlement import decide_received
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions, queries
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import LARGEST_KEY, NewTicket
from balie.workspace.standing import standing_of

MOST_CONTACTS = 20


@agents_only
def new_ticket(request: AgentRequest) -> HttpResponse:
    """First who (`?q=…`), then what (`?contact=…`)."""
    key = request.GET.get("contact", "")
    if key:
        return _question(request, _contact(key))
    text = request.GET.get("q", "").replace("\0", "").strip()[: queries.LONGEST_SEARCH]
    page = "workspace/contacts.html" if request.htmx else "workspace/new_who.html"
    context = {"text": text, "contacts": contacts_matching(text) if text else []}
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@agents_only
def terms(request: AgentRequest, key: int) -> HttpResponse:
    """On what terms the question would be asked, as far as the form is filled in."""
    contact = _contact(str(key))
    form = NewTicket(request.POST or None)
    form.is_valid()
    wish = form.wish() if form.is_bound else Wish(Channel.PHONE)
    return render(request, "workspace/terms.html", _terms(request, contact, wish))


def contacts_matching(text: str) -> list[Contact]:
    """Active contacts by name, address, customer or phone number, at most `MOST_CONTACTS`."""
    wanted = (
        Q(name__icontains=text)
        | Q(email__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(customer__number__iexact=text)
    )
    if number := to_e164(text):
        wanted |= Q(customer__phone_numbers__e164=number)
    contacts = Contact.objects.filter(wanted, is_active=True).select_related("customer", "site")
    return list(contacts.order_by("customer__name", "name", "email").distinct()[:MOST_CONTACTS])


def _contact(key: str) -> Contact:
    number = int(key) if key.isascii() and key.isdigit() and int(key) <= LARGEST_KEY else 0
    return get_object_or_404(Contact.objects.select_related("customer", "site"), pk=number, is_active=True)


def _question(request: AgentRequest, contact: Contact) -> HttpResponse:
    if request.method != "POST":
        return _form(request, contact, NewTicket())
    form = NewTicket.sent(request)
    if not form.is_valid():
        return _form(request, contact, form, status=422)
    try:
        ticket = actions.open(
            contact,
            form.wish(),
            subject=form.cleaned_data["subject"],
            writing=form.writing(),
            by=request.user,
            situation=situation_of(request),
        )
    except Refusal as refusal:
        return _form(request, contact, form, refusal=refusal, status=422)
    messages.success(request, _("Ticket #%(number)s is made.") % {"number": ticket.number})
    address = reverse("ticket", args=[ticket.number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _form(
    request: AgentRequest,
    contact: Contact,
    form: NewTicket,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    if request.htmx:
        context = {"form": form, "refusal": refusal}
        return render(request, "workspace/trouble.html", context, status=status)
    situation = situation_of(request)
    form.is_valid()
    wish = form.wish() if form.is_bound else Wish(Channel.PHONE)
    context = _terms(request, contact, wish) | {
        "form": form,
        "refusal": refusal,
        "standing": standing_of(contact.customer, situation) if contact.customer else None,
    }
    return render(request, "workspace/new_what.html", context, status=status)


def _terms(request: AgentRequest, contact: Contact, wish: Wish) -> dict[str, Any]:
    situation = situation_of(request)
    decision = decide_received(situation.facts(contact.customer), wish, situation.desk, at=request.now)
    return {"contact": contact, "decision": decision}
