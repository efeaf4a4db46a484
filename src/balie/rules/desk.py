"""A desk as the rules see it: hours, plans, products and settings as plain values.

A preset (TOML) and the rows of a running desk both become this one shape, so `balie explain` and the
running desk decide by the same code on the same data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from balie.rules.price_basis import PriceBasis, PriceTerms
from balie.rules.topics import CategoryKind, Topic


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of a day, in minutes from local midnight of the day on which it begins.

    `0 <= opens < 1440`, `opens < closes <= opens + 1440`; `closes` over 1440 runs past midnight
    (22:00-02:00 is 1320-1560) and 1440 is 24:00. A window belongs to the day on which it begins.
    """

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class DatedException:
    """Hours that replace one whole day; no windows means closed."""

    windows: tuple[Window, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekly windows, holidays by name and dated exceptions; the latter two replace the whole day (SW-02).

    `week` has seven entries, Monday first. `holidays` maps a holiday's key (`boxing_day`) to the windows that
    replace the day's; a holiday that is not in it does not change the day. When two holidays fall on one
    date, the one with the fewest open minutes counts; a dated exception goes before every holiday.
    """

    week: tuple[tuple[Window, ...], ...]
    holidays: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)
    exceptions: Mapping[date, DatedException] = field(default_factory=dict)


class HolidayDates(Protocol):
    """Which holidays, by key, fall on a day. Data: the edge takes it from the `holidays` package."""

    def get(self, day: date, default: frozenset[str], /) -> frozenset[str]: ...


def _no_holidays() -> HolidayDates:
    dates: dict[date, frozenset[str]] = {}
    return dates


class LineKind(StrEnum):
    """What a set of opening hours is for."""

    CHANNEL = "channel"  # people can be reached then: a telephone line, a helpdesk
    RATE_ZONE = "rate_zone"  # work done then has this rate (IB-29)


class PhoneUse(StrEnum):
    """Who may phone in the hours of a line (SW-03, SW-04, IB-03)."""

    NOBODY = ""
    URGENT_INCIDENTS = "urgent_incidents"
    TILL_INCIDENTS = "till_incidents"
    RECOGNISED_CALLERS = "recognised_callers"


FOR_EVERYBODY = frozenset({PhoneUse.URGENT_INCIDENTS, PhoneUse.TILL_INCIDENTS})
"""Behind a number that anybody may know (SW-01)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named set of opening hours: a telephone line, the helpdesk, a rate zone.

    `hourly_rate_cents`: of work done in this rate zone, `None` when the desk has not set it.
    """

    key: str
    name: Mapping[str, str]  # language -> name
    kind: LineKind
    hours: OpeningHours
    phone_use: PhoneUse = PhoneUse.NOBODY
    hourly_rate_cents: int | None = None


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """What a customer is promised (IB-08). `response_minutes`: working minutes, `None` when nothing is promised.

    `rank`: higher is better; a customer with several plans has the best. That SLA4 always counts zone 1 (IB-30)
    follows from the contract type that gives it.
    """

    key: str
    name: str
    rank: int
    response_minutes: int | None = None
    solution_minutes: int | None = None
    monthly_price_cents: int = 0
    is_free: bool = False  # SLA24: may lapse (IB-13), never urgent (IB-11), quota (IB-10)
    only_with_our_hardware: bool = False  # IB-17
    rule: str | None = None  # the ID behind the plan, for the explanation


@dataclass(frozen=True, slots=True)
class Product:
    """Something that can be licensed. `includes_plan`: IB-14. `is_charity`: IB-07, free support that does not lapse."""

    key: str
    name: str
    includes_plan: str | None = None
    offers_plan: str | None = None  # may be bought with it (TS Pos: SLA8 for EUR 5 a month)
    is_charity: bool = False


@dataclass(frozen=True, slots=True)
class ContractType:
    """A kind of contract. `counts_zone_1`: a support contract in the sense of IB-30."""

    key: str
    name: Mapping[str, str]
    gives_plan: str | None = None
    counts_zone_1: bool = False
    gives_phone_number: bool = False  # IB-01
    requires_product: str | None = None  # SLA8 as a contract goes with TS Pos (IB-14)


@dataclass(frozen=True, slots=True)
class Settings:
    """The single values of a desk, with our defaults where the published pages are silent."""

    default_plan: str | None = None  # for a customer without any other (infobits: SLA24)
    counts_with_support_contract: str | None = None  # key of the line whose hours count (IB-30)
    counts_without_support_contract: str | None = None
    free_plan_lapses_after_months: int | None = None  # IB-13; None: never
    tickets_per_month: int | None = None  # IB-10, for free plans
    reactions_per_ticket: int | None = None
    warn_before_minutes: int = 60  # working minutes before a deadline
    closes_after_silent_days: int = 14  # IB-23
    warns_before_closing_days: int = 3
    reopens_within_days: int = 60
    mail_in: str = "ticket"  # or "pointer"
    offers_other_urgent: bool = True  # SW-03: “other urgent” may be phoned too
    offers_chat: bool = False  # SW-06
    accepts_when_maintained_elsewhere: bool = True  # IB-20: else a call-back is as any other
    hourly_rate_cents: int | None = None  # where no rate zone says another
    urgent_surcharge_percent: int | None = None  # IB-22, on top of the rate of the zone
    urgent_surcharge_cents: int | None = None  # IB-22, once


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything of a desk that a decision may depend on.

    `prices`: by key of a plan or contract type, or by `PricedStatus`; `kind_prices` go before them. `worked_out` is
    where the rules keep what follows from this desk alone (its calendars): never compared, never stored.
    """

    key: str
    name: str
    zone: str  # IANA
    language: str
    lines: Mapping[str, Line]
    plans: Mapping[str, SupportPlan] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    contract_types: Mapping[str, ContractType] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    prices: Mapping[str, PriceTerms] = field(default_factory=dict)
    kind_prices: Mapping[CategoryKind, PriceBasis] = field(default_factory=dict)
    holidays: HolidayDates = field(default_factory=_no_holidays)
    worked_out: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
