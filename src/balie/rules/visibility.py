"""Who may read what: one table of standings and things.

First the *standing*: what this viewer is to this thing (`standing_of`). Then the table: which standings may
read it (`READERS`). Whoever asks for something it may not read gets the answer "not found", so that nobody
learns what exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Reach(StrEnum):
    """Which tickets of its own customer a contact may see."""

    ALL = "all"
    SITE = "site"  # those of its sites, and its own
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the desk; `administers` also changes the desk itself."""

    administers: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a customer, by the keys of the database."""

    key: int
    customer: int | None  # None: somebody whom the desk has not placed at a customer
    reach: Reach
    sites: frozenset[int] = frozenset()
    sees_money: bool = False
    manages: bool = False  # lets colleagues in and gives them their roles


@dataclass(frozen=True, slots=True)
class Nobody:
    """Not logged in, or logged in without belonging to the desk or a customer."""


Viewer = Agent | Contact | Nobody


class Thing(StrEnum):
    """What can be read."""

    TICKET = "ticket"
    PUBLIC_MESSAGE = "public message"
    ATTACHMENT = "attachment of a public message"
    INTERNAL_NOTE = "internal note"
    INTERNAL_ATTACHMENT = "attachment of an internal note"
    TICKET_MONEY = "money on a ticket"
    HELPDESK_PAGE = "helpdesk page of the customer"  # SLA status, phone number (IB-01, IB-18)
    CUSTOMER_PAGE = "customer page"  # contacts, sites, licences, contracts
    CUSTOMER_MONEY = "money of the customer"
    COLLEAGUES = "people of the customer, their roles and invitations"
    SUPPORT_COSTS = "revenue and support costs"  # the desk's view of a customer (IB-12)
    DESK_SETTINGS = "settings of the desk"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing belongs. A thing of the customer as a whole has no site and nobody on it.

    `on_ticket`: the contacts who asked or were added to the ticket. Things of the desk have no customer, nor
    have the tickets of contacts whom the desk has not placed yet.
    """

    customer: int | None = None
    site: int | None = None
    on_ticket: frozenset[int] = frozenset()


class Standing(StrEnum):
    """What a viewer is to a thing."""

    ADMINISTRATOR = "administrator"
    AGENT = "agent"
    WHOLE_CUSTOMER = "contact, reach all"
    OWN_SITE = "contact, reach site: at its site"
    ON_TICKET = "contact on the ticket"
    SAME_CUSTOMER = "contact, out of reach"
    OTHER_CUSTOMER = "contact of another customer"
    NOBODY = "nobody"


_DESK = frozenset({Standing.ADMINISTRATOR, Standing.AGENT})
_IN_REACH = _DESK | {Standing.WHOLE_CUSTOMER, Standing.OWN_SITE, Standing.ON_TICKET}

READERS: Mapping[Thing, frozenset[Standing]] = MappingProxyType(
    {
        Thing.TICKET: _IN_REACH,
        Thing.PUBLIC_MESSAGE: _IN_REACH,
        Thing.ATTACHMENT: _IN_REACH,
        Thing.INTERNAL_NOTE: _DESK,
        Thing.INTERNAL_ATTACHMENT: _DESK,
        Thing.TICKET_MONEY: _IN_REACH,
        Thing.HELPDESK_PAGE: _IN_REACH | {Standing.SAME_CUSTOMER},
        Thing.CUSTOMER_PAGE: _DESK | {Standing.WHOLE_CUSTOMER},
        Thing.CUSTOMER_MONEY: _DESK | {Standing.WHOLE_CUSTOMER},
        Thing.COLLEAGUES: _DESK | {Standing.WHOLE_CUSTOMER},
        Thing.SUPPORT_COSTS: _DESK,
        Thing.DESK_SETTINGS: frozenset({Standing.ADMINISTRATOR}),
    }
)

MONEY = frozenset({Thing.TICKET_MONEY, Thing.CUSTOMER_MONEY})  # a contact also needs `sees_money`


def standing_of(viewer: Viewer, place: Place) -> Standing:
    """What the viewer is to whatever lies at this place; the strongest standing when several are true."""
    if isinstance(viewer, Agent):
        return Standing.ADMINISTRATOR if viewer.administers else Standing.AGENT
    if isinstance(viewer, Nobody):
        return Standing.NOBODY
    if viewer.customer != place.customer:
        return Standing.OTHER_CUSTOMER
    if viewer.customer is None:  # two who have no customer have nothing in common
        return Standing.ON_TICKET if viewer.key in place.on_ticket else Standing.OTHER_CUSTOMER
    if viewer.reach is Reach.ALL:
        return Standing.WHOLE_CUSTOMER
    if viewer.reach is Reach.SITE and place.site in viewer.sites:
        return Standing.OWN_SITE
    return Standing.ON_TICKET if viewer.key in place.on_ticket else Standing.SAME_CUSTOMER


def may_read(viewer: Viewer, thing: Thing, place: Place) -> bool:
    """Whether this viewer may read this thing. A contact taken along from another customer may not."""
    if isinstance(viewer, Contact) and not _has_the_right(viewer, thing):
        return False
    return standing_of(viewer, place) in READERS[thing]


def _has_the_right(contact: Contact, thing: Thing) -> bool:
    """Some things take a right of the contact's own beside its standing."""
    if thing in MONEY:
        return contact.sees_money
    return contact.manages or thing is not Thing.COLLEAGUES


def as_markdown() -> str:
    """The table as Markdown: one row per thing, one column per standing.

    `€` needs the right to see money, `manages` the right to let colleagues in.
    """
    lines = ["| thing | " + " | ".join(Standing) + " |", "|---" * (len(Standing) + 1) + "|"]
    for thing, readers in READERS.items():
        cells = (_cell(thing, standing) if standing in readers else "" for standing in Standing)
        lines.append(f"| {thing} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(thing: Thing, standing: Standing) -> str:
    if standing in _DESK:
        return "yes"
    return "€" if thing in MONEY else "manages" if thing is Thing.COLLEAGUES else "yes"
