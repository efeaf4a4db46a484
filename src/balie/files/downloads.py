"""Giving a kept file back, so that it can do nothing on our pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import FileResponse

from balie.files.actions import path_of
from balie.files.models import File

PICTURES: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
"""What a browser may show by itself, and how such a file really begins."""


def download(file: File, *, name: str, content_type: str) -> FileResponse:
    """An answer with the bytes of `file`: shown when it is a picture, else saved under `name`.

    The browser may not guess another type, and the answer may load nothing and run nothing.
    """
    content = path_of(file.sha256).open("rb")
    is_picture = content.read(8).startswith(PICTURES.get(content_type, ()))
    content.seek(0)
    answer = FileResponse(
        content,
        as_attachment=not is_picture,
        filename=name,
        content_type=content_type if is_picture else "application/octet-stream",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
