"""Doing what was decided about a message: on which ticket it lands, and which letters confirm that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from balie.customers.models import Contact, Reach
from balie.desk.models import MailIn
from balie.mail import administrators, bounces, composing, filing, notices, senders
from balie.mail.composing import Letter
from balie.mail.facts import automatic_mails_about
from balie.mail.models import DeskAddress, InboundMail, InboundOutcome, InboundState
from balie.mail.reading.headers import Address
from balie.rules import mail_matching as rules
from balie.rules.mail_matching import Trust
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions as tickets
from balie.tickets.actions import Writing
from balie.tickets.facts import Situation
from balie.tickets.models import Category, Ticket
from balie.web.jinja import moment

if TYPE_CHECKING:
    from balie.mail.round import Arrival

LONGEST_REPORT = 5_000
ON_A_TICKET_THERE_WAS = frozenset({InboundOutcome.FOLLOW_UP, InboundOutcome.AUTOMATIC, InboundOutcome.BOUNCE})


class NoSender(Refusal):
    """Nobody could be answered: the message names no sender, also not in its envelope."""


def land(arrival: Arrival, outcome: rules.Outcome) -> list[Letter]:
    """Do what was decided; answers the letters that confirm it."""
    match outcome:
        case rules.AlreadyReceived():
            arrival.mail.outcome = InboundOutcome.DUPLICATE
        case rules.OwnMail():
            arrival.mail.outcome = InboundOutcome.OWN
        case rules.Spam():
            arrival.mail.outcome = InboundOutcome.SPAM
        case rules.Waiting():
            _wait(arrival)
        case rules.FiledAutomatic():
            _file_automatic(arrival, outcome.ticket)
        case rules.Bounce():
            _file_bounce(arrival, outcome)
        case rules.ForAdministrators():
            _open_for_administrators(arrival, outcome)
        case rules.FollowUp() | rules.NewLinkedTicket():
            return _receive(arrival, outcome.ticket)
        case rules.NewTicket() | rules.NewTicketWithPointer():
            return _open(arrival, outcome)
    return []


def _wait(arrival: Arrival) -> None:
    is_forged = arrival.facts.proof.trust is Trust.FORGED
    arrival.mail.outcome = InboundOutcome.FORGED if is_forged else InboundOutcome.STRANGER


# --- New tickets ----------------------------------------------------------------------------------------


def _open(arrival: Arrival, outcome: rules.NewTicket | rules.NewTicketWithPointer) -> list[Letter]:
    if arrival.situation.row.mail_in == MailIn.POINTER and arrival.paper.forwarded is None:
        return _point_to_portal(arrival)
    contact = _contact(arrival)
    people = senders.also_addressed(arrival.read, contact, arrival.round.contacts)
    ticket = _take_in(arrival, contact, people)
    _link(arrival, ticket, InboundOutcome.NEW_TICKET)
    if isinstance(outcome, rules.NewTicketWithPointer) or arrival.paper.forwarded is not None:
        arrival.message = ticket.messages.latest("id").pk  # a note follows
    if isinstance(outcome, rules.NewTicketWithPointer):
        arrival.mail.outcome = InboundOutcome.POINTER
        words = gettext(
            "This answers a mail about ticket #%(number)s, but its sender is not on that ticket. Look at both before "
            "you tell anything."
        )
        _note(ticket, words % {"number": outcome.ticket}, arrival.situation)
    _note_forwarding(arrival, ticket)
    return _confirm(arrival, ticket, [contact, *people])


def _take_in(arrival: Arrival, contact: Contact, people: Sequence[Contact] = ()) -> Ticket:
    """The ticket that a message becomes, with what the address says that it was sent to."""
    forwarded = arrival.paper.forwarded
    address = _meant(arrival)
    topic = _topic(arrival, address)
    ticket = tickets.take_in(
        contact,
        Wish(Channel.MAIL, topic.key if topic else None),
        subject=forwarded.subject if forwarded else arrival.read.subject,
        writing=_writing(arrival),
        situation=arrival.situation,
        people=people,
        confirm=False,  # here, as an answer to the mail
    )
    if address is not None and address.team_id is not None:
        ticket.team = address.team
        Ticket.objects.filter(pk=ticket.pk).update(team=address.team)
    return ticket


def _meant(arrival: Arrival) -> DeskAddress | None:
    """The row of the desk's address that the message was meant for."""
    meant = arrival.round.desk.meant(arrival.facts.recipients)
    return arrival.round.rules.addresses.get(meant) if meant else None


