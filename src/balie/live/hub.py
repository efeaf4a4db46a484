"""From PostgreSQL's notifications to the browsers of this process: one `LISTEN` connection, fanned out in memory."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from balie.live.actions import CHANNEL

logger = logging.getLogger(__name__)

LONGEST_QUEUE = 100
LONGEST_REPLAY = 500
OVERLAP_EVENTS = 1000
OVERLAP_SECONDS = 10
RECONNECT_SECONDS = 1.0

MISSED = """
    SELECT seq, topic, data FROM live_event
    WHERE topic = ANY(%(topics)s)
      AND (seq > %(after)s OR (seq > %(after)s - %(overlap)s AND at > now() - make_interval(secs => %(seconds)s)))
    ORDER BY seq LIMIT %(limit)s
"""
FORGOTTEN = """
    SELECT %(after)s < coalesce((SELECT min(seq) FROM live_event), (SELECT last_value + 1 FROM live_event_seq_seq)) - 1
"""
SINCE = """
    SELECT seq, topic, data FROM live_event
    WHERE topic = ANY(%(topics)s) AND at > to_timestamp(%(since)s) ORDER BY seq LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Event:
    """One thing that changed. `seq` grows, but transactions may commit out of its order."""

    seq: int
    topic: str
    data: Any

    def as_sse(self) -> bytes:
        """As the browser's EventSource reads it: the topic is the event's name."""
        return f"id: {self.seq}\nevent: {self.topic}\ndata: {json.dumps(self.data)}\n\n".encode()


RELOAD = b"event: reload\ndata: {}\n\n"
"""Told to a browser that missed more than can be replayed: load the page anew."""


class Listener:
    """One browser. What it has not been sent yet waits here; one that is too slow is dropped and comes back."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = frozenset(topics)
        self.is_over = False
        self._waiting: deque[bytes] = deque()
        self._wake = asyncio.Event()

    def offer(self, chunk: bytes) -> None:
        if len(self._waiting) >= LONGEST_QUEUE:
            self.end()
        elif not self.is_over:
            self._waiting.append(chunk)
            self._wake.set()

    def end(self) -> None:
        self.is_over = True
        self._wake.set()

    async def chunks(self, *, heartbeat_seconds: float) -> AsyncIterator[bytes]:
        """What to send, until the end; a comment when nothing happened for a while, so that proxies keep the line."""
        while not self.is_over:
            try:
                async with asyncio.timeout(heartbeat_seconds):
                    await self._wake.wait()
            except TimeoutError:
                yield b":\n\n"
                continue
            self._wake.clear()
            waiting, self._waiting = self._waiting, deque()
            if waiting:
                yield b"".join(waiting)


class Hub:
    """The listeners of one process and its one connection to PostgreSQL. Lives in one event loop."""

    def __init__(self, connect_parameters: Callable[[], dict[str, Any]]) -> None:
        self._connect_parameters = connect_parameters
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self._reader: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._last_seq: int | None = None
        self.is_closed = False

    @property
    def listeners(self) -> set[Listener]:
        return set().union(*self._by_topic.values())

    @contextlib.asynccontextmanager
    async def listening(self, topics: Iterable[str]) -> AsyncIterator[Listener]:
        """A listener that hears everything from now on; raises `TimeoutError` when the database is away."""
        listener = Listener(topics)
        for topic in listener.topics:
            self._by_topic[topic].add(listener)
        try:
            if self._reader is None:
                self._reader = asyncio.create_task(self._read())
            async with asyncio.timeout(10):
                await self._listening.wait()
            yield listener
        finally:
            for topic in listener.topics:
                self._by_topic[topic].discard(listener)
                if not self._by_topic[topic]:
                    del self._by_topic[topic]

    async def missed(self, topics: Iterable[str], *, after: int | None, since: float) -> list[bytes]:
        """What was committed while a browser was away: after event number `after`, or, the first time, since a moment.

        `since` is in epoch seconds. Some events may come twice, because numbers may be committed out of order; none is
        left out: a browser that was away for longer than events are kept loads its page anew.
        """
        values = {"topics": sorted(topics), "limit": LONGEST_REPLAY + 1}
        async with await self._connection() as connection:
            if after is None:
                found = await connection.execute(SINCE, values | {"since": since})
            else:
                forgotten = await connection.execute(FORGOTTEN, {"after": after})
                if (row := await forgotten.fetchone()) and row[0]:
                    return [RELOAD]
                found = await connection.execute(
                    MISSED, values | {"after": after, "overlap": OVERLAP_EVENTS, "seconds": OVERLAP_SECONDS}
                )
            rows = await found.fetchall()
        if len(rows) > LONGEST_REPLAY:
            return [RELOAD]
        return [Event(*row).as_sse() for row in rows]

    def publish(self, event: Event) -> None:
        """Give an event to every listener of its topic; encoded once."""
        self._last_seq = max(event.seq, self._last_seq or 0)
        if listeners := self._by_topic.get(event.topic):
            chunk = event.as_sse()
            for listener in tuple(listeners):
                listener.offer(chunk)

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self.is_closed = True
        for listener in self.listeners:
            listener.end()
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self) -> None:
        """Read notifications for ever; after a broken connection, catch up before going on."""
        while True:
            try:
                async with await self._connection() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._catch_up(connection)
                    self._listening.set()
                    async for notice in connection.notifies():
                        self.publish(Event(**json.loads(notice.payload)))
            except (psycopg.Error, OSError) as error:
                logger.warning("Live updates lost the database and try again: %s", error)
                self._listening.clear()
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _catch_up(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if self._last_seq is None:
            return
        values = {
            "topics": sorted(self._by_topic),
            "after": self._last_seq,
            "overlap": OVERLAP_EVENTS,
            "seconds": OVERLAP_SECONDS,
            "limit": LONGEST_REPLAY + 1,
        }
        rows = await (await connection.execute(MISSED, values)).fetchall()
        if len(rows) > LONGEST_REPLAY:
            for listener in self.listeners:
                listener.offer(RELOAD)
        for row in rows:
            self.publish(Event(*row))

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(**self._connect_parameters(), autocommit=True)
