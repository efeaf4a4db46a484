"""The files of a message, under names that are safe to show and to store under."""

from __future__ import annotations

import re
from dataclasses import dataclass

from balie.mail.reading.charsets import storable

# Control characters, and marks that make "gnp.exe" read as "exe.png".
_UNSAFE_IN_NAME = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_NOT_IN_NAME = re.compile(r'[<>:"|?*]')
_WHITE = re.compile(r"\s+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_EXTENSIONS = {
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/pdf": ".pdf",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
}
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(frozen=True)
class Attachment:
    """A file in a message. Never unpacked: a zip bomb stays closed.

    `filename` is safe to show and to store under; `content_id` without angle brackets, for `cid:` pictures;
    `is_inline`: meant to be seen inside the text.
    """

    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None
    is_inline: bool = False

    @property
    def size(self) -> int:
        """Bytes of the decoded file."""
        return len(self.content)


def attachment(
    name: str,
    content_type: str,
    content: bytes,
    *,
    number: int,
    content_id: str = "",
    is_inline: bool = False,
    most: int = 120,
) -> Attachment:
    """A file as the sender named it (or not), under a safe name; `number`: which of the message's files it is."""
    return Attachment(
        filename=safe_filename(name, content_type, number, most=most),
        content_type=content_type if _CONTENT_TYPE.fullmatch(content_type) else "application/octet-stream",
        content=content,
        content_id=storable(content_id.strip("<> ")) or None,
        is_inline=is_inline,
    )


def safe_filename(name: str, content_type: str = "", number: int = 1, *, most: int = 120) -> str:
    """`name` as a file name without path, control characters and marks that turn the reading direction.

    Never empty, never hidden, at most `most` characters with the extension kept; `file-1.pdf` when nothing of
    the name is left.
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE_IN_NAME.sub("", storable(name))
    name = _WHITE.sub(" ", _NOT_IN_NAME.sub("_", name)).strip(" .")
    if not name.strip("_"):
        otherwise = ".txt" if content_type.startswith(("text/", "message/")) else ".bin"
        return f"file-{number}{_EXTENSIONS.get(content_type, otherwise)}"
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(name) > most:
        stem, dot, extension = name.rpartition(".")
        keep = dot + extension if stem and len(extension) <= 10 else ""
        name = name[: most - len(keep)].rstrip(" .") + keep
    return name
