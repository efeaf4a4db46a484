"""Which ticket a message belongs to, and whether a program may answer it (SW-17, IB-10).

A follow-up is known by a keyed token that only this desk can make, which our mails carry in their Message-ID
and reply address; never by the subject, which anybody can write. The token proves that somebody has seen
our mail, not who sends this one: a message becomes part of a ticket only when its sender is on that ticket
as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

TOKEN_BYTES = 10  # 80 bits, 16 letters of base32 without padding
SHORTEST_SECRET = 16  # bytes

_NUMBER = r"[1-9][0-9]{0,17}"
_TOKEN = r"[a-z2-7]{16}"
_MESSAGE_ID = re.compile(rf"<ticket-({_NUMBER})\.m({_NUMBER})\.({_TOKEN})@[^<>\s]+>", re.IGNORECASE)
_REPLY_ADDRESS = re.compile(rf"[^@\s]+\+({_NUMBER})-({_TOKEN})@[^@\s]+", re.IGNORECASE)


class Place(StrEnum):
    """Where a message carries a token. The order is that in which tokens are believed."""

    RECIPIENT = "recipient"  # the reply address it was sent to
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    MESSAGE_ID = "message_id"  # its own: we wrote this message
    RETURNED = "returned"  # the message that a bounce brings back


@dataclass(frozen=True, slots=True)
class Claim:
    """A token as a message carries it, genuine or not: "this belongs to ticket `ticket`".

    `message` is the number of our message that is answered; `None` in a reply address, which serves a whole
    ticket.
    """

    ticket: int
    message: int | None
    token: str
    place: Place


# --- Making and checking tokens -------------------------------------------------------------------------


def make_message_id(ticket: int, message: int, *, domain: str, secrets: Sequence[bytes]) -> str:
    """The Message-ID, with its angle brackets, of our `message` about `ticket`; the first secret signs."""
    return f"<ticket-{ticket}.m{message}.{_token(ticket, message, secrets[0])}@{domain}>"


def make_reply_address(address: str, ticket: int, *, secrets: Sequence[bytes]) -> str:
    """`help@desk.example` as the address to answer about `ticket`: `help+4711-…@desk.example`."""
    local_part, _at, domain = address.rpartition("@")
    return f"{local_part}+{ticket}-{_token(ticket, None, secrets[0])}@{domain}"


def is_genuine(claim: Claim, *, secrets: Sequence[bytes]) -> bool:
    """Whether one of our secrets made the token for exactly this ticket and message. In constant time.

    `secrets`: the one that signs now, then those that signed before (rotation).
    """
    given = claim.token.lower().encode()
    matches = [
        hmac.compare_digest(given, _token(claim.ticket, claim.message, secret).encode()) for secret in secrets
    ]
    return any(matches)


def claims_in_message_ids(message_ids: Iterable[str], *, place: Place) -> tuple[Claim, ...]:
    """The claims that message IDs carry; those of other programs carry none."""
    return tuple(
        Claim(int(found[1]), int(found[2]), found[3].lower(), place)
        for each in message_ids
        if (found := _MESSAGE_ID.fullmatch(each))
    )


def claims_in_recipients(addresses: Iterable[str]) -> tuple[Claim, ...]:
    """The claims that reply addresses among the recipients carry."""
    return tuple(
        Claim(int(found[1]), None, found[2].lower(), Place.RECIPIENT)
        for each in addresses
        if (found := _REPLY_ADDRESS.fullmatch(each))
    )


def _token(ticket: int, message: int | None, secret: bytes) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"A secret for mail tokens has at least {SHORTEST_SECRET} bytes.")
    signed = f"reply:{ticket}" if message is None else f"message:{ticket}:{message}"
    digest = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()


# --- What a message is ----------------------------------------------------------------------------------


class AutomaticKind(StrEnum):
    """What sort of program wrote, or passed on, a message."""

    BOUNCE = "bounce"  # could not be delivered
    DELIVERY_REPORT = "delivery_report"  # was delivered, or is late
    READ_RECEIPT = "read_receipt"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    LIST = "list"  # came through a mailing list
    BULK = "bulk"
    NO_ANSWER_WANTED = "no_answer_wanted"  # perhaps by a person, but asks for no automatic answer


@dataclass(frozen=True, slots=True)
class Automatic:
    """Why a message counts as automatic: the header that says so, and what it says."""

    kind: AutomaticKind
    header: str
    value: str
    list_id: str | None = None  # of a mailing list, when it gives one

    def reason(self) -> Reason:
        return Reason(_AUTOMATIC[self.kind], {"header": self.header, "value": self.value})


_AUTOMATIC = {
    AutomaticKind.BOUNCE: _("A mail could not be delivered: the header %(header)s says “%(value)s”."),
    AutomaticKind.DELIVERY_REPORT: _(
        "A mail server reports about a delivery: the header %(header)s says “%(value)s”."
    ),
    AutomaticKind.READ_RECEIPT: _("This is a read receipt: the header %(header)s says “%(value)s”."),
    AutomaticKind.AUTO_REPLY: _("This is an automatic reply: the header %(header)s says “%(value)s”."),
    AutomaticKind.AUTO_GENERATED: _("A program wrote this: the header %(header)s says “%(value)s”."),
    AutomaticKind.LIST: _("This came through a mailing list: the header %(header)s says “%(value)s”."),
    AutomaticKind.BULK: _("This was sent to many at once: the header %(header)s says “%(value)s”."),
    AutomaticKind.NO_ANSWER_WANTED: _(
        "The sender wants no automatic answer: the header %(header)s says “%(value)s”."
    ),
}
# A person may have written these: they become tickets and follow-ups, and are only never answered by a program.
_MAY_BE_A_PERSON = {AutomaticKind.NO_ANSWER_WANTED}
# A person may have written these too, but so may anybody's newsletter: they need a token to get in.
_THROUGH_A_LIST = {AutomaticKind.LIST, AutomaticKind.BULK}


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What is known of a message. Addresses in any case; `claims` unchecked.

    `fingerprint`: the same for the same message, however often and by whatever way it comes.
    `answer_to`: where an answer would go (Reply-To, else the sender).
    """

    fingerprint: str
    sender: str | None
    claims: tuple[Claim, ...] = ()
    answer_to: str | None = None
    has_null_sender: bool = False  # Return-Path: <>
    automatic: Automatic | None = None
    failed_recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What is known of a ticket that a message claims to belong to. `people`: all addresses that are on it."""

    number: int
    people: Collection[str]
    closed_at: datetime | None = None  # closed, declined or withdrawn; None while it runs


# --- What becomes of a message --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A question of its own."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next message on `ticket`."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTicketWithPointer:
    """A new ticket; the agent sees that it is about `ticket`, the sender sees nothing of that one."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLinkedTicket:
    """A new ticket linked to `ticket`, which the sender is on but which has been closed for too long."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FiledAutomatic:
    """Kept in the mail log, with `ticket` when it belongs to one; no ticket, no clock, no answer."""

    ticket: int | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounce:
    """Our mail did not reach `addresses`. Only with a `ticket` is it proven that the mail was ours."""

    ticket: int | None
    addresses: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class AlreadyReceived:
    """The same message once more."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnMail:
    """The desk's own mail that came back to it."""

    reasons: tuple[Reason, ...] = ()


