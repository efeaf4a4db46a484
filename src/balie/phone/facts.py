"""What a route depends on: who registered a number, which line was called, what a menu says, who is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from balie.contracts.facts import Revision, everything, facts_read_along
from balie.contracts.models import CustomerTerms
from balie.customers.models import Customer, PhoneNumber, PhoneRange
from balie.customers.numbers import to_e164
from balie.desk.models import Desk, Line
from balie.phone.models import CalledNumber, QueuePlace
from balie.prepared import Given, JsonRow, Prepared
from balie.rules.customer_facts import CustomerFacts
from balie.tickets.models import Category

MOST_CUSTOMERS = 20
"""Whose facts decide about one number; more than a handful never share one."""


Places = Iterable[tuple[str, int, str, int | None]]
"""Of every line its key, a position, the number of a telephone there and its agent, in the order in which they ring."""


def _places() -> QuerySet[QueuePlace]:
    """The telephones that take calls now."""
    there = QueuePlace.objects.filter(extension__takes_calls=True).exclude(extension__user__is_active=False)
    return there.order_by("position", "pk")


_PLACE = ("line__key", "position", "extension__number", "extension__user_id")
_QUEUE = Prepared(lambda: _places().values_list(*_PLACE))


@dataclass(frozen=True, slots=True)
class Registered:
    """A customer that registered the number of a caller. `contact`: whose number it is, where that is known."""

    customer: Customer
    contact: int | None
    facts: CustomerFacts
    places: Places


def registered(e164: str) -> list[Registered]:
    """The customers that registered this number, or a range in which it is, each once (IB-02). One query."""
    return [_registered(row) for row in _REGISTERED.all(number=e164, digits=int(e164[1:]))]


def _registered(row: Any) -> Registered:
    terms = getattr(row, "terms", None) or CustomerTerms(customer=row)
    return Registered(row, row.contact, facts_read_along(row, terms, row.everything), row.places)


def _with_this_number() -> QuerySet[Any, Any]:
    """The active customers with a number, what a decision needs of them, and the `contact` whose number it is."""
    numbers = PhoneNumber.objects.filter(e164=Given("number"), registered_on__isnull=False).order_by()
    ranges = PhoneRange.objects.filter(numbers__contains=Cast(Given("digits"), BigIntegerField())).order_by()
    owners = numbers.values("customer").union(ranges.values("customer"))
    contact = numbers.filter(customer=OuterRef("pk")).values("contact")
    found = Customer.objects.filter(pk__in=owners, is_active=True).select_related("terms")
    places = ArraySubquery(_places().values_list(JsonRow(*_PLACE)))
    along = found.annotate(contact=Subquery(contact), everything=everything(), places=places)
    return along.order_by("pk")[:MOST_CUSTOMERS]


_REGISTERED = Prepared(_with_this_number)


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


def queue_of(line: str, known: Sequence[Registered] = ()) -> tuple[tuple[Telephone, ...], ...]:
    """The telephones of a line that take calls now: groups that ring together, in the order in which they ring.

    One query, none where they were read along with the customers that are known.
    """
    places = known[0].places if known else _QUEUE.all()
    here = (place for place in places if place[0] == line)
    return tuple(
        tuple(Telephone(number, user) for _line, _position, number, user in group)
        for _position, group in groupby(here, key=itemgetter(1))
    )
