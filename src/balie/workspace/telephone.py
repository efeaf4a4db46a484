"""What an agent's telephone shows on every page: who calls, and afterwards what was done; dialling, and being there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from balie.customers.models import Customer
from balie.customers.numbers import as_people_write
from balie.live import token_for
from balie.phone import at_telephone, dialling, presence
from balie.phone.models import Call, CallState
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.refusals import Refusal
from balie.rules.time_worked import whole_minutes
from balie.rules.wishes import Channel, Wish
from balie.tickets.facts import Situation
from balie.tickets.models import IS_OPEN, Ticket
from balie.web.forms import Styled
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import LARGEST_KEY
from balie.workspace.standing import LOOKS, status_in_words
from balie.workspace.wording import PRICES

MOST_CUSTOMERS = 4
MOST_TICKETS = 5
LONGEST_NOTE = 500
MOST_MINUTES = 24 * 60 - 1
NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Asker:
    """A customer that registered the caller's number: how it stands, and whether it may phone about this now."""

    customer: Customer
    status: str
    look: str
    decision: Decision
    price: Any
    tickets: Sequence[Ticket]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A call as the agent sees it. `minutes`: what was talked, rounded up; `form`: what is asked when it is over."""

    call: Call
    number: str
    askers: Sequence[Asker]
    new_ticket: str
    minutes: int = 0
    form: WrapUp | None = None
    refusal: Refusal | None = None
    is_kept: bool = False  # what was typed stays when the page hears of something else


class WrapUp(Styled):
    """What did you do?"""

    ticket = forms.IntegerField(
        label=gettext_lazy("Ticket"), required=False, min_value=1, max_value=LARGEST_KEY
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes worked"), min_value=1, max_value=MOST_MINUTES)
    note = forms.CharField(
        label=gettext_lazy("What did you do?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)


def on_every_page(request: HttpRequest) -> dict[str, Any]:
    """For the layout of the agents' pages; asks nothing until that layout needs it, and then one question."""
    return {
        "live_token": _token_of(request),
        "glance": SimpleLazyObject(lambda: at_telephone.at_a_glance(request.user, now=request.now)),  # type: ignore
        "as_written": _written(request),
    }


def _token_of(request: HttpRequest) -> Callable[[Sequence[str]], str]:
    """A page listens to what it is about, and to the telephone of whoever looks."""
    return lambda topics: token_for([*topics, f"phone-{request.user.pk}"])


def _written(request: HttpRequest) -> Callable[[str], str]:
    return lambda number: as_people_write(number, country=request.desk.country) if number else ""  # type: ignore


@agents_only
@require_safe
def telephone(request: AgentRequest) -> HttpResponse:
    """What goes on at the agent's telephone now: the part of every page that follows it."""
    return part(request)