def _topic(arrival: Arrival, address: DeskAddress | None) -> Category | None:
    """What the address is for, else what the mailbox is for."""
    if address is not None and address.category is not None:
        return address.category
    mailbox = arrival.mail.mailbox if arrival.mail.mailbox_id else None
    return mailbox.category if mailbox else None


def _writing(arrival: Arrival, *, is_automatic: bool = False) -> Writing:
    """What was written; of something forwarded only what its first sender wrote."""
    zone = ZoneInfo(arrival.situation.row.zone)
    forwarded = arrival.paper.forwarded
    if forwarded is None:
        return filing.writing_of(arrival.read, zone=zone, is_automatic=is_automatic)
    if forwarded.whole is not None:
        return filing.writing_of(forwarded.whole, zone=zone)
    read = replace(arrival.read, text=forwarded.text, html=None, subject=forwarded.subject)
    return filing.writing_of(read, zone=zone)


def _note_forwarding(arrival: Arrival, ticket: Ticket) -> None:
    """Say on the ticket who passed the mail on, when it was written, and what the agent wrote above it."""
    forwarded, agent = arrival.paper.forwarded, arrival.paper.by
    if forwarded is None or agent is None:
        return
    if forwarded.written_at is None:
        words = gettext("%(agent)s forwarded this mail of %(sender)s.")
    else:
        words = gettext("%(agent)s forwarded this mail of %(sender)s, written %(moment)s.")
    told = {
        "agent": agent,
        "sender": forwarded.sender.address,
        "moment": moment(forwarded.written_at),
    }
    _note(ticket, "\n\n".join(filter(None, [words % told, forwarded.note])), arrival.situation)


def _confirm(arrival: Arrival, ticket: Ticket, people: Sequence[Contact]) -> list[Letter]:
    """What confirms a new ticket to the people on it, as answers to the mail; nothing when no program may answer."""
    if not arrival.may_answer(ticket.contact.email):
        return []
    header = arrival.mail.message_id_header if arrival.paper.forwarded is None else ""
    return [
        composing.confirmation(
            person, ticket, desk=arrival.situation.row, references=(header,) if header else ()
        )
        for person in people
        if person.is_active and not arrival.round.desk.owns(person.email)
    ]


def _point_to_portal(arrival: Arrival) -> list[Letter]:
    arrival.mail.outcome = InboundOutcome.PORTAL
    address = arrival.paper.author.key
    if not address or not arrival.may_answer(address):
        return []
    known = arrival.round.contacts.get(address)
    desk = arrival.situation.row
    language = known.language if known else desk.language
    return [composing.pointer(address, subject=arrival.mail.subject, language=language, desk=desk)]


def _open_for_administrators(arrival: Arrival, outcome: rules.ForAdministrators) -> None:
    """A ticket when it is known who wrote it; else, or when that may be forged, it waits. Told in any case."""
    is_forged = arrival.facts.proof.trust is Trust.FORGED
    arrival.mail.outcome = InboundOutcome.ROLE
    if is_forged or not arrival.paper.author.key:
        arrival.mail.state = InboundState.WAITING
    else:
        _link(arrival, _take_in(arrival, _contact(arrival)), InboundOutcome.ROLE)
    besides = sum(each.mail.outcome == InboundOutcome.ROLE for each in arrival.round.left.arrivals)
    administrators.tell(arrival.mail, outcome.address, besides=besides, now=arrival.situation.now)


# --- Tickets that there are -----------------------------------------------------------------------------


def _receive(arrival: Arrival, number: int) -> list[Letter]:
    """A follow-up; on a ticket that ended too long ago it becomes a new one, which is confirmed."""
    ticket = Ticket.objects.get(number=number)
    contact = _contact(arrival)
    ticket.people.add(*senders.also_addressed(arrival.read, contact, arrival.round.contacts))
    InboundMail.objects.filter(pk=arrival.mail.pk).update(
        ticket=ticket, message_id_header=arrival.mail.message_id_header
    )
    reaction = tickets.decide_reaction(ticket, arrival.situation)
    answered = tickets.receive(
        ticket,
        contact,
        channel=Channel.MAIL,
        writing=_writing(arrival),
        situation=arrival.situation,
        confirm=False,
    )
    is_other = answered.pk != ticket.pk
    _link(arrival, answered, InboundOutcome.LINKED if is_other else InboundOutcome.FOLLOW_UP)
    if is_other:
        return _confirm(arrival, answered, [contact])
    if not reaction.allowed:
        so_far = automatic_mails_about(answered, now=arrival.situation.now)
        if arrival.may_answer(contact.email, on_ticket=so_far):
            notices.tell_quota(answered, contact, reaction, now=arrival.situation.now)
    return []


