"""The command `balie`: which sub-commands there are, and what they share.

Each sub-command is a module with `add_parser(subparsers)` that names its handler with `set_defaults(run=…)`; a handler
takes the parsed arguments and answers the exit code. Only the module of the command that was asked for is imported,
and modules import Django inside their handlers, because `balie mail receive` is started once per message.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import balie
from balie.config import data_folder
from balie.config.arguments import CommandParser
from balie.config.data_folder import DataFolderTrouble
from balie.rules.refusals import Refusal

COMMANDS: Mapping[str, str] = {
    "init": "balie.config.init",
    "serve": "balie.config.serving",
    "worker": "balie.config.worker",
    "demo": "balie.config.demo_command",
    "mail": "balie.config.mail_commands",
    "phone": "balie.config.phone_commands",
    "explain": "balie.config.explain",
    "check": "balie.config.health",
    "backup": "balie.config.backup",
    "restore": "balie.config.backup",
    "manage": "balie.config.manage",
}
"""Sub-command -> the module that has its parser and handler."""

GOOD, TROUBLE, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point of the command; answers its exit code. A sentence for a person goes to standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        chosen = parser_for(given).parse_args(given)
        return int(chosen.run(chosen) or GOOD)
    except DataFolderTrouble as trouble:
        return tell(given, str(trouble), TROUBLE)
    except Refusal as refusal:
        return tell(given, str(refusal), BAD_INPUT)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLE


def tell(given: Sequence[str], sentence: str, code: int) -> int:
    """Say what went wrong in the form that was asked for; answers the exit code."""
    if "--json" in given:
        show_json({"error": sentence})
    else:
        sys.stderr.write(f"{sentence}\n")
    return code


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for this command line, with only the named sub-command in it, or all when none is named."""
    parser = CommandParser(
        prog="balie",
        description="A service desk in which the contract decides, and everybody can see why.",
        epilog="“balie COMMAND --help” tells more about one.",
    )
    parser.add_argument("--version", action="version", version=f"balie {balie.__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    named = arguments[0] if arguments and arguments[0] in COMMANDS else None
    for module in dict.fromkeys([COMMANDS[named]] if named else COMMANDS.values()):
        import_module(module).add_parser(subparsers)
    return parser


# What commands about one desk share


def add_desk_options(parser: argparse.ArgumentParser) -> None:
    """`--preset`: which desk, when this checkout or user has more than one."""
    parser.add_argument(
        "--preset",
        help="which desk: the preset it was made from (default: $BALIE_PRESET, else the only desk there is, else "
        f"{data_folder.DEFAULT_PRESET}); $BALIE_DATA names its folder outright",
    )


def desk_folder(arguments: argparse.Namespace) -> Path:
    """The data folder that the command is about, also told to the settings and to child processes."""
    folder = data_folder.data_folder(arguments.preset)
    os.environ["BALIE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    return folder


@contextlib.contextmanager
def database(folder: Path, *, process: str = "command") -> Iterator[str]:
    """The address of the desk's database, which runs for the length of the block; also in `$DATABASE_URL`.

    Your own server when `$DATABASE_URL` names one; else the embedded one, joined when it runs and started when not.
    """
    os.environ["BALIE_PROCESS"] = process
    if own := os.environ.get("DATABASE_URL"):
        yield own
        return
    from balie.config import embedded_postgres

    with embedded_postgres.running(folder) as server:
        os.environ["DATABASE_URL"] = server.url
        try:
            yield server.url
        finally:
            del os.environ["DATABASE_URL"]


@contextlib.contextmanager
def django(arguments: argparse.Namespace, *, process: str = "command") -> Iterator[Path]:
    """Django set up on the desk's running database, for a handler that reads or writes it; answers the data folder."""
    folder = desk_folder(arguments)
    with database(folder, process=process):
        import django

        django.setup()
        from django.db import OperationalError, connections

        try:
            yield folder
        except OperationalError as error:
            raise unreachable(error) from error
        finally:
            connections.close_all()


def unreachable(error: Exception) -> DataFolderTrouble:
    """What a database that does not answer is called: one sentence, with the server's own first words."""
    said = next(iter(str(error).splitlines()), "")
    return DataFolderTrouble(
        f"The database does not answer ({said}); is it running, and is DATABASE_URL right?"
    )


def show_json(value: object) -> None:
    """One JSON object on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main())
