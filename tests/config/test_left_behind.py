"""Jobs that were interrupted are done again: those of a killed worker, and those that the database broke off."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import OperationalError, connection
from procrastinate import App
from procrastinate.contrib.django import app

from balie.config import left_behind
from balie.config.left_behind import BROKEN_OFF, MOST_ATTEMPTS
from balie.mail import jobs

pytestmark = pytest.mark.django_db(transaction=True)


def row(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def being_done(*, by: int | None, attempts: int = 0, lock: str | None = None) -> int:
    """A job that a worker took and did not end."""
    jobs.defer(jobs.DELIVER, outbound=1)
    [key] = row(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s, queueing_lock = %s "
        "WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id",
        by,
        attempts,
        lock,
    )
    return int(key)


def worker(*, silent_seconds: int) -> int:
    [key] = row(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent_seconds,
    )
    return int(key)


def status(key: int) -> tuple[str, int] | None:
    found = row("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", key)
    return None if found is None else (found[0], found[1])


def taken_over() -> int:
    """As a worker does it, with a connection of its own kind."""

    async def take() -> int:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            assert isinstance(working, App)
            async with working.open_async():
                return await left_behind.take_over(working)

    return asyncio.run(take())


def test_the_job_of_a_worker_that_is_gone_is_done_again() -> None:
    silent, forgotten = being_done(by=worker(silent_seconds=90)), being_done(by=None)

    assert taken_over() == 2

    assert (status(silent), status(forgotten)) == (("todo", 1), ("todo", 1))


def test_the_job_of_a_living_worker_is_left_to_it() -> None:
    key = being_done(by=worker(silent_seconds=15))

    assert taken_over() == 0

    assert status(key) == ("doing", 0)


def test_a_job_that_ends_every_worker_is_given_up() -> None:
    key = being_done(by=None, attempts=MOST_ATTEMPTS)

    taken_over()

    assert status(key) == ("failed", MOST_ATTEMPTS + 1)


def test_a_periodic_job_goes_when_the_next_one_waits_already() -> None:
    key = being_done(by=None, lock="mail.deliver_due")
    jobs.defer(jobs.DELIVER, outbound=2)
    row(
        "UPDATE procrastinate_jobs SET queueing_lock = 'mail.deliver_due' "
        "WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id"
    )

    taken_over()

    assert status(key) is None


def test_what_the_database_broke_off_is_tried_again_and_a_mistake_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for each in app.tasks.values():
        monkeypatch.setattr(each, "retry_strategy", each.retry_strategy)  # as it was, for other tests
    left_behind.try_again(app)
    task = app.tasks[jobs.PROCESS]
    job: Any = type("Job", (), {"attempts": 0})()

    assert task.retry_strategy is BROKEN_OFF
    assert BROKEN_OFF.get_retry_decision(exception=OperationalError("deadlock detected"), job=job)
    assert BROKEN_OFF.get_retry_decision(exception=ValueError("a mistake"), job=job) is None
    assert app.tasks["mail.deliver_due"].retry_strategy is None