Outcome = (
    NewTicket
    | FollowUp
    | NewTicketWithPointer
    | NewLinkedTicket
    | FiledAutomatic
    | Bounce
    | AlreadyReceived
    | OwnMail
)


@dataclass(frozen=True, slots=True)
class DeskMail:
    """What the desk knows of its own mail.

    `addresses`: those it receives on and sends from. `lists`: List-IDs that only pass on what was sent to the
    desk (its address may be a group). `reopens_within_days`: how long after closing a reply still re-opens.
    """

    addresses: Collection[str]
    secrets: Sequence[bytes]
    lists: Collection[str] = ()
    reopens_within_days: int = 60
    answers_per_hour: int = 10  # automatic answers to one sender

    def owns(self, address: str | None) -> bool:
        """Whether `address` is one of the desk's, also with something after a plus (a reply address)."""
        return address is not None and _without_plus(address) in {_same(each) for each in self.addresses}


@dataclass(frozen=True, slots=True)
class Proven:
    """The claims of a message whose token is genuine, most telling first; how many were not."""

    claims: tuple[Claim, ...]
    forged: int = 0


def check_claims(claims: Iterable[Claim], *, secrets: Sequence[bytes]) -> Proven:
    """Sort the genuine claims by how much they tell (a recipient most, the newest reference next) and drop others."""
    order = list(Place)
    given = list(claims)
    genuine = [
        (order.index(claim.place), -position, claim)
        for position, claim in enumerate(given)
        if is_genuine(claim, secrets=secrets)
    ]
    genuine.sort(key=lambda each: each[:2])
    return Proven(tuple(claim for _place, _position, claim in genuine), len(given) - len(genuine))


