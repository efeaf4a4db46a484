"""`balie mail lmtp`: the server to which a mail server on this machine hands mail over by LMTP.

`balie serve` starts it by itself, as `python -m balie.config.mail_lmtp ADDRESS`, when `--lmtp` or `BALIE_LMTP` names an
address. Django is not loaded.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from balie.config import command_line
from balie.config.data_folder import DataFolderTrouble

if TYPE_CHECKING:
    import ssl

_ADDRESS = re.compile(r"(127\.[0-9.]+|localhost|\[::1\]):([0-9]{1,5})")


class CannotListen(DataFolderTrouble):
    """The server cannot begin; the text says why in one sentence."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "lmtp",
        help="take mail from a mail server by LMTP; “balie serve --lmtp” does it by itself",
        description="Take mail from a mail server on this machine by LMTP, until Ctrl-C or SIGTERM. Each message is "
        "said yes to when it is kept for good.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "address",
        nargs="?",
        type=address,
        default=os.environ.get("BALIE_LMTP") or "127.0.0.1:2424",
        help="127.0.0.1:PORT or unix:/a/path (default: $BALIE_LMTP, else 127.0.0.1:2424)",
    )
    parser.set_defaults(run=run)


def address(text: str) -> str:
    """Where LMTP is spoken: on this machine only, because LMTP asks nobody who they are."""
    if text.startswith("unix:/"):
        if len(text.removeprefix("unix:").encode()) > 100:
            raise argparse.ArgumentTypeError("the path of a socket has at most 100 letters")
        return text
    found = _ADDRESS.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 65535 or not _is_loopback(found[1]):
        raise argparse.ArgumentTypeError(
            f"{text} is no address on this machine; give 127.0.0.1:PORT or unix:/a/path"
        )
    return text


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def run(arguments: argparse.Namespace) -> int:
    with command_line.database(command_line.desk_folder(arguments), process="lmtp") as url:
        serve(arguments.address, url)
    return command_line.GOOD


def serve(where: str, url: str, environ: Mapping[str, str] = os.environ) -> None:
    """Take mail at this address until told to stop; `url` is the desk's database. Raises `CannotListen`."""
    import asyncio

    try:
        asyncio.run(_serve(where, url, environ))
    except OSError as error:
        raise CannotListen(f"LMTP cannot be spoken at {where}: {error.strerror or error}.") from error


async def _serve(where: str, url: str, environ: Mapping[str, str]) -> None:
    import asyncio
    import socket

    from balie.mail.ways_in.keeping import Keeper
    from balie.mail.ways_in.lmtp import Desk, listening

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Keeper(url) as keeper:
        desk = Desk(keeper, fixed=[standard_sender(environ)])
        async with listening(where, desk, hostname=socket.gethostname(), tls=certificate(environ)):
            await stop.wait()


def standard_sender(environ: Mapping[str, str]) -> str:
    """The address that mail comes from when the desk has none of its own, as the settings have it."""
    return f"balie@{urlsplit(environ.get('BALIE_URL', 'http://127.0.0.1')).hostname}"


def certificate(environ: Mapping[str, str]) -> ssl.SSLContext | None:
    """What STARTTLS shows: the PEM file of `BALIE_LMTP_CERTIFICATE`, with its key; `None` for no encryption."""
    if not (path := environ.get("BALIE_LMTP_CERTIFICATE")):
        return None
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(Path(path))
    except (OSError, ssl.SSLError) as error:
        raise CannotListen(
            f"BALIE_LMTP_CERTIFICATE: {path} is no certificate with its key ({error})."
        ) from error
    return context


if __name__ == "__main__":
    try:
        serve(sys.argv[1], os.environ["DATABASE_URL"])
    except CannotListen as trouble:
        sys.exit(str(trouble))
