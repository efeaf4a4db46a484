"""The desk's mail and the tickets it is about, as the rules of `mail_matching` see them."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.encoding import force_bytes

from balie.accounts.models import User
from balie.contracts.facts import Revision
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import DeskAddress, InboundMail, Mailbox, MailSettings, OutboundKind, OutboundMail
from balie.mail.proof import in_front
from balie.rules.lifecycle import NewLinkedTicket
from balie.rules.mail_matching import Answers, DeskMail, Strangers, TicketFacts
from balie.rules.reasons import Reason
from balie.tickets.facts import Situation
from balie.tickets.models import Copy, Ticket
from balie.tickets.replies import outcome_of_reply

ANSWERS = (OutboundKind.CONFIRMATION, OutboundKind.POINTER, OutboundKind.QUOTA)
"""What a program answers to a mail; the cap of an hour counts these."""

AUTOMATIC = (*ANSWERS, OutboundKind.STATUS, OutboundKind.CLOSING)
"""What a program writes about a ticket."""

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def token_secrets() -> tuple[bytes, ...]:
    """The secrets of the mail tokens: one that signs, then those of secret keys that were replaced."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(hmac.digest(force_bytes(key), b"balie mail tokens", hashlib.sha256) for key in keys)


def address_of(desk: Desk) -> str:
    """The address that the desk sends from and is answered at."""
    return desk.mail_address or settings.DEFAULT_FROM_EMAIL


def domain_of(desk: Desk) -> str:
    """What stands behind the @ in the desk's address and in the Message-IDs it makes."""
    return address_of(desk).rpartition("@")[2]


@dataclass(frozen=True)
class MailRules:
    """What the desk says about mail that comes in. `marks`, `trusted`: as `mail.proof.in_front` takes them."""

    settings: MailSettings
    addresses: Mapping[str, DeskAddress]  # in lower case
    marks: tuple[tuple[str, str], ...]
    trusted: frozenset[str]
    lists: frozenset[str]


def mail_rules(desk: Desk) -> MailRules:
    """The desk's rules for mail that comes in; read once for a revision of the desk."""
    return _rules_at(Revision(desk))


@lru_cache(maxsize=64)
def _rules_at(revision: Revision) -> MailRules:
    told = MailSettings.objects.filter(pk=1).first() or MailSettings()
    rows = DeskAddress.objects.select_related("category", "team")
    return MailRules(
        told,
        {row.address.lower(): row for row in rows},
        in_front.read_marks(told.spam_headers),
        frozenset(told.trusted_checkers.casefold().split()),
        frozenset(line.strip(" <>").casefold() for line in told.own_lists.splitlines() if line.strip()),
    )


def desk_mail(desk: Desk) -> DeskMail:
    """The desk's own mail, without the addresses of mailboxes (`mailbox_addresses`), which are asked for apart."""
    rules = mail_rules(desk)
    return DeskMail(
        addresses={address_of(desk), settings.DEFAULT_FROM_EMAIL, *rules.addresses},
        secrets=token_secrets(),
        lists=rules.lists,
        answers_per_hour=rules.settings.answers_per_hour,
        answers_per_ticket=rules.settings.answers_per_ticket,
        strangers=Strangers(rules.settings.strangers),
    )


def mailbox_addresses() -> set[str]:
    """Under which addresses the mailboxes that are emptied receive."""
    rows = Mailbox.objects.exclude(address="").values_list("address", flat=True)
    return {each.lower() for each in rows}


def addresses_of(tickets: Collection[int], desk: Desk) -> dict[int, str]:
    """From which address each of these tickets (keys) is answered, where it is not the desk's first.

    It is the one that its question was sent to, as long as the desk still receives there. One query, or two.
    """
    if not tickets:
        return {}
    asked = InboundMail.objects.filter(ticket__in=tickets).exclude(meant_for="").order_by("-id")
    firsts = dict(asked.values_list("ticket", "meant_for"))
    main, ours = address_of(desk).lower(), {each.lower() for each in desk_mail(desk).addresses}
    others = {key: address for key, address in firsts.items() if key is not None and address != main}
    if not set(others.values()) <= ours:
        ours |= mailbox_addresses()
    return {key: address for key, address in others.items() if address in ours}


def agents_at(addresses: Iterable[str]) -> dict[str, User]:
    """The agents with these addresses, by address in lower case."""
    wanted = {address.lower() for address in addresses}
    found = User.objects.alias(key=Lower("email")).filter(
        key__in=wanted, is_active=True, agent__is_active=True
    )
    return {user.email.lower(): user for user in found} if wanted else {}


def automatic_mails_about(ticket: Ticket, *, now: datetime) -> int:
    """How many automatic mails about a ticket went out in the past hour."""
    recent = OutboundMail.objects.filter(ticket=ticket, created_at__gt=now - AN_HOUR)
    return recent.filter(kind__in=AUTOMATIC).count()


def tickets_claimed(numbers: Iterable[int], situation: Situation) -> dict[int, TicketFacts]:
    """The tickets of these numbers that exist, with the addresses of everybody on them. Three queries, or none.

    Somebody who left, or who belongs to another customer by now, is on none of its old tickets any more.
    """
    wanted = {number for number in numbers if number < 2**63}
    if not wanted:
        return {}
    rows = (
        Ticket.objects.filter(number__in=wanted)
        .select_related("contact")
        .prefetch_related("people", Prefetch("copies", Copy.objects.filter(is_blind=False)))
    )
    return {
        row.number: TicketFacts(
            number=row.number,
            people={
                person.email
                for person in (row.contact, *row.people.all())
                if person.is_active and person.customer_id == row.customer_id
            }
            | {copy.email for copy in row.copies.all()},
            ended_for_good=_ended_for_good(row, situation),
        )
        for row in rows
    }


def _ended_for_good(ticket: Ticket, situation: Situation) -> Reason | None:
    """Why a reply becomes a new ticket; `None` while it goes on with this one, or opens it again (IB-23)."""
    outcome = outcome_of_reply(ticket, situation)
    return outcome.because if isinstance(outcome, NewLinkedTicket) else None


def contacts_at(addresses: Iterable[str]) -> dict[str, Contact]:
    """The known contacts at these addresses, by address in lower case."""
    wanted = {address.lower() for address in addresses}
    found = (
        Contact.objects.select_related("customer", "site").alias(key=Lower("email")).filter(key__in=wanted)
    )
    return {contact.email.lower(): contact for contact in found} if wanted else {}


def answers_to(addresses: Iterable[str], *, now: datetime) -> dict[str, Answers]:
    """How many automatic answers went to each address lately, by address in lower case. One query."""
    wanted = {address.lower() for address in addresses}
    lately = OutboundMail.objects.filter(recipient__in=wanted, kind__in=ANSWERS, created_at__gt=now - A_DAY)
    hour, day = Counter[str](), Counter[str]()
    for recipient, at in lately.values_list("recipient", "created_at"):
        day[recipient.lower()] += 1
        hour[recipient.lower()] += at > now - AN_HOUR
    return {address: Answers(hour[address], day[address]) for address in wanted}
