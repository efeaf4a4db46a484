"""`balie mail …`: the commands about mail."""

from __future__ import annotations

import argparse

from balie.config import mail_fetch, mail_lmtp, mail_receive, mail_trace


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    mail = subparsers.add_parser("mail", help="take in mail, trace it", description="Take in mail, trace it.")
    commands = mail.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (mail_receive, mail_lmtp, mail_fetch, mail_trace):
        module.add_parser(commands)
