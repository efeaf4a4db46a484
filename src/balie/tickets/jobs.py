"""Jobs deferred on the transaction that causes them (docs/decisions/0013-jobs-in-the-same-transaction.md)."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection

LET_LEAVE = "tickets.let_leave"
PRIORITY = 10
"""Somebody waits for these: they go before the mail that came in meanwhile."""


def defer(task: str, *, at: datetime, **arguments: int) -> None:
    """Let the worker do `task` with these ids at a moment, once the running transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT procrastinate_defer_jobs_v1(
                ARRAY[ROW('default', %s, %s, NULL, NULL, %s::jsonb, %s)::procrastinate_job_to_defer_v1]
            )
            """,
            [task, PRIORITY, json.dumps(arguments), at],
        )
