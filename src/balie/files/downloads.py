"""Giving a kept file back, so that it can do nothing on our pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from balie.files.actions import path_of, read
from balie.files.models import File

PICTURES: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
"""What a browser may show by itself, and how such a file really begins."""


def download(file: File, *, name: str, content_type: str) -> HttpResponse:
    """An answer with the bytes of `file`: shown when it is a picture, else saved under `name`.

    The browser may not guess another type, and the answer may load nothing and run nothing.
    """
    content = read(file)
    is_picture = content.startswith(PICTURES.get(content_type, ()))
    disposition = content_disposition_header(as_attachment=not is_picture, filename=name)
    return HttpResponse(
        content,
        content_type=content_type if is_picture else "application/octet-stream",
        headers={
            "Content-Disposition": disposition or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )


VIDEOS: Mapping[str, tuple[int, bytes]] = {
    "video/mp4": (4, b"ftyp"),
    "video/webm": (0, b"\x1a\x45\xdf\xa3"),
    "video/ogg": (0, b"OggS"),
}
"""What a browser plays, and how such a file really begins: these bytes, from there."""
LONGEST_STRETCH = 2 * 1024 * 1024
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def video_type(content: bytes) -> str | None:
    """The type of a video by its beginning, or `None` when a browser would not play it."""
    return next(
        (kind for kind, (at, begins) in VIDEOS.items() if content[at : at + len(begins)] == begins), None
    )


def play(file: File, *, content_type: str, stretch: str | None) -> HttpResponse:
    """A video for a player, which asks for it in stretches (`Range: bytes=0-`): at most 2 MB at a time."""
    asked = RANGE.fullmatch(stretch or "")
    first = int(asked[1]) if asked else 0
    if first >= file.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    wanted = int(asked[2]) if asked and asked[2] else file.size - 1
    last = min(wanted, file.size - 1, first + LONGEST_STRETCH - 1) if asked else file.size - 1
    with path_of(file.sha256).open("rb") as source:
        source.seek(first)
        content = source.read(max(0, last - first + 1))
    headers = {
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
    }
    if asked:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return HttpResponse(content, content_type=content_type, status=206 if asked else 200, headers=headers)
