"""Taking mail in: the raw message is kept, together with the job that works on it, before anything else is done.

Every way in ends here. Nothing heavy is imported at the top: `balie mail receive` is started once per message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from balie.mail.jobs import PROCESS

# One statement, so that it is one journey to the database and, by itself, one transaction. The job is that of
# `jobs.defer`, with an id that only the database knows yet.
_STORE = f"""
    WITH mail AS (
        INSERT INTO mail_inboundmail
            (received_at, digest, raw, size, state,
             fingerprint, message_id_header, sender, subject, outcome, reasons, error)
        VALUES (%s, %s, %b, %s, 'stored', '', '', '', '', '', '[]', '')
        ON CONFLICT (digest) DO NOTHING
        RETURNING id
    )
    SELECT id, procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', '{PROCESS}', 0, NULL, NULL, jsonb_build_object('inbound', id), NULL)
    ]::procrastinate_job_to_defer_v1[])
    FROM mail
"""
_FIND = "SELECT id FROM mail_inboundmail WHERE digest = %s"


class Cursor(Protocol):
    """What this module needs of a psycopg cursor, Django's or a bare one."""

    def execute(self, query: Any, params: Sequence[Any] | None = None, /) -> Any: ...

    def fetchone(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is safe: the key of its row, and whether it was new."""

    key: int
    is_new: bool


def store(raw: bytes, *, now: datetime) -> Stored:
    """Keep a raw message and defer its processing, in one transaction.

    When this returns, and the transaction around it (if any) is committed, the sender's server may forget the message.
    The same bytes once more are one row, accepted again.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        return insert(cursor, raw, now=now)


def insert(cursor: Cursor, raw: bytes, *, now: datetime) -> Stored:
    """`store` on a cursor of the caller's, which commits."""
    digest = hashlib.sha256(raw).hexdigest()
    cursor.execute(_STORE, (now, digest, raw, len(raw)))
    if row := cursor.fetchone():
        return Stored(int(row[0]), is_new=True)
    cursor.execute(_FIND, (digest,))
    return Stored(int(cursor.fetchone()[0]), is_new=False)
