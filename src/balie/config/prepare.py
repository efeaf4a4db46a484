"""The step of `balie serve` before the first page: tables and a desk. `python -m balie.config.prepare PRESET`."""

from __future__ import annotations

import argparse
import os
import sys

from balie.config import readiness

MORE_TO_COME = 10
"""Exit code: everything is ready, and the tickets of the demo are still to be made."""


def migrate() -> int:
    """Bring the tables up to date; answers how many migrations ran. Nothing to do costs one look.

    An empty database gets the snapshot of all tables first.
    """
    from balie.config import snapshot

    snapshot.load()
    if waiting := snapshot.waiting():
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
    readiness.note()
    return len(waiting)


def make_desk_when_there_is_none(preset: str, *, demo: bool) -> None:
    """A new installation gets its desk from the preset; an existing one keeps what its administrator made of it."""
    from balie.config.desk_setup import make_desk
    from balie.desk.models import Desk
    from balie.presets import reading

    if not Desk.objects.exists():
        make_desk(reading.load(preset), is_demo=demo)


def begin_demo() -> int:
    """Make the people of a demo desk; answers `MORE_TO_COME` when tickets are still missing.

    A desk that was not made as a demo is left alone.
    """
    from django.utils import timezone

    from balie.config.demo import filling
    from balie.desk.queries import the_desk

    desk = the_desk()
    if not desk.is_demo or filling.begin(desk, now=timezone.now()).is_complete:
        return 0
    return MORE_TO_COME


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument(
        "--when-told", action="store_true", help="load, and begin at a line on standard input"
    )
    parser.add_argument(
        "--look-first", action="store_true", help="load only when the last time left something to do"
    )
    arguments = parser.parse_args()
    if arguments.look_first:
        import psycopg  # noqa: F401  # while the database starts
    else:
        _load()
    if arguments.when_told:
        sys.stdin.readline()
    if arguments.look_first and readiness.nothing_to_do(demo=arguments.demo):
        return 0
    return _prepare(arguments)


def _load() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    django.setup()


def _prepare(arguments: argparse.Namespace) -> int:
    _load()
    from django.db import OperationalError

    from balie.config.command_line import unreachable
    from balie.rules.refusals import Refusal

    try:
        migrate()
        make_desk_when_there_is_none(arguments.preset, demo=arguments.demo)
        return begin_demo() if arguments.demo else 0
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    except OperationalError as error:
        sys.stderr.write(f"{unreachable(error)}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
