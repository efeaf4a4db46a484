"""Every mail that leaves is a row first: letters about tickets, and what Django and allauth send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from secrets import randbelow
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from balie.desk.models import Desk
from balie.desk.queries import the_desk
from balie.mail import jobs
from balie.mail.composing import SUBJECT_LENGTH, Letter
from balie.mail.facts import address_of, addresses_of, domain_of, token_secrets
from balie.mail.models import InboundMail, InboundOutcome, OutboundKind, OutboundMail, OutboundState
from balie.prepared import insert
from balie.rules.mail_matching import make_message_id, make_reply_address
from balie.rules.wishes import Channel
from balie.tickets.models import Ticket

AUTO_SUBMITTED: Mapping[OutboundKind, str | None] = {
    OutboundKind.CONFIRMATION: "auto-replied",
    OutboundKind.POINTER: "auto-replied",
    OutboundKind.QUOTA: "auto-replied",
    OutboundKind.STATUS: "auto-generated",
    OutboundKind.CLOSING: "auto-generated",
    OutboundKind.ACCOUNT: "auto-generated",
    OutboundKind.PHONE_NUMBER: "auto-generated",
    OutboundKind.VIDEO: "auto-generated",
    OutboundKind.CALL_PLANNED: "auto-generated",
    OutboundKind.CALL_GIVEN_UP: "auto-generated",
    OutboundKind.URGENT: "auto-generated",
    OutboundKind.NOT_URGENT: "auto-generated",
    OutboundKind.REPLY: None,  # a person wrote it
}
_CONVERSATION = (
    "",  # being worked on
    InboundOutcome.NEW_TICKET,
    InboundOutcome.FOLLOW_UP,
    InboundOutcome.POINTER,
    InboundOutcome.LINKED,
)
LARGEST_NUMBER = 10**15
_NEWEST_IDS = 5
_OUR_NEWEST = 200


def stays_in_folder(desk: Desk) -> bool:
    """Whether no mail leaves the house: there is no server to give it to, or this is a demo."""
    return desk.is_demo or not settings.SMTP_URL


def post(letters: Sequence[Letter], *, desk: Desk, now: datetime) -> list[OutboundMail]:
    """Keep the letters, each with its Message-ID for ever, and defer their delivery in the same transaction."""
    threads = _threads([letter for letter in letters if letter.references is None])
    addresses = addresses_of({pk for letter in letters if (pk := _mailed_about(letter)) is not None}, desk)
    rows = [
        _row(
            letter,
            desk,
            address=addresses.get(letter.ticket.pk if letter.ticket else 0) or address_of(desk),
            references=_thread_of(letter, threads),
        )
        for letter in letters
    ]
    return _keep(rows, desk, now)


def _mailed_about(letter: Letter) -> int | None:
    """The key of its ticket, unless nobody can have mailed about that: its question has just come in another way."""
    ticket = letter.ticket
    if ticket is None or (letter.kind == OutboundKind.CONFIRMATION and ticket.channel != Channel.MAIL):
        return None
    return ticket.pk


class Outbox(BaseEmailBackend):
    """Django's way to send mail: passwords, codes and invitations become rows in the same outbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        desk, now = the_desk(), timezone.now()
        rows = [
            _account_row(message, recipient, desk)
            for message in email_messages
            for recipient in message.recipients()
        ]
        _keep(rows, desk, now)
        return len(email_messages)


def _keep(rows: list[OutboundMail], desk: Desk, now: datetime) -> list[OutboundMail]:
    if not rows:
        return []
    stays = stays_in_folder(desk)
    for row in rows:
        row.created_at = now
        row.state = OutboundState.KEPT if stays else OutboundState.QUEUED
        row.next_attempt_at = None if stays else now
    if len(rows) > 1:
        OutboundMail.objects.bulk_create(rows)
    else:
        insert(rows[0])
    if not stays:
        jobs.defer_all(jobs.DELIVER, outbound=[row.pk for row in rows])
    return rows


