"""Everything that a decision about a ticket needs, gathered once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.fields.json import KT

from balie.contracts import facts as contracts
from balie.contracts.facts import Revision, customer_facts, facts_of
from balie.customers.models import Customer
from balie.desk.facts import calendar_of, settings_of
from balie.desk.models import Desk
from balie.prepared import Given, Prepared
from balie.rules import desk as rules
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.price_basis import PriceBasis
from balie.rules.quota import is_counted
from balie.rules.topics import CategoryKind, Place, Topic
from balie.rules.working_time import Calendar
from balie.tickets.models import Category, Message, Ticket


def plain(value: Any) -> Any:
    """Facts and wishes as JSON values, to be kept with the decision they led to."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def desk_for_rules(desk: Desk) -> rules.Desk:
    """Everything of the desk that a decision may depend on, topics included; read once for a revision of it."""
    return _read_at(Revision(desk))


@lru_cache(maxsize=64)
def _read_at(revision: Revision) -> rules.Desk:
    return replace(
        contracts.desk_for_rules(revision.desk),
        topics={row.key: _topic(row) for row in categories(revision.desk)},
    )


def categories(desk: Desk) -> tuple[Category, ...]:
    """All categories in their order; read once for a revision of the desk."""
    return _categories_at(Revision(desk))


@lru_cache(maxsize=64)
def _categories_at(_revision: Revision) -> tuple[Category, ...]:
    return tuple(Category.objects.all())


def _topic(row: Category) -> Topic:
    return Topic(
        key=row.key,
        kind=CategoryKind(row.kind),
        place=Place(row.place) if row.place else None,
        may_phone_in_office_hours=row.may_phone_in_office_hours and row.is_active,
    )


class Situation:
    """The desk, its calendars and its customers at one moment; each is read once, and only when asked for."""

    def __init__(self, desk: Desk, *, now: datetime) -> None:
        self.row = desk
        self.now = now
        self._customers: dict[int, CustomerFacts] = {}
        self._opened: dict[int, int] = {}  # free tickets of this month

    @cached_property
    def desk(self) -> rules.Desk:
        return desk_for_rules(self.row)

    @cached_property
    def settings(self) -> rules.Settings:
        return settings_of(self.row)

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """The compiled hours of every line, by key."""
        return {key: calendar_of(self.row, line, now=self.now) for key, line in self.desk.lines.items()}

    def calendar(self, line: str) -> Calendar:
        """The compiled hours of one line."""
        return calendar_of(self.row, self.desk.lines[line], now=self.now)

    def hours_of_calls(self, line: str | None) -> Calendar | None:
        """The hours in which we call: `line`, those that count; without a promise those of the first channel."""
        channels = (key for key, each in self.desk.lines.items() if each.kind is rules.LineKind.CHANNEL)
        found = line if line in self.desk.lines else next(channels, None)
        return self.calendar(found) if found is not None else None

    def read_ahead(self, customers: Collection[Customer]) -> None:
        """Read what is known about many customers at once, before `facts` is asked for each."""
        self._customers |= facts_of(customers)
        keys = {customer.pk for customer in customers}
        counted = _counted(self._month).filter(customer__in=keys).values("customer")
        opened = counted.annotate(opened=Count("*")).values_list("customer", "opened")
        self._opened |= dict.fromkeys(keys, 0) | dict(opened)

    def category(self, key: str | None) -> Category | None:
        """The category with this key, if there is one."""
        return next((each for each in categories(self.row) if each.key == key), None)

    def count_opened(self, customer: Customer | None, decision: Decision) -> None:
        """One more ticket of a customer: what was counted stays right."""
        if customer is not None and customer.pk in self._opened and is_counted(decision):
            self._opened[customer.pk] += 1

    def forget(self, customer: Customer | None) -> None:
        """Read anew what is known about a customer: somebody may have booked credit, or asked, in the meantime."""
        if customer is not None:
            self._customers.pop(customer.pk, None)
            self._opened.pop(customer.pk, None)

    def facts(self, customer: Customer | None, *, ticket: Ticket | None = None) -> CustomerFacts:
        """What is known about a customer now; of a sender whom nobody has placed, nothing. Read and counted once."""
        if customer is None:
            return CustomerFacts()
        if customer.pk not in self._customers:
            self._customers[customer.pk] = customer_facts(customer)
        return replace(
            self._customers[customer.pk],
            tickets_this_month=self._opened_this_month(customer),
            reactions_on_ticket=reactions_on(ticket) if ticket else 0,
        )

    def _opened_this_month(self, customer: Customer) -> int:
        if customer.pk not in self._opened:
            [(self._opened[customer.pk],)] = _OPENED_OF_ONE.all(begin=self._month, customer=customer.pk)
        return self._opened[customer.pk]

    @property
    def _month(self) -> datetime:
        """When the calendar month began, in the desk's zone."""
        local = self.now.astimezone(ZoneInfo(self.row.zone))
        return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _counted(begin: datetime | Given) -> QuerySet[Ticket]:
    """Free tickets opened since then, but for those that the desk declined (IB-10).

    As `quota.is_counted` says it of one decision.
    """
    opened = Ticket.objects.filter(opened_at__gte=begin, decision__decision__allowed=True)
    prices = opened.exclude(state=State.DECLINED).alias(price=KT("decision__decision__price"))
    return prices.filter(Q(price=PriceBasis.FREE) | Q(price=None))


_OPENED_OF_ONE: Prepared[tuple[int]] = Prepared(
    lambda: (
        _counted(Given("begin"))
        .filter(customer=Given("customer"))
        .order_by()
        .values(all=Value(1))
        .annotate(opened=Count("pk"))
        .values_list("opened")
    )
)


def reactions_on(ticket: Ticket) -> int:
    """The customer's messages after the first (IB-10)."""
    [(written,)] = _WRITTEN.all(ticket=ticket.pk)
    return max(0, written - 1)


_WRITTEN: Prepared[tuple[int]] = Prepared(
    lambda: (
        Message.objects.filter(ticket=Given("ticket"), contact__isnull=False, is_automatic=False)
        .order_by()
        .values(all=Value(1))
        .annotate(written=Count("pk"))
        .values_list("written")
    )
)
