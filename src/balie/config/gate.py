"""While the tables are still being made, every page says so; the supervisor's gate file tells when that is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Balie</title></head>
<body><p lang="nl">Balie start. Een ogenblik…</p><p>Balie is starting. One moment…</p></body></html>
""".encode()


class Gate:
    """Closed as long as the file exists; once it was seen open it costs nothing more."""

    def __init__(self, path: str | None) -> None:
        self._path = Path(path) if path else None

    def is_closed(self) -> bool:
        if self._path is not None and not self._path.exists():
            self._path = None
        return self._path is not None

    async def answer(self, send: Callable[[Any], Awaitable[None]]) -> None:
        """503, and please ask again in a second."""
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(PAGE)).encode()),
            (b"retry-after", b"1"),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE, "more_body": False})
