"""What a wish came to, as values: the decision that a ticket keeps, and the promise in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from balie.rules.plan_status import PlanStatus
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.refusals import Refusal
from balie.rules.working_time import Calendar


class NotEntitled(Refusal):
    """The customer may not ask for this; `reason` says why and `ways_forward` what it can do instead."""


class Condition(StrEnum):
    """What must happen before our clock starts."""

    ACCEPTANCE = "acceptance"  # the desk accepts the request (IB-20)
    PAYMENT = "payment"  # the customer pays, or has credit (IB-13, IB-19)


@dataclass(frozen=True, slots=True)
class RateNow:
    """What work done at that moment costs: in the rate zone with key `zone`, in cents an hour.

    `zone` is `None` for a desk with one rate for every hour; no amount: the desk has not set it.
    """

    zone: str | None
    hourly_cents: int | None

    def as_json(self) -> dict[str, Any]:
        return {"zone": self.zone, "hourly_cents": self.hourly_cents}


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What urgent costs on top of the rate: a percentage of it, an amount in cents, or both (IB-22)."""

    percent: int | None
    cents: int | None

    def as_json(self) -> dict[str, Any]:
        return {"percent": self.percent, "cents": self.cents}


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """What a free plan still allows (IB-10); `None` is without a limit. This question is not taken off yet."""

    tickets: int | None  # new tickets in this calendar month
    reactions: int | None  # customer messages on this ticket

    def as_json(self) -> dict[str, Any]:
        return {"tickets": self.tickets, "reactions": self.reactions}


@dataclass(frozen=True, slots=True)
class Decision:
    """What one wish of one customer came to, at one moment; a ticket keeps the one it was made under.

    `plan` is a key of `Desk.plans` or `None`; `hours` the key of the line whose hours count, `None` when
    nothing is promised. Minutes are working minutes. A refused wish has a `refusal` and ways forward.

    `price`: how the work is paid, `None` for a refused wish and where the desk says nothing. `rate`: what would
    apply if work were done at that moment, `None` outside every rate zone. `surcharge`: of an urgent wish.
    `quota`: `None` without limits. `shows_phone_number`: whether the desk's number is meant for this customer
    (IB-01); whether it may phone at this moment about this topic is a wish with the channel phone.
    """

    allowed: bool
    plan: str | None
    status: PlanStatus
    has_support_contract: bool
    is_charity: bool
    hours: str | None
    response_minutes: int | None
    solution_minutes: int | None
    waits_for: tuple[Condition, ...]
    reasons: tuple[Reason, ...]
    refusal: Reason | None = None
    ways_forward: tuple[Reason, ...] = ()
    price: PriceBasis | None = None
    rate: RateNow | None = None
    surcharge: Surcharge | None = None
    quota: QuotaLeft | None = None
    shows_phone_number: bool = False

    def demand(self) -> None:
        """Raise `NotEntitled` when the wish was refused."""
        if self.refusal is not None:
            raise NotEntitled(self.refusal, *self.ways_forward)

    def as_json(self) -> dict[str, Any]:
        """JSON values only, so that a ticket can store it; `from_json` gives the same decision back."""
        return {
            "allowed": self.allowed,
            "plan": self.plan,
            "status": self.status.as_json(),
            "has_support_contract": self.has_support_contract,
            "is_charity": self.is_charity,
            "hours": self.hours,
            "response_minutes": self.response_minutes,
            "solution_minutes": self.solution_minutes,
            "waits_for": [condition.value for condition in self.waits_for],
            "reasons": [reason.as_json() for reason in self.reasons],
            "refusal": self.refusal.as_json() if self.refusal else None,
            "ways_forward": [way.as_json() for way in self.ways_forward],
            "price": self.price.value if self.price else None,
            "rate": self.rate.as_json() if self.rate else None,
            "surcharge": self.surcharge.as_json() if self.surcharge else None,
            "quota": self.quota.as_json() if self.quota else None,
            "shows_phone_number": self.shows_phone_number,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Decision:
        """What `as_json` gave, also what it gave before prices were decided."""
        price, rate, surcharge, quota = map(stored.get, ("price", "rate", "surcharge", "quota"))
        return cls(
            allowed=stored["allowed"],
            plan=stored["plan"],
            status=PlanStatus.from_json(stored["status"]),
            has_support_contract=stored["has_support_contract"],
            is_charity=stored["is_charity"],
            hours=stored["hours"],
            response_minutes=stored["response_minutes"],
            solution_minutes=stored["solution_minutes"],
            waits_for=tuple(Condition(each) for each in stored["waits_for"]),
            reasons=tuple(Reason.from_json(each) for each in stored["reasons"]),
            refusal=Reason.from_json(stored["refusal"]) if stored["refusal"] else None,
            ways_forward=tuple(Reason.from_json(each) for each in stored["ways_forward"]),
            price=PriceBasis(price) if price else None,
            rate=RateNow(**rate) if rate else None,
            surcharge=Surcharge(**surcharge) if surcharge else None,
            quota=QuotaLeft(**quota) if quota else None,
            shows_phone_number=stored.get("shows_phone_number", False),
        )


def deadline(decision: Decision, asked_at: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    """The response deadline of what was asked at this aware moment; `calendars` by line key.

    `None` when nothing is promised, and as long as the clock waits for a payment or an acceptance.
    """
    if decision.hours is None or decision.response_minutes is None or decision.waits_for:
        return None
    return calendars[decision.hours].add(asked_at, decision.response_minutes)
