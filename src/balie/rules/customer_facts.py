"""What is known about a customer when a decision is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MaintainedBy(StrEnum):
    """Who maintains the customer's system (IB-20)."""

    DESK = "desk"
    THIRD_PARTY = "third_party"
    NOBODY = "nobody"


class CharityApplication(StrEnum):
    """How an application for the free licence of a charity stands (IB-07). Only what was checked gives anything."""

    NONE = "none"
    APPLIED = "applied"  # handed in, or handed in again to renew; the desk has not checked it yet
    CHECKED = "checked"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Validity:
    """Days in the desk's zone; `first` and `last` are inclusive, `None` is unbounded."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class LicenceFact:
    product: str  # key of a product of the desk
    validity: Validity = Validity()


@dataclass(frozen=True, slots=True)
class ContractFact:
    type: str  # key of a contract type of the desk
    validity: Validity = Validity()


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """One customer at one moment. Everything has a default: a customer of whom nothing is known.

    `charity_until` is the last day of what was checked; an application to renew it leaves it as it is.
    `tickets_this_month`: the free ones, without those that the desk declined (IB-10).
    """

    licences: tuple[LicenceFact, ...] = ()
    contracts: tuple[ContractFact, ...] = ()
    hardware_from_us: bool = False
    existing_since: date | None = None
    maintained_by: MaintainedBy = MaintainedBy.DESK
    charity_until: date | None = None
    charity_application: CharityApplication = CharityApplication.NONE
    last_paid_support_on: date | None = None
    tickets_this_month: int = 0
    reactions_on_ticket: int = 0
    prepaid_minutes: int = 0
    phone_numbers: tuple[str, ...] = ()
