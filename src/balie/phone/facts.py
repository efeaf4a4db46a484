"""What a route depends on: who registered a number, which line was called, what a menu says, who is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from balie.contracts.facts import Revision, customer_facts
from balie.customers.models import Customer, PhoneNumber
from balie.customers.numbers import to_e164
from balie.desk.models import Desk, Line
from balie.phone.models import CalledNumber, QueuePlace
from balie.prepared import Given, Prepared, ask
from balie.rules.customer_facts import CustomerFacts
from balie.tickets.models import Category

MOST_CUSTOMERS = 20
"""Whose facts decide about one number; more than a handful never share one."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A customer that registered the number of a caller. `contact`: whose number it is, where that is known."""

    customer: Customer
    contact: int | None

    @property
    def facts(self) -> CustomerFacts:
        return customer_facts(self.customer)


_REGISTERED = Prepared(
    lambda: (
        PhoneNumber.objects.filter(
            e164=Given("number"), registered_on__isnull=False, customer__is_active=True
        )
        .select_related("customer")
        .order_by("customer_id")[:MOST_CUSTOMERS]
    )
)


def registered(e164: str) -> list[Registered]:
    """The customers that registered this number, or a range in which it is, each once (IB-02)."""
    found = [Registered(row.customer, row.contact_id) for row in _REGISTERED.all(number=e164)]
    in_ranges = {key for (key,) in ask(_IN_RANGES, {"number": int(e164[1:]), "most": MOST_CUSTOMERS})}
    others = in_ranges - {each.customer.pk for each in found}
    if others:
        found += [Registered(row, None) for row in Customer.objects.filter(pk__in=others, is_active=True)]
    return found[:MOST_CUSTOMERS]


_IN_RANGES = """
    SELECT DISTINCT customer_id FROM customers_phonerange WHERE numbers @> %(number)s::bigint LIMIT %(most)s
"""


def contact_among(found: Sequence[Registered]) -> int | None:
    """The person whose number it is, when there is exactly one."""
    contacts = {each.contact for each in found if each.contact is not None}
    return contacts.pop() if len(contacts) == 1 else None


def line_behind(called: str, desk: Desk) -> str | None:
    """The key of the line behind a number of the desk, as the exchange names it or in E.164."""
    numbers = _numbers_at(Revision(desk))
    return numbers.get(called) or numbers.get(to_e164(called, country=desk.country) or "")


@lru_cache(maxsize=64)
def _numbers_at(_revision: Revision) -> Mapping[str, str]:
    """Every number of the desk; those of lines that are not answered say nothing."""
    rows = CalledNumber.objects.exclude(line__phone_use="")
    return dict(rows.values_list("number", "line__key"))


def keys_of_lines(desk: Desk) -> Mapping[str, int]:
    """The primary key of each line by its own key; read once for a revision of the desk."""
    return _lines_at(Revision(desk))


@lru_cache(maxsize=64)
def _lines_at(_revision: Revision) -> Mapping[str, int]:
    return dict(Line.objects.values_list("key", "pk"))


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic as a menu says it, by language: with what it is part of, because “Cannot log in” may be there twice."""

    key: int
    name: Mapping[str, str]


def topic_names(desk: Desk) -> Mapping[str, TopicName]:
    """Every topic by its key; read once for a revision of the desk."""
    return _topics_at(Revision(desk))


@lru_cache(maxsize=64)
def _topics_at(_revision: Revision) -> Mapping[str, TopicName]:
    rows = Category.objects.select_related("parent")
    return {row.key: TopicName(row.pk, _names(row)) for row in rows}


def _names(row: Category) -> dict[str, str]:
    own = {"nl": row.name_nl, "en": row.name_en}
    if row.parent is None:
        return own
    above = {"nl": row.parent.name_nl, "en": row.parent.name_en}
    return {language: f"{above[language]}: {name}" for language, name in own.items()}


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone that rings for a line, and whose it is."""

    number: str
    user: int | None


_QUEUE = Prepared(
    lambda: (
        QueuePlace.objects.filter(line__key=Given("line"), extension__takes_calls=True)
        .exclude(extension__user__is_active=False)
        .order_by("position", "pk")
        .values_list("position", "extension__number", "extension__user_id")
    )
)


def queue_of(line: str) -> tuple[tuple[Telephone, ...], ...]:
    """The telephones of a line that take calls now: groups that ring together, in the order in which they ring."""
    rows = _QUEUE.all(line=line)
    return tuple(
        tuple(Telephone(number, user) for _position, number, user in group)
        for _position, group in groupby(rows, key=lambda row: row[0])
    )
