"""The snapshot of the tables: an empty database is ready in a moment, and an old one is left to its migrations."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from balie.config import readiness, snapshot
from balie.config.prepare import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database without anything in it, in which Django works until the end; its address."""
    name, before = f"empty_{os.getpid()}_{time.monotonic_ns()}", connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    address = make_conninfo(**{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": name})
    monkeypatch.setenv("DATABASE_URL", address)
    yield address
    connection.close()
    connection.settings_dict["NAME"] = before
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_empty_database_gets_every_table_at_once(empty: str):
    assert snapshot.load()
    migrate()
    assert snapshot.waiting() == set()
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            assert model._default_manager.first() is None or model._meta.app_label in {"auth", "contenttypes"}


def test_what_the_snapshot_does_not_have_runs_after_it(
    empty: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    lines = snapshot.SCHEMA.read_text(encoding="utf-8").splitlines(keepends=True)
    without_newest = [line for line in lines if "'audit', '0002_privacy'" not in line]
    assert len(without_newest) == len(lines) - 1
    late = tmp_path / "schema.sql"
    late.write_text("".join(without_newest), encoding="utf-8")
    monkeypatch.setattr(snapshot, "SCHEMA", late)
    assert snapshot.load()
    assert ("audit", "0002_privacy") in snapshot.waiting()


def test_a_database_with_tables_and_a_server_of_another_version_are_left_to_the_migrations(
    empty: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    other = tmp_path / "schema.sql"
    other.write_text(f"{snapshot.MADE_BY}9\nSELECT 1/0;\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "SCHEMA", other)
        assert not snapshot.load()
        patched.setattr(snapshot, "SCHEMA", tmp_path / "none.sql")
        assert not snapshot.load()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE somebody_else ()")
    assert not snapshot.load()


def test_a_snapshot_that_breaks_off_leaves_nothing(
    empty: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    broken = tmp_path / "schema.sql"
    broken.write_text(f"{snapshot.first_line()}\nCREATE TABLE half ();\nSELECT 1/0;\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "SCHEMA", broken)
        with pytest.raises(Exception, match="division by zero"):
            snapshot.load()
    assert snapshot.load()


def test_the_second_start_finds_nothing_to_do_by_one_look(empty: str):
    def start(*, demo: bool = False) -> int:
        more = ["--demo"] if demo else []
        command = [sys.executable, "-m", "balie.config.prepare", "infobits", *more]
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": empty}, check=False).returncode

    assert not readiness.nothing_to_do(demo=False)  # no tables
    assert start() == 0
    assert readiness.nothing_to_do(demo=False)
    assert readiness.nothing_to_do(demo=True)  # a desk that was not made as a demo never gets one
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS 'of another version'")
    assert not readiness.nothing_to_do(demo=False)


def test_a_demo_that_is_not_complete_is_something_to_do(empty: str):
    from balie.config.desk_setup import make_desk
    from balie.presets.reading import load

    migrate()
    desk = make_desk(load("infobits"), is_demo=True)
    assert not readiness.nothing_to_do(demo=True)
    desk.demo_progress = {"begun_at": "2026-11-22T10:00:00+01:00", "done": 299, "total": 300}
    desk.save()
    assert not readiness.nothing_to_do(demo=True)
    assert readiness.nothing_to_do(demo=False)
    desk.demo_progress["done"] = 300
    desk.save()
    assert readiness.nothing_to_do(demo=True)
