"""SIPp as callers, as the telephones of the helpdesk and as the media server: a process each, told by its messages."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers import daemons
from tests.servers.kamailio import MEDIA_HOST, PHONES_HOST, TRUNK_HOST, Kamailio, free_udp_port

from balie.config.processes import end_with_parent

SCENARIOS = Path(__file__).parent / "scenarios"
NO_HEADER = "Subject: none"
A_LAW = 8
"""The payload type of G.711 A-law."""
numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sipp:
    """A SIPp that runs, or ran. `port`: where it listens."""

    process: subprocess.Popen[bytes]
    messages_file: Path
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def messages(self) -> list[str]:
        """What it sent and received, in order."""
        if not self.messages_file.exists():
            return []
        parts = re.split(r"^-{20,} .*\n", self.messages_file.read_text(errors="replace"), flags=re.M)
        return [part.split("\n\n", 1)[1].lstrip() for part in parts if "\n\n" in part]

    def heard(self) -> list[int]:
        """The answers to an INVITE that it got, but for 100."""
        answers = (re.match(r"SIP/2\.0 (\d+)", each) for each in self.messages() if _is_of_invite(each))
        return [int(each[1]) for each in answers if each and each[1] != "100"]

    def invites(self) -> list[str]:
        """The INVITEs at this telephone."""
        return [each for each in self.messages() if each.startswith("INVITE ")]

    def await_invite(self) -> str:
        daemons.until(lambda: self.invites(), otherwise=lambda: f"No call came at {self.address}.")
        return self.invites()[0]

    def end(self) -> list[int]:
        """Wait until its call is over; what it heard."""
        self.process.wait(daemons.PATIENCE_SECONDS)
        return self.heard()


def _is_of_invite(message: str) -> bool:
    return re.search(r"^CSeq: *\d+ INVITE", message, re.M) is not None


def header(message: str, name: str) -> str | None:
    """A header of a SIP message."""
    found = re.search(rf"^{re.escape(name)}: *(.*?)\r?$", message, re.M | re.I)
    return found[1] if found else None


@contextlib.contextmanager
def sipp(
    scenario: Path,
    *,
    folder: Path,
    host: str,
    port: int | None = None,
    to: str | None = None,
    arguments: tuple[str, ...] = (),
    calls: int = 1,
) -> Iterator[Sipp]:
    """SIPp with a scenario for the length of the block."""
    program = daemons.program("sipp", package="sip-tester")
    port = port or free_udp_port(host)
    messages = folder / f"{next(numbers)}-{scenario.stem}.messages"
    command = [program, *([to] if to else [host]), "-sf", str(scenario), "-i", host, "-p", str(port)]
    command += ["-m", str(calls), "-nostdin", "-trace_msg", "-message_file", str(messages), *arguments]
    with messages.with_suffix(".out").open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=folder,
            preexec_fn=end_with_parent(os.getpid(), signal.SIGKILL),
        )
    try:
        yield Sipp(process, messages, host, port)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def telephone(
    manner: str,
    folder: Path,
    *,
    host: str = PHONES_HOST,
    port: int | None = None,
    after: int = 100,
    contact: str = "phone",
    calls: int = 1,
) -> Iterator[Sipp]:
    """A telephone that `answers`, `rings` or `logs_off`, after so many milliseconds; or what `presses` a key."""
    arguments = ("-d", str(after), "-s", contact, "-key", "media", str(free_udp_port(host)))
    scenario = SCENARIOS / f"{manner}.xml"
    with sipp(scenario, folder=folder, host=host, port=port, arguments=arguments, calls=calls) as phone:
        await_socket(phone)
        yield phone


@contextlib.contextmanager
def media_server(folder: Path, prompt: Path, *, port: int) -> Iterator[Sipp]:
    """What answers and plays this file (G.711 A-law, without a header)."""
    scenario = folder / f"{next(numbers)}-plays.xml"
    scenario.write_text((SCENARIOS / "plays.xml").read_text().replace("PROMPT", str(prompt)))
    with sipp(scenario, folder=folder, host=MEDIA_HOST, port=port, arguments=("-s", "media")) as server:
        await_socket(server)
        yield server


@contextlib.contextmanager
def caller(
    exchange: Kamailio,
    folder: Path,
    who: str,
    *,
    more: str = NO_HEADER,
    to: str = "31202292929",
    talk: int = 200,
    manner: str = "calls",
    host: str = TRUNK_HOST,
    media: int = 40000,
    hops: int = 70,
) -> Iterator[Sipp]:
    """Somebody who calls. `who`: the From as the network gives it, `more`: another header."""
    keys = {"who": who, "more": more, "media": str(media), "hops": str(hops)}
    named = (part for name, value in keys.items() for part in ("-key", name, value))
    arguments = ("-s", to, "-d", str(talk), *named)
    with sipp(
        SCENARIOS / f"{manner}.xml", folder=folder, host=host, to=exchange.address, arguments=arguments
    ) as calling:
        yield calling


def call(exchange: Kamailio, folder: Path, who: str, **more: object) -> list[int]:
    """Call, and say what was heard when it is over."""
    with caller(exchange, folder, who, **more) as calling:  # type: ignore[arg-type]
        return calling.end()


def await_socket(phone: Sipp) -> None:
    """Wait until its port is taken: UDP has nothing to connect to."""

    def is_taken() -> bool:
        assert phone.process.poll() is None, phone.messages_file.with_suffix(".out").read_text(
            errors="replace"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((phone.host, phone.port))
            except OSError:
                return True
        return False

    daemons.until(is_taken)


class Ear:
    """The port at which a caller hears: what comes as RTP is kept."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((TRUNK_HOST, 0))
        self.socket.settimeout(0.2)

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def listen(self, *, until_bytes: int, seconds: float = 10) -> bytes:
        """The sound of the A-law packets, in order, as soon as there is so much of it."""
        sound, give_up_at = b"", time.monotonic() + seconds
        while len(sound) < until_bytes and time.monotonic() < give_up_at:
            with contextlib.suppress(TimeoutError):
                packet = self.socket.recv(2048)
                first, kind = struct.unpack("!BB", packet[:2])
                assert (first >> 6, kind & 0x7F) == (2, A_LAW)
                sound += packet[12:]
        return sound

    def close(self) -> None:
        self.socket.close()
