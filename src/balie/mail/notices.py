"""Telling the people on a ticket what happened to it: which letters, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.desk.queries import the_desk
from balie.mail import composing, outbox
from balie.mail.facts import desk_mail
from balie.mail.models import InboundMail, OutboundKind, OutboundMail
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.tickets.models import Message, Ticket


def confirm(ticket: Ticket, *, now: datetime) -> None:
    """Confirm that a question came in (SW-17)."""
    desk = the_desk()
    letters = [composing.confirmation(person, ticket, desk=desk) for person in people_of(ticket, desk)]
    outbox.post(letters, desk=desk, now=now)


def confirm_mail(
    ticket: Ticket, people: Sequence[Contact], mail: InboundMail, *, desk: Desk, now: datetime
) -> None:
    """Confirm a ticket that `mail` opened just now to the people on it; nothing needs to be looked up."""
    letters = [composing.confirmation(person, ticket, desk=desk) for person in _without_desk(people, desk)]
    references = (mail.message_id_header,) if mail.message_id_header else ()
    outbox.post(letters, desk=desk, now=now, references=references)


def tell_state(ticket: Ticket, *, before: State, because: str, now: datetime) -> None:
    """Tell that the state changed (SW-17)."""
    desk = the_desk()
    letters = [
        composing.status(person, ticket, before=before, because=because, desk=desk)
        for person in people_of(ticket, desk)
    ]
    outbox.post(letters, desk=desk, now=now)


def send_answer(ticket: Ticket, message: Message, *, now: datetime) -> None:
    """Bring an agent's answer, and the state it left the ticket in (IB-15)."""
    desk = the_desk()
    letters = [composing.answer(person, ticket, message, desk=desk) for person in people_of(ticket, desk)]
    outbox.post(letters, desk=desk, now=now)


def tell_quota(ticket: Ticket, contact: Contact, decision: Decision, *, now: datetime) -> None:
    """Tell once a ticket that a message over the quota starts no clock (IB-10)."""
    told = OutboundMail.objects.filter(ticket=ticket, kind=OutboundKind.QUOTA, recipient=contact.email)
    if not told.exists():
        desk = the_desk()
        letter = composing.over_quota(contact, ticket, decision=decision, desk=desk)
        outbox.post([letter], desk=desk, now=now)


def warn_of_closing(ticket: Ticket, *, now: datetime) -> None:
    """Warn that a silent ticket closes (IB-23)."""
    desk = the_desk()
    letters = [composing.closing(person, ticket, desk=desk) for person in people_of(ticket, desk)]
    outbox.post(letters, desk=desk, now=now)


def point_to_portal(recipient: str, *, subject: str, language: str, desk: Desk, now: datetime) -> None:
    """Answer a mail with the way to the portal."""
    letter = composing.pointer(recipient, subject=subject, language=language, desk=desk)
    outbox.post([letter], desk=desk, now=now)


def people_of(ticket: Ticket, desk: Desk) -> list[Contact]:
    """Everybody who hears of a ticket; never the desk itself, which would answer itself for ever."""
    people = Contact.objects.filter(Q(followed_tickets=ticket) | Q(pk=ticket.contact_id))
    return _without_desk(people.order_by("pk").distinct(), desk)


def _without_desk(people: Iterable[Contact], desk: Desk) -> list[Contact]:
    ours = desk_mail(desk)
    return [person for person in people if person.is_active and not ours.owns(person.email)]
