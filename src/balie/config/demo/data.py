"""What is written about the invented shops: files beside this one, as values."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Any

from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy, Validity
from balie.rules.desk import Desk

DATA = files(__package__)
ELSE = "infobits"
"""The shops of a demo desk that was made from another preset."""

FIRST_CUSTOMER_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Days:
    """Something that a customer has: its key, and its first and last day counted from today."""

    key: str
    first: int
    last: int | None = None

    def validity(self, today: date) -> Validity:
        last = None if self.last is None else today + timedelta(days=self.last)
        return Validity(today + timedelta(days=self.first), last)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a customer bought, and what else decides about its support. Days are counted from today."""

    since: int
    licences: tuple[Days, ...] = ()
    contracts: tuple[Days, ...] = ()
    last_paid: int | None = None
    charity_until: int | None = None
    maintained_by: MaintainedBy = MaintainedBy.DESK
    prepaid_minutes: int = 0
    our_hardware: bool = False
    calls_us: bool = False

    def facts(self, today: date, desk: Desk) -> CustomerFacts:
        """The same facts as those of the rows that are made from it."""
        return CustomerFacts(
            licences=tuple(
                LicenceFact(each.key, each.validity(today))
                for each in self.licences
                if each.key in desk.products
            ),
            contracts=tuple(
                ContractFact(each.key, each.validity(today))
                for each in self.contracts
                if each.key in desk.contract_types
            ),
            hardware_from_us=self.our_hardware,
            existing_since=day_of(today, self.since),
            maintained_by=self.maintained_by,
            charity_until=day_of(today, self.charity_until),
            last_paid_support_on=day_of(today, self.last_paid),
            prepaid_minutes=self.prepaid_minutes,
        )


@dataclass(frozen=True)
class Shop:
    """A customer, with its sites; the first is where its contact works."""

    number: str
    name: str
    contact: str
    street: str
    postcode: str
    city: str
    terms: Terms
    tills: int = 1
    sites: tuple[str, ...] = ()
    language: str = "nl"

    @cached_property
    def domain(self) -> str:
        """`bakkerij-de-korenbloem.example`: nobody can ever own it (RFC 2606)."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") + ".example"

    def mail_address(self, person: str) -> str:
        return f"{person.split()[0].lower()}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that shops ask, and what the desk says."""

    topic: str
    subject: str
    question: str
    answer: str
    asked_back: str = ""
    follow_up: str = ""
    note: str = ""
    photo: bool = False
    urgent: bool = False
    calls: bool = False


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """How people begin and end, and the short messages between."""

    greetings: Sequence[str]
    signatures: Sequence[str]
    agent_greetings: Sequence[str]
    agent_signatures: Sequence[str]
    thanks: Sequence[str]
    you_are_welcome: Sequence[str]
    still_not: Sequence[str]
    looking: Sequence[str]
    planned: Sequence[str]
    called: Sequence[str]
    declined: Sequence[str]
    withdrawn: Sequence[str]


@dataclass(frozen=True, slots=True)
class Login:
    """A login to try: whose, and what is said of it by language."""

    name: str
    role: Mapping[str, str]
    what_to_try: Mapping[str, str]


def shops(preset: str) -> tuple[Shop, ...]:
    """The customers of the demo desk of a preset."""
    written = _of_preset(preset)
    terms = {key: _terms(each) for key, each in written["terms"].items()}
    return tuple(
        Shop(
            **each | {"terms": terms[each["terms"]], "sites": tuple(each.get("sites", ()))},
            number=f"K-{number}",
        )
        for number, each in enumerate(written["customer"], start=FIRST_CUSTOMER_NUMBER)
    )


def logins(preset: str) -> tuple[Login, ...]:
    return tuple(Login(**each) for each in _of_preset(preset)["login"])


def questions(preset: str) -> tuple[Question, ...]:
    """What is asked at this desk; every question at a desk of a preset of one's own."""
    known = preset if DATA.joinpath(f"{preset}.toml").is_file() else ELSE
    return tuple(
        Question(
            topic=each[known],
            **{key: value for key, value in each.items() if key not in ("infobits", "softwear")},
        )
        for each in _read("questions")["question"]
        if known in each
    )


def small_talk() -> SmallTalk:
    return SmallTalk(**_read("small_talk"))


def day_of(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _of_preset(preset: str) -> dict[str, Any]:
    return _read(preset if DATA.joinpath(f"{preset}.toml").is_file() else ELSE)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(DATA.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _terms(written: Mapping[str, Any]) -> Terms:
    days = {kind: tuple(Days(*each) for each in written.get(kind, ())) for kind in ("licences", "contracts")}
    maintained_by = MaintainedBy(written.get("maintained_by", MaintainedBy.DESK))
    return Terms(**{**written, **days, "maintained_by": maintained_by})
