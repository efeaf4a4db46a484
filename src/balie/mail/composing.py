"""What our mails say: one letter to one person, in that person's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from balie.customers.models import Contact
from balie.desk.models import Desk, Notification
from balie.mail.models import OutboundKind, OutboundMail
from balie.mail.replies import MARKERS
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.tickets import wording
from balie.tickets.models import Message, Ticket

SUBJECT_LENGTH = OutboundMail._meta.get_field("subject").max_length or 300
LARGEST_FILES = 10_000_000  # bytes that an answer brings along; a link leads to more


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, without its envelope.

    `brings_files`: the files of `message` go with it. `references`: the Message-IDs of the conversation, that of the
    mail it answers last; `None` when they are still to be looked up.
    """

    kind: OutboundKind
    recipient: str
    subject: str
    text: str
    html: str
    ticket: Ticket | None = None
    message: Message | None = None
    brings_files: bool = False
    references: tuple[str, ...] | None = None


def confirmation(
    contact: Contact, ticket: Ticket, *, desk: Desk, references: tuple[str, ...] | None = None
) -> Letter:
    """We have your question, this is its number, and this is what you can expect (SW-17); or why not (IB-10)."""
    decision = Decision.from_json(ticket.decision["decision"])
    letter = _about(ticket, contact, OutboundKind.CONFIRMATION, desk=desk, decision=decision)
    return replace(letter, references=references)


def status(contact: Contact, ticket: Ticket, *, before: State, because: str, desk: Desk) -> Letter:
    """The state of your question changed (SW-17)."""
    return _about(
        ticket, contact, OutboundKind.STATUS, desk=desk, before=wording.STATES[before], because=because
    )


def answer(contact: Contact, ticket: Ticket, message: Message, *, desk: Desk) -> Letter:
    """Our answer, whole, or by the desk's setting only the way to it (IB-15).

    Somebody without a login cannot follow the way and gets the whole answer.
    """
    whole = desk.notification == Notification.ANSWER or contact.user_id is None
    files = list(message.attachments.select_related("file"))
    brings_files = whole and bool(files) and sum(each.file.size for each in files) <= LARGEST_FILES
    return _about(
        ticket,
        contact,
        OutboundKind.REPLY,
        desk=desk,
        message=message,
        brings_files=brings_files,
        whole=whole,
        files=files,
    )


def over_quota(contact: Contact, ticket: Ticket, *, decision: Decision, desk: Desk) -> Letter:
    """Your message is kept, but no answer is promised, and this is why (IB-10)."""
    return _about(ticket, contact, OutboundKind.QUOTA, desk=desk, decision=decision)


def closing(contact: Contact, ticket: Ticket, *, desk: Desk) -> Letter:
    """We heard nothing; the ticket closes by itself (IB-23)."""
    return _about(ticket, contact, OutboundKind.CLOSING, desk=desk)


def pointer(recipient: str, *, subject: str, language: str, desk: Desk) -> Letter:
    """Questions are asked in the portal; this is the way (the setting `mail_in`)."""
    with _speaking(language, desk):
        page = {"desk": desk, "subject": subject, "portal": settings.BALIE_URL, "language": language}
        return Letter(
            OutboundKind.POINTER,
            recipient,
            f"Re: {subject}"[:SUBJECT_LENGTH] if subject else desk.name,
            *_pages(OutboundKind.POINTER, page),
        )


def subject_of(ticket: Ticket) -> str:
    """`[#4711] No receipt`. For people; a follow-up is never matched by it."""
    return f"[#{ticket.number}] {ticket.subject}"[:SUBJECT_LENGTH]


def _about(
    ticket: Ticket,
    contact: Contact,
    kind: OutboundKind,
    *,
    desk: Desk,
    message: Message | None = None,
    brings_files: bool = False,
    **more: Any,
) -> Letter:
    with _speaking(contact.language, desk):
        page = {
            "desk": desk,
            "ticket": ticket,
            "contact": contact,
            "message": message,
            "brings_files": brings_files,
            "state": ticket.state,
            "state_label": wording.STATES[State(ticket.state)],
            "link": _link(ticket) if contact.user_id else None,
            "marker": MARKERS[0] if contact.language == "nl" else MARKERS[1],
            "language": contact.language,
            **more,
        }
        text, html = _pages(kind, page)
    return Letter(kind, contact.email, subject_of(ticket), text, html, ticket, message, brings_files)


def _link(ticket: Ticket) -> str:
    return settings.BALIE_URL + reverse("my_ticket", args=[ticket.number])


def _pages(kind: OutboundKind, page: dict[str, Any]) -> tuple[str, str]:
    text = render_to_string(f"mail/{kind.value}.txt", page, using="jinja2")
    return text.strip() + "\n", render_to_string(f"mail/{kind.value}.html", page, using="jinja2")


@contextmanager
def _speaking(language: str, desk: Desk) -> Iterator[None]:
    """In this language, on the desk's clock."""
    with translation.override(language), timezone.override(ZoneInfo(desk.zone)):
        yield
