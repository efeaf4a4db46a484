"""`balie demo`: fill a demo desk with invented shops and their tickets, or go on where that was left."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from balie.config import command_line, data_folder

AT_ONCE = 10


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="fill a demo desk with invented customers and tickets",
        description="Fill a demo desk, or go on where that was left; without a desk, make one. A desk with real "
        "customers is refused. Nothing of a demo leaves the house.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = command_line.desk_folder(arguments)
    preset = arguments.preset or data_folder.held_preset(folder) or data_folder.chosen_preset()
    data_folder.claim_for_preset(folder, data_folder.preset_name(preset))
    with command_line.django(arguments):
        from balie.config import prepare

        prepare.migrate()
        prepare.make_desk_when_there_is_none(preset, demo=True)
        total = fill(tell=say_nothing if arguments.json else say)
    if arguments.json:
        command_line.show_json({"data": str(folder), "tickets": total})
    return command_line.GOOD


def fill(*, tell: Callable[[str], None]) -> int:
    """Make the people, then their tickets a few at a time; answers how many tickets there are in the end."""
    from django.utils import timezone

    from balie.config.demo import filling
    from balie.desk.queries import the_desk

    progress = filling.begin(the_desk(), now=timezone.now())
    for progress in filling.go_on(AT_ONCE):
        tell(f"Demo tickets: {progress.done} of {progress.total}.")
    return progress.total


def say(sentence: str) -> None:
    """On one line of a terminal that is written over; each on its own line elsewhere."""
    sys.stdout.write(f"\r{sentence}" if sys.stdout.isatty() else f"{sentence}\n")
    sys.stdout.flush()


def say_nothing(sentence: str) -> None:
    """For programs, who read the result only."""
