"""One port: `/live/` goes to the bare live-update app, `/static/` to memory, everything else to Django."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
os.environ.setdefault("BALIE_PROCESS", "web")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from django.conf import settings
from django.db import connections

from balie.config.static_files import static_files
from balie.live.stream import LiveUpdates

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NOT_FOR_A_PLAIN_CONNECTION = ("cursor_factory", "context", "pool", "prepare_threshold")


def connect_parameters() -> dict[str, Any]:
    """What psycopg needs for a connection of its own to Django's database."""
    parameters = connections["default"].get_connection_params()
    return {key: value for key, value in parameters.items() if key not in NOT_FOR_A_PLAIN_CONNECTION}


live = LiveUpdates(connect_parameters)


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """The outer ASGI app that the web server runs."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith("/live/"):
        await live(scope, receive, send)
    elif scope["path"].startswith(settings.STATIC_URL):
        await static_files(scope, send, below=settings.STATIC_URL)
    else:
        await django(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            live.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
