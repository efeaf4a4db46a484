"""Keeping messages of many connections with few commits: whatever waits while one is made goes into the next."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from balie.mail import intake

log = logging.getLogger(__name__)

MOST_TOGETHER = 50
MOST_BYTES_TOGETHER = 4 * 1024 * 1024
PATIENCE_SECONDS = 60.0
"""After this a message is put off, though the database may still keep it: offered again it is known."""

ADDRESSES_SECONDS = 10.0

_ADDRESSES = """
    SELECT mail_address FROM desk_desk
    UNION SELECT address FROM mail_mailbox
    UNION SELECT address FROM mail_deskaddress
"""


class NotKept(Exception):
    """The message is not known to be safe: it must be offered again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    raw: bytes
    done: asyncio.Future[None]


class Keeper:
    """One connection to the database, for all connections of a server. Use it as an asynchronous context."""

    def __init__(self, url: str, *, way: str = intake.LMTP) -> None:
        self._url = url
        self._by = intake.Arrival(way)
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._held_back: _Waiting | None = None
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None
        self._at_the_database = asyncio.Lock()
        self._addresses: tuple[str, ...] = ()
        self._addresses_until = 0.0

    async def __aenter__(self) -> Keeper:
        self._work = asyncio.create_task(self._keep_on())
        return self

    async def __aexit__(self, *error: object) -> None:
        self._work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._work
        await self._hang_up()

    async def keep(self, raw: bytes) -> None:
        """Return when the message is committed. Raises `NotKept`."""
        waiting = _Waiting(raw, asyncio.get_running_loop().create_future())
        await self._waiting.put(waiting)
        try:
            await asyncio.wait_for(waiting.done, PATIENCE_SECONDS)
        except TimeoutError:
            raise NotKept("the database takes too long") from None

    async def addresses(self) -> tuple[str, ...]:
        """The desk's addresses, at most ten seconds old while the database answers. Raises `NotKept`."""
        if time.monotonic() > self._addresses_until:
            try:
                async with self._at_the_database:
                    connection = await self._connected()
                    found = await (await connection.execute(_ADDRESSES)).fetchall()
            except (psycopg.Error, OSError) as error:
                await self._hang_up()
                if not self._addresses:
                    raise NotKept(str(error)) from error
            else:
                self._addresses = tuple(str(row[0]) for row in found if row[0])
            self._addresses_until = time.monotonic() + ADDRESSES_SECONDS
        return self._addresses

    async def _keep_on(self) -> None:
        while True:
            together = await self._next_together()
            try:
                await self._commit([each.raw for each in together])
            except Exception as error:
                await self._hang_up()
                self._answer(together, NotKept(str(error).strip() or type(error).__name__))
            else:
                self._answer(together, None)

    async def _next_together(self) -> list[_Waiting]:
        """What waits now, as much as goes into one statement."""
        first = self._held_back or await self._waiting.get()
        self._held_back = None
        together, size = [first], len(first.raw)
        while len(together) < MOST_TOGETHER and not self._waiting.empty():
            another = self._waiting.get_nowait()
            size += len(another.raw)
            if size > MOST_BYTES_TOGETHER:
                self._held_back = another
                break
            together.append(another)
        return together

    async def _commit(self, raws: list[bytes]) -> None:
        made = intake.statement(
            raws, [intake.digest_of(raw) for raw in raws], now=datetime.now(UTC), by=self._by
        )
        async with self._at_the_database:
            was_there = self._connection is not None
            try:
                await (await self._connected()).execute(made.text, made.parameters)
            except psycopg.OperationalError:
                if not was_there:
                    raise
                await self._hang_up()  # a connection of before the database was started anew
                await (await self._connected()).execute(made.text, made.parameters)

    async def _connected(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """The connection, which commits every statement by itself."""
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, application_name="balie lmtp", connect_timeout=10
            )
        return self._connection

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()

    @staticmethod
    def _answer(together: list[_Waiting], trouble: NotKept | None) -> None:
        for each in together:
            if each.done.done():
                continue  # the other side hung up meanwhile
            if trouble is None:
                each.done.set_result(None)
            else:
                each.done.set_exception(trouble)