def match(
    mail: MailFacts,
    *,
    tickets: Mapping[int, TicketFacts],
    desk: DeskMail,
    already_received: Collection[str] = (),
    now: datetime,
) -> Outcome:
    """What becomes of `mail`.

    `tickets`: at least those that a claim of `mail` names and that exist. `already_received`: fingerprints of
    earlier messages. Never decides by subject; never loses a message: whatever is not surely something else
    is a new ticket.
    """
    if mail.fingerprint in already_received:
        return AlreadyReceived((Reason(_("The same message was received before.")),))
    proven = check_claims(mail.claims, secrets=desk.secrets)
    if own := _own(mail, proven, desk):
        return OwnMail((own,))
    known = [claim for claim in proven.claims if claim.ticket in tickets]
    automatic = automatic_for(mail, desk)
    if automatic is not None and automatic.kind is AutomaticKind.BOUNCE:
        ticket = known[0].ticket if known else None
        return Bounce(ticket, mail.failed_recipients, (automatic.reason(), *_carried(known, proven)))
    mine = next((claim for claim in known if _is_on(tickets[claim.ticket], mail.sender)), None)
    if automatic is not None and automatic.kind not in _MAY_BE_A_PERSON:
        came_in = mine is not None and automatic.kind in _THROUGH_A_LIST
        if not came_in:
            number = mine.ticket if mine else None
            return FiledAutomatic(number, (automatic.reason(), *_carried([mine] if mine else [], proven)))
    if mine is not None:
        return _on_ticket(tickets[mine.ticket], mine, desk, now)
    if known:
        return _not_on_it(known[0], mail)
    return NewTicket(_carried([], proven) or (Reason(_("It carries no token of an earlier mail of ours.")),))


def automatic_for(mail: MailFacts, desk: DeskMail) -> Automatic | None:
    """Whether a program wrote `mail`; a list that belongs to the desk itself does not count."""
    if mail.automatic is not None and mail.automatic.list_id in {_same(each) for each in desk.lists}:
        return None
    return mail.automatic


def _own(mail: MailFacts, proven: Proven, desk: DeskMail) -> Reason | None:
    if any(claim.place is Place.MESSAGE_ID for claim in proven.claims):
        return Reason(_("We wrote this message ourselves: its Message-ID carries our token."))
    if desk.owns(mail.sender):
        return Reason(_("The sender %(address)s is an address of the desk itself."), {"address": mail.sender})
    return None


