"""The step of `balie serve` before the first page: tables up to date. `python -m balie.config.prepare PRESET`."""

from __future__ import annotations

import os
import sys


def migrate() -> int:
    """Bring the tables up to date; answers how many migrations ran. Nothing to do costs one look."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def main(preset: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    django.setup()
    migrate()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
