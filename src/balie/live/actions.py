"""Writes: say that something changed, and forget what everybody has heard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import connection

from balie.prepared import ask

CHANNEL = "balie_live"
KEPT_FOR = timedelta(hours=1)
LONGEST_DATA = 2000


def publish(*topics: str, data: Mapping[str, int | str | bool | None] | None = None) -> None:
    """Tell every screen that listens to one of `topics` that something changed, when the transaction is committed.

    Nobody hears it when that rolls back. `data` holds ids, never content: whoever hears it asks again for what it may
    see. An event may arrive twice; it means "look again". One statement, however many topics.
    """
    text = json.dumps(data or {})
    if len(text) > LONGEST_DATA:
        raise ValueError(
            f"An event carries ids, not content: {len(text)} characters for {', '.join(topics)}."
        )
    waiting = _gathered.get()
    if waiting is None:
        ask(_PUBLISH, {"topics": list(topics), "data": [text] * len(topics)})
    else:
        waiting.extend((topic, text) for topic in topics)


_gathered: ContextVar[list[tuple[str, str]] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """What is published within this block is told in one statement at its end; nothing when it raises."""
    waiting: list[tuple[str, str]] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    if waiting:
        topics, data = zip(*waiting, strict=True)
        ask(_PUBLISH, {"topics": list(topics), "data": list(data)})


def publishing(rows: str) -> str:
    """`WITH` part of a statement that publishes what it writes: `rows` selects topics and their data (jsonb).

    Its other half, `NOTIFIED`, stands among the columns of the statement's answer.
    """
    return f"event AS (INSERT INTO live_event (topic, data) {rows} RETURNING seq, topic, data)"


NOTIFIED = f"""
    (SELECT count(pg_notify('{CHANNEL}', json_build_object('seq', seq, 'topic', topic, 'data', data)::text)) FROM event)
"""
_PUBLISH = f"""
    WITH {publishing("SELECT * FROM unnest(%(topics)s::text[], %(data)s::jsonb[])")} SELECT {NOTIFIED}
"""


def prune(*, now: datetime) -> int:
    """Forget events older than an hour; answers how many. A browser away for longer loads its page anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM live_event WHERE at < %s", [now - KEPT_FOR])
        return int(cursor.rowcount)
