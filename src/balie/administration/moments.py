"""Testing a moment: what the desk would say to whom who asked then, and why (SW-01, IB-08, IB-29, IB-30)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.administration.months import FIRST_YEAR, LAST_YEAR
from balie.customers.models import Customer
from balie.desk.models import Line as LineRow
from balie.rules import entitlement
from balie.rules.decision import Decision
from balie.rules.desk import Line, LineKind, SupportPlan
from balie.rules.promises import Promise, promise_of
from balie.rules.reasons import Reason, gettext_noop
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.rules.working_time import NeverOpen, Stretch
from balie.tickets.facts import Situation

_MINUTE = timedelta(minutes=1)


class UnreadableMoment(Refusal):
    """A text is no moment, or one that no calendar reaches."""


@dataclass(frozen=True, slots=True)
class LineThen:
    """A line at the moment. `changes_at`: when it opens or closes next, `None` when never."""

    name: str
    is_zone: bool
    is_open: bool
    changes_at: datetime | None
    because: Reason
    rate: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is promised under a plan, and by which pieces of time it is reached; no moment when nothing is."""

    plan: str
    with_contract: bool
    due_at: datetime | None
    reasons: tuple[Reason, ...]
    steps: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """What one customer would be told who asks through the portal then."""

    customer: Customer
    decision: Decision
    due_at: datetime | None
    steps: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`oddity`: what is special about the local time that was typed, on the nights when the clock changes."""

    at: datetime
    oddity: str
    lines: tuple[LineThen, ...]
    deadlines: tuple[Deadline, ...]
    of_customer: OfCustomer | None

    @property
    def zone(self) -> LineThen | None:
        """The rate zone in which work would be done then; the first of those that are open."""
        return next((line for line in self.lines if line.is_zone and line.is_open), None)


def read_moment(text: str, zone: ZoneInfo) -> tuple[datetime, str]:
    """`2026-11-20T16:00` on the desk's clock, with what is odd about it. Raises `UnreadableMoment`.

    A local time that occurs twice is the first; one in the gap has the offset before the change.
    """
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise UnreadableMoment(
            gettext_noop("“%(text)s” is no moment; write it as 2026-11-20 16:00."), text=text
        )
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise UnreadableMoment(
            gettext_noop("“%(text)s” lies outside the years %(first)s to %(last)s."),
            text=text,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    at = local.astimezone(UTC).astimezone(zone)
    if at.replace(tzinfo=None) != local.replace(tzinfo=None):
        return at, _("The clock skips this time that night: %(time)s is meant.") % {"time": f"{at:%H:%M}"}
    twice = local.replace(fold=1).utcoffset() != local.utcoffset()
    return at, _("This time occurs twice that night: the first is meant.") if twice else ""


def test(
    situation: Situation, *, oddity: str = "", plan: str = "", customer: Customer | None = None
) -> Answer:
    """What holds at the situation's moment: each line, each plan (or the one named), and one customer."""
    plans = situation.desk.plans
    chosen = [plans[plan]] if plan in plans else list(plans.values())
    return Answer(
        at=situation.now,
        oddity=oddity,
        lines=tuple(_lines(situation)),
        deadlines=tuple(deadline for each in chosen for deadline in _deadlines(each, situation)),
        of_customer=_of_customer(customer, situation) if customer else None,
    )


def _lines(situation: Situation) -> Iterable[LineThen]:
    rates = {row.key: _rate(row) for row in LineRow.objects.all()}
    for key, line in situation.desk.lines.items():
        calendar, at = situation.calendar(key), situation.now
        stretch = calendar.stretches(at, at + _MINUTE)[0]
        yield LineThen(
            name=_name(line),
            is_zone=line.kind is LineKind.RATE_ZONE,
            is_open=calendar.is_open(at),
            changes_at=calendar.changes_at(at),
            because=stretch.reason,
            rate=rates.get(key, ""),
        )


def _deadlines(plan: SupportPlan, situation: Situation) -> Iterable[Deadline]:
    """Without and with a support contract (IB-30); a plan that is a support contract itself has only the one."""
    implied = entitlement.implies_support_contract(plan.key, situation.desk)
    for with_contract in (True,) if implied else (False, True):
        promise = promise_of(plan, situation.desk, has_support_contract=with_contract)
        due_at, steps, more = _counted(promise, situation)
        yield Deadline(plan.name, with_contract, due_at, (*promise.reasons, *more), steps)


def _of_customer(customer: Customer, situation: Situation) -> OfCustomer:
    decision = entitlement.decide(
        situation.facts(customer), Wish(Channel.PORTAL), situation.desk, at=situation.now
    )
    due_at: datetime | None = None
    steps: tuple[Stretch, ...] = ()
    if decision.allowed and not decision.waits_for:
        due_at, steps, _more = _counted(decision, situation)
    return OfCustomer(customer, decision, due_at, steps)


def _counted(
    promise: Promise | Decision, situation: Situation
) -> tuple[datetime | None, tuple[Stretch, ...], Sequence[Reason]]:
    if promise.hours is None or promise.response_minutes is None:
        return None, (), ()
    calendar = situation.calendar(promise.hours)
    try:
        due_at = calendar.add(situation.now, promise.response_minutes)
    except NeverOpen as refusal:
        return None, (), (refusal.reason,)
    return due_at, calendar.stretches(situation.now, due_at), ()


def _name(line: Line) -> str:
    return line.name.get((get_language() or "nl")[:2]) or line.key


def _rate(row: LineRow) -> str:
    return row.rate_en if (get_language() or "nl").startswith("en") else row.rate_nl