def _on_ticket(
    ticket: TicketFacts, claim: Claim, desk: DeskMail, now: datetime
) -> FollowUp | NewLinkedTicket:
    carried = _genuine(claim)
    if ticket.closed_at is None or now - ticket.closed_at <= timedelta(days=desk.reopens_within_days):
        return FollowUp(ticket.number, (carried, Reason(_("The sender is on that ticket."))))
    too_late = Reason(
        _("Ticket %(ticket)s has been closed for more than %(days)s days."),
        {"ticket": ticket.number, "days": desk.reopens_within_days},
        rule="IB-23",
        setting="reopens_within_days",
    )
    return NewLinkedTicket(ticket.number, (carried, too_late))


def _not_on_it(claim: Claim, mail: MailFacts) -> NewTicketWithPointer:
    if mail.sender is None:
        stranger = Reason(_("The message names no sender."))
    else:
        stranger = Reason(
            _("The sender %(address)s is not on ticket %(ticket)s."),
            {"address": mail.sender, "ticket": claim.ticket},
        )
    return NewTicketWithPointer(claim.ticket, (_genuine(claim), stranger))


_WHERE = {
    Place.RECIPIENT: _("It was sent to the reply address of ticket %(ticket)s, with a token of ours."),
    Place.IN_REPLY_TO: _("It answers a mail of ours about ticket %(ticket)s: In-Reply-To has our token."),
    Place.REFERENCES: _("It refers to a mail of ours about ticket %(ticket)s: References has our token."),
    Place.RETURNED: _("The mail that came back was ours, about ticket %(ticket)s: it has our token."),
}


def _genuine(claim: Claim) -> Reason:
    return Reason(_WHERE[claim.place], {"ticket": claim.ticket})


def _carried(known: Sequence[Claim], proven: Proven) -> tuple[Reason, ...]:
    """What to say of the tokens: the one that counts, or why none does."""
    if known:
        return (_genuine(known[0]),)
    if proven.claims:
        number = proven.claims[0].ticket
        return (
            Reason(_("Its token is for ticket %(ticket)s, which does not count here."), {"ticket": number}),
        )
    if proven.forged:
        return (Reason(_("It carries a token that this desk did not make.")),)
    return ()


def _is_on(ticket: TicketFacts, sender: str | None) -> bool:
    return sender is not None and _same(sender) in {_same(each) for each in ticket.people}


def _same(address: str) -> str:
    """Addresses that differ in case only are one mailbox to every server we know of."""
    return address.casefold()


def _without_plus(address: str) -> str:
    local_part, _at, domain = _same(address).rpartition("@")
    return f"{local_part.partition('+')[0]}@{domain}"


# --- May a program answer? ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MayAnswer:
    """Whether a program may answer, and why (not)."""

    allowed: bool
    reasons: tuple[Reason, ...] = field(default=())


def may_answer_automatically(mail: MailFacts, *, desk: DeskMail, answers_in_last_hour: int) -> MayAnswer:
    """Whether `mail` may get an automatic answer (the confirmation of SW-17, the quota's answer of IB-10).

    Never: to programs, lists and the null sender, to the desk itself, and more than `desk.answers_per_hour`
    times an hour to one sender, so that two programs cannot write to each other for ever.
    `answers_in_last_hour`: automatic answers to `mail.answer_to` that went out in the past hour.
    """
    refused = _refusal(mail, desk, answers_in_last_hour)
    return MayAnswer(refused is None, (refused,) if refused else ())


def _refusal(mail: MailFacts, desk: DeskMail, answers_in_last_hour: int) -> Reason | None:
    automatic = automatic_for(mail, desk)
    if automatic is not None:
        return automatic.reason()
    answer_to = mail.answer_to or mail.sender
    if mail.has_null_sender or answer_to is None:
        return Reason(_("There is no address to answer to."))
    if desk.owns(answer_to) or desk.owns(mail.sender):
        return Reason(_("An answer to %(address)s would come back to the desk."), {"address": answer_to})
    if answers_in_last_hour >= desk.answers_per_hour:
        return Reason(
            _("%(address)s got %(count)s automatic answers in the past hour; more is never sent."),
            {"address": answer_to, "count": answers_in_last_hour},
            setting="automatic_answers_per_hour",
        )
    return None
