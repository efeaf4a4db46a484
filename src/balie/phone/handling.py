"""What agents do with a call: tie it to a ticket, and write down what was done in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from balie.accounts.models import User
from balie.audit.actions import record
from balie.live.actions import publish
from balie.phone.models import Call
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.tickets.actions.storing import let_screens_look
from balie.tickets.actions.time_worked import log_time
from balie.tickets.models import Ticket, TimeEntry, TimeKind


class NoTicketYet(Refusal):
    """Time is worked on a ticket, and the call has none."""


class NotTalked(NoLongerSo):
    """Nobody at the desk talked in this call, or it goes on."""


@transaction.atomic
def link(key: int, ticket: Ticket | None, *, by: User, now: datetime) -> tuple[Call, Ticket | None]:
    """Tie a call to a ticket, or to none; answers the call and which ticket it was tied to before."""
    call = _locked(key)
    before = call.ticket
    if before == ticket:
        return call, before
    call.ticket = ticket
    call.save(update_fields=["ticket"])
    record(
        "link_call",
        call,
        by=by,
        now=now,
        ticket=ticket.number if ticket else None,
        before=before.number if before else None,
    )
    for each in (before, ticket):
        if each is not None:
            let_screens_look(each)
    tell_screens(call)
    return call, before


@transaction.atomic
def wrap_up(
    key: int, *, note: str, minutes: int, by: User, now: datetime, submission: UUID | None = None
) -> TimeEntry:
    """Write on the call's ticket what was done, and how many minutes that took; raises `NoTicketYet`, `NotTalked`.

    The time begins with the answer. Minutes beyond the talk are work after it, until now; more than passed raises
    `rules.time_worked.BadTime`.
    """
    call = _locked(key)
    if call.ticket is None:
        raise NoTicketYet(
            Reason(_("The call has no ticket yet.")),
            Reason(_("Make one, or tie the call to one that is there.")),
        )
    if call.answered_at is None or call.ended_at is None:
        raise NotTalked(_("Nobody talked in this call, or it still goes on."))
    until = max(call.ended_at, call.answered_at + timedelta(minutes=minutes))
    entry = log_time(
        call.ticket,
        person=by,
        started_at=call.answered_at,
        ended_at=max(min(until, now), call.answered_at + timedelta(seconds=1)),
        now=now,
        minutes=minutes,
        note=note,
        kind=TimeKind.CALL,
        submission=submission,
    )
    _is_wrapped_up(call, by=by, now=now)
    return entry


@transaction.atomic
def leave(key: int, *, by: User, now: datetime) -> Call:
    """Write nothing down of a call: nothing was worked on a ticket."""
    call = _locked(key)
    if call.wrapped_up_at is None:
        record("leave_call", call, by=by, now=now)
        _is_wrapped_up(call, by=by, now=now)
    return call


def tell_screens(call: Call, *agents: int | None) -> None:
    """Let the screens on which a call stands look again."""
    topics = {f"phone-{user}" for user in (call.handled_by_id, *agents) if user}
    publish("phone", *sorted(topics), data={"call": call.pk, "state": call.state})


def _is_wrapped_up(call: Call, *, by: User, now: datetime) -> None:
    call.wrapped_up_at = now
    call.save(update_fields=["wrapped_up_at"])
    tell_screens(call, by.pk)


def _locked(key: int) -> Call:
    call = (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ticket", "line")
        .filter(pk=key)
        .first()
    )
    if call is None:
        raise Http404
    return call
