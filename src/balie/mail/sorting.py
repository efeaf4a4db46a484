"""What becomes of one message: read, matched to a ticket, filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models.expressions import RawSQL
from django.utils import translation
from django.utils.translation import gettext

from balie.customers.models import Contact, Reach
from balie.desk.models import MailIn
from balie.mail import composing, filing, notices
from balie.mail.composing import Letter
from balie.mail.facts import answers_in_last_hour, contacts_at, desk_mail, tickets_claimed
from balie.mail.models import InboundMail, InboundOutcome, InboundState, OutboundMail, OutboundState
from balie.mail.reading.parsing import ReadMail, read_message
from balie.rules import mail_matching as rules
from balie.rules.mail_matching import MailFacts
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions as tickets
from balie.tickets.actions import Writing
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket

LONGEST_REPORT = 5_000
MOST_PEOPLE = 20


class NoSender(Refusal):
    """Nobody could be answered: the message names no sender, also not in its envelope."""


class Round:
    """Messages that are sorted together: what several of them need is read once.

    Only what is written through this round is known to it. Begin a new one after a transaction was rolled back.
    """

    def __init__(self, mails: Sequence[InboundMail], situation: Situation) -> None:
        self.situation = situation
        self.desk = desk_mail(situation.row)
        self._read = dict(_readable(mails))
        reads = self._read.values()
        self.contacts = contacts_at(each for read in reads for each in _addresses(read))
        self._fingerprints = _received({read.fingerprint for read in reads})
        self._answers = answers_in_last_hour(
            (each.email for each in self.contacts.values()), now=situation.now
        )
        situation.read_ahead({each.customer for each in self.contacts.values() if each.customer})

    def read(self, mail: InboundMail) -> ReadMail:
        """The message, read once. Never raises."""
        found = self._read.get(mail.pk)
        return found or read_message(bytes(mail.raw))

    def claim(self, fingerprint: str) -> bool:
        """Whether this is the first mail with that fingerprint; between two rounds the database decides."""
        is_new = fingerprint not in self._fingerprints
        self._fingerprints.add(fingerprint)
        return is_new

    def may_answer(self, facts: MailFacts, address: str) -> rules.MayAnswer:
        """Whether a program may answer to `address`."""
        if address.lower() not in self._answers:
            self._answers |= answers_in_last_hour([address], now=self.situation.now)
        so_far = self._answers[address.lower()]
        may = rules.may_answer_automatically(facts, desk=self.desk, answers_in_last_hour=so_far)
        self._answers[address.lower()] += may.allowed
        return may


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message on its way to where it belongs."""

    mail: InboundMail
    read: ReadMail
    facts: MailFacts
    round: Round

    @property
    def situation(self) -> Situation:
        return self.round.situation

    def writing(self, *, is_automatic: bool = False) -> Writing:
        """What was written."""
        return filing.writing_of(self.read, zone=ZoneInfo(self.situation.row.zone), is_automatic=is_automatic)

    def may_answer(self, address: str) -> bool:
        """Whether a program may answer to `address`; if not, the mail tells why."""
        may = self.round.may_answer(self.facts, address)
        self.mail.reasons += [reason.as_json() for reason in may.reasons]
        return may.allowed


def sort(mail: InboundMail, with_: Round) -> list[Letter]:
    """Bring a stored message where it belongs, and note on it what was done and why. In the caller's transaction.

    Answers the letters that confirm it, which the caller posts. Raises whatever went wrong, also `IntegrityError` when
    another worker was first with the same message or the same new contact.
    """
    read, situation = with_.read(mail), with_.situation
    arrival = Arrival(mail, read, read.facts(), with_)
    is_new = with_.claim(arrival.facts.fingerprint)
    _label(mail, read)
    outcome = rules.match(
        arrival.facts,
        tickets=tickets_claimed(claim.ticket for claim in arrival.facts.claims),
        desk=with_.desk,
        already_received=() if is_new else {arrival.facts.fingerprint},
        now=situation.now,
    )
    mail.fingerprint = arrival.facts.fingerprint if is_new else ""
    mail.reasons = [reason.as_json() for reason in outcome.reasons]
    with translation.override(situation.row.language):
        letters = _file(arrival, outcome)
    _note_result(mail, situation)
    return letters


def _note_result(mail: InboundMail, situation: Situation) -> None:
    """Write on the mail what became of it; its message is the newest of its ticket, which is locked or new."""
    newest = RawSQL(
        "SELECT max(id) FROM tickets_message WHERE ticket_id = %s", [mail.ticket_id]
    )  # 1 ms cheaper
    InboundMail.objects.filter(pk=mail.pk).update(
        state=InboundState.DONE,
        fingerprint=mail.fingerprint,
        message_id_header=mail.message_id_header,
        sender=mail.sender,
        subject=mail.subject,
        outcome=mail.outcome,
        reasons=mail.reasons,
        error="",
        ticket=mail.ticket_id,
        message=newest if mail.ticket_id else None,
        processed_at=situation.now,
    )


