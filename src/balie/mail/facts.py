"""The desk's mail and the tickets it is about, as the rules of `mail_matching` see them."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.encoding import force_bytes

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.mail_matching import DeskMail, TicketFacts
from balie.tickets.models import Copy, Ticket

ANSWERS = (OutboundKind.CONFIRMATION, OutboundKind.POINTER, OutboundKind.QUOTA)
"""What a program answers to a mail; the cap of an hour counts these."""


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


def desk_mail(desk: Desk) -> DeskMail:
    return DeskMail(
        addresses={address_of(desk), settings.DEFAULT_FROM_EMAIL},
        secrets=token_secrets(),
        reopens_within_days=desk.reopens_within_days,
    )


def tickets_claimed(numbers: Iterable[int]) -> dict[int, TicketFacts]:
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
            closed_at=row.closed_at,
        )
        for row in rows
    }


def contacts_at(addresses: Iterable[str]) -> dict[str, Contact]:
    """The known contacts at these addresses, by address in lower case."""
    wanted = {address.lower() for address in addresses}
    found = (
        Contact.objects.select_related("customer", "site").alias(key=Lower("email")).filter(key__in=wanted)
    )
    return {contact.email.lower(): contact for contact in found} if wanted else {}


def answers_in_last_hour(addresses: Iterable[str], *, now: datetime) -> Counter[str]:
    """How many automatic answers went to each address in the past hour, by address in lower case."""
    wanted = set(addresses)
    answers = OutboundMail.objects.filter(
        recipient__in=wanted, kind__in=ANSWERS, created_at__gt=now - timedelta(hours=1)
    )
    counted = Counter({address.lower(): 0 for address in wanted})
    counted.update(address.lower() for address in answers.values_list("recipient", flat=True))
    return counted
