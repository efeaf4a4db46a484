"""One question of the customer: the conversation, what was promised and why, reply, close (SW-19, IB-10, IB-23)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers.models import Contact
from balie.files.downloads import download
from balie.live import token_for
from balie.portal.keeping import keeps_what_was_written, restored
from balie.portal.letters import Letter
from balie.portal.money import as_far_as_seen
from balie.portal.open_forms import key_in
from balie.portal.planned_calls import may_decide, planned_calls, time_shown
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.portal.wording import STATES
from balie.rules import lifecycle, urgency
from balie.rules.decision import Decision
from balie.rules.lifecycle import Actor, Move, NewLinkedTicket, State
from balie.rules.promises import says_normally
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode, Channel
from balie.tickets import actions, clocks
from balie.tickets.access import attachment_for, public_messages, ticket_for
from balie.tickets.facts import Situation
from balie.tickets.models import Message, Ticket
from balie.tickets.reading import call_request_of
from balie.tickets.replies import outcome_of_reply

ENDS = (Move.CLOSE, Move.WITHDRAW)


@customers_only
@require_safe
def my_ticket(request: CustomerVisit, number: int) -> HttpResponse:
    """The whole page, with the reply that was begun on it."""
    ticket = ticket_for(request.user, number)
    begun = restored(request, ticket) if "dropped" not in request.GET else None
    return _page(request, ticket, Letter(request, bound=False, ticket=ticket, draft=begun))


@customers_only
@require_safe
def conversation(request: CustomerVisit, number: int) -> HttpResponse:
    """What changes while the page is open: the messages, the state and the deadline."""
    ticket = ticket_for(request.user, number)
    return render(request, "portal/conversation.html", _conversation(request, ticket))


@keeps_what_was_written(Letter, page="my_ticket")
@customers_only
@require_POST
def reply(request: CustomerVisit, number: int) -> HttpResponse:
    """Take in a reply. One that cannot be sent comes back with everything in it, the reason and the way forward."""
    ticket = ticket_for(request.user, number)
    letter = Letter(request, bound=True, ticket=ticket)
    if not letter.is_valid():
        letter.keep(now=request.now)
        return _page(request, ticket, letter, status=422)
    situation = situation_of(request)
    try:
        landed = actions.receive(
            ticket, request.contact, channel=Channel.PORTAL, writing=letter.writing(), situation=situation
        )
    except Refusal as refusal:
        letter.keep(now=request.now)
        return _page(request, ticket, letter, refusal=refusal, status=422)
    if landed.number == ticket.number:
        return redirect(reverse("my_ticket", args=[number]) + "#end")
    messages.info(
        request,
        _("Question %(old)s has ended, so your reply became a new one: %(new)s.")
        % {"old": number, "new": landed.number},
    )
    return redirect("my_ticket", landed.number)


@customers_only
@require_POST
def end(request: CustomerVisit, number: int) -> HttpResponse:
    """Close or withdraw a question; refused by name when its state or this person does not allow it."""
    ticket = ticket_for(request.user, number)
    what = next((each for each in ENDS if each.value == request.POST.get("move")), None)
    if what is None or not may_decide(ticket, request.contact):
        raise Http404
    actions.move(ticket, what, actor=Actor.CUSTOMER, by=request.contact, situation=situation_of(request))
    messages.success(
        request, _("The question is closed.") if what is Move.CLOSE else _("The question is withdrawn.")
    )
    return redirect("my_ticket", number)


@customers_only
@require_POST
def calm(request: CustomerVisit, number: int) -> HttpResponse:
    """Take back that a question is urgent; refused by name once the work has begun (IB-22)."""
    ticket = ticket_for(request.user, number)
    if not may_decide(ticket, request.contact):
        raise Http404
    actions.drop_urgency(ticket, by=request.contact, situation=situation_of(request))
    messages.success(
        request, _("The question is not urgent any more; it keeps its promise, without the surcharge.")
    )
    return redirect("my_ticket", number)


@customers_only
@require_safe
def attachment(request: CustomerVisit, number: int, key: int) -> HttpResponse:
    """A file of the conversation; shown when it is a picture, else saved."""
    found = attachment_for(request.user, key)
    if found.message.ticket_id != ticket_for(request.user, number).pk:
        raise Http404
    return download(found.file, name=found.name, content_type=found.content_type)


def _page(
    request: CustomerVisit,
    ticket: Ticket,
    letter: Letter,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    situation = situation_of(request)
    shown = _conversation(request, ticket)
    context = {
        **shown,
        "form": letter,
        "refusal": refusal,
        "becomes_new": _becomes_new(ticket, situation),
        "no_more_reactions": None if refusal else _no_more_reactions(ticket, situation),
        "ends": _ends(ticket, request.contact, shown["conversation"]),
        "may_calm": may_decide(ticket, request.contact)
        and urgency.may_be_dropped(State(ticket.state), urgent=ticket.urgent),
        "call": call_request_of(ticket),
        "planned": planned_calls(ticket, request.contact, situation),
        "worked": time_shown(ticket, request.contact),
        "dropped": key_in(request.GET.get("dropped")),
        "reasons": as_far_as_seen(clocks.decision_of(ticket).reasons, request.contact),
        "token": token_for([f"ticket-{ticket.pk}"]),
        "topic": f"ticket-{ticket.pk}",
    }
    return render(request, "portal/ticket.html", context, status=status)


def _conversation(request: CustomerVisit, ticket: Ticket) -> dict[str, Any]:
    decision = clocks.decision_of(ticket)
    return {
        "ticket": ticket,
        "decision": decision,
        "is_normally": says_normally(decision.plan, situation_of(request).desk),
        "conversation": public_messages(ticket),
        "states": STATES,
        "declined_because": _declined_because(ticket),
    }


def _declined_because(ticket: Ticket) -> str:
    """The reason that the desk gave (IB-20); empty for a question that was not declined."""
    if State(ticket.state) is not State.DECLINED:
        return ""
    declined = ticket.events.filter(kind=Move.DECLINE.value).last()
    return str(declined.data.get("because", "")) if declined else ""


def _becomes_new(ticket: Ticket, situation: Situation) -> NewLinkedTicket | None:
    """Why a reply becomes a new question, or `None` when it stays with this one (IB-23)."""
    outcome = outcome_of_reply(ticket, situation)
    return outcome if isinstance(outcome, NewLinkedTicket) else None


def _no_more_reactions(ticket: Ticket, situation: Situation) -> Decision | None:
    """The refusal that one more reaction would meet (IB-10), told before anybody types."""
    if _becomes_new(ticket, situation) is not None:
        return None
    reaction = actions.decide_reaction(ticket, situation)
    return None if reaction.allowed else reaction


def _ends(ticket: Ticket, contact: Contact, conversation: Sequence[Message]) -> list[str]:
    """The ways in which this contact can end the question now: withdraw until we answered, close from then on."""
    if not may_decide(ticket, contact):
        return []
    possible = lifecycle.possible_moves(
        State(ticket.state), answer_mode=AnswerMode(ticket.answer_mode), by=Actor.CUSTOMER
    )
    was_answered = any(message.agent_id is not None for message in conversation)
    wanted = Move.CLOSE if was_answered else Move.WITHDRAW
    return [wanted.value] if wanted in possible else [each.value for each in ENDS if each in possible][:1]