def _readable(mails: Iterable[InboundMail]) -> Iterator[tuple[int, ReadMail]]:
    for mail in mails:
        with suppress(Exception):  # it is read again when its turn comes, and then tells what is wrong
            yield mail.pk, read_message(bytes(mail.raw))


def _addresses(read: ReadMail) -> Iterator[str]:
    """Of everybody who may be a contact of ours."""
    writers = (read.from_, read.sender)
    yield from (each.address for each in (*writers, *read.to, *read.cc) if each)
    if read.return_path:
        yield read.return_path


def _received(fingerprints: Set[str]) -> set[str]:
    """Those of messages that were worked on before."""
    known = InboundMail.objects.filter(fingerprint__in=fingerprints)
    return set(known.values_list("fingerprint", flat=True))


def _label(mail: InboundMail, read: ReadMail) -> None:
    mail.message_id_header = (read.message_id or "")[:600]
    mail.sender = (read.from_.address if read.from_ else "")[:320]
    mail.subject = read.subject[:200]


def _file(arrival: Arrival, outcome: rules.Outcome) -> list[Letter]:
    """Do what was decided; answers the letters that confirm it."""
    match outcome:
        case rules.AlreadyReceived():
            arrival.mail.outcome = InboundOutcome.DUPLICATE
        case rules.OwnMail():
            arrival.mail.outcome = InboundOutcome.OWN
        case rules.FiledAutomatic():
            _file_automatic(arrival, outcome.ticket)
        case rules.Bounce():
            _file_bounce(arrival, outcome)
        case rules.FollowUp() | rules.NewLinkedTicket():
            return _receive(arrival, outcome.ticket)
        case rules.NewTicket() | rules.NewTicketWithPointer():
            return _open(arrival, outcome)
    return []


def _open(arrival: Arrival, outcome: rules.NewTicket | rules.NewTicketWithPointer) -> list[Letter]:
    if arrival.situation.row.mail_in == MailIn.POINTER:
        return _point_to_portal(arrival)
    contact = _contact(arrival)
    people = _also_addressed(arrival, contact)
    ticket = tickets.take_in(
        contact,
        Wish(Channel.MAIL),
        subject=arrival.read.subject,
        writing=arrival.writing(),
        situation=arrival.situation,
        people=people,
        confirm=False,  # here, as an answer to the mail
    )
    _link(arrival, ticket, InboundOutcome.NEW_TICKET)
    if isinstance(outcome, rules.NewTicketWithPointer):
        arrival.mail.outcome = InboundOutcome.POINTER
        words = gettext(
            "This answers a mail about ticket #%(number)s, but its sender is not on that ticket. Look at both before "
            "you tell anything."
        )
        _note(ticket, words % {"number": outcome.ticket}, arrival.situation)
    return _confirm(arrival, ticket, [contact, *people])


def _confirm(arrival: Arrival, ticket: Ticket, people: Sequence[Contact]) -> list[Letter]:
    """What confirms a new ticket to the people on it, as answers to the mail; nothing when no program may answer."""
    if not arrival.may_answer(ticket.contact.email):
        return []
    header = arrival.mail.message_id_header
    return [
        composing.confirmation(
            person, ticket, desk=arrival.situation.row, references=(header,) if header else ()
        )
        for person in people
        if person.is_active and not arrival.round.desk.owns(person.email)
    ]


def _receive(arrival: Arrival, number: int) -> list[Letter]:
    """A follow-up; on a ticket that ended too long ago it becomes a new one, which is confirmed."""
    ticket = Ticket.objects.get(number=number)
    contact = _contact(arrival)
    ticket.people.add(*_also_addressed(arrival, contact))
    InboundMail.objects.filter(pk=arrival.mail.pk).update(
        ticket=ticket, message_id_header=arrival.mail.message_id_header
    )
    reaction = tickets.decide_reaction(ticket, arrival.situation)
    answered = tickets.receive(
        ticket,
        contact,
        channel=Channel.MAIL,
        writing=arrival.writing(),
        situation=arrival.situation,
        confirm=False,
    )
    is_other = answered.pk != ticket.pk
    _link(arrival, answered, InboundOutcome.LINKED if is_other else InboundOutcome.FOLLOW_UP)
    if is_other:
        return _confirm(arrival, answered, [contact])
    if not reaction.allowed and arrival.may_answer(contact.email):
        notices.tell_quota(answered, contact, reaction, now=arrival.situation.now)
    return []


