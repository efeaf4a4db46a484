"""The words of buttons and of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from balie.rules.lifecycle import Move
from balie.rules.price_basis import PriceBasis
from balie.tickets.models import TicketEvent
from balie.tickets.models.call_backs import OUTCOMES
from balie.web.jinja import moment


@dataclass(frozen=True, slots=True)
class Button:
    """How a move looks to an agent, and what is said once it is made."""

    label: Any
    icon: str
    done: Any
    can_hurt: bool = False  # the way back is offered at once


BUTTONS: Mapping[Move, Button] = {
    Move.ACCEPT: Button(_("Accept"), "check", _("The request is accepted.")),
    Move.ASK_PAYMENT: Button(_("Ask for payment"), "credit-card", _("The ticket waits for the payment.")),
    Move.TAKE_UP: Button(_("Take up"), "player-play", _("The ticket is being worked on.")),
    Move.PLAN: Button(_("Mark as planned"), "calendar-event", _("The work is planned.")),
    Move.SOLVE: Button(_("Solved"), "circle-check", _("The ticket is solved."), can_hurt=True),
    Move.CLOSE: Button(_("Close"), "archive", _("The ticket is closed."), can_hurt=True),
    Move.DECLINE: Button(_("Decline"), "ban", _("The request is declined."), can_hurt=True),
    Move.WITHDRAW: Button(
        _("Withdraw for the customer"), "trash", _("The ticket is withdrawn."), can_hurt=True
    ),
    Move.REOPEN: Button(_("Re-open"), "rotate", _("The ticket is open again.")),
}
"""What an agent does with one click. Answering and asking back are done by writing, paying by booking."""

PRICES: Mapping[PriceBasis, Any] = {
    PriceBasis.FREE: _("free"),
    PriceBasis.INCLUDED: _("included"),
    PriceBasis.CONTRACT: _("covered by the contract"),
    PriceBasis.PREPAID: _("paid beforehand"),
    PriceBasis.POSTPAID: _("paid afterwards"),
    PriceBasis.ACTUAL_TIME: _("by the time that it takes"),
    PriceBasis.QUOTE: _("price quote first"),
}

EVENTS: Mapping[str, Any] = {
    "opened": _("%(who)s asked this"),
    "placed": _("%(who)s put this with %(customer)s"),
    "reply": _("%(who)s wrote"),
    "answer": _("%(who)s answered"),
    "ask_back": _("%(who)s asked the customer back"),
    "note": _("%(who)s left a note"),
    "automatic_mail": _("An automatic mail came in"),
    "assign": _("%(who)s assigned this to %(to)s"),
    "unassign": _("%(who)s gave this back to everybody"),
    "accept": _("%(who)s accepted the request"),
    "ask_payment": _("%(who)s asked for payment first"),
    "pay": _("The payment was booked (%(who)s)"),
    "take_up": _("%(who)s took this up"),
    "plan": _("%(who)s planned the work"),
    "solve": _("%(who)s solved this"),
    "close": _("%(who)s closed this"),
    "close_by_itself": _("Closed by itself: nobody wrote for some time"),
    "closing_announced": _("The customer was told that this closes by itself"),
    "decline": _("%(who)s declined this"),
    "withdraw": _("%(who)s withdrew this"),
    "reopen": _("%(who)s re-opened this"),
    "drop_urgency": _("%(who)s took the urgency back"),
    "raise_urgency": _("%(who)s made this urgent"),
    "change_topic": _("%(who)s changed the topic to “%(to)s”"),
    "take_off_topic": _("%(who)s took the topic off"),
    "change_call": _("%(who)s changed how to reach the customer"),
    "call_back_planned": _("%(who)s planned a call for %(moment)s"),
    "call_back_moved": _("%(who)s moved the call to %(moment)s"),
    "call_back_handed_over": _("%(who)s gave the call to %(to)s"),
    "call_back_let_go": _("%(who)s gave the call to nobody in particular"),
    "call_back_cancelled": _("%(who)s cancelled the call of %(moment)s"),
    "call_back_restored": _("%(who)s planned the cancelled call again, for %(moment)s"),
    "call_tried": _("%(who)s called: %(outcome)s"),
    "undelivered": _("A mail to %(to)s was not delivered"),
    "recounted": _("The deadline was counted anew"),
    "terms_changed": _("%(who)s gave this the new terms of its plan"),
}
EVENT_ICONS: Mapping[str, str] = {
    "opened": "message-plus",
    "reply": "message",
    "answer": "arrow-forward-up",
    "ask_back": "question-mark",
    "note": "note",
    "automatic_mail": "mail",
    "assign": "user-check",
    "close_by_itself": "clock",
    "closing_announced": "clock",
    "pay": "cash",
    "raise_urgency": "flame",
    "change_topic": "tag",
    "placed": "building-store",
    "change_call": "phone-call",
    "call_back_planned": "calendar-time",
    "call_back_moved": "calendar-time",
    "call_back_handed_over": "user-check",
    "call_back_cancelled": "ban",
    "call_back_restored": "calendar-time",
    "call_tried": "phone-call",
    "undelivered": "mail-exclamation",
    "recounted": "clock",
    "terms_changed": "clock",
} | {move.value: button.icon for move, button in BUTTONS.items()}


_TO_NOBODY = {
    "assign": "unassign",
    "call_back_handed_over": "call_back_let_go",
    "change_topic": "take_off_topic",
}
_OUTCOMES = {each.value: name for each, name in OUTCOMES.items()}


def of_event(event: TicketEvent) -> str:
    """One line of the record. A kind without a sentence shows its own name rather than nothing."""
    kind = event.kind if event.data.get("to") else _TO_NOBODY.get(event.kind, event.kind)
    sentence = EVENTS.get(kind)
    if sentence is None:
        return kind.replace("_", " ")
    return str(sentence) % {
        "who": event.who or gettext_now("Balie"),
        "to": event.data.get("to", ""),
        "customer": event.data.get("customer", ""),
        "moment": moment(event.data.get("moment")),
        "outcome": str(_OUTCOMES.get(event.data.get("outcome", ""), "")),
    }


_BOOKED = _("%(minutes)s minutes are booked; the balance is %(balance)s minutes.")
_TAKEN_OFF = _("%(minutes)s minutes are taken off; the balance is %(balance)s minutes.")


def of_booking(minutes: int, balance: int, *, begun: int) -> str:
    """What a booking of credit did, in one or two sentences; `begun`: so many tickets began because of it."""
    sentence = _BOOKED if minutes > 0 else _TAKEN_OFF
    booked = str(sentence) % {"minutes": abs(minutes), "balance": balance}
    if begun <= 0:
        return booked
    told = ngettext("%(num)s ticket that waited begins now.", "%(num)s tickets that waited begin now.", begun)
    return f"{booked} {told % {'num': begun}}"


def working_time(minutes: int) -> str:
    """`8 working hours`, or `90 working minutes` when they are no whole hours."""
    hours, rest = divmod(minutes, 60)
    if rest:
        return ngettext("%(num)s working minute", "%(num)s working minutes", minutes) % {"num": minutes}
    return ngettext("%(num)s working hour", "%(num)s working hours", hours) % {"num": hours}
