"""Our LMTP server on the test's database, in a thread, and who speaks to it."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from balie.mail.ways_in.keeping import Keeper
from balie.mail.ways_in.lmtp import Desk, listening


@dataclass
class LmtpServer:
    """A running server. `address` is what it listens at."""

    address: str
    port: int = 0

    def client(self) -> smtplib.LMTP:
        """Somebody who has connected; `with` hangs up."""
        if self.address.startswith("unix:"):
            return smtplib.LMTP(self.address.removeprefix("unix:"))
        return smtplib.LMTP("127.0.0.1", self.port)


def database_url() -> str:
    """The database of this test, for a connection that is not Django's."""
    parts = connection.get_connection_params()
    named = {
        "host": parts["host"],
        "dbname": parts["dbname"],
        "user": parts["user"],
        "port": parts.get("port"),
    }
    return " ".join(f"{name}='{value}'" for name, value in named.items() if value)


@contextmanager
def running_lmtp(
    url: str, *, address: str = "127.0.0.1:0", tls: ssl.SSLContext | None = None
) -> Iterator[LmtpServer]:
    server, ready = LmtpServer(address), threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with Keeper(url) as keeper:
            desk = Desk(keeper, fixed=["balie@standard.example"])
            async with listening(address, desk, hostname="desk.example", tls=tls) as listener:
                name = listener.sockets[0].getsockname()
                server.port = name[1] if isinstance(name, tuple) else 0
                ready.set()
                await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture
def lmtp(transactional_db: None, tmp_path: Path) -> Iterator[LmtpServer]:
    """The server on loopback, without encryption."""
    with running_lmtp(database_url()) as server:
        yield server
