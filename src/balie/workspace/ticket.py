"""The ticket page: conversation, customer, decision, what can be done; and the part of it that follows changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from balie.files.downloads import PICTURES
from balie.rules.lifecycle import ENDED, Actor, Move, State, possible_moves
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode
from balie.tickets import access, actions, clocks, wording
from balie.tickets.models import HeldAnswer, Message, Ticket
from balie.tickets.reading import call_request_of
from balie.workspace import calls, delivery, record
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.call_backs import calls_about
from balie.workspace.customer_forms import Payment
from balie.workspace.forms import LARGEST_KEY, MOVES_OF_AN_ANSWER, Assignment, Note, Reply
from balie.workspace.listing import CHANNEL_ICONS
from balie.workspace.standing import standing_of
from balie.workspace.time_worked import worked_on
from balie.workspace.today import today_of
from balie.workspace.wording import BUTTONS, PRICES, working_time

FOLDS_FROM = 9
LAST_SHOWN = 4


@agents_only
def ticket(request: AgentRequest, number: int) -> HttpResponse:
    """The whole page."""
    return page(request, access.ticket_for(request.user, number))


@agents_only
def ticket_changes(request: AgentRequest, number: int) -> HttpResponse:
    """What is new since the page was made, for HTMX to put in its places. Messages are added, never replaced."""
    ticket = access.ticket_for(request.user, number)
    return render(request, "workspace/ticket_changes.html", changes(request, ticket))


def page(
    request: AgentRequest,
    ticket: Ticket,
    *,
    reply: Reply | None = None,
    note: Note | None = None,
    refusal: Refusal | None = None,
    because: str = "",
    begun: str = "",
    payment: Payment | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a ticket, with what was typed when something could not be done, or an answer that is `begun`."""
    messages = list(_conversation(request, ticket))
    seen = newest_public(messages)
    back = actions.taken_back(ticket, request.user)
    context = around(request, ticket) | {
        "first": messages[:1] if len(messages) >= FOLDS_FROM else messages,
        "folded": messages[1:-LAST_SHOWN] if len(messages) >= FOLDS_FROM else [],
        "last": messages[-LAST_SHOWN:] if len(messages) >= FOLDS_FROM else [],
        "newest": newest(messages),
        "seen": seen,
        "reply": reply or _reply(back, seen, begun),
        "back": back,
        "note": note or Note(prefix="note"),
        "writes_note": note is not None,
        "refusal": refusal,
        "because": because,
        "payment": payment or Payment(),
        "listens": [f"ticket-{ticket.pk}"],
    }
    if reply is not None:
        context["reply"] = _seen_now(reply, seen)
    return render(request, "workspace/ticket.html", context, status=status)


def _conversation(request: AgentRequest, ticket: Ticket) -> QuerySet[Message]:
    """The messages, each with what the signature on it came to."""
    return access.messages_for(request.user, ticket).select_related("seal")


def _reply(back: HeldAnswer | None, seen: int, begun: str) -> Reply:
    """The form of an answer: empty, begun, or with what was taken back."""
    if back is None:
        return Reply(prefix="reply", initial={"seen": seen, "text": begun})
    text = f"{back.text}\n\n{begun}" if begun else back.text
    copies = {"copies": ", ".join(back.copies), "blind_copies": ", ".join(back.blind_copies)}
    return Reply(prefix="reply", back=back, initial={"seen": seen, "text": text, "again": back.pk, **copies})


def trouble(request: AgentRequest, ticket: Ticket, form: forms.Form, refusal: Refusal | None) -> HttpResponse:
    """Why nothing was sent, with what is new; the form on the screen keeps its words and files."""
    context = changes(request, ticket) | {"form": form, "refusal": refusal, "lets_send_again": True}
    return render(request, "workspace/ticket_trouble.html", context, status=422)


def changes(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """What came after message `after`, and whether somebody wrote after what the reply form has `seen`."""
    messages = _conversation(request, ticket)
    after = key_in(request, "after")
    new = list(messages.filter(pk__gt=after)) if after else []
    unseen = messages.filter(pk__gt=key_in(request, "reply-seen"), is_internal=False).last()
    return around(request, ticket) | {
        "new": new,
        "new_keys": {message.pk for message in new},
        "newest": max([after, *(message.pk for message in new)]),
        "unseen": unseen,
        "lets_send_again": False,
    }


def around(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """What stands around the conversation. A fixed number of queries."""
    situation = situation_of(request)
    decision = clocks.decision_of(ticket)
    moves = possible_moves(State(ticket.state), answer_mode=AnswerMode(ticket.answer_mode), by=Actor.AGENT)
    assignment = Assignment(initial={"to": ticket.assigned_to_id})
    people = list(ticket.people.all()[:20])
    return {
        "ticket": ticket,
        "state_label": wording.STATES[State(ticket.state)],
        "has_ended": ticket.state in ENDED,
        "channel_icons": CHANNEL_ICONS,
        "channels": {key.value: label for key, label in wording.CHANNELS.items()},
        "pictures": PICTURES,
        "decision": decision,
        "price": PRICES[decision.price] if decision.price else "",
        "plan": situation.desk.plans.get(decision.plan or ""),
        "counts_in": situation.desk.lines.get(decision.hours or ""),
        "standing": standing_of(ticket.customer, situation) if ticket.customer else None,
        "today": today_of(ticket, situation),
        "people": people,
        "copies": list(ticket.copies.filter(is_blind=False)[:20]),
        "held": actions.held_on(ticket),
        "deliveries": delivery.of_ticket(ticket, people, request.desk),
        "plain_words": delivery.plain_words,
        "call": call_request_of(ticket),
        "phone_calls": calls.calls_of({"ticket": ticket}),
        **calls.words(),
        "calls": calls_about(ticket),
        "worked": worked_on(ticket, request.user),
        "followed_by": list(ticket.followed_by.order_by("id")[:20]),
        "answers": [move for move in MOVES_OF_AN_ANSWER if move in moves],
        "steps": [(move, BUTTONS[move]) for move in moves if move in BUTTONS and move is not Move.DECLINE],
        "can_decline": Move.DECLINE in moves,
        "assignment": assignment,
        "lines": record.of_ticket(ticket),
        "seen_for_steps": _newest_public_of(ticket),
        "working_time": working_time,
        "because": "",
        "payment": Payment(),
    }


def newest(messages: Sequence[Message]) -> int:
    return messages[-1].pk if messages else 0


def newest_public(messages: Sequence[Message]) -> int:
    return max((message.pk for message in messages if not message.is_internal), default=0)


def _newest_public_of(ticket: Ticket) -> int:
    public = ticket.messages.filter(is_internal=False).order_by("-pk")
    return public.values_list("pk", flat=True).first() or 0


def key_in(request: AgentRequest, name: str) -> int:
    """A key that the page sent along, 0 for anything else."""
    text = request.POST.get(name) or request.GET.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST_KEY else 0


def _seen_now(reply: Reply, seen: int) -> Reply:
    """The form as it was typed; the page shows the newer messages, so it may be sent again."""
    reply.data = {**dict(reply.data.items()), reply.add_prefix("seen"): str(seen)}
    return reply
