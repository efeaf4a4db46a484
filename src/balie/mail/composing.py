"""What our mails say: one letter to one person, in that person's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from balie.customers.models import Contact, PhoneNumber
from balie.desk.models import Desk, Notification
from balie.mail import places, texts
from balie.mail.models import OutboundKind, OutboundMail
from balie.mail.reading.replies import MARKERS
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.tickets import wording
from balie.tickets.models import CallBack, Message, Ticket

SUBJECT_LENGTH = OutboundMail._meta.get_field("subject").max_length or 300
LARGEST_FILES = 10_000_000  # bytes that an answer brings along; a link leads to more


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, without its envelope.

    `brings_files`: the files of `message` go with it. `references`: the Message-IDs of the conversation, that of the
    mail it answers last; `None` when they are still to be looked up. `shown_to`, `shown_cc`: what the header says when
    it is more than the recipient.
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
    shown_to: str = ""
    shown_cc: tuple[str, ...] = ()


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


def made_urgent(contact: Contact, ticket: Ticket, *, desk: Desk) -> Letter:
    """We made your question urgent, this is what that costs, and this is how to take it back (IB-22)."""
    decision = Decision.from_json(ticket.decision["decision"])
    return _about(ticket, contact, OutboundKind.URGENT, desk=desk, decision=decision)


def not_urgent(contact: Contact, ticket: Ticket, *, desk: Desk) -> Letter:
    """We took the urgency of your question back, and this is when you have our answer (IB-22)."""
    decision = Decision.from_json(ticket.decision["decision"])
    return _about(ticket, contact, OutboundKind.NOT_URGENT, desk=desk, decision=decision)


def call_planned(contact: Contact, call_back: CallBack, *, desk: Desk) -> Letter:
    """We call you then, and this is how to choose another moment (IB-15, SW-18)."""
    return _about(call_back.ticket, contact, OutboundKind.CALL_PLANNED, desk=desk, call_back=call_back)


def call_given_up(contact: Contact, call_back: CallBack, *, desk: Desk) -> Letter:
    """We could not reach you, and this is how to reach us (IB-24)."""
    return _about(call_back.ticket, contact, OutboundKind.CALL_GIVEN_UP, desk=desk, call_back=call_back)


def call_due(call_back: CallBack, *, is_overdue: bool, language: str, desk: Desk) -> tuple[str, str]:
    """The subject and the text with which an agent is reminded of a call."""
    with speaking(language, desk):
        filled = places.of_call_due(call_back, is_overdue=is_overdue, desk=desk)
        composed = texts.compose(texts.text_of("call_due", language, desk), filled)
        return composed.subject, composed.text


def pointer(recipient: str, *, subject: str, language: str, desk: Desk) -> Letter:
    """Questions are asked in the portal; this is the way (the setting `mail_in`)."""
    with speaking(language, desk):
        composed = texts.compose(
            texts.text_of("pointer", language, desk), places.of_pointer(subject, desk=desk)
        )
        page = {"desk": desk, "language": language}
        return Letter(
            OutboundKind.POINTER,
            recipient,
            composed.subject[:SUBJECT_LENGTH],
            *_pages(composed, page),
        )


def phone_number(contact: Contact, number: PhoneNumber, *, desk: Desk) -> Letter:
    """The number that you handed in is registered, or why not (IB-02)."""
    text = "phone_refused" if number.refused_because else "phone_registered"
    with speaking(contact.language, desk):
        filled = places.of_number(contact, number, desk=desk)
        return _apart(OutboundKind.PHONE_NUMBER, text, contact, filled, desk=desk)


def video(contact: Contact, link: str, *, until: datetime, desk: Desk) -> Letter:
    """The way to the instruction video about back-ups (IB-28)."""
    with speaking(contact.language, desk):
        filled = places.of_video(contact, link, until=until, desk=desk)
        return _apart(OutboundKind.VIDEO, "video", contact, filled, desk=desk)


def invitation(*, name: str, link: str, language: str, desk: Desk) -> tuple[str, str]:
    """The subject and the text with which somebody is invited to choose a password."""
    with speaking(language, desk):
        text = texts.text_of("invitation", language, desk)
        composed = texts.compose(text, places.of_invitation(name=name, link=link, desk=desk))
        return composed.subject, composed.text


def _apart(kind: OutboundKind, text: str, contact: Contact, filled: texts.Places, *, desk: Desk) -> Letter:
    """A letter that is about no ticket."""
    composed = texts.compose(texts.text_of(text, contact.language, desk), filled)
    page = {"desk": desk, "language": contact.language}
    return Letter(kind, contact.email, composed.subject[:SUBJECT_LENGTH], *_pages(composed, page))


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
    with speaking(contact.language, desk):
        filled = places.of_ticket(
            kind, ticket, contact, desk=desk, message=message, brings_files=brings_files, **more
        )
        composed = texts.compose(texts.text_of(kind, contact.language, desk), filled)
        marker = MARKERS[0] if contact.language == "nl" else MARKERS[1]
        page = {"desk": desk, "marker": marker, "language": contact.language}
        text, html = _pages(composed, page)
    subject = composed.subject[:SUBJECT_LENGTH]
    return Letter(kind, contact.email, subject, text, html, ticket, message, brings_files)


def _pages(composed: texts.Composed, page: dict[str, Any]) -> tuple[str, str]:
    page = {"marker": None, **page, "text": composed.text, "html": composed.html}
    text = render_to_string("mail/letter.txt", page, using="jinja2")
    return text.strip() + "\n", render_to_string("mail/letter.html", page, using="jinja2")


@contextmanager
def speaking(language: str, desk: Desk) -> Iterator[None]:
    """In this language, on the desk's clock."""
    with translation.override(language), timezone.override(ZoneInfo(desk.zone)):
        yield
