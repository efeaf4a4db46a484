"""Callers whom nobody answered: noted once a number, claimed, phoned back, dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Customer
from balie.live.actions import publish
from balie.phone.missed_models import MissedCaller, Outcome
from balie.phone.models import Call, CallState, Direction
from balie.prepared import Given, Prepared
from balie.rules.call_backs import Standing
from balie.rules.entitlement import decide, decide_received
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.rules.wishes import AnswerMode, Channel, Wish
from balie.tickets.facts import Situation
from balie.tickets.models import CallBack

TOPIC = "phone"
MISSED = frozenset({CallState.MISSED.value, CallState.VOICEMAIL.value})
COSTS = frozenset({PriceBasis.PREPAID, PriceBasis.POSTPAID, PriceBasis.ACTUAL_TIME, PriceBasis.QUOTE})
MOST_CUSTOMERS = 4
CLAIM_LASTS = timedelta(minutes=30)
"""After that a colleague may phone the caller back: whoever claimed it went home, or forgot it."""


class ClaimedMeanwhile(NoLongerSo):
    """A colleague phones this caller back, or somebody dealt with it."""


class NeedsTicket(Refusal):
    """Phoning this customer costs money, and such a call is never without a ticket (IB-21, SW-18)."""


def waiting() -> QuerySet[MissedCaller]:
    """Who is still to be phoned back: those to whom the desk owes it first, the longest waiting on top."""
    return (
        MissedCaller.objects.filter(closed_at=None)
        .select_related(
            "claimed_by", "last_call", "last_call__ticket", "last_call__contact", "last_call__line"
        )
        .prefetch_related("last_call__customers")
        .order_by("-is_owed", "first_at", "pk")
    )


@transaction.atomic(savepoint=False)
def note(call: Call, situation: Situation) -> None:
    """Keep in mind who phoned in vain; several calls of one number are one caller."""
    if call.direction != Direction.IN or call.state not in MISSED or not call.caller:
        return
    if _was_reached_after(call):
        return
    is_owed = _is_owed(call, situation)
    caller, is_new = MissedCaller.objects.select_for_update().get_or_create(
        caller=call.caller,
        closed_at=None,
        defaults={
            "first_at": call.began_at,
            "last_at": call.began_at,
            "last_call": call,
            "is_owed": is_owed,
        },
    )
    if not is_new:
        _count_again(caller, since=min(caller.first_at, call.began_at), is_owed=is_owed)
    tell_screens()


@transaction.atomic(savepoint=False)
def reach(call: Call, *, now: datetime) -> None:
    """Somebody talked with this number after it phoned in vain: nobody has to phone it back any more."""
    if not call.caller or call.answered_at is None:
        return
    for each in _WAITING_SINCE.all(number=call.caller, at=call.answered_at):
        _close(each, Outcome.REACHED, by=call.handled_by, now=now)


@transaction.atomic
def reached(number: str, *, by: User, now: datetime) -> None:
    """`by` talked with this number, whatever telephone was used for it."""
    if number:
        for each in _WAITING_SINCE.all(number=number, at=now):
            _close(each, Outcome.REACHED, by=by, now=now)


@transaction.atomic
def claim(key: int, *, by: User, situation: Situation) -> MissedCaller:
    """Take a caller to phone back, also from a colleague who forgot it.

    Raises `ClaimedMeanwhile`; `NeedsTicket` when the call costs and has no ticket.
    """
    caller = _locked(key)
    is_taken = caller.claimed_by_id not in {None, by.pk} and not is_forgotten(caller, now=situation.now)
    if caller.closed_at is not None or is_taken:
        raise ClaimedMeanwhile(_("Somebody else phones this caller back, or has done so."))
    _refuse_costs_without_ticket(caller, situation)
    if caller.claimed_by_id != by.pk:
        caller.claimed_by, caller.claimed_at = by, situation.now
        caller.save(update_fields=["claimed_by", "claimed_at"])
        record("claim_missed", caller, by=by, now=situation.now)
        tell_screens()
    return caller


def is_forgotten(caller: MissedCaller, *, now: datetime) -> bool:
    """Whether whoever claimed this caller did so too long ago to keep colleagues from it."""
    return caller.claimed_at is not None and caller.claimed_at < now - CLAIM_LASTS


@transaction.atomic
def let_go(key: int, *, by: User, now: datetime) -> MissedCaller:
    """Give a caller back to everybody."""
    caller = _locked(key)
    if caller.claimed_by_id == by.pk and caller.closed_at is None:
        caller.claimed_by = caller.claimed_at = None
        caller.save(update_fields=["claimed_by", "claimed_at"])
        record("let_go_missed", caller, by=by, now=now)
        tell_screens()
    return caller


@transaction.atomic
def deal_with(key: int, *, by: User, now: datetime) -> MissedCaller:
    """Nobody has to phone this caller back."""
    caller = _locked(key)
    if caller.closed_at is None:
        _close(caller, Outcome.DEALT_WITH, by=by, now=now)
    return caller


@transaction.atomic
def bring_back(key: int, *, by: User, now: datetime) -> MissedCaller:
    """Take back `deal_with`; a caller who phoned in vain again meanwhile is on the list already."""
    caller = _locked(key)
    if caller.outcome == Outcome.DEALT_WITH:
        if MissedCaller.objects.filter(caller=caller.caller, closed_at=None).exists():
            raise ClaimedMeanwhile(_("This caller phoned again, and is on the list."))
        caller.outcome, caller.closed_at, caller.closed_by = "", None, None
        caller.save(update_fields=["outcome", "closed_at", "closed_by"])
        record("bring_back_missed", caller, by=by, now=now)
        tell_screens()
    return caller


def planned_for(callers: Sequence[MissedCaller]) -> dict[str, CallBack]:
    """The next planned call to each of these numbers: who is phoned anyway is not phoned twice."""
    planned = CallBack.objects.filter(standing=Standing.PLANNED, phone__in=[each.caller for each in callers])
    found = planned.select_related("ticket", "owner").order_by("-planned_from", "-pk")
    return {each.phone: each for each in found}


def tell_screens() -> None:
    publish(TOPIC, data={"missed": True})


_WAITING_SINCE = Prepared(
    lambda: (
        MissedCaller.objects.select_for_update()
        .filter(caller=Given("number"), closed_at=None, last_at__lte=Given("at"))
        .order_by()
    )
)
"""Who phoned in vain again since waits on."""


def _close(caller: MissedCaller, outcome: Outcome, *, by: User | None, now: datetime) -> None:
    caller.outcome, caller.closed_at, caller.closed_by = outcome.value, now, by
    caller.save(update_fields=["outcome", "closed_at", "closed_by"])
    record("close_missed", caller, by=by, now=now, outcome=outcome.value)
    tell_screens()


def _count_again(caller: MissedCaller, *, since: datetime, is_owed: bool) -> None:
    """From the calls themselves: events come late, twice and in any order."""
    calls = Call.objects.filter(
        caller=caller.caller, direction=Direction.IN, state__in=MISSED, began_at__gte=since
    )
    newest = calls.order_by("-began_at", "-pk").first()
    if newest is not None:
        caller.first_at, caller.last_at, caller.last_call = since, newest.began_at, newest
        caller.times = calls.count()
    caller.is_owed = caller.is_owed or is_owed
    caller.save(update_fields=["first_at", "last_at", "last_call", "times", "is_owed"])


def _was_reached_after(call: Call) -> bool:
    """Events may come late: who has been talked with since is not missed any more."""
    since = Call.objects.filter(caller=call.caller, began_at__gte=call.began_at, answered_at__isnull=False)
    return since.exclude(pk=call.pk).exists()


def _is_owed(call: Call, situation: Situation) -> bool:
    """Whether a customer that registered the number may phone the desk (IB-01)."""
    return any(
        decide(
            situation.facts(each), Wish(Channel.PHONE), situation.desk, at=call.began_at
        ).shows_phone_number
        for each in call.customers.all()[:MOST_CUSTOMERS]
    )


def _refuse_costs_without_ticket(caller: MissedCaller, situation: Situation) -> None:
    """Whoever may be called free of charge at one of its customers may be called."""
    call = caller.last_call
    customers = list(call.customers.all()[:MOST_CUSTOMERS]) if call is not None else []
    if not customers or (call is not None and call.ticket_id is not None):
        return
    if all(_costs(each, situation) for each in customers):
        raise NeedsTicket(
            Reason(
                _("A call to this customer costs money: it is never made without a ticket."), rule="IB-21"
            ),
            Reason(_("Make the ticket of the missed call first, or tie the call to one that is there.")),
        )


def _costs(customer: Customer, situation: Situation) -> bool:
    """Whether a call that we make is paid for, or not to be had at all; a phone contract covers it (IB-19, IB-21)."""
    wish = Wish(Channel.PHONE, answer_mode=AnswerMode.CALLBACK)
    decision = decide_received(situation.facts(customer), wish, situation.desk, at=situation.now)
    return decision.refusal is not None or decision.price in COSTS


def _locked(key: int) -> MissedCaller:
    caller = (
        MissedCaller.objects.select_for_update(of=("self",))
        .select_related("last_call")
        .filter(pk=key)
        .first()
    )
    if caller is None:
        raise Http404
    return caller
