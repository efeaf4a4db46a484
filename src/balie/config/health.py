"""`balie check`: is this installation healthy? A list of things looked at, each good, noted or bad."""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from balie.config import command_line, data_folder, embedded_postgres
from balie.config.data_folder import DataFolderTrouble
from balie.config.worker import LANES

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

OLDEST_POSTGRES = 15_00_00
LEAST_FREE_BYTES = 500_000_000
HEARTBEAT_AGE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=10)
LOOK_BACK = timedelta(days=1)


class State(StrEnum):
    GOOD = "ok"
    NOTED = "note"
    BAD = "not ok"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what was seen, in a sentence."""

    what: str
    state: State
    seen: str


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "check",
        help="is this installation healthy?",
        description="Look at everything that must work. Exit code 0 when it does, 1 when something does not.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from datetime import UTC

    folder = command_line.desk_folder(arguments)
    findings = list(examine(arguments, folder, now=datetime.now(UTC)))
    healthy = all(finding.state is not State.BAD for finding in findings)
    if arguments.json:
        command_line.show_json({"healthy": healthy, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            sys.stdout.write(f"{finding.state.value:>6}  {finding.what}: {finding.seen}\n")
    return command_line.GOOD if healthy else command_line.TROUBLE


def examine(arguments: argparse.Namespace, folder: Path, *, now: datetime) -> Iterator[Finding]:
    """Everything, from the folder up; what needs a database is left out when there is none."""
    if not folder.is_dir():
        yield Finding("data folder", State.BAD, f"{folder} does not exist; make a desk with “balie init”")
        return
    yield from examine_folder(folder)
    own_database = "DATABASE_URL" in os.environ
    served_by = embedded_postgres.serving_process(folder)
    try:
        with command_line.django(arguments):
            yield from examine_database(now=now, is_served=own_database or served_by is not None)
    except DataFolderTrouble as trouble:
        yield Finding("database", State.BAD, str(trouble))
    if not own_database:
        served = f"by process {served_by}" if served_by else "not now"
        yield Finding("served", State.GOOD if served_by else State.NOTED, served)


def examine_folder(folder: Path) -> Iterator[Finding]:
    """The data folder: secret, room on the disk; and the assets of the package."""
    secret = folder / data_folder.SECRET_NAME
    if not secret.exists():
        yield Finding("secret", State.NOTED, "made at the first start")
    elif stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield Finding("secret", State.BAD, f"others may read {secret}; run “chmod 600 {secret}”")
    else:
        yield Finding("secret", State.GOOD, "readable by its owner only")
    free = shutil.disk_usage(folder).free
    enough = free >= LEAST_FREE_BYTES
    yield Finding(
        "room on the disk", State.GOOD if enough else State.BAD, f"{free / 1e9:.1f} GB free for {folder}"
    )
    vendor = Path(__file__).parents[1] / "web" / "static" / "vendor" / "tabler.min.css"
    yield Finding(
        "assets",
        State.GOOD if vendor.exists() else State.BAD,
        "built" if vendor.exists() else "missing; run “make setup”",
    )


def examine_database(*, now: datetime, is_served: bool) -> Iterator[Finding]:
    """The database: its version, its tables, the desk, the worker and its jobs. Needs Django."""
    from django.db import connection
    from django.db.utils import DatabaseError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        yield Finding("database", State.BAD, f"does not answer: {str(error).splitlines()[0]}")
        return
    good = version >= OLDEST_POSTGRES
    yield Finding(
        "database", State.GOOD if good else State.BAD, f"PostgreSQL {version // 10000}.{version % 10000}"
    )
    missing = missing_migrations()
    if missing:
        yield Finding("tables", State.BAD, f"{missing} migrations have not run; “balie serve” runs them")
        return
    yield Finding("tables", State.GOOD, "up to date")
    with connection.cursor() as cursor:
        yield examine_desk(cursor)
        yield examine_worker(cursor, now=now, is_served=is_served)
        yield examine_waiting_jobs(cursor, now=now, is_served=is_served)
        yield examine_failed_jobs(cursor, now=now)
        yield examine_mail(cursor)
    yield examine_ways_in()
    yield examine_exchanges(now=now)


def missing_migrations() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def examine_desk(cursor: CursorWrapper) -> Finding:
    cursor.execute("SELECT key, name FROM desk_desk")
    row = cursor.fetchone()
    if row is None:
        return Finding("desk", State.BAD, "there is none; make one with “balie init”")
    return Finding("desk", State.GOOD, f"{row[1]}, from the preset {row[0]}")


def examine_worker(cursor: CursorWrapper, *, now: datetime, is_served: bool) -> Finding:
    cursor.execute("SELECT count(*), max(last_heartbeat) FROM procrastinate_workers")
    count, latest = cursor.fetchone()
    if latest is not None and now - latest < HEARTBEAT_AGE:
        return Finding("worker", State.GOOD, f"{-(-count // len(LANES))} at work")
    return Finding("worker", State.BAD if is_served else State.NOTED, "none is at work")


def examine_waiting_jobs(cursor: CursorWrapper, *, now: datetime, is_served: bool) -> Finding:
    cursor.execute(
        """
        SELECT count(*), min(COALESCE(job.scheduled_at, event.at))
        FROM procrastinate_jobs job
        LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
        WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %s)
        """,
        [now],
    )
    count, oldest = cursor.fetchone()
    late = oldest is not None and now - oldest > LONGEST_WAIT
    state = State.GOOD if not late else State.BAD if is_served else State.NOTED
    return Finding(
        "jobs that wait",
        state,
        f"{count}, the oldest since {oldest:%Y-%m-%d %H:%M} UTC" if oldest else "none",
    )


def examine_failed_jobs(cursor: CursorWrapper, *, now: datetime) -> Finding:
    cursor.execute(
        """
        SELECT count(DISTINCT job.id), min(job.task_name)
        FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
        WHERE job.status = 'failed' AND event.type = 'failed' AND event.at > %s
        """,
        [now - LOOK_BACK],
    )
    count, example = cursor.fetchone()
    return Finding(
        "jobs that failed today",
        State.BAD if count else State.GOOD,
        f"{count}, such as {example}" if count else "none",
    )


def examine_mail(cursor: CursorWrapper) -> Finding:
    """Mail that needs a person: noted, because a stranger's broken mail does not make the installation ill."""
    cursor.execute(
        """
        SELECT (SELECT count(*) FROM mail_inboundmail WHERE state = 'quarantined'),
               (SELECT count(*) FROM mail_outboundmail WHERE state = 'failed')
        """
    )
    quarantined, undelivered = cursor.fetchone()
    if not quarantined and not undelivered:
        return Finding("mail", State.GOOD, "none is in quarantine, all was delivered")
    seen = f"{quarantined} in quarantine, {undelivered} not delivered; see the mail folder in the browser"
    return Finding("mail", State.NOTED, seen)


def examine_ways_in() -> Finding:
    """Mailboxes that cannot be emptied, and silence that is unusual: what rings for the administrators, too."""
    from django.utils import translation

    from balie.desk.models import Desk
    from balie.mail.ways_in import queries

    with translation.override("en"):
        desk = Desk.objects.first()
        ringing = [queries.sentence(alarm, desk=desk) for alarm in queries.ringing()] if desk else []
    if ringing:
        return Finding("ways in", State.BAD, " ".join(ringing))
    mailboxes = len(queries.mailboxes_on())
    return Finding("ways in", State.GOOD, f"{mailboxes} mailboxes are emptied" if mailboxes else "no alarm")


def examine_exchanges(*, now: datetime) -> Finding:
    """Exchanges that were not heard for a day: noted, because a quiet day is no fault."""
    from balie.phone.models import Exchange

    active = list(Exchange.objects.filter(is_active=True))
    silent = [each.name for each in active if each.is_silent(now=now)]
    if silent:
        seen = f"not heard for a day: {', '.join(silent)}"
        return Finding("telephone exchanges", State.NOTED, seen)
    return Finding(
        "telephone exchanges", State.GOOD, f"{len(active)} heard within a day" if active else "none"
    )
