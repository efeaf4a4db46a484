"""Write the snapshot of the tables anew: `python tools/schema.py`, which `make setup` calls.

It is what the migrations make in an empty database. `--check` changes nothing and fails when it is out of date.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ALWAYS = "2026-01-01 00:00:00+00"
NOT_WANTED = re.compile(r"(SET |SELECT pg_catalog\.set_config|\\|--|$)")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail when it is out of date")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory(prefix="balie-schema-") as data:
        os.environ |= {"BALIE_DATA": data, "DJANGO_SETTINGS_MODULE": "balie.config.settings"}
        from balie.config import embedded_postgres
        from balie.config.cluster import programs_for

        with embedded_postgres.running(Path(data)) as server:
            os.environ["DATABASE_URL"] = server.url
            text = snapshot(programs_for(server.cluster) / "bin" / "pg_dump", server.url)
    from balie.config.snapshot import SCHEMA

    is_late = not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != text
    if is_late and check:
        sys.stderr.write("src/balie/config/schema.sql is out of date; run “make setup”.\n")
        return 1
    if is_late:
        SCHEMA.write_text(text, encoding="utf-8")
    return 0


def snapshot(pg_dump: Path, url: str) -> str:
    """Migrate the empty database at `url`, and answer what is in it now as one SQL text."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from balie.config.snapshot import first_line

    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = %s", [ALWAYS])
        cursor.execute("VACUUM FULL django_migrations")  # in the order of its keys
    head = first_line()
    connection.close()
    command = [str(pg_dump), "--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=100", url]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return f"{head}\nSET LOCAL check_function_bodies = false;\n{wanted(dump)}"


def wanted(dump: str) -> str:
    """A dump without comments, empty lines and what it sets for the session, apart from the bodies of functions."""
    lines, in_body = [], False
    for line in dump.splitlines():
        if in_body or not NOT_WANTED.match(line):
            lines.append(line)
        if line.count("$$") % 2:
            in_body = not in_body
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
