"""Taking mail in: kept before anything else, once, with the job that works on it."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import FRIDAY_AT_FOUR
from tests.mail.letters import letter

from balie.mail import intake, jobs, queries
from balie.mail.models import InboundMail, InboundState

pytestmark = pytest.mark.django_db

RAW = letter("carla@shop.example")


def waiting_jobs(task: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("id"))


def test_a_message_is_kept_byte_for_byte_with_its_digest() -> None:
    stored = intake.store(RAW, now=FRIDAY_AT_FOUR)

    mail = InboundMail.objects.get(pk=stored.key)
    assert stored.is_new
    assert bytes(mail.raw) == RAW
    assert (mail.size, mail.digest) == (len(RAW), hashlib.sha256(RAW).hexdigest())
    assert (mail.state, mail.received_at) == (InboundState.STORED, FRIDAY_AT_FOUR)


def test_the_job_is_the_one_that_procrastinate_itself_would_make() -> None:
    stored = intake.store(RAW, now=FRIDAY_AT_FOUR)
    app.configure_task(jobs.PROCESS).defer(inbound=stored.key)
    jobs.defer(jobs.PROCESS, inbound=stored.key)

    fields = ("queue_name", "priority", "lock", "queueing_lock", "args", "status", "scheduled_at", "attempts")
    ours, theirs, alone = ([getattr(job, field) for field in fields] for job in waiting_jobs(jobs.PROCESS))
    assert ours == theirs == alone


def test_the_same_message_twice_is_one_row_and_accepted_twice() -> None:
    first = intake.store(RAW, now=FRIDAY_AT_FOUR)
    second = intake.store(RAW, now=FRIDAY_AT_FOUR)

    assert (second.key, second.is_new) == (first.key, False)
    assert InboundMail.objects.count() == len(waiting_jobs(jobs.PROCESS)) == 1


def test_the_job_vanishes_with_the_transaction_that_kept_the_message() -> None:
    with transaction.atomic():
        intake.store(RAW, now=FRIDAY_AT_FOUR)
        transaction.set_rollback(True)

    assert not InboundMail.objects.exists()
    assert not waiting_jobs(jobs.PROCESS)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"\x00\xff\xfe not a mail", id="bytes that are no mail"),
        pytest.param(b"Subject: %s %(x)s {x}\r\n\r\n%b", id="what looks like places of a query"),
    ],
)
def test_any_bytes_are_kept(raw: bytes) -> None:
    stored = intake.store(raw, now=FRIDAY_AT_FOUR)

    assert bytes(InboundMail.objects.get(pk=stored.key).raw) == raw


def test_fifty_megabytes_are_kept_whole() -> None:
    raw = letter("carla@shop.example", files=(("film.mp4", "video/mp4", bytes(37_500_000)),))
    assert len(raw) > 50_000_000

    stored = intake.store(raw, now=FRIDAY_AT_FOUR)

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sha256(raw), 'hex') FROM mail_inboundmail WHERE id = %s", [stored.key])
        assert cursor.fetchone()[0] == hashlib.sha256(raw).hexdigest()


def test_a_stored_message_waits_until_it_is_worked_on() -> None:
    stored = intake.store(RAW, now=FRIDAY_AT_FOUR)
    assert queries.is_waiting(stored.key)

    InboundMail.objects.filter(pk=stored.key).update(state=InboundState.DONE)

    assert not queries.is_waiting(stored.key)
