"""What customers and their people tell the rest of the house, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.accounts.models import User
from balie.customers.models import Contact, PhoneNumber


@dataclass(frozen=True, slots=True)
class ContactPlaced:
    """Somebody whom nobody knew now belongs to a customer."""

    contact: Contact
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneNumberConfirmed:
    """The desk registered a number that a contact handed in (IB-02)."""

    number: PhoneNumber
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneNumberRefused:
    """The desk does not register a number that a contact handed in; `number.refused_because` says why."""

    number: PhoneNumber
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class VideoLinkMade:
    """A contact asked for the instruction video, and gets this full address by mail, good until `until` (IB-28)."""

    contact: Contact
    link: str
    until: datetime
    at: datetime