def part(
    request: AgentRequest,
    *,
    answered: Card | None = None,
    trouble: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The part, with the form of a call that was `answered` wrongly, or why nothing was dialled."""
    situation = situation_of(request)
    open_calls = at_telephone.calls_at(request.user, now=request.now)
    ended = at_telephone.to_wrap_up(request.user, now=request.now)
    asked = answered.call if answered else next(iter(ended), None)
    context = {
        "ringing": [card_of(call, situation) for call in open_calls],
        "ended": [answered or after(asked, situation)] if asked else [],
        "later": [call for call in ended if call != asked],
        "dial": dialling.latest_of(request.user, now=request.now),
        "due": at_telephone.due_call_backs(
            request.user, now=request.now, minutes=request.desk.call_back_reminder_minutes
        ),
        "now": request.now,
        "trouble": trouble,
        "talking": CallState.TALKING.value,
    }
    return render(request, "workspace/telephone.html", context, status=status)


def card_of(call: Call, situation: Situation, **more: Any) -> Card:
    """A call with all that an agent should know of who calls."""
    customers = list(call.customers.all())[:MOST_CUSTOMERS]
    situation.read_ahead(customers)
    return Card(
        call=call,
        number=as_people_write(call.caller, country=situation.row.country) if call.caller else "",
        askers=[_asker(each, call, situation) for each in customers],
        new_ticket=address_of_new_ticket(call, customers),
        **more,
    )


def after(call: Call, situation: Situation, *, auto_id: str = "id_%s", **more: Any) -> Card:
    """A call that is over, with the form that asks what was done in it; `auto_id` as in Django's forms."""
    minutes = talked_minutes(call, now=situation.now)
    initial = {"minutes": minutes, "submission": uuid4()}
    given = {
        "form": WrapUp(initial=initial, prefix=f"call-{call.pk}", auto_id=auto_id),
        "is_kept": True,
        **more,
    }
    return card_of(call, situation, minutes=minutes, **given)


def talked_minutes(call: Call, *, now: datetime) -> int:
    """Whole minutes from the answer until the end, rounded up, at least one."""
    if call.answered_at is None:
        return 0
    return max(1, whole_minutes(call.answered_at, call.ended_at or now))


def address_of_new_ticket(call: Call, customers: Sequence[Customer]) -> str:
    """Where one click makes the ticket of a call: at its contact, else at the people of its customer."""
    if call.contact_id is not None:
        return f"{reverse('new_ticket')}?contact={call.contact_id}&call={call.pk}"
    words = customers[0].number if len(customers) == 1 else call.caller
    return reverse("new_ticket", query={"q": words, "call": call.pk} if words else {"call": call.pk})


def _asker(customer: Customer, call: Call, situation: Situation) -> Asker:
    wish = Wish(Channel.PHONE, topic=call.topic.key if call.topic else None)
    decision = decide(situation.facts(customer), wish, situation.desk, at=situation.now)
    found = Ticket.objects.filter(IS_OPEN, customer=customer).order_by("-id")
    tickets = list(found.only("number", "subject", "state")[: MOST_TICKETS + 1])
    return Asker(
        customer=customer,
        status=status_in_words(decision.status, situation.desk),
        look=LOOKS[decision.status.kind],
        decision=decision,
        price=PRICES[decision.price] if decision.price else "",
        tickets=tickets[:MOST_TICKETS],
        has_more=len(tickets) > MOST_TICKETS,
    )


@agents_only
@require_POST
def dial(request: AgentRequest) -> HttpResponse:
    """Let the exchange ring the agent's telephone, and then the number; back to where it was clicked."""
    number = request.POST.get("number", "")[:NUMBER_LENGTH]
    try:
        order = dialling.order(number, by=request.user, country=request.desk.country, now=request.now)
    except Refusal as refusal:
        if request.htmx:
            return part(request, trouble=refusal, status=422)
        messages.error(request, refusal.reason.render(_))
        return _back(request)
    if request.htmx:
        return part(request)
    written = as_people_write(order.number, country=request.desk.country)
    said = _("Your telephone %(extension)s rings; pick it up and %(number)s is phoned.")
    messages.success(request, said % {"extension": order.extension, "number": written})
    return _back(request)


@agents_only
@require_safe
def telephones(request: AgentRequest) -> HttpResponse:
    """Who is on the phone, who is free, and whether I take calls; for HTMX the list alone."""
    everybody = presence.everybody(now=request.now)
    context = {
        "everybody": everybody,
        "presences": PRESENCES,
        "own": [each for each in everybody if each.extension.user_id == request.user.pk],
        "listens": ["phone"],
    }
    page = "workspace/telephones_list.html" if request.htmx else "workspace/telephones.html"
    return render(request, page, context)


@agents_only
@require_POST
def takes_calls(request: AgentRequest) -> HttpResponse:
    """Be there for the queue, or not."""
    takes = request.POST.get("takes") == "yes"
    if not presence.take_calls(request.user, takes=takes, now=request.now):
        messages.warning(
            request, _("You have no telephone here. An administrator can give you an extension.")
        )
    else:
        messages.success(request, _("You take calls.") if takes else _("You take no calls now."))
    return redirect("telephones")


PRESENCES = {
    presence.Presence.TALKING: (gettext_lazy("talking"), "red"),
    presence.Presence.RINGING: (gettext_lazy("ringing"), "yellow"),
    presence.Presence.FREE: (gettext_lazy("free"), "green"),
    presence.Presence.AWAY: (gettext_lazy("takes no calls"), "secondary"),
}


def _back(request: AgentRequest) -> HttpResponse:
    """To the page on which something was clicked."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_ours else "queue")