def _point_to_portal(arrival: Arrival) -> list[Letter]:
    arrival.mail.outcome = InboundOutcome.PORTAL
    address = _sender_of(arrival)
    if address is None or not arrival.may_answer(address.lower()):
        return []
    known = arrival.round.contacts.get(address.lower())
    desk = arrival.situation.row
    language = known.language if known else desk.language
    return [composing.pointer(address.lower(), subject=arrival.mail.subject, language=language, desk=desk)]


def _file_automatic(arrival: Arrival, number: int | None) -> None:
    arrival.mail.outcome = InboundOutcome.AUTOMATIC
    if number is None:
        return
    ticket = Ticket.objects.get(number=number)
    contact = arrival.round.contacts.get((arrival.facts.sender or "").lower())
    tickets.file_automatic(
        ticket, contact, writing=arrival.writing(is_automatic=True), situation=arrival.situation
    )
    _link(arrival, ticket, InboundOutcome.AUTOMATIC)


def _file_bounce(arrival: Arrival, bounce: rules.Bounce) -> None:
    arrival.mail.outcome = InboundOutcome.BOUNCE
    if bounce.ticket is None:
        return
    ticket = Ticket.objects.get(number=bounce.ticket)
    report = arrival.read.text[:LONGEST_REPORT].strip()
    words = gettext("A mail about this ticket to %(addresses)s could not be delivered.")
    words %= {"addresses": ", ".join(bounce.addresses) or gettext("an unknown address")}
    _note(ticket, f"{words}\n\n{report}", arrival.situation)
    _link(arrival, ticket, InboundOutcome.BOUNCE)
    _mark_undelivered(arrival, bounce, ticket, report)


def _mark_undelivered(arrival: Arrival, bounce: rules.Bounce, ticket: Ticket, report: str) -> None:
    """Our mail that came back has failed: the one named in the report, else the last one to that address."""
    named = arrival.read.report.returned_ids if arrival.read.report else ()
    sent = OutboundMail.objects.filter(ticket=ticket, state=OutboundState.SENT).order_by("-id")
    keys = sent.values_list("pk", flat=True)
    key = (
        keys.filter(message_id_header__in=named).first()
        or keys.filter(recipient__in=bounce.addresses).first()
    )
    if key is not None:
        OutboundMail.objects.filter(pk=key).update(state=OutboundState.FAILED, error=report[:2000])


def _note(ticket: Ticket, words: str, situation: Situation) -> None:
    tickets.note(ticket, writing=Writing(words, is_automatic=True), by=None, situation=situation)


def _link(arrival: Arrival, ticket: Ticket, outcome: InboundOutcome) -> None:
    """Note on the mail which ticket it became; its pictures get their addresses."""
    arrival.mail.ticket, arrival.mail.outcome = ticket, outcome
    if filing.has_pictures(arrival.read):
        filing.place_pictures(ticket.messages.latest("id"), arrival.read)
    if arrival.read.seal is not None:
        filing.note_seal(ticket.messages.latest("id"), arrival.read, at=arrival.mail.received_at)


# --- Who ------------------------------------------------------------------------------------------------


def _sender_of(arrival: Arrival) -> str | None:
    """The author, else who sent it, else the sender on the envelope; never the desk itself."""
    read = arrival.read
    named = [each.address for each in (read.from_, read.sender) if each]
    found = next(iter([*named, read.return_path or None]), None)
    return None if found is None or arrival.round.desk.owns(found) else found


def _contact(arrival: Arrival) -> Contact:
    """The contact who wrote; somebody new becomes one whom nobody has placed at a customer yet."""
    address = _sender_of(arrival)
    if address is None:
        raise NoSender(_("The message names no sender, so nobody could be answered."))
    if known := arrival.round.contacts.get(address.lower()):
        return known
    name = arrival.read.from_.name if arrival.read.from_ else ""
    contact, _created = Contact.objects.get_or_create(
        email=address.lower(),
        defaults={"name": name[:150], "language": arrival.situation.row.language, "reach": Reach.OWN},
    )
    arrival.round.contacts[address.lower()] = contact
    return contact


def _also_addressed(arrival: Arrival, contact: Contact) -> list[Contact]:
    """Known people of the same customer to whom the mail was sent as well: they follow the ticket."""
    if contact.customer_id is None:
        return []
    addressed = dict.fromkeys(each.address.lower() for each in (*arrival.read.to, *arrival.read.cc))
    known = [arrival.round.contacts[each] for each in addressed if each in arrival.round.contacts]
    others = [each for each in known if each.customer_id == contact.customer_id and each.pk != contact.pk]
    return others[:MOST_PEOPLE]
