"""Jobs that were interrupted are done again, since every job may be done twice.

Those of a worker that was killed: Procrastinate leaves them marked as being done for ever, and a living worker takes
them over. Those that the database broke off: a deadlock, a restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from django.db import InterfaceError, OperationalError
from procrastinate import App, RetryStrategy
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

log = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0
SILENT_SECONDS = 40.0
"""After so long without a sign a worker is taken for dead; a living one gives a sign every ten seconds."""

MOST_ATTEMPTS = 5
BROKEN_OFF = RetryStrategy(
    max_attempts=MOST_ATTEMPTS,
    exponential_wait=3,  # 3, 9, 27, 81, 243 seconds
    retry_exceptions=(OperationalError, InterfaceError),
)


def try_again(app: App) -> None:
    """Have every job done again that the database broke off; a periodic one comes again by itself."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    for task in app.tasks.values():
        if task.retry_strategy is None and task.queueing_lock is None:
            task.retry_strategy = BROKEN_OFF


@contextlib.asynccontextmanager
async def taken_over(app: App) -> AsyncIterator[None]:
    """For the length of the block: look every few seconds for jobs that a dead worker left behind."""
    looking = asyncio.create_task(_look_on(app))
    try:
        yield
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking


async def _look_on(app: App) -> None:
    while True:
        try:
            await take_over(app)
        except Exception as trouble:  # the database is away for a moment
            log.warning("Jobs that were left behind wait: %s", trouble)
        await asyncio.sleep(PAUSE_SECONDS)


async def take_over(app: App, *, silent_seconds: float = SILENT_SECONDS) -> int:
    """Have the jobs of dead workers done again; answers how many there were."""
    left = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    for job in left:
        await _do_again(app, job)
    return len(left)


async def _do_again(app: App, job: Job) -> None:
    """Another attempt, unless the job itself seems to end its worker, or the next of its kind waits already."""
    if job.attempts >= MOST_ATTEMPTS:
        log.error(
            "Job %s (%s) ended its worker %s times and is given up.", job.id, job.task_name, job.attempts
        )
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:  # of a periodic one that waits there is at most one
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
