"""Answers that wait some seconds before they leave, so that they can be taken back.

Until it leaves, nothing on the ticket has happened and the customer sees nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.desk.queries import the_desk
from balie.files import actions as files
from balie.rules import lifecycle
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, NotAllowed, Refusal
from balie.rules.wishes import AnswerMode
from balie.tickets import jobs
from balie.tickets.actions.messages import (
    SomebodyWasFirst,
    Upload,
    Writing,
    refuse_when_empty,
    refuse_when_newer,
    sent_before,
)
from balie.tickets.actions.storing import let_screens_look, locked
from balie.tickets.actions.writing import give_answer
from balie.tickets.facts import Situation
from balie.tickets.models import HeldAnswer, HeldFile, Message, Ticket

LEFT_AT_ONCE = 50
KEPT_DAYS = 30
"""How long the words of an answer that was taken back wait in the form."""


class HasLeft(NoLongerSo):
    """The answer is with the customer already."""


class OfAColleague(NotAllowed):
    """Only who wrote an answer takes it back."""


@transaction.atomic
def hold(
    ticket: Ticket,
    *,
    writing: Writing,
    by: User,
    seen: int,
    situation: Situation,
    move: Move = Move.ANSWER,
    again: HeldAnswer | None = None,
    keeps: Collection[int] = (),
) -> HeldAnswer | Message:
    """Send an answer: it leaves when the desk's seconds have passed, or at once when those are 0.

    Raises what `reply` raises, also `SomebodyWasFirst` while the answer of a colleague waits to leave. `again`: the
    answer that was taken back and is now sent anew, of whose files those with the keys `keeps` go along.
    """
    ticket = locked(ticket)
    if already := _held_before(writing):
        return already
    if sent := sent_before(writing):
        return sent
    refuse_when_newer(ticket, seen)
    _refuse_when_a_colleague_answers(ticket, by)
    lifecycle.move(State(ticket.state), move, answer_mode=AnswerMode(ticket.answer_mode), by=Actor.AGENT)
    kept = list(again.files.filter(pk__in=keeps).select_related("file")) if again is not None else []
    refuse_when_empty(writing, kept)
    held = _store(ticket, writing, by, move, situation)
    _store_files(held, writing, kept)
    if again is not None:
        again.delete()
    if situation.row.undo_seconds == 0:
        return _leave(held, ticket, situation)
    let_screens_look(ticket)
    return held


def _held_before(writing: Writing) -> HeldAnswer | None:
    """What the same form sent before and still waits to leave."""
    if writing.submission is None:
        return None
    return HeldAnswer.objects.filter(submission=writing.submission, leaves_at__isnull=False).first()


def _refuse_when_a_colleague_answers(ticket: Ticket, by: User) -> None:
    waiting = (
        ticket.held_answers.filter(leaves_at__isnull=False).exclude(agent=by).select_related("agent").first()
    )
    if waiting is not None:
        raise SomebodyWasFirst(
            Reason(
                _(
                    "%(who)s has just answered; that answer leaves in a moment. Read it, then send your text again."
                ),
                {"who": str(waiting.agent)},
            )
        )


def _store(ticket: Ticket, writing: Writing, by: User, move: Move, situation: Situation) -> HeldAnswer:
    seconds, submission = situation.row.undo_seconds, writing.submission or uuid4()
    HeldAnswer.objects.filter(submission=submission).delete()  # the same words, taken back and sent again
    held = HeldAnswer.objects.create(
        ticket=ticket,
        agent=by,
        text=writing.text.replace("\x00", ""),
        move=move.value,
        copies=list(writing.copies),
        blind_copies=list(writing.blind_copies),
        submission=submission,
        sent_at=situation.now,
        leaves_at=situation.now + timedelta(seconds=seconds),
    )
    if seconds and held.leaves_at is not None:
        jobs.defer(jobs.LET_LEAVE, at=held.leaves_at, held=held.pk)
    return held


def _store_files(held: HeldAnswer, writing: Writing, kept: Collection[HeldFile]) -> None:
    new = [
        HeldFile(
            answer=held,
            file=files.store(each.content),
            name=each.name[:200],
            content_type=each.content_type[:120],
        )
        for each in writing.uploads
    ]
    HeldFile.objects.bulk_create(
        [
            *(
                HeldFile(answer=held, file=each.file, name=each.name, content_type=each.content_type)
                for each in kept
            ),
            *new,
        ]
    )


@transaction.atomic
def let_leave(held: int, *, now: datetime) -> Message | None:
    """Let an answer leave whose moment has come; `None` when it was taken back, or left already.

    One that the ticket does not take any more stays with its reason, for its agent to see.
    """
    ticket_key = HeldAnswer.objects.filter(pk=held).values_list("ticket", flat=True).first()
    if ticket_key is None:
        return None
    ticket = locked(Ticket(pk=ticket_key))
    found = HeldAnswer.objects.select_related("agent").filter(pk=held, leaves_at__lte=now).first()
    if found is None:
        return None
    try:
        with transaction.atomic():
            return _leave(found, ticket, Situation(the_desk(), now=now))
    except Refusal as refusal:
        found.leaves_at, found.because = None, refusal.reason.as_json()
        found.save(update_fields=["leaves_at", "because"])
        let_screens_look(ticket)
        return None


def _leave(held: HeldAnswer, ticket: Ticket, situation: Situation) -> Message:
    writing = Writing(
        text=held.text,
        uploads=[
            Upload(each.name, each.content_type, files.read(each.file))
            for each in held.files.select_related("file")
        ],
        submission=held.submission,
        copies=tuple(held.copies),
        blind_copies=tuple(held.blind_copies),
    )
    message = give_answer(ticket, writing=writing, by=held.agent, move=Move(held.move), situation=situation)
    held.delete()
    return message


def let_due_leave(*, now: datetime) -> int:
    """Let all leave whose moment has come: whose job a killed worker took along. Answers how many were looked at."""
    due = HeldAnswer.objects.filter(leaves_at__lte=now).order_by("leaves_at")
    keys = list(due.values_list("pk", flat=True)[:LEFT_AT_ONCE])
    for key in keys:
        let_leave(key, now=now)
    return len(keys)


@transaction.atomic
def take_back(ticket: Ticket, held: int, *, by: User, situation: Situation) -> HeldAnswer:
    """Put an answer back into the form of who wrote it; one that could not leave, into that of whoever asks.

    Raises `HasLeft` when it is with the customer already, and `OfAColleague`.
    """
    ticket = locked(ticket)
    found = ticket.held_answers.select_related("agent").filter(pk=held).first()
    if found is None:
        raise HasLeft(_("This answer has left already; it cannot be taken back any more."))
    if found.agent != by and not found.because:
        raise OfAColleague(_("Only %(who)s can take this answer back."), who=str(found.agent))
    if found.leaves_at is not None or found.because:
        found.leaves_at, found.because, found.agent = None, None, by
        found.save(update_fields=["leaves_at", "because", "agent"])
        record("take_back_answer", ticket, by=by, now=situation.now)
        let_screens_look(ticket)
    return found


def taken_back(ticket: Ticket, by: User) -> HeldAnswer | None:
    """The newest answer that this agent took back on the ticket, with its files."""
    mine = ticket.held_answers.filter(agent=by, leaves_at__isnull=True, because__isnull=True)
    return mine.prefetch_related("files__file").order_by("-pk").first()


def held_on(ticket: Ticket) -> list[HeldAnswer]:
    """What waits to leave, or could not leave, oldest first. Two queries."""
    shown = ticket.held_answers.exclude(leaves_at__isnull=True, because__isnull=True)
    return list(shown.select_related("agent").prefetch_related("files").order_by("pk"))


@transaction.atomic
def throw_away(ticket: Ticket, held: int, *, by: User) -> bool:
    """Forget an answer of one's own that was taken back; answers whether there was one."""
    mine = ticket.held_answers.filter(pk=held, agent=by, leaves_at__isnull=True)
    return bool(mine.delete()[0])


def clean_up_held(*, now: datetime) -> int:
    """Forget what was taken back long ago; answers how many rows went."""
    old = HeldAnswer.objects.filter(leaves_at__isnull=True, sent_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
