"""Time worked on a ticket: written down, corrected on the record, removed and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404

from balie.accounts.models import User
from balie.audit.actions import record
from balie.rules import time_worked
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.tickets.actions.storing import let_screens_look
from balie.tickets.models import Stopwatch, Ticket, TimeEntry, TimeKind

_CORRECTED = ("kind", "started_at", "ended_at", "minutes", "note", "is_visible")


class StopwatchRuns(Refusal):
    """A person works on one ticket at a time."""


class NoStopwatch(NoLongerSo):
    """The stopwatch was stopped in another tab."""


class EntryRemoved(NoLongerSo):
    """Somebody removed the entry meanwhile."""


@transaction.atomic
def log_time(
    ticket: Ticket,
    *,
    person: User,
    started_at: datetime,
    ended_at: datetime,
    now: datetime,
    minutes: int | None = None,
    note: str = "",
    kind: TimeKind = TimeKind.WORK,
    is_visible: bool = True,
    by: User | None = None,
    submission: UUID | None = None,
) -> TimeEntry:
    """Write down that `person` worked on a ticket, in whatever state that is; raises `rules.time_worked.BadTime`.

    Without `minutes`, all that passed, rounded up. `by` enters it, when that is somebody else. The same `submission`
    twice is one entry.
    """
    worked = time_worked.whole_minutes(started_at, ended_at) if minutes is None else minutes
    time_worked.check(started_at, ended_at, worked, now=now)
    if submission and (already := TimeEntry.objects.filter(submission=submission).first()):
        return already
    entry = TimeEntry(
        ticket=ticket,
        person=person,
        kind=kind,
        started_at=started_at,
        ended_at=ended_at,
        minutes=worked,
        note=" ".join(note.split()),
        is_visible=is_visible,
        made_at=now,
        submission=submission,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        if not submission or not (already := TimeEntry.objects.filter(submission=submission).first()):
            raise
        return already
    record("log_time", entry, by=by or person, now=now, ticket=ticket.number, **_values(entry))
    let_screens_look(ticket)
    return entry


@transaction.atomic
def correct_time(key: int, *, by: User, now: datetime, **changes: Any) -> TimeEntry:
    """Change what an entry says; the record keeps what it said before. Raises `BadTime` and `EntryRemoved`.

    `changes`: any of kind, started_at, ended_at, minutes, note, is_visible.
    """
    entry = _entry(key)
    if entry.removed_at is not None:
        raise EntryRemoved(_("This entry was removed; bring it back before you correct it."))
    before = _values(entry)
    for name in _CORRECTED:
        setattr(entry, name, changes.get(name, getattr(entry, name)))
    entry.note = " ".join(entry.note.split())
    time_worked.check(entry.started_at, entry.ended_at, entry.minutes, now=now)
    if (after := _values(entry)) != before:
        entry.changed_at = now
        entry.save()
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        record("correct_time", entry, by=by, now=now, ticket=entry.ticket.number, changed=changed)
        let_screens_look(entry.ticket)
    return entry


@transaction.atomic
def remove_time(key: int, *, by: User, now: datetime) -> TimeEntry:
    """Let an entry count no longer. It stays, and can be brought back; removing it twice is removing it once."""
    entry = _entry(key)
    return _with_removed_at(entry, now, "remove_time", by, now) if entry.removed_at is None else entry


@transaction.atomic
def bring_back_time(key: int, *, by: User, now: datetime) -> TimeEntry:
    """Let an entry that was removed count again."""
    entry = _entry(key)
    return _with_removed_at(entry, None, "bring_back_time", by, now) if entry.removed_at else entry


@transaction.atomic
def start_stopwatch(
    ticket: Ticket, *, person: User, now: datetime, kind: TimeKind = TimeKind.WORK
) -> Stopwatch:
    """Begin to count. On the same ticket it just runs on; raises `StopwatchRuns` while it runs for another one."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    running = Stopwatch.objects.select_related("ticket").filter(person=person).first()
    if running is None:
        return Stopwatch.objects.create(ticket=ticket, person=person, kind=kind, started_at=now)
    if running.ticket_id != ticket.pk:
        raise StopwatchRuns(
            Reason(_("Your stopwatch runs for ticket #%(number)s."), {"number": running.ticket.number}),
            Reason(_("Stop it there first.")),
        )
    return running


@transaction.atomic
def stop_stopwatch(
    ticket: Ticket,
    *,
    person: User,
    now: datetime,
    note: str = "",
    is_visible: bool = True,
    submission: UUID | None = None,
) -> TimeEntry:
    """Write down what the stopwatch counted, at least one minute. Raises `NoStopwatch`; `BadTime` after a day.

    A stopwatch that ran for a day or longer was forgotten: it is dropped by hand, and the time entered.
    """
    running = Stopwatch.objects.select_for_update().filter(person=person, ticket=ticket).first()
    if running is None:
        raise NoStopwatch(_("Your stopwatch does not run for this ticket any more."))
    entry = log_time(
        ticket,
        person=person,
        started_at=min(running.started_at, now - timedelta(seconds=1)),
        ended_at=now,
        now=now,
        note=note,
        kind=TimeKind(running.kind),
        is_visible=is_visible,
        submission=submission,
    )
    running.delete()
    return entry


@transaction.atomic
def drop_stopwatch(ticket: Ticket, *, person: User, now: datetime) -> None:
    """Forget what the stopwatch counted: somebody forgot to stop it."""
    for running in Stopwatch.objects.select_for_update().filter(person=person, ticket=ticket):
        record(
            "drop_stopwatch", ticket, by=person, now=now, ticket=ticket.number, started_at=running.started_at
        )
        running.delete()


def overlaps(entry: TimeEntry) -> Sequence[TimeEntry]:
    """Other entries of the same person that share time with this one: for a warning, at most five."""
    others = TimeEntry.objects.filter(
        person=entry.person_id,
        removed_at=None,
        started_at__lt=entry.ended_at,
        started_at__gt=entry.started_at - time_worked.LONGEST,
        ended_at__gt=entry.started_at,
    )
    return list(others.exclude(pk=entry.pk).select_related("ticket")[:5])


def _entry(key: int) -> TimeEntry:
    entry = TimeEntry.objects.select_for_update(of=("self",)).select_related("ticket").filter(pk=key).first()
    if entry is None:
        raise Http404
    return entry


def _with_removed_at(
    entry: TimeEntry, at: datetime | None, action: str, by: User, now: datetime
) -> TimeEntry:
    entry.removed_at = at
    entry.save(update_fields=["removed_at"])
    record(action, entry, by=by, now=now, ticket=entry.ticket.number, minutes=entry.minutes)
    let_screens_look(entry.ticket)
    return entry


def _values(entry: TimeEntry) -> dict[str, Any]:
    """What an entry says, as it goes on the record."""
    return {name: getattr(entry, name) for name in _CORRECTED}
