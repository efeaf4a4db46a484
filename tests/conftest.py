"""What every test shares: one embedded PostgreSQL for the whole run, also when pytest-xdist runs several processes."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from balie.config import embedded_postgres

FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
running = contextlib.ExitStack()


def start_database() -> None:
    """Start the run's server once in this process; it stops with the process, however that ends."""
    data = Path(os.environ["BALIE_DATA"])
    ours = os.environ["DATABASE_URL"] == embedded_postgres.Cluster.of(data).url
    if ours and "BALIE_TEST_DATABASE_RUNS" not in os.environ:
        os.environ["BALIE_UNSAFE_FAST_DATABASE"] = "1"
        running.enter_context(embedded_postgres.running(data, settings=FAST_AND_UNSAFE))
        os.environ["BALIE_TEST_DATABASE_RUNS"] = "1"


def pytest_configure(config: pytest.Config) -> None:
    """With pytest-xdist the controlling process starts the server, before its workers; they inherit the address."""
    if "BALIE_TEST_RUN" in os.environ and config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        start_database()


def pytest_unconfigure(config: pytest.Config) -> None:
    if "BALIE_TEST_RUN" in os.environ and not hasattr(config, "workerinput"):
        running.close()
        shutil.rmtree(os.environ["BALIE_TEST_RUN"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Without pytest-xdist the server starts only when the first test asks for a database."""
    start_database()
