"""`balie phone agi`: the FastAGI server that Asterisk asks where a call goes.

`balie serve` starts it by itself, as `python -m balie.config.phone_agi ADDRESS DESK`, when `--agi` or `BALIE_AGI` names
an address. Neither Django nor the database is loaded: it asks the desk over HTTP, so it may run beside the exchange.
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

from balie.config import command_line, data_folder
from balie.config.data_folder import DataFolderTrouble

if TYPE_CHECKING:
    from balie.phone.agi.server import Networks

STANDARD = "127.0.0.1:4573"
STANDARD_DESK = "http://127.0.0.1:8000"
ALLOW = "BALIE_AGI_ALLOW"
SOUNDS = "sounds"
EVENTS = "phone-events"

_ADDRESS = re.compile(r"(localhost|\[[0-9a-fA-F:]+\]|[0-9.]+):([0-9]{1,5})")


class CannotListen(DataFolderTrouble):
    """The server cannot begin; the text says why in one sentence."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "agi",
        help="tell Asterisk where calls go, by FastAGI; “balie serve --agi” does it by itself",
        description="Tell Asterisk by FastAGI where calls go, until Ctrl-C or SIGTERM. Asks the desk over HTTP, so it "
        "may run on the machine of Asterisk.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "address",
        nargs="?",
        type=address,
        default=os.environ.get("BALIE_AGI") or STANDARD,
        help=f"HOST:PORT (default: $BALIE_AGI, else {STANDARD}); beside this machine ${ALLOW} says who may ask",
    )
    parser.add_argument(
        "--desk",
        type=desk_url,
        default=os.environ.get("BALIE_URL") or STANDARD_DESK,
        metavar="URL",
        help=f"where the desk is served (default: $BALIE_URL, else {STANDARD_DESK})",
    )
    parser.add_argument(
        "--sounds",
        type=Path,
        metavar="FOLDER",
        help="what callers hear (default: “sounds” in the data folder)",
    )
    parser.set_defaults(run=run)


def address(text: str) -> str:
    """Where FastAGI is spoken. AGI asks nobody who they are, so another machine's address needs `BALIE_AGI_ALLOW`."""
    found = _ADDRESS.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 65535 or (host := _ip(found[1])) is None:
        raise argparse.ArgumentTypeError(f"{text} is no address; give HOST:PORT, like {STANDARD}")
    if not host.is_loopback and not os.environ.get(ALLOW, "").strip():
        raise argparse.ArgumentTypeError(
            f"others reach {text} too, and AGI asks nobody who they are: name in {ALLOW} who may ask, "
            f"like {ALLOW}=192.0.2.7"
        )
    return text


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        return None


def desk_url(text: str) -> str:
    """The address of a desk: HTTP or HTTPS."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text} is no address of a desk; give one like {STANDARD_DESK}")
    return text


def run(arguments: argparse.Namespace) -> int:
    folder = command_line.desk_folder(arguments)
    serve(arguments.address, arguments.desk, folder=folder, sounds=arguments.sounds)
    return command_line.GOOD


def serve(
    where: str,
    desk: str,
    *,
    folder: Path,
    sounds: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Answer Asterisk at this address until told to stop. Raises `CannotListen`."""
    import asyncio
    import logging

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        asyncio.run(_serve(where, desk, folder, sounds or folder / SOUNDS, allowed(environ)))
    except OSError as error:
        raise CannotListen(f"FastAGI cannot be spoken at {where}: {error.strerror or error}.") from error


async def _serve(where: str, url: str, folder: Path, sounds: Path, networks: Networks) -> None:
    import asyncio

    from balie.phone.agi.conversation import Reception
    from balie.phone.agi.desk import Desk
    from balie.phone.agi.outbox import Outbox
    from balie.phone.agi.server import listening
    from balie.phone.sound_files import SoundFiles

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host, _colon, port = where.rpartition(":")
    desk = Desk(url)
    try:
        reception = Reception(desk, SoundFiles(sounds.absolute()), Outbox(folder / EVENTS, desk))
        async with listening(host.strip("[]"), int(port), reception, allowed=networks):
            await stop.wait()
    finally:
        desk.close()


def allowed(environ: Mapping[str, str]) -> Networks:
    """Who may ask beside this machine: addresses and networks in `BALIE_AGI_ALLOW`. Raises `CannotListen`."""
    try:
        return tuple(ipaddress.ip_network(each) for each in environ.get(ALLOW, "").replace(",", " ").split())
    except ValueError as error:
        raise CannotListen(
            f"{ALLOW}: {error}; give addresses or networks, like 192.0.2.7 or 192.0.2.0/28."
        ) from error


if __name__ == "__main__":
    try:
        serve(sys.argv[1], sys.argv[2], folder=data_folder.data_folder(None))
    except CannotListen as trouble:
        sys.exit(str(trouble))
