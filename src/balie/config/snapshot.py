"""The tables as all migrations together make them, in one file, so that an empty database is ready in a moment.

`schema.sql` is built by `make setup` and is no part of the repository. Without it, or when it is late, starting is
only slower: the missing migrations run (docs/decisions/0023-a-snapshot-of-the-tables.md).
"""

from __future__ import annotations

import pkgutil
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

SCHEMA = Path(__file__).with_name("schema.sql")
MADE_BY = "-- PostgreSQL "
"""What the first line begins with; the major version of the server that made it follows."""

_IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)"


def load() -> bool:
    """Make all tables in an empty database, in one transaction; answers whether it did.

    Only on the version of PostgreSQL that wrote it: on another one the migrations do it.
    """
    if not SCHEMA.exists():
        return False
    text = SCHEMA.read_text(encoding="utf-8")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY)
        if cursor.fetchone() != (True,) or text.partition("\n")[0] != first_line():
            return False
        cursor.execute(text)
        cursor.execute("UPDATE django_migrations SET applied = now()")
    return True


def first_line() -> str:
    """The first line of a snapshot that this server can take."""
    return f"{MADE_BY}{connection.pg_version // 10_000}"  # type: ignore[attr-defined]


def waiting() -> set[tuple[str, str]]:
    """The migrations, as app and name, that have not run here. Looks at their names only: importing them takes long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return _there()
        cursor.execute("SELECT app, name FROM django_migrations")
        return _there() - set(cursor.fetchall())


def _there() -> set[tuple[str, str]]:
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        if (found := find_spec(f"{app.name}.migrations")) is not None
        for module in pkgutil.iter_modules(found.submodule_search_locations)
        if module.name[0] not in "_~"
    }
