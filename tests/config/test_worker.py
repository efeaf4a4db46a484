"""A worker has slots of its own for mail in and mail out: a slow mail server of somebody else stops nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR
from tests.config.serving_process import environment
from tests.mail.letters import letter

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, intake, jobs
from balie.mail.models import InboundMail, InboundState, OutboundMail, OutboundState

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 90.0


@pytest.fixture(autouse=True)
def no_jobs_of_other_tests(transactional_db: None) -> Iterator[None]:
    """The tables of Procrastinate are not Django's, which empties its own after a test."""
    forget_jobs()
    yield
    forget_jobs()


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@contextlib.contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """A mail server that takes every connection and never says a word; its port, and who is kept waiting."""
    waiting: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    waiting.append(server.accept()[0])

        taking = threading.Thread(target=take, daemon=True)
        taking.start()
        try:
            yield server.getsockname()[1], waiting
        finally:
            server.shutdown(socket.SHUT_RDWR)
            taking.join()
            for each in waiting:
                each.close()


@contextlib.contextmanager
def worker(folder: Path, smtp: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `balie worker` of its own on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    address = make_conninfo(**{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": name})
    surroundings = environment(folder) | {"DATABASE_URL": address, "BALIE_SMTP_URL": smtp}
    surroundings["BALIE_PROCESS"] = "web"  # as when it is started from a web server's surroundings
    running = subprocess.Popen([sys.executable, "-m", "balie.config.worker"], env=surroundings)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


def eventually(is_so: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def in_state(state: InboundState) -> int:
    return InboundMail.objects.filter(state=state).count()


def test_mail_is_sorted_while_the_server_that_it_is_confirmed_through_says_nothing(
    softwear: Desk, carla: Contact, settings: Settings, tmp_path: Path
) -> None:
    with silent_server() as (port, waiting):
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}?tls=no"
        for number in range(6):
            intake.store(letter("carla@shop.example", f"Vraag {number}"), now=FRIDAY_AT_FOUR)
        actions.process_waiting(now=FRIDAY_AT_FOUR)
        assert OutboundMail.objects.filter(state=OutboundState.QUEUED).count() == 6

        with worker(tmp_path, settings.SMTP_URL):
            assert eventually(lambda: len(waiting) >= 2), "all slots of mail out are taken"
            intake.store(letter("carla@shop.example", "Nog iets"), now=FRIDAY_AT_FOUR)

            assert eventually(lambda: in_state(InboundState.DONE) == 7)
            assert not OutboundMail.objects.filter(state=OutboundState.SENT).exists()


def test_a_worker_ends_by_itself_when_it_is_told_to(
    softwear: Desk, carla: Contact, settings: Settings, tmp_path: Path
) -> None:
    with worker(tmp_path, "") as running:
        intake.store(letter("carla@shop.example"), now=FRIDAY_AT_FOUR)
        assert eventually(lambda: in_state(InboundState.DONE) == 1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        assert cursor.fetchone() == (0,), "each of its lanes has left"


@pytest.mark.parametrize(
    ("task", "queue"),
    [(jobs.PROCESS, "mail-in"), (jobs.DELIVER, "mail-out"), (jobs.WATCH, "default")],
)
def test_each_job_is_in_the_queue_of_its_kind(task: str, queue: str) -> None:
    jobs.defer(task, outbound=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [(queue,)]
