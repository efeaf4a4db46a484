"""Styles and scripts: an address that changes with the content, and a small ASGI app that serves them from memory.

No collected copy is needed: files are found where their apps keep them, read once, compressed once.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

COMPRESSIBLE = ("text/", "image/svg+xml", "application/javascript", "application/json")
LEVEL = 6
"""Of compression: a hundredth larger than the best, in a third of the time, before the first page."""
FOR_A_YEAR = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"public, max-age=0, must-revalidate"


@dataclass(frozen=True)
class StaticFile:
    """One file, ready to send."""

    body: bytes
    compressed: bytes | None
    media_type: str
    etag: str


class VersionedStorage(StaticFilesStorage):
    """Adds a piece of the content's hash to the address, so that browsers may keep a file for a year."""

    def url(self, name: str | None) -> str:
        address: str = super().url(name)
        found = find(name) if name else None
        return f"{address}?v={found.etag[:10]}" if found else address


_read: dict[str, StaticFile] = {}
"""What was found; as many as there are files, because what is not found is not remembered."""


def find(name: str) -> StaticFile | None:
    """The static file of this name (`vendor/tabler.min.css`), or `None`. Read once in a process's life."""
    if name not in _read:
        try:
            path = finders.find(name)
        except (SuspiciousFileOperation, ValueError):
            return None
        if not isinstance(path, str) or not Path(path).is_file():
            return None
        _read[name] = read(Path(path), name)
    return _read[name]


def read(path: Path, name: str) -> StaticFile:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    compressed = (
        gzip.compress(body, LEVEL, mtime=0)
        if media_type.startswith(COMPRESSIBLE) and len(body) > 500
        else None
    )
    return StaticFile(body, compressed, media_type, hashlib.sha256(body).hexdigest()[:20])


async def static_files(scope: MutableMapping[str, Any], send: Send, *, below: str) -> None:
    """Answer a request for a file below the path `below` (`/static/`)."""
    headers = dict(scope["headers"])
    name = unquote(scope["path"]).removeprefix(below)
    found = find(name) if scope["method"] in {"GET", "HEAD"} else None
    if found is None:
        await _send(send, 404, [(b"content-type", b"text/plain")], b"Not found.")
        return
    etag = f'"{found.etag}"'.encode()
    lasting = f"v={found.etag[:10]}".encode() in scope["query_string"]
    common = [
        (b"etag", etag),
        (b"cache-control", FOR_A_YEAR if lasting else ASK_AGAIN),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if etag in headers.get(b"if-none-match", b""):
        await _send(send, 304, common, b"")
        return
    body, encoding = found.body, []
    if found.compressed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
        body, encoding = found.compressed, [(b"content-encoding", b"gzip")]
    text = found.media_type.startswith("text/")
    media_type = f"{found.media_type}; charset=utf-8" if text else found.media_type
    length = (b"content-length", str(len(body)).encode())
    whole = [*common, *encoding, (b"content-type", media_type.encode()), length]
    await _send(send, 200, whole, b"" if scope["method"] == "HEAD" else body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
