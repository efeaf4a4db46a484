"""What becomes of one message: read, matched to a ticket, filed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from balie.customers.models import Contact
from balie.desk.models import MailIn
from balie.mail import notices
from balie.mail.facts import answers_in_last_hour, contacts_at, desk_mail, tickets_claimed
from balie.mail.html import sanitise
from balie.mail.models import InboundMail, InboundOutcome, InboundState, OutboundMail, OutboundState
from balie.mail.parsing import Attachment, ReadMail, read_message
from balie.mail.replies import split_reply
from balie.rules import mail_matching as rules
from balie.rules.mail_matching import DeskMail, MailFacts
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions as tickets
from balie.tickets.actions import Upload, Writing
from balie.tickets.facts import Situation
from balie.tickets.models import Message, Ticket

LONGEST_TEXT = 200_000  # characters; the database indexes the words of less than a megabyte
LONGEST_REPORT = 5_000
MOST_PEOPLE = 20

_WRITTEN = [
    *("state", "message_id_header", "sender", "subject", "outcome", "reasons", "error", "ticket", "message"),
    "processed_at",
]


class NoSender(Refusal):
    """Nobody could be answered: the message names no sender, also not in its envelope."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message on its way to where it belongs."""

    mail: InboundMail
    read: ReadMail
    facts: MailFacts
    desk: DeskMail
    situation: Situation

    def may_answer(self, address: str) -> bool:
        """Whether a program may answer to `address`; if not, the mail tells why."""
        now = self.situation.now
        may = rules.may_answer_automatically(
            self.facts, desk=self.desk, answers_in_last_hour=answers_in_last_hour(address, now=now)
        )
        self.mail.reasons += [reason.as_json() for reason in may.reasons]
        return may.allowed


def sort(mail: InboundMail, situation: Situation) -> None:
    """Bring a stored message where it belongs, and note on it what was done and why. In the caller's transaction."""
    read = read_message(bytes(mail.raw))
    arrival = Arrival(mail, read, read.facts(), desk_mail(situation.row), situation)
    is_new = _claim(mail, arrival.facts.fingerprint)
    _label(mail, read)
    outcome = rules.match(
        arrival.facts,
        tickets=tickets_claimed(claim.ticket for claim in arrival.facts.claims),
        desk=arrival.desk,
        already_received=() if is_new else {arrival.facts.fingerprint},
        now=situation.now,
    )
    mail.reasons = [reason.as_json() for reason in outcome.reasons]
    with translation.override(situation.row.language):
        to_confirm = _file(arrival, outcome)
    mail.state, mail.error, mail.processed_at = InboundState.DONE, "", situation.now
    mail.save(update_fields=_WRITTEN)
    if to_confirm is not None:
        notices.confirm(to_confirm, now=situation.now)


def _claim(mail: InboundMail, fingerprint: str) -> bool:
    """Whether this is the first mail with that fingerprint; of two at once, one waits and hears no."""
    try:
        with transaction.atomic():
            InboundMail.objects.filter(pk=mail.pk).update(fingerprint=fingerprint)
    except IntegrityError:
        return False
    return True


def _label(mail: InboundMail, read: ReadMail) -> None:
    mail.message_id_header = (read.message_id or "")[:600]
    mail.sender = (read.from_.address if read.from_ else "")[:320]
    mail.subject = read.subject[:200]


def _file(arrival: Arrival, outcome: rules.Outcome) -> Ticket | None:
    """Do what was decided; answers the new ticket that is to be confirmed, if any."""
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
    return None


def _open(arrival: Arrival, outcome: rules.NewTicket | rules.NewTicketWithPointer) -> Ticket | None:
    if arrival.situation.row.mail_in == MailIn.POINTER:
        _point_to_portal(arrival)
        return None
    contact = _contact(arrival)
    ticket = tickets.take_in(
        contact,
        Wish(Channel.MAIL),
        subject=arrival.read.subject,
        writing=_writing(arrival.read),
        situation=arrival.situation,
        people=_also_addressed(arrival, contact),
        confirm=False,  # here, when the mail that it answers is linked to the ticket
    )
    _link(arrival, ticket, InboundOutcome.NEW_TICKET)
    if isinstance(outcome, rules.NewTicketWithPointer):
        arrival.mail.outcome = InboundOutcome.POINTER
        words = gettext(
            "This answers a mail about ticket #%(number)s, but its sender is not on that ticket. Look at both before "
            "you tell anything."
        )
        _note(ticket, words % {"number": outcome.ticket}, arrival.situation)
    return ticket if arrival.may_answer(contact.email) else None


def _receive(arrival: Arrival, number: int) -> Ticket | None:
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
        writing=_writing(arrival.read),
        situation=arrival.situation,
        confirm=False,
    )
    is_other = answered.pk != ticket.pk
    _link(arrival, answered, InboundOutcome.LINKED if is_other else InboundOutcome.FOLLOW_UP)
    if is_other:
        return answered if arrival.may_answer(contact.email) else None
    if not reaction.allowed and arrival.may_answer(contact.email):
        notices.tell_quota(answered, contact, reaction, now=arrival.situation.now)
    return None


