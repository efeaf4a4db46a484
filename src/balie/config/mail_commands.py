"""`balie mail …`: the commands about mail."""

from __future__ import annotations

import argparse

from balie.config import mail_lmtp, mail_receive


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    mail = subparsers.add_parser("mail", help="take in mail", description="Take in mail.")
    commands = mail.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (mail_receive, mail_lmtp):
        module.add_parser(commands)
