"""`balie phone …`: the commands about the telephone."""

from __future__ import annotations

import argparse

from balie.config import phone_agi, phone_exchange, phone_prompts


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    phone = subparsers.add_parser(
        "phone", help="connect an exchange, make prompts", description="Connect an exchange, make prompts."
    )
    commands = phone.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (phone_exchange, phone_agi, phone_prompts):
        module.add_parser(commands)
