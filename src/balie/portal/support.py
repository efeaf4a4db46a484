"""What the customer's support means for its next question: how fast, in which hours, how paid (IB-08 to IB-19)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from balie.customers.models import Contact
from balie.portal.money import rates_seen_by
from balie.portal.opening_hours import week_of
from balie.portal.wording import name_of
from balie.rules import entitlement, support_plan
from balie.rules.alternatives import what_would_change
from balie.rules.customer_facts import CustomerFacts, Validity
from balie.rules.decision import Condition, Decision
from balie.rules.desk import Desk, PhoneUse
from balie.rules.ordering import ORDERED
from balie.rules.plan_status import StatusKind
from balie.rules.price_basis import PriceBasis
from balie.rules.promises import says_normally
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets.facts import Situation

LOOKS = {
    StatusKind.VALID: "green",
    StatusKind.VALID_UNTIL: "green",
    StatusKind.EXPIRED_ON: "yellow",
    StatusKind.PAYMENT: "orange",
    StatusKind.NONE: "secondary",
}
SOON = 30
"""Days before its end from which a paper says that it ends soon."""


@dataclass(frozen=True, slots=True)
class SupportStatus:
    """The line of IB-18 with what is behind it. `look`: how the badge looks."""

    sentence: Reason
    reasons: tuple[Reason, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Quota:
    """Something that a free plan limits (IB-10): so many are left, of so many."""

    left: int
    limit: int

    @property
    def used(self) -> int:
        return max(0, self.limit - self.left)


@dataclass(frozen=True, slots=True)
class Support:
    """What holds for a question of this customer today. Minutes are working minutes in the hours of `hours` (`week`).

    `price` of an answer on the site and `call_prices` of a call-back are `None` and empty where the desk says
    nothing. `may_not_order`: every call-back costs money, and this contact orders nothing. `rates`: what an hour
    costs in cents, by name of the zone, for who may see money. `refusal`: why a new question cannot be asked as
    usual now, with what can be done instead. `phone_refusal`: why the number is not shown.
    """

    status: SupportStatus | None
    response_minutes: int | None
    is_normally: bool
    hours: str
    week: str
    price: PriceBasis | None
    call_prices: tuple[PriceBasis, ...]
    call_must_be_accepted: bool
    may_not_order: bool
    must_be_paid: bool
    rates: tuple[tuple[str, int], ...]
    is_charity: bool
    tickets: Quota | None
    reactions: int | None
    refusal: Reason | None
    ways_forward: tuple[Reason, ...]
    shows_phone_number: bool
    phone_refusal: Reason | None
    better: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A licence or a contract, and how it stands today, in the words of IB-18."""

    name: str
    says: str
    look: str
    ends_soon: bool = False


def support_of(contact: Contact, facts: CustomerFacts, situation: Situation) -> Support:
    """Everything that the page says of support, decided by the rules and nothing else."""
    desk = situation.desk
    now = _decide(facts, situation, Wish(Channel.PORTAL))
    usual = _decide(replace(facts, tickets_this_month=0), situation, Wish(Channel.PORTAL))
    calls = _calls(facts, situation)
    line = desk.lines.get(usual.hours or "")
    phone = _decide(facts, situation, Wish(Channel.PHONE))
    return Support(
        status=status_of(facts, situation) if contact.customer_id is not None else None,
        response_minutes=usual.response_minutes,
        is_normally=says_normally(usual.plan, desk),
        hours=name_of(line) if line is not None else "",
        week=week_of(line) if line is not None else "",
        price=usual.price,
        call_prices=tuple(dict.fromkeys(each.price for each in calls if each.price is not None)),
        call_must_be_accepted=any(Condition.ACCEPTANCE in each.waits_for for each in calls),
        may_not_order=not contact.may_order and bool(calls) and all(each.price in ORDERED for each in calls),
        must_be_paid=Condition.PAYMENT in usual.waits_for,
        rates=rates_seen_by(contact, desk),
        is_charity=usual.is_charity,
        tickets=_tickets_left(now, desk),
        reactions=desk.settings.reactions_per_ticket if now.quota is not None else None,
        refusal=now.refusal,
        ways_forward=now.ways_forward,
        shows_phone_number=now.shows_phone_number,
        phone_refusal=None if now.shows_phone_number else phone.refusal,
        better=_better(contact, facts, situation),
    )


