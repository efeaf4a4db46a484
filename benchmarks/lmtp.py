"""How many mails a second are taken by LMTP: `python -m benchmarks.lmtp [--mails 3000] [--connections 20] [--json]`.

Mails of 5 kB over 20 connections that stay open, as Postfix does it; each is said yes to after its raw row and its job
are committed, on a database that waits for its disk. Server and sender are processes of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.full_desk import running
from benchmarks.mail_intake import letter

LEAST_PER_SECOND = 300.0
LARGEST_MEGABYTES = 200.0
RECIPIENT = "helpdesk@infobits.example"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--send-to", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.send_to:
        print(asyncio.run(send(arguments.send_to, arguments.mails, arguments.connections)))
        return 0
    with running(tickets=1_000, open_tickets=200), lmtp_server() as (port, server):
        idle = megabytes(server.pid, "VmRSS")
        rate = by_another_process(port, arguments.mails, arguments.connections)
        kept = count()
        one_large(port)
        figures = {
            "mails_per_second": rate,
            "idle_megabytes": idle,
            "peak_megabytes": megabytes(server.pid, "VmHWM"),
        }
    assert kept == arguments.mails, f"{kept} of {arguments.mails} mails are there"
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):22} {figure:8.1f}")
    is_good = rate >= LEAST_PER_SECOND and figures["peak_megabytes"] <= LARGEST_MEGABYTES
    return 0 if is_good else 1


@contextlib.contextmanager
def lmtp_server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "balie.config.mail_lmtp", f"127.0.0.1:{port}"])
    try:
        while True:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port, server
    finally:
        server.terminate()
        server.wait(30)


def by_another_process(port: int, mails: int, connections: int) -> float:
    options = ["--send-to", str(port), "--mails", str(mails), "--connections", str(connections)]
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.lmtp", *options], check=True, capture_output=True, text=True
    )
    return float(told.stdout)


async def send(port: int, mails: int, connections: int) -> float:
    """Mails a second, from the first to the last yes."""
    letters = [letter(number) for number in range(mails)]
    begin = time.perf_counter()
    await asyncio.gather(*(connection(port, letters[number::connections]) for number in range(connections)))
    return mails / (time.perf_counter() - begin)


async def connection(port: int, letters: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def said(code: bytes) -> None:
        while True:
            line = await reader.readline()
            assert line.startswith(code), line
            if line[3:4] == b" ":
                return

    await said(b"220")
    writer.write(b"LHLO sender.example\r\n")
    await said(b"250")
    for raw in letters:
        writer.write(f"MAIL FROM:<contact@shop.example>\r\nRCPT TO:<{RECIPIENT}>\r\nDATA\r\n".encode())
        for code in (b"250", b"250", b"354"):
            await said(code)
        writer.write(raw.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
        await said(b"250")
    writer.write(b"QUIT\r\n")
    await said(b"221")
    writer.close()


def one_large(port: int) -> None:
    """A message of 25 MB, for the memory it takes."""
    asyncio.run(connection(port, [letter(-1) + b"\n" + (b"x" * 75 + b"\n") * (25 * 1024 * 1024 // 76)]))


def count() -> int:
    from balie.mail.models import InboundMail

    return InboundMail.objects.count()


def megabytes(process: int, name: str) -> float:
    """`VmRSS` or `VmHWM` (the most there ever was) of a process."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise AssertionError(os.fspath(name))


if __name__ == "__main__":
    sys.exit(main())
