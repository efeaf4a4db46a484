"""The way back, offered at once where a click can hurt: a message with a button."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from balie.accounts.models import User
from balie.rules.lifecycle import Move
from balie.tickets.models import Ticket


def offer_reopening(request: HttpRequest, ticket: Ticket, done: str) -> None:
    """Say what was done to the ticket, and let it be re-opened."""
    offer(request, _address("ticket_move", ticket), done, _("Re-open"), {"move": Move.REOPEN.value})


def offer_assigning_back(request: HttpRequest, ticket: Ticket, done: str, *, before: User | None) -> None:
    """Say who has the ticket now, and let it go back to who had it before."""
    fields = {"to": str(before.pk) if before else ""}
    offer(request, _address("ticket_assign", ticket), done, _("Undo"), fields)


def offer(request: HttpRequest, address: str, done: str, label: str, fields: Mapping[str, str]) -> None:
    """Say what was done, with a button that sends `fields` to the address that takes it back."""
    context = {"text": done, "action": address, "label": label, "fields": dict(fields)}
    messages.success(request, mark_safe(render_to_string("workspace/undo.html", context, request).strip()))


def _address(view: str, ticket: Ticket) -> str:
    return reverse(view, args=[ticket.number])
