"""Telling the people on a ticket what happened to it: which letters, to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from balie.customers.models import Contact, PhoneNumber
from balie.desk.models import Desk
from balie.desk.queries import the_desk
from balie.mail import composing, outbox
from balie.mail.facts import desk_mail
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.wishes import Channel
from balie.tickets.models import CallBack, Message, Ticket


def confirm(ticket: Ticket, people: Collection[Contact], *, desk: Desk, now: datetime) -> None:
    """Confirm to the people on it that a new question came in (SW-17)."""
    before = None if ticket.channel == Channel.MAIL else ()  # only a mail has a conversation before it
    letters = [
        composing.confirmation(person, ticket, desk=desk, references=before)
        for person in _who_hear(people, ticket, desk)
    ]
    outbox.post(letters, desk=desk, now=now)


def tell_state(ticket: Ticket, *, before: State, because: str, now: datetime) -> None:
    """Tell that the state changed (SW-17)."""
    desk = the_desk()
    letters = [
        composing.status(person, ticket, before=before, because=because, desk=desk)
        for person in people_of(ticket, desk)
    ]
    outbox.post(letters, desk=desk, now=now)


def send_answer(ticket: Ticket, message: Message, *, now: datetime) -> None:
    """Bring an agent's answer, and the state it left the ticket in, to all people on the ticket and all copies (IB-15).

    Everybody sees who else got it, but for those who got it blindly.
    """
    desk = the_desk()
    people = people_of(ticket, desk)
    visible, blind = _copies_of(ticket, message, desk)
    to, cc = _shown([*people, *visible], ticket)
    letters = [
        replace(composing.answer(person, ticket, message, desk=desk), shown_to=to, shown_cc=cc)
        for person in (*people, *visible, *blind)
    ]
    outbox.post(letters, desk=desk, now=now)


def _copies_of(ticket: Ticket, message: Message, desk: Desk) -> tuple[list[Contact], list[Contact]]:
    """Who gets this answer by mail alone, seen by all or by nobody; never the desk itself."""
    ours = desk_mail(desk)
    copies = ticket.copies.filter(Q(is_blind=False) | Q(message=message))
    visible: list[Contact] = []
    blind: list[Contact] = []
    for copy in copies:
        if not ours.owns(copy.email):
            (blind if copy.is_blind else visible).append(Contact(email=copy.email, language=desk.language))
    return visible, blind


def _shown(people: Sequence[Contact], ticket: Ticket) -> tuple[str, tuple[str, ...]]:
    """What the header says of the recipients: to whom, and who else. Nothing when there is only one to be seen."""
    if len(people) < 2:
        return "", ()
    first = next((each for each in people if each.pk == ticket.contact_id), people[0])
    return _mailbox(first), tuple(_mailbox(each) for each in people if each is not first)


def _mailbox(person: Contact) -> str:
    """The person as a header names it; what is not ASCII is encoded when the mail is written."""
    name = " ".join(person.name.replace("\\", "").replace('"', "").split())
    return f'"{name}" <{person.email}>' if name else person.email


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


def tell_urgent(ticket: Ticket, *, now: datetime) -> None:
    """Tell that we made a question urgent, and at what surcharge (IB-22)."""
    desk = the_desk()
    letters = [composing.made_urgent(person, ticket, desk=desk) for person in people_of(ticket, desk)]
    outbox.post(letters, desk=desk, now=now)


def tell_not_urgent(ticket: Ticket, *, now: datetime) -> None:
    """Tell that we took the urgency of a question back, so that nobody counts on it or on the surcharge (IB-22)."""
    desk = the_desk()
    letters = [composing.not_urgent(person, ticket, desk=desk) for person in people_of(ticket, desk)]
    outbox.post(letters, desk=desk, now=now)


def tell_of_call(call_back: CallBack, *, now: datetime) -> None:
    """Tell when we call (IB-15, SW-18)."""
    desk = the_desk()
    people = people_of(call_back.ticket, desk)
    outbox.post(
        [composing.call_planned(person, call_back, desk=desk) for person in people], desk=desk, now=now
    )


def tell_not_reached(call_back: CallBack, *, now: datetime) -> None:
    """Tell that we could not reach the customer, and how to reach us (IB-24)."""
    desk = the_desk()
    people = people_of(call_back.ticket, desk)
    outbox.post(
        [composing.call_given_up(person, call_back, desk=desk) for person in people], desk=desk, now=now
    )


def tell_of_number(number: PhoneNumber, *, now: datetime) -> None:
    """Tell who handed in a phone number that the desk registered it, or why not (IB-02)."""
    contact = number.requested_by
    if contact is not None and contact.is_active:
        desk = the_desk()
        outbox.post([composing.phone_number(contact, number, desk=desk)], desk=desk, now=now)


def send_video(contact: Contact, link: str, *, until: datetime, now: datetime) -> None:
    """Bring the link to the instruction video about back-ups (IB-28)."""
    desk = the_desk()
    outbox.post([composing.video(contact, link, until=until, desk=desk)], desk=desk, now=now)


def people_of(ticket: Ticket, desk: Desk) -> list[Contact]:
    """Everybody who hears of a ticket."""
    people = Contact.objects.filter(Q(followed_tickets=ticket) | Q(pk=ticket.contact_id))
    return _who_hear(people.order_by("pk").distinct(), ticket, desk)


def _who_hear(people: Iterable[Contact], ticket: Ticket, desk: Desk) -> list[Contact]:
    """Who is on a ticket and still belongs to its customer; never the desk itself, which would answer for ever."""
    ours = desk_mail(desk)
    return [
        person
        for person in people
        if person.is_active and person.customer_id == ticket.customer_id and not ours.owns(person.email)
    ]
