"""Reading tickets: the queue, lists and searches. Everything is capped; nothing counts exactly over the cap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from balie.accounts.models import User
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.customers.numbers import to_e164
from balie.prepared import ask
from balie.rules import visibility
from balie.tickets.access import visible_tickets
from balie.tickets.models import IS_OPEN, OPEN_STATES, Message, Ticket

PAGE = 50
COUNTED = 1000  # a tab shows 999+ from here on
LONGEST_SEARCH = 200  # characters
MOST_WORDS = 8
RANKED = 500  # the newest hits, of which the best are shown


class Tab(StrEnum):
    """The parts of the queue."""

    TO_DO = "to-do"  # it is our turn
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"  # it is the customer's turn
    ALL = "all"


class Row(NamedTuple):
    """A ticket in a list, as plain values."""

    id: int
    number: int
    subject: str
    customer_name: str | None
    contact_name: str
    category_nl: str | None
    category_en: str | None
    channel: str
    answer_mode: str
    urgent: bool
    state: str
    initiative: str
    assignee: str | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    queue_rank: int
    queue_at: datetime


def _name_or_address(person: str) -> Coalesce:
    name = NullIf(f"{person}__name", Value(""))
    return Coalesce(name, f"{person}__email", output_field=CharField())


_COLUMNS: dict[str, Any] = {
    "customer_name": F("customer__name"),
    "contact_name": _name_or_address("contact"),
    "category_nl": F("category__name_nl"),
    "category_en": F("category__name_en"),
    "assignee": _name_or_address("assigned_to"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the queue goes on: after this ticket."""

    rank: int
    at: datetime
    id: int

    @classmethod
    def after(cls, row: Row) -> Place:
        return cls(row.queue_rank, row.queue_at, row.id)

    def __str__(self) -> str:
        return f"{self.rank}~{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that `str` wrote, or `None` for anything else."""
        try:
            rank, at, key = text.split("~")
            place = cls(int(rank), datetime.fromisoformat(at), int(key))
        except ValueError:
            return None
        return place if place.at.tzinfo else None


def queue(tab: Tab, user: User, *, after: Place | None = None, limit: int = PAGE) -> list[Row]:
    """One page of the queue: urgent first, then by deadline, then tickets without one, oldest first.

    Written out, as `counts` is: by Django's ORM these two took half of the time of the page that is asked most.
    """
    place = "" if after is None else "AND (queue_rank, queue_at, ticket.id) > (%(rank)s, %(at)s, %(id)s)"
    found = ask(
        f"{_ROWS} WHERE {_IS_OPEN} AND {_CONDITIONS[tab]} {place}"
        " ORDER BY queue_rank, queue_at, ticket.id LIMIT %(limit)s",
        {"user": user.pk, "limit": limit, **(asdict(after) if after else {})},
    )
    return [Row(*row) for row in found]


def counts(user: User) -> dict[Tab, int]:
    """How many tickets each tab has, counted up to `COUNTED`; one query."""
    [counted] = ask(_COUNTS, {"user": user.pk, "most": COUNTED})
    return dict(zip(Tab, counted, strict=True))


_IS_OPEN = f"ticket.state IN ({', '.join(repr(state) for state in OPEN_STATES)})"
_CONDITIONS = {
    Tab.TO_DO: "ticket.initiative = 'desk'",
    Tab.MINE: "ticket.assigned_to_id = %(user)s",
    Tab.UNASSIGNED: "ticket.assigned_to_id IS NULL AND ticket.initiative = 'desk'",
    Tab.WAITING: "ticket.initiative = 'customer'",
    Tab.ALL: "true",
}
_COUNT = f"SELECT count(*) FROM (SELECT FROM tickets_ticket ticket WHERE {_IS_OPEN} AND {{}} LIMIT %(most)s) capped"
_COUNTS = "SELECT " + ", ".join(f"({_COUNT.format(_CONDITIONS[tab])})" for tab in Tab)
_ELSEWHERE = {
    "customer_name": "customer.name",
    "contact_name": "coalesce(nullif(contact.name, ''), contact.email)",
    "category_nl": "category.name_nl",
    "category_en": "category.name_en",
    "assignee": "coalesce(nullif(assignee.name, ''), assignee.email)",
}
_ROWS = (
    f"SELECT {', '.join(_ELSEWHERE.get(name, f'ticket.{name}') for name in Row._fields)} FROM tickets_ticket ticket"
    " JOIN customers_contact contact ON contact.id = ticket.contact_id"
    " LEFT JOIN customers_customer customer ON customer.id = ticket.customer_id"
    " LEFT JOIN tickets_category category ON category.id = ticket.category_id"
    " LEFT JOIN accounts_user assignee ON assignee.id = ticket.assigned_to_id"
)


