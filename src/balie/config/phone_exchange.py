"""`balie phone add-exchange`: a telephone exchange that may ask and tell, and the token that proves it."""

from __future__ import annotations

import argparse
import sys

from balie.config import command_line
from balie.config.data_folder import DataFolderTrouble


class NotAdded(DataFolderTrouble):
    """The exchange could not be made; the text says why in one sentence."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "add-exchange",
        help="let a telephone exchange ask where calls go",
        description="Let a telephone exchange ask where calls go, and show its token: this once, for only its digest "
        "is kept. The administration takes exchanges off again.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument("name", help="what people call it")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    name = arguments.name.strip()
    if not 1 <= len(name) <= 80:
        raise NotAdded("Give the exchange a name of 1 to 80 characters.")
    with command_line.django(arguments):
        from django.utils import timezone

        from balie.phone import actions
        from balie.phone.models import Exchange

        if Exchange.objects.filter(name=name).exists():
            raise NotAdded(f"There is an exchange “{name}” already; the administration gives it a new token.")
        _exchange, token = actions.made(name, by=None, now=timezone.now())
    if arguments.json:
        command_line.show_json({"name": name, "token": token})
    else:
        sys.stdout.write(f"{token}\n")
    return command_line.GOOD
