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

from balie.customers.models import Contact, Customer
from balie.customers.numbers import to_e164
from balie.phone.handling import link
from balie.phone.models import Call
from balie.rules.decision import Decision, deadline
from balie.rules.entitlement import decide_received
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions, queries
from balie.tickets.calling import days_to_choose
from balie.tickets.facts import Situation
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import LARGEST_KEY, NewTicket
from balie.workspace.standing import standing_of
from balie.workspace.wording import PRICES

MOST_CONTACTS = 20
MOST_CUSTOMERS = 4


@agents_only
def new_ticket(request: AgentRequest) -> HttpResponse:
    """First who (`?q=…`), then what (`?contact=…`)."""
    call = _call(request)
    key = request.GET.get("contact", "")
    if key:
        return _question(request, _contact(key), call)
    text = request.GET.get("q", "").replace("\0", "").strip()[: queries.LONGEST_SEARCH]
    page = "workspace/contacts.html" if request.htmx else "workspace/new_who.html"
    context = {
        "text": text,
        "contacts": contacts_matching(text) if text else [],
        "customers": customers_matching(text) if text else [],
        "more": _more(call),
    }
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@agents_only
def terms(request: AgentRequest, key: int) -> HttpResponse:
    """On what terms the question would be asked, as far as the form is filled in."""
    contact = _contact(str(key))
    form = NewTicket(request.POST or None, situation=situation_of(request))
    return render(request, "workspace/terms.html", _terms(form, contact))


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


def customers_matching(text: str) -> list[Customer]:
    """Active customers by name, number or phone number: somebody new may work there. At most `MOST_CUSTOMERS`."""
    wanted = Q(name__icontains=text) | Q(number__iexact=text)
    if number := to_e164(text):
        wanted |= Q(phone_numbers__e164=number)
    return list(Customer.objects.filter(wanted, is_active=True).order_by("name").distinct()[:MOST_CUSTOMERS])


def _call(request: AgentRequest) -> Call | None:
    """The phone call in which it is asked, when the page was opened from one."""
    key = request.GET.get("call", "")
    number = int(key) if key.isascii() and key.isdigit() and int(key) <= LARGEST_KEY else 0
    return Call.objects.select_related("topic").filter(pk=number).first() if number else None


def _more(call: Call | None) -> dict[str, int]:
    """What the addresses of this flow carry along."""
    return {} if call is None else {"call": call.pk}


def _of_call(call: Call | None) -> dict[str, str]:
    """What a call tells for the form: its topic, and the number from which it came."""
    if call is None:
        return {}
    topic = call.topic.key if call.topic else ""
    return {"channel": Channel.PHONE.value, "topic": topic, "phone": call.caller}


def _contact(key: str) -> Contact:
    number = int(key) if key.isascii() and key.isdigit() and int(key) <= LARGEST_KEY else 0
    return get_object_or_404(Contact.objects.select_related("customer", "site"), pk=number, is_active=True)


def _question(request: AgentRequest, contact: Contact, call: Call | None) -> HttpResponse:
    situation = situation_of(request)
    hours = _decide(contact, Wish(Channel.PHONE), situation).hours
    if request.method != "POST":
        form = NewTicket(situation=situation, hours=hours, initial=_of_call(call))
        return _page(request, contact, form, call=call)
    form = NewTicket.sent(request, situation=situation, hours=hours)
    if not form.is_valid():
        return _page(request, contact, form, call=call, status=422)
    try:
        ticket = actions.open(
            contact,
            form.wish(),
            subject=form.cleaned_data["subject"],
            writing=form.writing(),
            by=request.user,
            situation=situation,
            call=form.call(),
        )
    except Refusal as refusal:
        return _page(request, contact, form, call=call, refusal=refusal, status=422)
    if call is not None and call.ticket_id is None:
        link(call.pk, ticket, by=request.user, now=request.now)
    messages.success(request, _("Ticket #%(number)s is made.") % {"number": ticket.number})
    address = reverse("ticket", args=[ticket.number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _page(
    request: AgentRequest,
    contact: Contact,
    form: NewTicket,
    *,
    call: Call | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for a script what is wrong: the form on the screen keeps its words and files."""
    if request.htmx:
        context = {"form": form, "refusal": refusal}
        return render(request, "workspace/trouble.html", context, status=status)
    standing = standing_of(contact.customer, form.situation) if contact.customer else None
    context = _terms(form, contact) | {
        "form": form,
        "refusal": refusal,
        "standing": standing,
        "more": _more(call),
        "days": days_to_choose(form.situation, form.hours),
    }
    return render(request, "workspace/new_what.html", context, status=status)


def _terms(form: NewTicket, contact: Contact) -> dict[str, Any]:
    """What the question comes to, as far as the form is filled in, and until when we would have to respond."""
    form.is_valid()
    situation = form.situation
    decision = _decide(contact, form.wish() if form.is_bound else Wish(Channel.PHONE), situation)
    calendars = {decision.hours: situation.calendar(decision.hours)} if decision.hours else {}
    return {
        "contact": contact,
        "decision": decision,
        "answer_by": deadline(decision, situation.now, calendars) if decision.allowed else None,
        "price": PRICES[decision.price] if decision.price else "",
    }


def _decide(contact: Contact, wish: Wish, situation: Situation) -> Decision:
    return decide_received(situation.facts(contact.customer), wish, situation.desk, at=situation.now)