def _file_automatic(arrival: Arrival, number: int | None) -> None:
    arrival.mail.outcome = InboundOutcome.AUTOMATIC
    if number is None:  # absence notes are sent to the envelope's sender (RFC 3834), which names our mail
        ours = bounces.bounced(envelope_recipients=arrival.facts.recipients)
        if ours is None or ours.ticket is None:
            return
        number = ours.ticket.number
    ticket = Ticket.objects.get(number=number)
    contact = arrival.round.contacts.get((arrival.facts.sender or "").lower())
    tickets.file_automatic(
        ticket, contact, writing=_writing(arrival, is_automatic=True), situation=arrival.situation
    )
    _link(arrival, ticket, InboundOutcome.AUTOMATIC)


def _file_bounce(arrival: Arrival, bounce: rules.Bounce) -> None:
    """Our mail came back: it has failed, its address is marked, its ticket tells. Without proof it is only kept."""
    arrival.mail.outcome = InboundOutcome.BOUNCE
    ticket = None if bounce.ticket is None else Ticket.objects.get(number=bounce.ticket)
    report = arrival.read.text[:LONGEST_REPORT].strip()
    ours = bounces.bounced(
        envelope_recipients=arrival.facts.recipients,
        returned_ids=arrival.read.report.returned_ids if arrival.read.report else (),
        addresses=bounce.addresses,
        ticket=ticket.pk if ticket else None,
    )
    about = ours.ticket if ours is not None and ours.ticket is not None else ticket
    if about is not None:
        words = gettext("A mail about this ticket to %(addresses)s could not be delivered.")
        words %= {"addresses": ", ".join(bounce.addresses) or gettext("an unknown address")}
        _note(about, f"{words}\n\n{report}", arrival.situation)
        _link(arrival, about, InboundOutcome.BOUNCE)
    if ours is not None:
        words = bounces.words_about(ours, arrival.read.report, otherwise=report)
        bounces.came_back(ours, words, now=arrival.situation.now)


def _note(ticket: Ticket, words: str, situation: Situation) -> None:
    tickets.note(ticket, writing=Writing(words, is_automatic=True), by=None, situation=situation)


def _link(arrival: Arrival, ticket: Ticket, outcome: InboundOutcome) -> None:
    """Note on the mail which ticket it became, and as which message; its pictures get their addresses."""
    arrival.mail.ticket, arrival.mail.outcome = ticket, outcome
    arrival.is_written = True
    if outcome in ON_A_TICKET_THERE_WAS:
        arrival.message = ticket.messages.latest("id").pk  # others of the round may follow on the same
    read = arrival.read
    if arrival.paper.forwarded is not None:
        if arrival.paper.forwarded.whole is None:
            return
        read = arrival.paper.forwarded.whole
    if filing.has_pictures(read):
        filing.place_pictures(ticket.messages.latest("id"), read)
    if read.seal is not None:
        filing.note_seal(ticket.messages.latest("id"), read, at=arrival.mail.received_at)


# --- Who ------------------------------------------------------------------------------------------------


def _contact(arrival: Arrival) -> Contact:
    """The contact who wrote; somebody new becomes one, placed at the customer that an agent said, if any did."""
    who = _who(arrival)
    if who is None:
        raise NoSender(_("The message names no sender, so nobody could be answered."))
    key = who.address.lower()
    if known := arrival.round.contacts.get(key):
        return known
    address = _meant(arrival)
    contact, _created = Contact.objects.get_or_create(
        email=key,
        defaults={
            "name": who.name[:150],
            "language": (address.language if address else "") or arrival.situation.row.language,
            "reach": Reach.OWN,
            "customer": arrival.mail.released_to,
        },
    )
    arrival.round.contacts[key] = contact
    return contact


def _who(arrival: Arrival) -> Address | None:
    if arrival.paper.forwarded is not None:
        return arrival.paper.forwarded.sender
    return arrival.paper.author.address
