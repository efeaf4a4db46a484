"""Planned calls: planned, moved, handed over, cancelled, tried (IB-15, IB-21, IB-24, SW-18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.live.actions import publish as tell_screens
from balie.rules import call_backs as rules
from balie.rules import lifecycle
from balie.rules.call_backs import Offer, Outcome, Span, Standing
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.rules.wishes import AnswerMode
from balie.rules.working_time import Calendar
from balie.tickets import clocks
from balie.tickets.actions.storing import happened, let_screens_look, locked, moved, tell_state
from balie.tickets.events import CallBackDue, CallBackGivenUp, CallBackMoved, CallBackPlanned, CallBackReached
from balie.tickets.facts import Situation
from balie.tickets.models import CallAttempt, CallBack, PreferredTime, Ticket

LEAD = timedelta(minutes=15)
"""A moment that is offered is not nearer than this, so that everybody can know of it; an urgent one is at once."""
AGAIN_AFTER = timedelta(minutes=30)
"""After a failed attempt the next one is not sooner than this."""
MOST_OFFERED = 200
"""So many free moments are looked at when the customer chooses."""
MOST_REMINDED = 200
"""In one run; the rest is told a minute later."""
_MUST_COME_FIRST = frozenset({State.AWAITING_ACCEPTANCE, State.AWAITING_PAYMENT})


class TicketHasEnded(Refusal):
    """Nobody is called about a ticket that has ended."""


class NobodyToCall(Refusal):
    """There is neither a number nor an AnyDesk address."""


class CallBackEnded(NoLongerSo):
    """The call-back was made, cancelled or given up meanwhile."""


class MomentTaken(NoLongerSo):
    """Somebody else got that moment."""


def offer(
    ticket: Ticket,
    situation: Situation,
    *,
    owner: User | None,
    but: CallBack | None = None,
    most: int = 12,
    after: datetime | None = None,
) -> Offer:
    """The next free moments for calling about a ticket; `but`: a planned call that may be moved."""
    calendar = _calendar(ticket, situation)
    if calendar is None:
        return Offer(())
    taken = CallBack.objects.filter(
        standing=Standing.PLANNED, owner=owner, planned_until__gt=situation.now
    ).exclude(pk=but.pk if but else 0)
    return rules.free_moments(
        calendar,
        wished=wished_times(ticket),
        taken=[] if ticket.urgent else list(taken.values_list("planned_from", "planned_until")),
        minutes=situation.row.call_back_minutes,
        after=after or situation.now + (timedelta(0) if ticket.urgent else LEAD),
        most=most,
    )


@transaction.atomic
def plan_call_back(
    ticket: Ticket,
    *,
    span: Span,
    owner: User | None,
    by: User | None,
    situation: Situation,
    phone: str = "",
    anydesk: str = "",
    agreed: bool = False,
    submission: UUID | None = None,
) -> CallBack:
    """Plan a call about a ticket; without `by` Balie itself does. The same `submission` twice is one.

    Raises `TicketHasEnded`, `NobodyToCall` and what `rules.call_backs.check` raises.
    """
    ticket = locked(ticket)
    if submission and (already := CallBack.objects.filter(submission=submission).first()):
        return already
    _refuse_ended(ticket)
    if not phone and not anydesk:
        raise NobodyToCall(Reason(_("A call-back needs a phone number or an AnyDesk address."), rule="IB-15"))
    _check(ticket, span, situation, agreed=agreed)
    call_back = CallBack.objects.create(
        ticket=ticket,
        phone=phone,
        anydesk=anydesk,
        owner=owner,
        planned_from=span[0],
        planned_until=span[1],
        made_at=situation.now,
        submission=submission,
    )
    _happened(call_back, "call_back_planned", by, situation.now)
    bus.publish(CallBackPlanned(call_back, situation.now))
    return call_back


@transaction.atomic
def plan_first(ticket: Ticket, *, situation: Situation) -> CallBack | None:
    """Plan the first call that a customer asked for, once nothing stands before it (IB-19, IB-20). Safe to run twice.

    `None` when there is none to plan: not asked, planned before, or no free moment in the days to come.
    """
    ticket = locked(ticket)
    request = getattr(ticket, "call_request", None)
    state = State(ticket.state)
    if request is None or state in _MUST_COME_FIRST | lifecycle.ENDED or ticket.call_backs.exists():
        return None
    first = offer(ticket, situation, owner=ticket.assigned_to, most=1).first
    if first is None:
        return None
    return plan_call_back(
        ticket,
        span=first,
        owner=ticket.assigned_to,
        by=None,
        situation=situation,
        phone=request.phone,
        anydesk=request.anydesk,
        agreed=True,
    )


@transaction.atomic
def move_call_back(
    key: int, *, span: Span, by: User | Contact, situation: Situation, agreed: bool = False
) -> CallBack:
    """Plan a call for another moment; raises `CallBackEnded` and what `rules.call_backs.check` raises."""
    call_back = planned_call_back(key)
    _check(call_back.ticket, span, situation, agreed=agreed)
    if (call_back.planned_from, call_back.planned_until) == span:
        return call_back
    before = call_back.planned_from
    _plan_for(call_back, span)
    _happened(call_back, "call_back_moved", by, situation.now, before=before.isoformat())
    bus.publish(CallBackMoved(call_back, situation.now))
    return call_back


@transaction.atomic
def choose_moment(key: int, *, span: Span, by: Contact, situation: Situation) -> CallBack:
    """Let the customer say that another moment suits it better: one of those that are free. Raises `MomentTaken`."""
    call_back = planned_call_back(key)
    free = offer(call_back.ticket, situation, owner=call_back.owner, but=call_back, most=MOST_OFFERED)
    if span not in free.moments:
        raise MomentTaken(Reason(_("That moment is not free any more.")), Reason(_("Choose another one.")))
    return move_call_back(key, span=span, by=by, situation=situation, agreed=True)


@transaction.atomic
def hand_over_call_back(key: int, *, to: User | None, by: User, now: datetime) -> CallBack:
    """Let somebody else make the call, or nobody in particular. Raises `CallBackEnded`."""
    call_back = planned_call_back(key)
    if call_back.owner_id != (to.pk if to else None):
        _tell_screens(call_back, call_back.owner_id)
        call_back.owner, call_back.reminded_at = to, None
        call_back.save(update_fields=["owner", "reminded_at"])
        _happened(call_back, "call_back_handed_over", by, now, to=str(to or ""))
    return call_back


@transaction.atomic
def cancel_call_back(key: int, *, by: User | None, now: datetime, because: str = "") -> CallBack:
    """Do not make a planned call; it can be restored. Raises `CallBackEnded`."""
    call_back = planned_call_back(key)
    _end(call_back, Standing.CANCELLED, now)
    _happened(call_back, "call_back_cancelled", by, now, because=because)
    return call_back


@transaction.atomic
def restore_call_back(key: int, *, by: User, now: datetime) -> CallBack:
    """Make a cancelled call after all, at the moment that it was planned for. Raises `TicketHasEnded`."""
    call_back = _call_back(key)
    if call_back.standing != Standing.CANCELLED:
        raise CallBackEnded(_("This call-back is not cancelled any more."))
    _refuse_ended(call_back.ticket)
    call_back.standing, call_back.ended_at = Standing.PLANNED.value, None
    call_back.save(update_fields=["standing", "ended_at"])
    _happened(call_back, "call_back_restored", by, now)
    return call_back


@transaction.atomic
def tried(
    key: int,
    *,
    outcome: Outcome,
    by: User,
    situation: Situation,
    note: str = "",
    submission: UUID | None = None,
) -> CallAttempt:
    """Log an attempt; the same `submission` twice is one. Raises `CallBackEnded`.

    Reached is an answer to the customer (`EventKind.ANSWERED`). As many failures as the desk makes attempts end the
    call-back and tell the customer how to reach us; after fewer it is planned for the next free moment.
    """
    if submission and (already := CallAttempt.objects.filter(submission=submission).first()):
        return already
    call_back = planned_call_back(key)
    attempt = CallAttempt.objects.create(
        call_back=call_back,
        at=situation.now,
        by=by,
        outcome=outcome.value,
        note=" ".join(note.split()),
        submission=submission,
    )
    _happened(call_back, "call_tried", by, situation.now, outcome=outcome.value, note=attempt.note)
    outcomes = [Outcome(each) for each in call_back.attempts.values_list("outcome", flat=True)]
    _go_on(call_back, rules.standing(outcomes, most=situation.row.call_back_attempts), by, situation)
    return attempt


@transaction.atomic
def remind_due(*, situation: Situation) -> int:
    """Tell owners of calls that come soon, or whose time has passed, once each; answers how many were told.

    What another worker holds is left to it.
    """
    now, row = situation.now, situation.row
    planned = CallBack.objects.filter(standing=Standing.PLANNED).select_related("owner", "ticket__contact")
    claimed = planned.select_for_update(of=("self",), skip_locked=True).order_by("planned_from")
    overdue = list(claimed.filter(planned_until__lt=now, overdue_told_at=None)[:MOST_REMINDED])
    soon = now + timedelta(minutes=row.call_back_reminder_minutes)
    due = claimed.filter(planned_from__lte=soon, planned_until__gte=now, reminded_at=None)
    coming = list(due[:MOST_REMINDED]) if row.call_back_reminder_minutes else []
    for call_back in (*overdue, *coming):
        is_overdue = call_back in overdue
        name = "overdue_told_at" if is_overdue else "reminded_at"
        setattr(call_back, name, now)
        call_back.save(update_fields=[name])
        bus.publish(CallBackDue(call_back, is_overdue, now))
        _tell_screens(call_back, call_back.owner_id)
    return len(overdue) + len(coming)


@transaction.atomic
def cancel_planned(ticket: Ticket, *, now: datetime) -> int:
    """Cancel what is planned for a ticket that has ended; answers how many."""
    planned = ticket.call_backs.filter(standing=Standing.PLANNED).values_list("pk", flat=True)
    return len([cancel_call_back(key, by=None, now=now) for key in list(planned)])


def planned_call_back(key: int) -> CallBack:
    """A planned call-back with its ticket locked, or `CallBackEnded`; `Http404` when there is none."""
    call_back = _call_back(key)
    if not call_back.is_planned:
        raise CallBackEnded(_("This call-back is not planned any more: it was made, cancelled or given up."))
    return call_back


def wished_times(ticket: Ticket) -> list[Span]:
    """The times that the customer named, in order."""
    times = PreferredTime.objects.filter(call_request__ticket=ticket)
    return list(times.values_list("starts_at", "ends_at"))


def _call_back(key: int) -> CallBack:
    """The ticket first, as every write on a ticket does."""
    ticket = Ticket.objects.filter(call_backs=key).first()
    if ticket is None:
        raise Http404
    ticket = locked(ticket)
    call_back = CallBack.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key)
    call_back.ticket = ticket
    return call_back


def _go_on(call_back: CallBack, standing: Standing, by: User, situation: Situation) -> None:
    """What an attempt leads to."""
    if standing is Standing.REACHED:
        _end(call_back, standing, situation.now)
        _answered(call_back.ticket, by, situation)
        bus.publish(CallBackReached(call_back, by, situation.now))
    elif standing is Standing.GIVEN_UP:
        _end(call_back, standing, situation.now)
        bus.publish(CallBackGivenUp(call_back, situation.now))
    else:
        after = situation.now + AGAIN_AFTER
        again = offer(call_back.ticket, situation, owner=call_back.owner, but=call_back, most=1, after=after)
        if again.first is not None:
            _plan_for(call_back, again.first)


def _answered(ticket: Ticket, by: User, situation: Situation) -> None:
    """A call-back that reached the customer counts as a response."""
    before = State(ticket.state)
    outcome = lifecycle.move(before, Move.ANSWER, answer_mode=AnswerMode(ticket.answer_mode), by=Actor.AGENT)
    if ticket.assigned_to_id is None:
        ticket.assigned_to = by
    moved(ticket, Move.ANSWER, outcome, by, situation)
    tell_state(ticket, before, situation.now)


def _calendar(ticket: Ticket, situation: Situation) -> Calendar | None:
    return situation.hours_of_calls(clocks.decision_of(ticket).hours)


def _check(ticket: Ticket, span: Span, situation: Situation, *, agreed: bool) -> None:
    calendar = _calendar(ticket, situation)
    if calendar is None:
        raise rules.OutsideHours(Reason(_("The desk has no opening hours."), rule="IB-24"))
    rules.check(calendar, span, wished=wished_times(ticket), agreed=agreed, now=situation.now)


def _refuse_ended(ticket: Ticket) -> None:
    if State(ticket.state) in lifecycle.ENDED:
        raise TicketHasEnded(
            Reason(_("The ticket has ended, so nobody is called about it."), rule="IB-21"),
            Reason(_("Re-open the ticket first.")),
        )


def _plan_for(call_back: CallBack, span: Span) -> None:
    call_back.planned_from, call_back.planned_until = span
    call_back.reminded_at = call_back.overdue_told_at = None
    call_back.save()


def _end(call_back: CallBack, standing: Standing, now: datetime) -> None:
    call_back.standing, call_back.ended_at = standing.value, now
    call_back.save(update_fields=["standing", "ended_at"])


def _happened(call_back: CallBack, what: str, by: object, now: datetime, **data: Any) -> None:
    """On the ticket, on the record, and on the screens."""
    ticket = call_back.ticket
    moment = call_back.planned_from.isoformat()
    happened(ticket, what, by, now, call_back=call_back.pk, moment=moment, **data)
    who = by if isinstance(by, User) else str(by or "")
    record(what, call_back, by=who, now=now, ticket=ticket.number, moment=moment, **data)
    _tell_screens(call_back, call_back.owner_id)
    let_screens_look(ticket)


def _tell_screens(call_back: CallBack, *owners: int | None) -> None:
    """The lists of planned calls, and the telephones of those who make or made this one."""
    telephones = {f"phone-{owner}" for owner in owners if owner}
    tell_screens("call-backs", *sorted(telephones), data={"ticket": call_back.ticket.number})
