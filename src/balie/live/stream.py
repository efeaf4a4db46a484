"""The bare ASGI app at `/live/?token=…`: server-sent events, beside Django and not through its middleware."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from balie.live.hub import Hub
from balie.live.tokens import Token, read_token

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = (1000, 4000)
SINCE_OVERLAP_SECONDS = 2.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class LiveUpdates:
    """The app; one per process. Its hub begins with the first browser."""

    def __init__(
        self, connect_parameters: Callable[[], dict[str, Any]], *, heartbeat: float = HEARTBEAT_SECONDS
    ) -> None:
        self._connect_parameters = connect_parameters
        self._heartbeat = heartbeat
        self._hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await answer(send, 405)
            return
        token = read_token(parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])[0])
        if token is None:
            await answer(send, 403)
            return
        hub = self.hub()
        if hub.is_closed:
            await answer(send, 503)
            return
        try:
            await self._stream(hub, token, _last_event_id(scope), receive, send)
        except TimeoutError:
            await answer(send, 503)

    def hub(self) -> Hub:
        if self._hub is None:
            self._hub = Hub(self._connect_parameters)
            end_at_signal(self._hub)
        return self._hub

    def close(self) -> None:
        if self._hub is not None:
            self._hub.close()

    async def _stream(self, hub: Hub, token: Token, after: int | None, receive: Receive, send: Send) -> None:
        async with hub.listening(token.topics) as listener:
            missed = await hub.missed(
                token.topics, after=after, since=token.issued_at - SINCE_OVERLAP_SECONDS
            )
            gone = asyncio.create_task(_end_when_gone(receive, listener.end))
            try:
                await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
                first = f"retry: {random.randint(*RETRY_MILLISECONDS)}\n\n".encode() + b"".join(missed)
                await send({"type": "http.response.body", "body": first, "more_body": True})
                async for chunk in listener.chunks(heartbeat_seconds=self._heartbeat):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                gone.cancel()


async def answer(send: Send, status: int) -> None:
    """An answer without a body."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def end_at_signal(hub: Hub) -> None:
    """End the streams as soon as the process is told to stop: the server waits for open answers before it stops.

    The event loop's own handling of the signal goes on as before.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def heard(signum: int, frame: Any, before: Any = before) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(hub.close)
            if callable(before):
                before(signum, frame)

        signal.signal(number, heard)


async def _end_when_gone(receive: Receive, end: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    end()


def _last_event_id(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"last-event-id":
            text = value.decode("ascii", "replace")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return None
