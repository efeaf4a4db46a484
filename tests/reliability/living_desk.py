"""A whole desk as a person serves it, which somebody starts again whenever it has ended, as systemd would."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from tests.config.serving_process import Serving, environment
from tests.reliability.letters import DESK
from tests.reliability.sink import ROOT, Sink
from tests.servers import daemons
from tests.servers.dovecot import Dovecot

from balie.config.cluster import Cluster

STARTS_AT_MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Furnished:
    """What agents need: the names of two cookies, and a session each."""

    cookie: str
    csrf: str
    sessions: tuple[str, ...]


class LivingDesk:
    """`balie serve` with LMTP, a mailbox and a mail server to send by. `restarts`: how often it was started again."""

    def __init__(self, data: Path, sink: Sink, said: Path) -> None:
        self.data = data
        self.said = said
        self.lmtp_port = daemons.free_port()
        self.restarts = 0
        self._smtp = sink.url
        self._serving = self._start()
        self._is_wanted = True
        self._keeper = threading.Thread(target=self._keep_alive)

    def _start(self) -> Serving:
        serving = Serving(
            self.data,
            *("--preset", "infobits", "--lmtp", f"127.0.0.1:{self.lmtp_port}"),
            BALIE_SMTP_URL=self._smtp,
        )
        try:
            return serving.__enter__()
        except AssertionError:
            serving.__exit__()
            raise

    def _keep_alive(self) -> None:
        while self._is_wanted:
            if self._serving.process.poll() is not None:
                self._write_down()
                self._serving.__exit__()
                self.restarts += 1
                with contextlib.suppress(AssertionError):  # it was killed while it was starting
                    self._serving = self._start()
            time.sleep(0.1)

    def _write_down(self) -> None:
        with self.said.open("a") as said:
            said.write(f"{self._serving.text}\n")

    @property
    def port(self) -> int:
        return self._serving.port

    def children(self, name: str) -> list[int]:
        return self._serving.children(name)

    def postmaster(self) -> int | None:
        """The process of the database, when it runs."""
        try:
            return int((Cluster.of(self.data).pgdata / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows from the database; waits while there is none."""
        give_up_at = time.monotonic() + STARTS_AT_MOST_SECONDS
        while True:
            try:
                with psycopg.connect(Cluster.of(self.data).url) as connection:
                    return connection.execute(question, values or None).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.2)

    def furnish(self, dovecot: Dovecot) -> Furnished:
        surroundings = environment(self.data) | {
            "DJANGO_SETTINGS_MODULE": "balie.config.settings",
            "DATABASE_URL": Cluster.of(self.data).url,
            "BALIE_SMTP_URL": self._smtp,
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.reliability.furnishing", DESK, str(dovecot.tls_port)],
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return Furnished(told["cookie"], told["csrf"], tuple(told["sessions"]))

    def stop(self) -> None:
        self._is_wanted = False
        if self._keeper.is_alive():
            self._keeper.join()
        self._write_down()
        self._serving.__exit__()

    @classmethod
    @contextlib.contextmanager
    def running(cls, sink: Sink, said: Path) -> Iterator[LivingDesk]:
        with daemons.public_folder("balie") as folder:
            desk = cls(folder / "desk", sink, said)
            desk._keeper.start()
            try:
                yield desk
            finally:
                desk.stop()


def kill(pid: int) -> bool:
    """`kill -9`; whether there was somebody to kill."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False