def _point_to_portal(arrival: Arrival) -> None:
    arrival.mail.outcome = InboundOutcome.PORTAL
    address = _sender_of(arrival)
    if address is None or not arrival.may_answer(address.lower()):
        return
    known = contacts_at([address]).get(address.lower())
    desk = arrival.situation.row
    notices.point_to_portal(
        address.lower(),
        subject=arrival.mail.subject,
        language=known.language if known else desk.language,
        desk=desk,
        now=arrival.situation.now,
    )


def _file_automatic(arrival: Arrival, number: int | None) -> None:
    arrival.mail.outcome = InboundOutcome.AUTOMATIC
    if number is None:
        return
    ticket = Ticket.objects.get(number=number)
    contact = contacts_at([arrival.facts.sender or ""]).get((arrival.facts.sender or "").lower())
    tickets.file_automatic(
        ticket, contact, writing=_writing(arrival.read, is_automatic=True), situation=arrival.situation
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
    claims = rules.check_claims(arrival.facts.claims, secrets=arrival.desk.secrets).claims
    named = [each.message for each in claims if each.place is rules.Place.RETURNED and each.message]
    sent = OutboundMail.objects.filter(ticket=ticket, state=OutboundState.SENT).order_by("-id")
    key = (
        sent.filter(pk__in=named).values_list("pk", flat=True).first()
        if named
        else sent.filter(recipient__in=bounce.addresses).values_list("pk", flat=True).first()
    )
    if key is not None:
        OutboundMail.objects.filter(pk=key).update(state=OutboundState.FAILED, error=report[:2000])


def _note(ticket: Ticket, words: str, situation: Situation) -> None:
    tickets.note(ticket, writing=Writing(words, is_automatic=True), by=None, situation=situation)


def _link(arrival: Arrival, ticket: Ticket, outcome: InboundOutcome) -> None:
    """Note on the mail which ticket and message it became; its pictures get their addresses."""
    message = Message.objects.filter(ticket=ticket).order_by("-id").first()
    arrival.mail.ticket, arrival.mail.message, arrival.mail.outcome = ticket, message, outcome
    if message is not None and _inline(arrival.read):
        _place_pictures(message, arrival.read)


# --- Who ------------------------------------------------------------------------------------------------


def _sender_of(arrival: Arrival) -> str | None:
    """The author, else who sent it, else the sender on the envelope; never the desk itself."""
    read = arrival.read
    named = [each.address for each in (read.from_, read.sender) if each]
    found = next(iter([*named, read.return_path or None]), None)
    return None if found is None or arrival.desk.owns(found) else found


def _contact(arrival: Arrival) -> Contact:
    """The contact who wrote; somebody new becomes one whom nobody has placed at a customer yet."""
    address = _sender_of(arrival)
    if address is None:
        raise NoSender(_("The message names no sender, so nobody could be answered."))
    if known := contacts_at([address]).get(address.lower()):
        return known
    name = arrival.read.from_.name if arrival.read.from_ else ""
    contact, _created = Contact.objects.get_or_create(
        email=address.lower(), defaults={"name": name[:150], "language": arrival.situation.row.language}
    )
    return contact


def _also_addressed(arrival: Arrival, contact: Contact) -> list[Contact]:
    """Known people of the same customer to whom the mail was sent as well: they follow the ticket."""
    if contact.customer_id is None:
        return []
    addressed = [each.address for each in (*arrival.read.to, *arrival.read.cc)]
    known = contacts_at(addressed).values()
    return [each for each in known if each.customer_id == contact.customer_id and each.pk != contact.pk][
        :MOST_PEOPLE
    ]


# --- What -----------------------------------------------------------------------------------------------


def _writing(read: ReadMail, *, is_automatic: bool = False) -> Writing:
    """What was written, apart from what was quoted; nothing is left out."""
    split = split_reply(read.text)
    text = split.reply or read.subject or gettext("(a message without text)")
    uploads = [_upload(each) for each in read.attachments]
    if len(text) > LONGEST_TEXT:
        uploads.append(Upload("message.txt", "text/plain", read.text.encode()))
        text = text[:LONGEST_TEXT]
    safe = sanitise(read.html) if read.html and not _inline(read) else None
    return Writing(
        text=text,
        quoted="\n\n".join(part for part in (split.signature, split.quoted) if part),
        html=safe.html if safe else "",
        has_remote_images=safe.has_remote_images if safe else False,
        uploads=uploads,
        is_automatic=is_automatic,
    )


def _upload(attachment: Attachment) -> Upload:
    return Upload(
        attachment.filename,
        attachment.content_type,
        attachment.content,
        content_id=attachment.content_id or "",
        is_inline=attachment.is_inline,
    )


def _inline(read: ReadMail) -> bool:
    """Whether its HTML shows pictures that came with it."""
    return bool(read.html) and any(each.content_id for each in read.attachments)


def _place_pictures(message: Message, read: ReadMail) -> None:
    """Sanitise the HTML now that its pictures have addresses."""
    addresses = {
        content_id: reverse("desk_attachment", args=[key])
        for key, content_id in message.attachments.exclude(content_id="").values_list("pk", "content_id")
    }
    safe = sanitise(read.html or "", attachments=addresses)
    Message.objects.filter(pk=message.pk).update(html=safe.html, has_remote_images=safe.has_remote_images)
