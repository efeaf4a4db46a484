"""Which open tickets get another deadline by other hours or other terms (IB-08, IB-30).

A ticket keeps the decision that it was made under: so many working minutes in the hours of one line. Which minutes
are working minutes follows from the hours as they are, so other hours give another deadline. Other terms of a plan
hold for an open ticket only when the administrator says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from balie.rules import desk as rules
from balie.rules.plan_status import StatusKind
from balie.rules.promises import Promise, promise_of
from balie.rules.sla import EventKind
from balie.tickets import clocks
from balie.tickets.facts import Situation
from balie.tickets.models import IS_OPEN, Ticket, TicketEvent

BATCH = 500
LARGEST_SAMPLE = 20

_NEEDED = (
    "number",
    "subject",
    "state",
    "answer_mode",
    "opened_at",
    "decision",
    "due_at",
    "warn_at",
    "closes_at",
    "warn_closing_at",
)


_COUNTED_BY = ("zone", "country", "region", "warn_before_minutes")


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket whose deadline moves, or comes, or goes."""

    number: int
    subject: str
    before: datetime | None
    after: datetime | None


@dataclass(slots=True)
class Outlook:
    """What a change would do to the open tickets with a running deadline."""

    looked_at: int = 0
    moved: int = 0
    earlier: int = 0
    late_at_once: int = 0
    sample: list[Move] = field(default_factory=list)

    def add(self, ticket: Ticket, before: datetime | None, *, now: datetime) -> None:
        self.looked_at += 1
        after = ticket.due_at
        if before == after:
            return
        self.moved += 1
        self.earlier += bool(before and after and after < before)
        self.late_at_once += bool(after and after <= now and (before is None or before > now))
        if len(self.sample) < LARGEST_SAMPLE:
            self.sample.append(Move(ticket.number, ticket.subject, before, after))


def outlook(situation: Situation, *, new_terms_of: Collection[str] = ()) -> Outlook:
    """What the situation's desk, as it is stored now, would do to the waiting tickets. Saves nothing."""
    found, last = Outlook(), 0
    while batch := waiting_after(last, new_terms_of=new_terms_of):
        before = {ticket.pk: ticket.due_at for ticket in batch}
        for ticket, _event in wound(batch, situation, new_terms_of=new_terms_of):
            found.add(ticket, before[ticket.pk], now=situation.now)
        last = batch[-1].pk
    return found


def waiting(new_terms_of: Collection[str] = ()) -> QuerySet[Ticket]:
    """The tickets whose deadline can move: open and unanswered; with new terms of a plan, all open ones of it."""
    can_move = Q(due_at__isnull=False)
    if new_terms_of:
        can_move |= Q(decision__decision__plan__in=list(new_terms_of))
    return Ticket.objects.filter(IS_OPEN, can_move)


def waiting_after(last: int, *, new_terms_of: Collection[str] = (), for_update: bool = False) -> list[Ticket]:
    """The next of the waiting tickets, by key."""
    found = waiting(new_terms_of).filter(pk__gt=last)
    if for_update:
        found = found.select_for_update(of=("self",))
    return list(found.only(*_NEEDED).order_by("pk")[:BATCH])


def wound(
    batch: Sequence[Ticket], situation: Situation, *, new_terms_of: Collection[str] = ()
) -> Iterator[tuple[Ticket, TicketEvent | None]]:
    """Each ticket with its clocks counted anew, and the event that gave it new terms, if any. One query."""
    events: Mapping[int, list[TicketEvent]] = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket__in=[each.pk for each in batch]).order_by("id"):
        events[event.ticket_id].append(event)
    for ticket in batch:
        theirs = events[ticket.pk]
        agreed = _new_terms(ticket, theirs, situation) if new_terms_of else None
        if agreed is not None and ticket.decision["decision"]["plan"] not in new_terms_of:
            agreed = None
        clocks.wind(ticket, situation, [*theirs, agreed] if agreed else theirs)
        yield ticket, agreed


def plans_with_other_terms(before: rules.Desk, after: rules.Desk) -> tuple[rules.SupportPlan, ...]:
    """The plans under which now something else is promised than before."""
    return tuple(
        plan
        for key, plan in after.plans.items()
        if key in before.plans
        and any(
            _minutes(promise_of(before.plans[key], before, has_support_contract=each))
            != _minutes(promise_of(plan, after, has_support_contract=each))
            for each in (False, True)
        )
    )


def counts_otherwise(before: Situation, after: Situation) -> bool:
    """Whether working time, or the moment of a warning, is counted otherwise than before."""
    if any(getattr(before.row, name) != getattr(after.row, name) for name in _COUNTED_BY):
        return True
    return _hours_of(before.desk) != _hours_of(after.desk)


def _hours_of(desk: rules.Desk) -> dict[str, rules.OpeningHours]:
    return {key: line.hours for key, line in desk.lines.items()}


def _minutes(promise: Promise) -> tuple[str | None, int | None, int | None]:
    return promise.hours, promise.response_minutes, promise.solution_minutes


def _new_terms(ticket: Ticket, events: Sequence[TicketEvent], situation: Situation) -> TicketEvent | None:
    """The event by which a ticket gets what its plan promises now; `None` when that is what it has."""
    decision = clocks.decision_of(ticket)
    plan = situation.desk.plans.get(decision.plan) if decision.plan else None
    if plan is None or not decision.allowed or decision.status.kind is StatusKind.PAYMENT:
        return None
    promise = promise_of(plan, situation.desk, has_support_contract=decision.has_support_contract)
    stored = clocks.terms_now(decision, events)
    if _minutes(promise) == stored:
        return None
    hours, response, solution = _minutes(promise)
    return TicketEvent(
        ticket=ticket,
        at=situation.now,
        kind=clocks.TERMS_CHANGED,
        clocks=[EventKind.TERMS_CHANGED.value],
        data={"terms": {"hours": hours, "response_minutes": response, "solution_minutes": solution}},
    )
