"""Putting things on the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import QuerySet

from balie.audit.models import Entry
from balie.prepared import insert

WHO_LENGTH = 200


def record(
    action: str, subject: models.Model, *, by: models.Model | str | None, now: datetime, **data: Any
) -> Entry:
    """Put on the record that `by` did `action` to `subject`.

    `by` is a user, the name of a person without one (a mail's sender), or `None` for Balie itself.
    """
    entry = Entry(
        at=now,
        actor_id=by.pk if isinstance(by, models.Model) else None,
        who=str(by) if by else "Balie",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data,
    )
    waiting = _gathered.get()
    if waiting is None:
        insert(entry)
    else:
        waiting.append(entry)
    return entry


_gathered: ContextVar[list[Entry] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """What is put on the record within this block is written in one statement at its end; nothing when it raises."""
    waiting: list[Entry] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    Entry.objects.bulk_create(waiting)


@transaction.atomic
def redact(entries: QuerySet[Entry], take_out: Callable[[Any], Any]) -> int:
    """Take a person out of what is on the record: only names and details change, never who did what when.

    `take_out` gives a text or JSON back without the person. Answers how many entries named it.
    """
    changed = []
    for entry in entries.iterator():
        who, data = take_out(entry.who)[:WHO_LENGTH], take_out(entry.data)
        if (who, data) != (entry.who, entry.data):
            entry.who, entry.data = who, data
            changed.append(entry)
    with _unlocked("redact"):
        Entry.objects.bulk_update(changed, ["who", "data"], batch_size=200)
    return len(changed)


@transaction.atomic
def forget(keys: Sequence[int]) -> None:
    """Delete entries that were kept for as long as the desk keeps them."""
    with _unlocked("forget"):
        Entry.objects.filter(pk__in=keys).delete()


@contextmanager
def _unlocked(purpose: str) -> Iterator[None]:
    """The database lets this transaction do the one thing that it otherwise refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('balie.audit', %s, true)", [purpose])
        yield
        cursor.execute("SELECT set_config('balie.audit', '', true)")
