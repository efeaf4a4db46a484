"""A desk of its own for a module of journeys: a database, the real web server on it, and the worker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import override_settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.cast import desk_of
from tests.conftest import TEMPLATE

from balie.accounts.models import User
from balie.accounts.sessions import SessionStore
from balie.customers.models import Contact
from balie.desk.models import Desk

REAL_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A desk that answers at `url`."""

    desk: Desk
    url: str

    def session_of(self, person: User | Contact) -> str:
        """The cookie of somebody who logged in before."""
        user = person.user if isinstance(person, Contact) else person
        assert user is not None
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        assert session.session_key
        return str(session.session_key)


@contextlib.contextmanager
def served(preset: str, *, with_worker: bool = False) -> Iterator[Served]:
    """Serve a new, empty desk of this preset for as long as the block lasts, in which Django works on its database."""
    port = free_port()
    with database_of_our_own() as url, override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        desk = desk_of(preset)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "balie.config.settings",
            "DATABASE_URL": url,
            "BALIE_URL": f"http://127.0.0.1:{port}",
        }
        with contextlib.ExitStack() as running:
            running.enter_context(process(["balie.config.web", "127.0.0.1", str(port), "1"], environment))
            if with_worker:
                running.enter_context(process(["balie.config.worker"], environment))
            wait_for(f"http://127.0.0.1:{port}/")
            yield Served(desk, f"http://127.0.0.1:{port}")


@contextlib.contextmanager
def database_of_our_own() -> Iterator[str]:
    """A copy of the migrated database, in which Django works until the block ends; answers its address."""
    name = f"journey_{os.getpid()}_{time.monotonic_ns()}"
    values = connection.settings_dict
    before = values["NAME"]
    administrate(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    connection.close()
    values["NAME"] = name
    try:
        yield make_conninfo(**{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": name})
    finally:
        connection.close()
        values["NAME"] = before
        administrate(f"DROP DATABASE {name} WITH (FORCE)")


def administrate(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@contextlib.contextmanager
def process(arguments: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A module of Balie as a process, stopped at the end of the block as the supervisor stops it."""
    child = subprocess.Popen([sys.executable, "-m", *arguments], env=environment, start_new_session=True)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError) as trouble:
            if time.monotonic() > give_up_at:
                raise AssertionError(f"{url} does not answer: {trouble}") from None
            time.sleep(0.1)
