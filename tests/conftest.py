"""What every test shares: one embedded PostgreSQL for the whole run, also when pytest-xdist runs several processes.

The first process that needs a database makes the tables in an empty one; the databases of all are copies of that.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

import balie
from balie.config import cluster, embedded_postgres, file_locks

pytest_plugins = ["tests.cast"]

settings.register_profile("balie", deadline=None, print_blob=True)  # a busy machine is no failure
settings.load_profile("balie")

FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TEMPLATE = "balie_template"
running = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """With pytest-xdist the controlling process starts the server, before its workers; they inherit the address."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        start_database()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        running.close()


def start_database() -> None:
    """Start the run's server once; it stops with the process that started it, however that ends."""
    data = Path(os.environ["BALIE_DATA"])
    ours = os.environ["DATABASE_URL"] == cluster.Cluster.of(data).url
    if ours and "BALIE_TEST_DATABASE_RUNS" not in os.environ:
        os.environ["BALIE_UNSAFE_FAST_DATABASE"] = "1"
        running.enter_context(embedded_postgres.running(data, settings=FAST_AND_UNSAFE))
        os.environ["BALIE_TEST_DATABASE_RUNS"] = "1"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Without pytest-xdist the server starts only when the first test asks for a database."""
    start_database()
    with django_db_blocker.unblock():
        migrate_template()


def is_newest(schema: Path) -> bool:
    """Whether the snapshot of the tables was made after the last change of a migration; `make setup` sees to it."""
    migrations = Path(balie.__file__).parent.glob("*/migrations/*.py")
    return schema.exists() and all(each.stat().st_mtime <= schema.stat().st_mtime for each in migrations)


def migrate_template() -> None:
    """Make the migrated database that test databases are copied from; the first process does it, the others wait."""
    from django.core.management import call_command
    from django.db import connection

    from balie.config import snapshot

    made = Path(os.environ["BALIE_TEST_RUN"]) / TEMPLATE
    making = file_locks.Lock(made.with_suffix(".lock"))
    assert making.wait_alone(seconds=120)
    original = connection.settings_dict["NAME"]
    try:
        if not made.exists():
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {TEMPLATE}")
            connection.close()
            connection.settings_dict["NAME"] = TEMPLATE
            if is_newest(snapshot.SCHEMA):
                snapshot.load()
            call_command("migrate", verbosity=0)
            made.touch()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        making.release()
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
