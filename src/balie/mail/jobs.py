"""Jobs deferred on the transaction that causes them: they begin when it is committed, and vanish when it is not.

Procrastinate's own `defer` uses Django's connection in the web process, but a connection of its own inside a worker
(docs/decisions/0013-jobs-in-the-same-transaction.md). Imports nothing heavy: `balie mail receive` starts once per
message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

PROCESS = "mail.process"
DELIVER = "mail.deliver"
WATCH = "mail.watch_ways_in"
READ_FILE = "mail.read_file"

IN, OUT = "mail-in", "mail-out"
"""The queues of sorting and of delivering. Each has slots of its own in a worker: no slow mail server of somebody else
stops what comes in, and no heap of mail that came in stops anything else."""

QUEUES: Mapping[str, str] = {PROCESS: IN, DELIVER: OUT}
"""In which queue a task is done; the others in `default`."""

AS_JOB = "ROW(%s, %s, 0, NULL, NULL, %s::jsonb, %s)::procrastinate_job_to_defer_v1"
"""A job: its queue, the name of its task, its arguments as JSON, when; the same row that Procrastinate makes."""


def defer(task: str, **arguments: int) -> None:
    """Let the worker do `task` with these ids, once the running transaction is committed."""
    _defer(task, arguments, None)


def defer_all(task: str, *, outbound: Sequence[int]) -> None:
    """`defer` for each of these mails, in one statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT procrastinate_defer_jobs_v1(array_agg(
                ROW(%s, %s, 0, NULL, NULL, jsonb_build_object('outbound', id), NULL)
                    ::procrastinate_job_to_defer_v1
            )) FROM unnest(%s::bigint[]) AS given (id) HAVING count(*) > 0
            """,
            [queue_of(task), task, list(outbound)],
        )


def defer_at(task: str, at: datetime, **arguments: int) -> None:
    """Let the worker do `task` with these ids at a moment, if the running transaction is committed."""
    _defer(task, arguments, at)


def queue_of(task: str) -> str:
    return QUEUES.get(task, "default")


def _defer(task: str, arguments: Mapping[str, int], at: datetime | None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT procrastinate_defer_jobs_v1(ARRAY[{AS_JOB}])",
            [queue_of(task), task, json.dumps(arguments), at],
        )


def drop(task: str, *, inbound: Sequence[int]) -> None:
    """Forget waiting jobs whose mails were worked on along with another's: each would only find that out."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs
            WHERE status = 'todo' AND task_name = %s AND (args ->> 'inbound')::bigint = ANY(%s::bigint[])
            """,
            [task, list(inbound)],
        )
