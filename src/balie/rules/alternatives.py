"""What else could be asked, and what would change the answer: asked for apart, for they cost many decisions.

IB-14, IB-15, IB-19: the choices of the form. IB-14, IB-17: "with SLA8, EUR 5 a month, this would be possible".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from balie.rules.customer_facts import ContractFact, CustomerFacts
from balie.rules.decision import Decision
from balie.rules.desk import ContractType, Desk, SupportPlan
from balie.rules.entitlement import decide, decide_all
from balie.rules.price_basis import CHOSEN_PRICES, NOTHING_TO_PAY, PriceBasis
from balie.rules.rates import euros
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.support_plan import local_day
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """One wish that the form could offer, and what it would come to: allowed, or refused with the reason."""

    wish: Wish
    decision: Decision


@dataclass(frozen=True, slots=True)
class Change:
    """A contract that would give a better answer. `contract` is a key of `Desk.contract_types`.

    `plan` is the plan that it gives, if any; `monthly_price_cents` its price, `None` when the desk has not set it.
    """

    plan: str | None
    contract: str
    monthly_price_cents: int | None
    decision: Decision
    reason: Reason


def choices(
    facts: CustomerFacts, desk: Desk, *, at: datetime, channel: Channel, topic: str | None
) -> tuple[Choice, ...]:
    """Every answer mode, billing mode and urgency that the form could offer, in its order, each decided."""
    wishes = [
        Wish(channel, topic, mode, billing, urgent)
        for mode in AnswerMode
        for billing in BillingMode
        for urgent in (False, True)
    ]
    decisions = decide_all(facts, wishes, desk, at=at)
    return tuple(Choice(wish, decision) for wish, decision in zip(wishes, decisions, strict=True))


def choices_that_matter(
    facts: CustomerFacts, desk: Desk, *, at: datetime, channel: Channel, topic: str | None
) -> tuple[Choice, ...]:
    """`choices` without those that change nothing: a way of payment counts only where something is to be paid.

    With an answer on the site among them, where that is paid beforehand: with the payment status (IB-13), and
    when the free tickets are used up (IB-10).
    """
    offered = choices(facts, desk, at=at, channel=channel, topic=topic)
    return tuple(each for each in offered if _matters(each))


def _matters(choice: Choice) -> bool:
    wish, decision = choice.wish, choice.decision
    if wish.billing_mode is BillingMode.NONE:
        return True
    if decision.allowed:
        return decision.price in CHOSEN_PRICES
    return wish.answer_mode is not AnswerMode.SITE


def what_would_change(facts: CustomerFacts, wish: Wish, desk: Desk, *, at: datetime) -> tuple[Change, ...]:
    """The contracts with which this wish would get a better answer, the lowest plan first.

    One that begins later is not offered: the customer has it already.
    """
    now, day = decide(facts, wish, desk, at=at), local_day(at, desk)
    found = []
    for kind in _within_reach(facts, now, desk, day):
        after = decide(
            replace(facts, contracts=(*facts.contracts, ContractFact(kind.key))), wish, desk, at=at
        )
        if message := _better(now, after):
            found.append(_change(kind, now, after, message, desk))
    return tuple(found)


def _within_reach(facts: CustomerFacts, now: Decision, desk: Desk, day: date) -> Iterator[ContractType]:
    """Contracts that would give something as the customer is now: for each better plan one, then the telephone."""
    rank = desk.plans[now.plan].rank if now.plan else -1
    plans = sorted(desk.plans.values(), key=lambda each: each.rank)
    to_come = {each.type for each in facts.contracts if each.validity.first and each.validity.first > day}
    types = [each for each in desk.contract_types.values() if each.key not in to_come]
    for plan in plans:
        if plan.rank > rank and _may_have(plan, facts, day):
            kinds = [each for each in types if each.gives_plan == plan.key]
            fitting = [each for each in kinds if _has_what_it_needs(each, facts, day)]
            yield from sorted(fitting, key=lambda each: each.requires_product is None)[:1]
    if not now.shows_phone_number:
        yield from (each for each in types if each.gives_phone_number)


def _may_have(plan: SupportPlan, facts: CustomerFacts, day: date) -> bool:
    """IB-17: SLA4 is only for existing customers with hardware that the desk supplied."""
    exists = facts.existing_since is None or facts.existing_since <= day
    return not plan.only_with_our_hardware or (facts.hardware_from_us and exists)


def _has_what_it_needs(kind: ContractType, facts: CustomerFacts, day: date) -> bool:
    """IB-14: SLA8 as a contract goes with a valid TS Pos licence."""
    return kind.requires_product is None or any(
        each.product == kind.requires_product and each.validity.covers(day) for each in facts.licences
    )


def _better(now: Decision, after: Decision) -> tuple[str, str] | None:
    """The most important thing that would be better, in words without and with a price; `None`: nothing."""
    if after.allowed != now.allowed:
        return _POSSIBLE if after.allowed else None
    if after.price in NOTHING_TO_PAY and _rank(after.price) < _rank(now.price):
        return _PRICE[after.price]
    if after.response_minutes is not None and _is_sooner(after.response_minutes, now.response_minutes):
        return _SOONER
    return _HOURS if after.hours is not None and after.hours != now.hours else None


def _rank(price: PriceBasis | None) -> int:
    return list(PriceBasis).index(price) if price is not None else -1


def _is_sooner(after: int, now: int | None) -> bool:
    return now is None or after < now


def _change(
    kind: ContractType, now: Decision, after: Decision, message: tuple[str, str], desk: Desk
) -> Change:
    plan = desk.plans[kind.gives_plan] if kind.gives_plan else None
    cents = plan.monthly_price_cents if plan is not None and plan.monthly_price_cents else None
    line = desk.lines.get(after.hours or "")
    values = {
        "what": plan.name if plan is not None else kind.name,
        "price": euros(cents),
        "hours": f"{(after.response_minutes or 0) / 60:g}",
        "line": line.name if line is not None else None,
    }
    setting = f"plans.{plan.key}" if plan is not None else f"contract_types.{kind.key}"
    reason = Reason(message[cents is not None], values, _rule_of(message, now, plan), setting)
    return Change(plan.key if plan is not None else None, kind.key, cents, after, reason)


def _rule_of(message: tuple[str, str], now: Decision, plan: SupportPlan | None) -> str | None:
    """The rule that would no longer say no, that of the hours, or that of what would be had."""
    if message is _POSSIBLE and now.refusal is not None:
        return now.refusal.rule
    if message is _HOURS:
        return "IB-30"
    return plan.rule if plan is not None else "IB-01"


_POSSIBLE = (
    _("With %(what)s this would be possible."),
    _("With %(what)s, EUR %(price)s a month, this would be possible."),
)
_SOONER = (
    _("With %(what)s the response would come within %(hours)s working hours."),
    _("With %(what)s, EUR %(price)s a month, the response would come within %(hours)s working hours."),
)
_HOURS = (
    _("With %(what)s the hours of %(line)s would count for the response."),
    _("With %(what)s, EUR %(price)s a month, the hours of %(line)s would count for the response."),
)
_PRICE = {
    PriceBasis.FREE: (
        _("With %(what)s this would be free."),
        _("With %(what)s, EUR %(price)s a month, this would be free."),
    ),
    PriceBasis.INCLUDED: (
        _("With %(what)s this would be included."),
        _("With %(what)s, EUR %(price)s a month, this would be included."),
    ),
    PriceBasis.CONTRACT: (
        _("With %(what)s this would be covered by the contract."),
        _("With %(what)s, EUR %(price)s a month, this would be covered by the contract."),
    ),
}
