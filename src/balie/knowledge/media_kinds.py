"""Which pictures and videos an article can have, told by how such a file begins, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from django.utils.text import slugify

from balie.files.downloads import PICTURES

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "image/gif": ".gif",
        "video/mp4": ".mp4",
        "video/webm": ".webm",
    }
)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
MP4 = re.compile(rb".{4}ftyp", re.DOTALL)
WEBM = b"\x1a\x45\xdf\xa3"


def kind_of(content: bytes) -> str | None:
    """The content type, or `None` for what is no picture and no video."""
    for content_type, beginnings in PICTURES.items():
        if content.startswith(beginnings):
            return content_type
    if MP4.match(content):
        return "video/mp4"
    return "video/webm" if content.startswith(WEBM) else None


def free_name(name: str, content_type: str, taken: Collection[str]) -> str:
    """A plain name for a file, with the suffix of what it is; with a number when the name is taken."""
    stem = slugify(PurePosixPath(name.replace("\\", "/")).stem)[:60].strip("-_") or "picture"
    suffix = SUFFIXES[content_type]
    found, number = stem + suffix, 2
    while found in taken:
        found, number = f"{stem}-{number}{suffix}", number + 1
    return found
