"""Taking mail in: the raw message is kept, together with the job that works on it, before anything else is done.

Every way in ends here. Nothing heavy is imported at the top: `balie mail receive` is started once per message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from balie.mail.jobs import IN, PROCESS

PIPE, LMTP, IMAP, FILE = "pipe", "lmtp", "imap", "file"
"""The ways in, as `models.Way` has them."""

CLIENT_HEADER = "X-Balie-Client"
"""The first line of what came by LMTP, when the mail server in front told which server had sent it: address, HELO.

Believed only as the very first line of what came by that way: there LMTP always writes a line of its own.
"""

LARGEST_BYTES = 64 * 1024 * 1024
"""What is larger is no message for a desk, by whatever way it comes."""

# One statement for all messages, so that it is one journey to the database and, by itself, one transaction. The jobs
# are those of `jobs.defer`, with ids that only the database knows yet.
_STORE = f"""
    WITH given AS (
        SELECT * FROM unnest(%s::text[], %b::bytea[]) AS given (digest, raw)
    ), mail AS (
        INSERT INTO mail_inboundmail
            (received_at, way, mailbox_id, file_id, digest, raw, size, state,
             fingerprint, message_id_header, sender, subject, outcome, reasons, error)
        SELECT %s, %s, %s::bigint, %s::bigint, digest, raw, length(raw), 'stored', '', '', '', '', '', '[]', ''
        FROM given
        ON CONFLICT (digest) DO NOTHING
        RETURNING id, digest
    ), jobs AS (
        SELECT procrastinate_defer_jobs_v1(array_agg(
            ROW('{IN}', '{PROCESS}', 0, NULL, NULL, jsonb_build_object('inbound', id), NULL)
                ::procrastinate_job_to_defer_v1
        )) FROM mail HAVING count(*) > 0
    )
    SELECT digest, id, (SELECT count(*) FROM jobs) FROM mail
"""
_FIND = "SELECT digest, id FROM mail_inboundmail WHERE digest = ANY(%s)"


class Cursor(Protocol):
    """What this module needs of a psycopg cursor, Django's or a bare one."""

    def execute(self, query: Any, params: Sequence[Any] | None = None, /) -> Any: ...

    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """By which way messages came, and through which row of that way."""

    way: str = PIPE
    mailbox: int | None = None
    file: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is safe: the key of its row, and whether it was new."""

    key: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """The one statement that keeps messages, for a caller with a cursor of its own kind (an asynchronous one)."""

    parameters: tuple[Any, ...]
    text: str = field(default=_STORE, repr=False)


def store(raw: bytes, *, now: datetime, by: Arrival = Arrival()) -> Stored:
    """Keep a raw message and defer its processing, in one transaction.

    When this returns, and the transaction around it (if any) is committed, the sender's server may forget the message.
    The same bytes once more are one row, accepted again.
    """
    return store_all([raw], now=now, by=by)[0]


def store_all(raws: Sequence[bytes], *, now: datetime, by: Arrival) -> list[Stored]:
    """`store` for several messages in one statement; answers in their order."""
    from django.db import connection

    with connection.cursor() as cursor:
        return insert_all(cursor, raws, now=now, by=by)


def insert(cursor: Cursor, raw: bytes, *, now: datetime) -> Stored:
    """`store` on a cursor of the caller's, which commits."""
    return insert_all(cursor, [raw], now=now, by=Arrival())[0]


def insert_all(cursor: Cursor, raws: Sequence[bytes], *, now: datetime, by: Arrival) -> list[Stored]:
    """`store_all` on a cursor of the caller's, which commits."""
    digests = [digest_of(raw) for raw in raws]
    made = statement(raws, digests, now=now, by=by)
    cursor.execute(made.text, made.parameters)
    new = {digest: int(key) for digest, key, _jobs in cursor.fetchall()}
    known: dict[str, int] = {}
    if missing := [digest for digest in digests if digest not in new]:
        cursor.execute(_FIND, (missing,))
        known = {digest: int(key) for digest, key in cursor.fetchall()}
    stored = []
    for digest in digests:
        key = new.pop(digest, None)  # the second of two equal ones is not new any more
        if key is not None:
            known[digest] = key
        stored.append(Stored(known[digest], is_new=key is not None))
    return stored


def statement(raws: Sequence[bytes], digests: Sequence[str], *, now: datetime, by: Arrival) -> Statement:
    """What keeps these messages; run and committed, all of them are safe, new or not."""
    return Statement((list(digests), list(raws), now, by.way, by.mailbox, by.file))


def digest_of(raw: bytes) -> str:
    """By which the same bytes are known again."""
    return hashlib.sha256(raw).hexdigest()