def status_of(facts: CustomerFacts, situation: Situation) -> SupportStatus | None:
    """How the customer's support stands today (IB-18); `None` for a desk without plans."""
    if not situation.desk.plans:
        return None
    found = entitlement.assess_plan(facts, situation.desk, at=situation.now)
    sentence = found.status.sentence()
    plan = situation.desk.plans.get(found.status.plan or "")
    named = replace(sentence, values={**sentence.values, "plan": plan.name if plan else ""})
    return SupportStatus(named, found.reasons, LOOKS[found.status.kind])


def papers_of(facts: CustomerFacts, situation: Situation) -> tuple[list[Paper], list[Paper]]:
    """The licences and the contracts with their dates; what is valid comes before what has ended."""
    desk, today = situation.desk, support_plan.local_day(situation.now, situation.desk)
    licences = [
        _paper(product.name, each.validity, today)
        for each in facts.licences
        if (product := desk.products.get(each.product)) is not None
    ]
    contracts = [
        _paper(name_of(kind), each.validity, today)
        for each in facts.contracts
        if (kind := desk.contract_types.get(each.type)) is not None
    ]
    return _valid_first(licences), _valid_first(contracts)


def knows_recognised_callers(desk: Desk) -> bool:
    """Whether there is a line for registered numbers: then they are worth keeping (IB-02)."""
    return any(line.phone_use is PhoneUse.RECOGNISED_CALLERS for line in desk.lines.values())


def _decide(facts: CustomerFacts, situation: Situation, wish: Wish) -> Decision:
    return entitlement.decide(facts, wish, situation.desk, at=situation.now)


def _calls(facts: CustomerFacts, situation: Situation) -> list[Decision]:
    """A call-back in every way in which it may be paid (IB-19)."""
    free = replace(facts, tickets_this_month=0)
    wishes = [Wish(Channel.PORTAL, None, AnswerMode.CALLBACK, billing) for billing in BillingMode]
    return [found for wish in wishes if (found := _decide(free, situation, wish)).allowed]


def _tickets_left(now: Decision, desk: Desk) -> Quota | None:
    limit = desk.settings.tickets_per_month
    if now.quota is None or now.quota.tickets is None or limit is None:
        return None
    return Quota(now.quota.tickets, limit)


def _better(contact: Contact, facts: CustomerFacts, situation: Situation) -> tuple[Reason, ...]:
    """With what the next question would go better; it tells prices, so only to who may see them."""
    if not contact.may_see_money:
        return ()
    free = replace(facts, tickets_this_month=0)
    changes = what_would_change(free, Wish(Channel.PORTAL), situation.desk, at=situation.now)
    return tuple(change.reason for change in changes)


def _paper(name: str, validity: Validity, today: date) -> Paper:
    if validity.last is not None and validity.last < today:
        return Paper(name, _("expired on %(day)s") % {"day": _digits(validity.last)}, "red")
    if validity.first is not None and validity.first > today:
        return Paper(name, _("begins on %(day)s") % {"day": _digits(validity.first)}, "secondary")
    if validity.last is None:
        return Paper(name, _("valid"), "green")
    ends_soon = (validity.last - today).days < SOON
    says = _("valid until %(day)s") % {"day": _digits(validity.last)}
    return Paper(name, says, "yellow" if ends_soon else "green", ends_soon)


def _valid_first(papers: list[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda paper: paper.look == "red")


def _digits(day: date) -> str:
    return f"{day:%d-%m-%Y}"
