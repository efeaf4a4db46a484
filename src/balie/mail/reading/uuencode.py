"""Files inside plain text, as programs sent them before MIME, and scanners and old systems still do."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(r"^begin [0-7]{3,4} (?P<name>[^\n]{1,200})\n", re.MULTILINE)
_MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A file between `begin` and `end`."""

    name: str
    content: bytes


def without_files(text: str) -> tuple[str, list[InlineFile]]:
    """`text` without the files in it, and the files. What cannot be decoded to its `end` stays text."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[InlineFile] = []
    position = 0
    for _attempt in range(_MOST_FILES):
        begin = _BEGIN.search(text, position)
        if begin is None:
            break
        end = text.find("\nend", begin.end() - 1)
        content = decoded(text[begin.end() : end]) if end != -1 else None
        if content is None:
            kept.append(text[position : begin.end()])
            position = begin.end()
            continue
        kept.append(text[position : begin.start()])
        files.append(InlineFile(begin["name"].strip(), content))
        position = end + len("\nend")
    return "".join([*kept, text[position:]]), files


def decoded(lines: str) -> bytes | None:
    """The lines between `begin` and `end` as bytes; `None` when one of them is no uuencode."""
    try:
        return b"".join(binascii.a2b_uu(line.encode("ascii")) for line in lines.split("\n") if line.strip())
    except (binascii.Error, UnicodeError):
        return None
