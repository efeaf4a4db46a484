"""What a preset says: a desk for the rules, and who the desk is, what it is asked, and how it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from balie.rules.desk import Desk, PhoneUse
from balie.rules.topics import CategoryKind, Place, Topic

__all__ = [
    "LANGUAGES",
    "CallBacks",
    "Category",
    "CategoryKind",
    "FairUse",
    "MailAddress",
    "Notification",
    "Phone",
    "Place",
    "Preset",
    "Queue",
    "bare",
]

LANGUAGES = ("nl", "en")

Queue = tuple[tuple[str, ...], ...]
"""The extensions of a line: groups that ring together, in the order in which they ring."""


class Notification(StrEnum):
    """What the mail about an answer on the site holds (IB-15)."""

    ANSWER = "answer"  # the whole answer and a link
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Category:
    """A choice in the tree that a customer picks its question from. `parent`: the key of another one."""

    key: str
    name: Mapping[str, str]  # language -> name, every one of LANGUAGES
    kind: CategoryKind
    place: Place | None = None
    parent: str | None = None
    may_phone_in_office_hours: bool = False  # SW-03
    is_other_urgent: bool = False  # SW-03: offered only while the desk's setting `phone.other_urgent` is on

    def topic(self, *, other_urgent: bool) -> Topic:
        """The category as a decision sees it."""
        may_phone = self.may_phone_in_office_hours and (other_urgent or not self.is_other_urgent)
        return Topic(self.key, self.kind, self.place, may_phone)


@dataclass(frozen=True, slots=True)
class Phone:
    """Which lines stand behind the phone number, by key, and who may call them."""

    office_line: str | None = None  # SW-03: urgent incidents
    till_incidents_line: str | None = None  # SW-04: till incidents only
    forwarded_on: tuple[str, ...] = ()  # IB-03: recognised callers with a phone contract
    other_urgent: bool = True  # SW-03
    queues: Mapping[str, Queue] = field(default_factory=dict)  # key of a line -> what rings for it
    numbers: Mapping[str, str] = field(default_factory=dict)  # number that was called -> key of its line
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Spoken texts of its own: name of the prompt -> language -> words."""

    def use_of(self, line: str) -> PhoneUse:
        """Who may phone in the hours of the line with this key."""
        if line == self.office_line:
            return PhoneUse.URGENT_INCIDENTS
        if line == self.till_incidents_line:
            return PhoneUse.TILL_INCIDENTS
        return PhoneUse.RECOGNISED_CALLERS if line in self.forwarded_on else PhoneUse.NOBODY


@dataclass(frozen=True, slots=True)
class CallBacks:
    """Planned calls: how long each takes, how long before it its owner is reminded, when the desk gives up."""

    minutes: int = 15
    reminder_minutes: int = 10
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class FairUse:
    """IB-12: a warning when support over `months` cost more than this percentage of the revenue."""

    months: int
    percent_of_revenue: int


@dataclass(frozen=True, slots=True)
class MailAddress:
    """One more address of the desk, and what a mail to it becomes. `language`: of new senders."""

    address: str
    category: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """One vendor's desk as data. A running desk copies it into rows that an administrator may change."""

    desk: Desk
    country: str  # ISO 3166, whose holidays count
    region: str | None
    languages: tuple[str, ...]  # the first is the desk's own
    phone_number: str | None  # E.164
    mail_address: str | None
    website: str | None
    categories: tuple[Category, ...]  # parents before their children, in the order of the file
    phone: Phone = field(default_factory=Phone)
    call_backs: CallBacks = field(default_factory=CallBacks)
    notification: Notification = Notification.ANSWER
    fair_use: FairUse | None = None
    mail_addresses: tuple[MailAddress, ...] = ()
    how_to_pay: Mapping[str, str] = field(default_factory=dict)  # language -> how to pay beforehand
    rate_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # rate zone -> language -> name
    rules: Mapping[str, str] = field(default_factory=dict)  # dotted key -> the rule behind it (IB-29)
    product_names: Mapping[str, str] = field(
        default_factory=dict
    )  # any name of it, as `bare` gives it -> key
    contract_names: Mapping[str, str] = field(default_factory=dict)
    examples: frozenset[str] = frozenset()  # dotted keys

    def is_example(self, key: str) -> bool:
        """Whether the value of a dotted key (`settings.mail_in`) is our example, not the vendor's word."""
        parts = key.split(".")
        return any(".".join(parts[:length]) in self.examples for length in range(1, len(parts) + 1))

    def rule_of(self, key: str) -> str | None:
        """The ID of the rule behind a dotted key or behind the nearest table around it."""
        parts = key.split(".")
        around = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.rules[each] for each in around if each in self.rules), None)


def bare(name: str) -> str:
    """A name without what people write differently: `SLA 4` and `sla-4` are both `sla4`."""
    return "".join(each for each in name.casefold() if each.isalnum())
