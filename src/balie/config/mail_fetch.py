"""`balie mail fetch`: empty the mailboxes once, now, and say what came of it. The worker does the same all the time."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from balie.config import command_line

if TYPE_CHECKING:
    from balie.mail.ways_in.models import Mailbox


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "fetch",
        help="empty the mailboxes once, now; “balie serve” keeps them empty by itself",
        description="Empty the mailboxes once. Exit code 0 when each could be emptied, 1 when one could not.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument("name", nargs="?", help="only the mailbox of this name, also when it is turned off")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with command_line.django(arguments):
        results = [_of(mailbox) for mailbox in _chosen(arguments.name)]
    if arguments.json:
        command_line.show_json({"mailboxes": results})
    else:
        for result in results:
            sys.stdout.write(f"{result['mailbox']}: {_sentence(result)}\n")
        if not results:
            sys.stdout.write(
                "There is no mailbox; an administrator makes one under Administration, Mailboxes.\n"
            )
    return command_line.TROUBLE if any("trouble" in result for result in results) else command_line.GOOD


def _chosen(name: str | None) -> list[Mailbox]:
    from balie.config.data_folder import DataFolderTrouble
    from balie.mail.ways_in import queries
    from balie.mail.ways_in.models import Mailbox

    if name is None:
        return queries.mailboxes_on()
    found = list(Mailbox.objects.filter(name=name))
    if not found:
        raise DataFolderTrouble(f"There is no mailbox “{name}”.")
    return found


def _of(mailbox: Mailbox) -> dict[str, Any]:
    from balie.mail.ways_in import watching
    from balie.rules.refusals import Refusal

    try:
        found = watching.empty_once(mailbox)
    except Refusal as trouble:
        return {"mailbox": mailbox.name, "trouble": str(trouble)}
    if found is None:
        return {"mailbox": mailbox.name, "busy": True}
    return {"mailbox": mailbox.name, "new": found.kept, "known": found.known, "too_large": found.too_large}


def _sentence(result: dict[str, Any]) -> str:
    if "trouble" in result:
        return str(result["trouble"])
    if "busy" in result:
        return "a worker is emptying it"
    return f"{result['new']} new, {result['known']} known already, {result['too_large']} too large"
