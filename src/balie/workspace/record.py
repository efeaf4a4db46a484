"""Everything that is on the record of a ticket: what happened, and the mail that went out, in one line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from balie.mail.models import OutboundState
from balie.tickets.models import Ticket
from balie.workspace import wording

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the record. `details`: a reason that was given, or what a mail server said."""

    at: datetime
    text: str
    icon: str
    details: str = ""
    went_wrong: bool = False


def of_ticket(ticket: Ticket) -> Sequence[Line]:
    """The record, newest first, at most `MOST_LINES` of each kind. Two queries."""
    lines = [*_events(ticket), *_mails(ticket)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _events(ticket: Ticket) -> list[Line]:
    return [
        Line(
            at=event.at,
            text=wording.of_event(event),
            icon=wording.EVENT_ICONS.get(event.kind, "circle-dashed"),
            details=str(event.data.get("because", "")),
        )
        for event in ticket.events.order_by("-id")[:MOST_LINES]
    ]


def _mails(ticket: Ticket) -> list[Line]:
    return [
        Line(
            at=mail.created_at,
            text=_("Mail to %(recipient)s (%(kind)s): %(state)s")
            % {
                "recipient": mail.recipient,
                "kind": mail.get_kind_display(),
                "state": mail.get_state_display(),
            },
            icon="mail-forward",
            details=mail.error,
            went_wrong=mail.state == OutboundState.FAILED,
        )
        for mail in ticket.outbound_mails.only("created_at", "recipient", "kind", "state", "error").order_by(
            "-id"
        )[:MOST_LINES]
    ]