def _row(letter: Letter, desk: Desk, *, address: str, references: Sequence[str]) -> OutboundMail:
    message_id, reply_to = _plain_message_id(desk), ""
    if letter.ticket is not None:
        number, secrets = letter.ticket.number, token_secrets()
        message_id = make_message_id(number, _any_number(), domain=domain_of(desk), secrets=secrets)
        reply_to = make_reply_address(address, number, secrets=secrets)
    return OutboundMail(
        kind=letter.kind,
        message_id_header=message_id,
        sender=_named(desk, address),
        reply_to=reply_to,
        recipient=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=_shown(letter) | _headers(letter.kind, references),
        brings_files=letter.brings_files,
        ticket=letter.ticket,
        message=letter.message,
    )


def _account_row(message: EmailMessage, recipient: str, desk: Desk) -> OutboundMail:
    if message.attachments:
        raise ValueError("A mail about an account has no attachments; a letter about a ticket can have.")
    html = ""
    if isinstance(message, EmailMultiAlternatives):
        html = next((str(each[0]) for each in message.alternatives if each[1] == "text/html"), "")
    return OutboundMail(
        kind=OutboundKind.ACCOUNT,
        message_id_header=_plain_message_id(desk),
        sender=_named(desk, address_of(desk)),
        recipient=recipient,
        subject=" ".join(str(message.subject).split())[:SUBJECT_LENGTH],
        text=str(message.body),
        html=html,
        headers=_headers(OutboundKind.ACCOUNT, ()),
    )


def _named(desk: Desk, address: str) -> str:
    local_part, _at, domain = address.rpartition("@")
    return str(Address(desk.name, local_part, domain))


def _plain_message_id(desk: Desk) -> str:
    return f"<{uuid4().hex}@{domain_of(desk)}>"


def _shown(letter: Letter) -> dict[str, str]:
    """The recipients that the header names; the envelope has one."""
    to = {"To": letter.shown_to} if letter.shown_to else {}
    return to | ({"Cc": ", ".join(letter.shown_cc)} if letter.shown_cc else {})


def _headers(kind: OutboundKind, references: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    if references:
        headers["In-Reply-To"] = references[-1]
        headers["References"] = " ".join(references)
    if automatic := AUTO_SUBMITTED[kind]:
        headers["Auto-Submitted"] = automatic
        headers["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    return headers


def _any_number() -> int:
    """What tells our messages apart in their Message-IDs; drawn, so that it tells nothing else."""
    return randbelow(LARGEST_NUMBER) + 1


def _thread_of(letter: Letter, threads: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return threads.get(letter.recipient, ()) if letter.references is None else letter.references


def _threads(letters: Iterable[Letter]) -> dict[str, tuple[str, ...]]:
    """What a mail to each recipient refers to, so that mail programs show one conversation; the answered one last."""
    tickets: dict[int, Ticket] = {each.ticket.pk: each.ticket for each in letters if each.ticket is not None}
    found: dict[str, tuple[str, ...]] = {}
    for ticket in tickets.values():
        theirs = list(
            InboundMail.objects.filter(ticket=ticket, outcome__in=_CONVERSATION)
            .exclude(message_id_header="")
            .order_by("-id")
            .values_list("message_id_header", flat=True)[:_NEWEST_IDS]
        )[::-1]
        first = {} if ticket.channel == Channel.MAIL else _first_of_ours(ticket)
        for letter in letters:
            begun = [first[letter.recipient]] if letter.recipient in first else []
            found[letter.recipient] = tuple(dict.fromkeys([*begun, *theirs]))
    return found


def _first_of_ours(ticket: Ticket) -> dict[str, str]:
    """With which mail of ours the conversation began, for each recipient, when no mail of theirs began it."""
    ours = OutboundMail.objects.filter(ticket=ticket).order_by("-id")
    return dict(ours.values_list("recipient", "message_id_header")[:_OUR_NEWEST])
