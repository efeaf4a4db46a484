"""Giving a kept file back, so that it can do nothing on our pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from balie.files.actions import read
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
