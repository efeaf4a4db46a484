"""One wish with everything that a rule may look at, and what a rule answers when it says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import cast

from balie.rules.customer_facts import CustomerFacts
from balie.rules.desk import Desk, Line, SupportPlan
from balie.rules.plan_status import StatusKind
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.support_plan import PlanAssessment
from balie.rules.topics import Topic
from balie.rules.wishes import AnswerMode, Channel, Wish
from balie.rules.working_time import Calendar


@dataclass(frozen=True, slots=True)
class No:
    """A refusal, and at least one way forward."""

    because: Reason
    ways_forward: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """One way in which the work can be paid, and because of what."""

    basis: PriceBasis
    because: Reason


@dataclass(slots=True, eq=False)
class Case:
    """One wish of one customer at one moment. `day` is the day on the desk's wall.

    `plan` is that of the day: `None` with the payment status, and on a desk without plans.
    `may_have_number`: the desk's number is meant for this customer (IB-01, SW-01). `limited_plan`: the free plan
    with limits (IB-10); a charity's free support has none (IB-07).
    """

    facts: CustomerFacts
    wish: Wish
    desk: Desk
    at: datetime
    day: date
    support: PlanAssessment
    plan: SupportPlan | None
    may_have_number: bool
    limited_plan: SupportPlan | None = field(init=False)
    prices: tuple[Price, ...] | None = None  # `pricing.offered`, once it was asked for

    def __post_init__(self) -> None:
        plan = self.plan
        is_limited = plan is not None and plan.is_free and not self.support.is_charity
        self.limited_plan = plan if is_limited else None

    def with_wish(self, wish: Wish) -> Case:
        """Another wish of the same customer at the same moment."""
        return Case(
            self.facts, wish, self.desk, self.at, self.day, self.support, self.plan, self.may_have_number
        )

    @property
    def topic(self) -> Topic | None:
        """What it is about, as far as the desk knows the topic."""
        return self.desk.topics.get(self.wish.topic) if self.wish.topic else None

    @property
    def has_payment_status(self) -> bool:
        """IB-13: pay first."""
        return self.support.status.kind is StatusKind.PAYMENT

    @property
    def is_call(self) -> bool:
        """The customer is helped on the telephone itself, whatever the answer mode says (IB-21)."""
        return self.wish.channel is Channel.PHONE and self.may_have_number

    @property
    def has_tickets_left(self) -> bool:
        """Whether a free plan with limits still allows a new ticket this month (IB-10)."""
        limit = self.desk.settings.tickets_per_month
        return self.limited_plan is None or limit is None or self.facts.tickets_this_month < limit

    @property
    def has_reactions_left(self) -> bool:
        """Whether a free plan with limits still allows a message on this ticket (IB-10)."""
        limit = self.desk.settings.reactions_per_ticket
        return self.limited_plan is None or limit is None or self.facts.reactions_on_ticket < limit

    @property
    def is_on_site(self) -> bool:
        """An answer on the site (IB-23); the others are a call, a call-back or AnyDesk (IB-24)."""
        return self.wish.answer_mode is AnswerMode.SITE and not self.is_call


def calendar_of(line: Line, desk: Desk, day: date) -> Calendar:
    """The hours of a line in the year of `day` and the month after it, compiled once for this desk."""
    key = (calendar_of, line.key, day.year)
    found = desk.worked_out.get(key)
    if found is None:
        found = desk.worked_out[key] = Calendar.build(
            line.hours,
            zone=desk.zone,
            holidays=desk.holidays,
            first=date(max(day.year, MINYEAR + 1), 1, 1),
            last=date(day.year + 1, 1, 31) if day.year < MAXYEAR else date(MAXYEAR, 12, 30),
            name=line.key,
        )
    return cast(Calendar, found)


def better_paid_plan(plan: SupportPlan | None, desk: Desk) -> SupportPlan | None:
    """The next plan up that is paid; for who has none, the lowest one."""
    rank = -1 if plan is None else plan.rank
    paid: list[SupportPlan] | None = desk.worked_out.get(better_paid_plan)
    if paid is None:
        paid = sorted((each for each in desk.plans.values() if not each.is_free), key=lambda each: each.rank)
        desk.worked_out[better_paid_plan] = paid
    return next((each for each in paid if each.rank > rank), None)


def with_a_better_plan(message: str, rule: str, plan: SupportPlan | None, desk: Desk) -> tuple[Reason, ...]:
    """The next plan up that is paid, as a way forward; none when there is no such plan."""
    following = better_paid_plan(plan, desk)
    if following is None:
        return ()
    return (Reason(message, {"plan": following.name}, rule, f"plans.{following.key}"),)
