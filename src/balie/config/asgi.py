"""One port: `/live/` goes to the bare live-update app, `/static/` to memory, everything else to Django."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Thread
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
os.environ.setdefault("BALIE_PROCESS", "web")
gc.disable()  # what is loaded now stays as long as the process: looking for garbage in it finds none

from balie.config import pages  # noqa: E402

django = pages.application()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from balie.config.gate import Gate  # noqa: E402
from balie.config.static_files import static_files  # noqa: E402
from balie.live.stream import LiveUpdates  # noqa: E402

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[Any], Awaitable[None]]

NOT_FOR_A_PLAIN_CONNECTION = ("cursor_factory", "context", "prepare_threshold")


def connect_parameters() -> dict[str, Any]:
    """What psycopg needs for a connection of its own to Django's database."""
    parameters = connections["default"].get_connection_params()
    return {key: value for key, value in parameters.items() if key not in NOT_FOR_A_PLAIN_CONNECTION}


live = LiveUpdates(connect_parameters)
gc.freeze()
gc.enable()
gate = Gate(os.environ.get("BALIE_GATE"))
if gate.is_closed():
    Thread(target=pages.warm_up, name="warm-up", daemon=True).start()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The outer ASGI app that the web server runs."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith("/live/"):
        await live(scope, receive, send)
    elif scope["path"].startswith(settings.STATIC_URL):
        await static_files(scope, send, below=settings.STATIC_URL)
    elif gate.is_closed():
        await gate.answer(send)
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