def rows(tickets: QuerySet[Ticket]) -> list[Row]:
    """A queryset as plain rows, in its order; one query."""
    columns = [_COLUMNS.get(name, name) for name in Row._fields]
    return [Row(*row) for row in tickets.values_list(*columns)]


def newest(
    viewer: visibility.Viewer, *, open_only: bool, limit: int = PAGE, before: int | None = None
) -> list[Row]:
    """The newest tickets that the viewer may read; `before` goes on below a ticket's key."""
    tickets = visible_tickets(viewer).order_by("-id")
    if open_only:
        tickets = tickets.filter(IS_OPEN)
    if before is not None:
        tickets = tickets.filter(id__lt=before)
    return rows(tickets[:limit])


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: tickets, best first, and customers and contacts by name or number."""

    tickets: list[Row]
    customers: list[Customer]
    contacts: list[Contact]

    def __bool__(self) -> bool:
        return bool(self.tickets or self.customers or self.contacts)


def find(text: str, *, limit: int = PAGE) -> Found:
    """Search as an agent: by ticket number, by phone number, by name or address, and by words (Dutch stems)."""
    text = text.replace("\x00", "").strip()[:LONGEST_SEARCH]
    if not text:
        return Found([], [], [])
    bare = text.lstrip("#")
    if bare.isascii() and bare.isdigit() and len(bare) < 10:
        by_number = rows(Ticket.objects.filter(number=int(bare)))
        if by_number:
            return Found(by_number, [], [])
    if number := to_e164(text):
        return _by_phone(number, limit)
    customers = list(Customer.objects.filter(Q(name__icontains=text) | Q(number__iexact=text))[:10])
    contacts = list(
        Contact.objects.select_related("customer").filter(Q(name__icontains=text) | Q(email__icontains=text))[
            :10
        ]
    )
    return Found(_by_words(text, limit), customers, contacts)


def _by_phone(number: str, limit: int) -> Found:
    customers = list(
        Customer.objects.filter(pk__in=PhoneNumber.objects.filter(e164=number).values("customer"))[:10]
    )
    return Found(rows(Ticket.objects.filter(customer__in=customers).order_by("-id")[:limit]), customers, [])


def _by_words(text: str, limit: int) -> list[Row]:
    """The newest `RANKED` texts with all words, or words that begin so, in any Dutch form; the best of them first."""
    words = re.findall(r"\w+", text)[:MOST_WORDS]
    if not words:
        return []
    beginnings = " & ".join(f"'{word}':*" for word in words)
    query = SearchQuery(beginnings, config="dutch", search_type="raw")
    in_subjects = _ranked(Ticket.objects.all(), query, ticket="id")
    in_messages = _ranked(Message.objects.all(), query, ticket="ticket_id")
    best: dict[int, float] = {}
    for key, rank in [*in_subjects, *in_messages]:
        best[key] = max(rank, best.get(key, 0.0))
    order = sorted(best, key=lambda key: (-best[key], -key))[:limit]
    by_key = {row.id: row for row in rows(Ticket.objects.filter(pk__in=order))}
    return [by_key[key] for key in order]


def _ranked(texts: QuerySet[Any], query: SearchQuery, *, ticket: str) -> Iterable[tuple[int, float]]:
    newest = texts.filter(search=query).order_by("-id")[:RANKED].values("pk")
    return texts.filter(pk__in=newest).values_list(ticket, SearchRank(F("search"), query))
