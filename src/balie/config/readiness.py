"""Whether a database is as the last start left it, found out without loading Django.

What prepared it is noted on the database itself, as a comment on the list of migrations, so that it is true after a
backup was restored, too.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import balie
from balie.config import data_folder

BRING_TABLES = ("django", "django-allauth", "procrastinate")

_LOOK = """
    SELECT obj_description('django_migrations'::regclass, 'pg_class') = %(mark)s AND count(*) = 1
       AND bool_and(NOT (%(demo)s::boolean AND is_demo) OR coalesce(
           (demo_progress ->> 'done')::int >= (demo_progress ->> 'total')::int, false))
    FROM desk_desk
"""


def nothing_to_do(*, demo: bool) -> bool:
    """Whether all tables, a desk and (with `demo`) all of its demo are there. When in doubt, no."""
    import psycopg

    try:
        with psycopg.connect(data_folder.database_url(data_folder.data_folder())) as connection:
            return connection.execute(_LOOK, {"mark": mark(), "demo": demo}).fetchone() == (True,)
    except psycopg.Error:
        return False


def note() -> None:
    """Note on the database that everything that this version brings is in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE django_migrations IS '{mark()}'")


@lru_cache(maxsize=1)
def mark() -> str:
    """The same for the same migrations: the names of ours, and the versions of the packages that bring others."""
    from importlib.metadata import version

    ours = sorted(
        str(path.relative_to(path.parents[2]))
        for path in Path(balie.__file__).parent.glob("*/migrations/*.py")
    )
    parts = [*ours, *(f"{name} {version(name)}" for name in BRING_TABLES)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
