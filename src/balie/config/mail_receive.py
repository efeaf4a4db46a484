"""`balie mail receive`: one raw message on standard input, from a mail server's pipe.

Exit codes are those of sysexits, which mail servers know: 0 when the message is kept for good, 75 when it must be
offered again, 65 when it is no message or too large for ever, 64 for a wrong command line. Django is not loaded.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from balie.config import command_line
from balie.config.data_folder import DataFolderTrouble

EX_DATAERR, EX_TEMPFAIL = 65, 75


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "receive",
        help="keep one raw message from standard input; a worker makes a ticket of it",
        description="Keep one raw message from standard input. Exit code 0: it is kept for good. 75: offer it again. "
        "65: it is no message, or larger than 64 MB.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from balie.mail.intake import LARGEST_BYTES

    raw = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    if not raw.strip():
        return refuse(arguments, "There is no message on standard input.", EX_DATAERR)
    if len(raw) > LARGEST_BYTES:
        return refuse(arguments, f"The message is larger than {LARGEST_BYTES // 1024**2} MB.", EX_DATAERR)
    try:
        keep(arguments, raw, now=datetime.now(UTC))
    except Exception as error:  # whatever it is, the sender's server must keep the message
        return refuse(arguments, f"The message is not kept, offer it again: {error}", EX_TEMPFAIL)
    return command_line.GOOD


def keep(arguments: argparse.Namespace, raw: bytes, *, now: datetime) -> None:
    """Commit the message to the desk's database; raises whatever went wrong."""
    folder = command_line.desk_folder(arguments)
    if not folder.is_dir():
        raise DataFolderTrouble(f"there is no desk in {folder}")
    with command_line.database(folder) as url:
        import psycopg

        from balie.mail import intake

        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            stored = intake.insert(cursor, raw, now=now)
    if arguments.json:
        command_line.show_json({"mail": stored.key, "new": stored.is_new})


def refuse(arguments: argparse.Namespace, sentence: str, code: int) -> int:
    if arguments.json:
        command_line.show_json({"error": sentence})
    else:
        sys.stderr.write(f"{sentence}\n")
    return code
