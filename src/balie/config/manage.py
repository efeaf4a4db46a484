"""`balie manage …`: Django's own management commands, on the desk's database."""

from __future__ import annotations

import argparse

from balie.config import command_line


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("manage", help="Django's own commands, for developers: migrate, shell, …")
    command_line.add_desk_options(parser)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the command and its arguments")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with command_line.django(arguments):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["balie manage", *arguments.arguments])
    return command_line.GOOD
