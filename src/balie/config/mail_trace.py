"""`balie mail trace`: every step of a mail, found by its Message-ID or by somebody's address.

Exit code 0 when there is such a mail, 1 when there is none.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from balie.config import command_line

if TYPE_CHECKING:
    from balie.mail.trace import Traced


def add_parser(questions: argparse._SubParsersAction[Any]) -> None:
    """Add `trace` to the questions of `balie mail`."""
    parser = questions.add_parser(
        "trace",
        help="every step of a mail",
        description="Every step of the mails with this Message-ID, or from or to this address; the newest first.",
    )
    parser.add_argument("asked", metavar="ID|ADDRESS", help="a Message-ID, or a mail address")
    command_line.add_desk_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with command_line.django(arguments):
        from balie.mail import trace

        found = trace.trace(arguments.asked)
        if arguments.json:
            command_line.show_json({"asked": arguments.asked, "mails": trace.as_json(found)})
        elif found:
            sys.stdout.write("\n".join(_lines(mail) for mail in found))
        else:
            sys.stderr.write("There is no such mail here.\n")
    return command_line.GOOD if found else command_line.TROUBLE


def _lines(mail: Traced) -> str:
    """One mail for a terminal: what it is, then a line for each step."""
    from balie.rules.reasons import Reason

    arrow = "<-" if mail.direction == "in" else "->"
    ticket = f" #{mail.ticket}" if mail.ticket else ""
    lines = [f"{arrow} {mail.other}  {mail.subject}  [{mail.state}]{ticket}", f"   {mail.message_id}"]
    for step in mail.steps:
        lines.append(f"   {step.at:%Y-%m-%d %H:%M:%S%z}  {step.what}")
        lines += [f"      {Reason.from_json(each).render()}" for each in step.reasons]
        lines += [f"      {step.words}"] if step.words else []
    return "\n".join(lines) + "\n"
