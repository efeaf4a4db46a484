"""Messages out of one file: a single message (`.eml`), or many behind each other (mbox, RFC 4155 and `mboxrd`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BEGIN = b"From "
PIECE = 1024 * 1024

_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = frozenset({b"\n", b"\r\n"})


@dataclass(frozen=True, slots=True)
class Found:
    """One message, `None` when it is larger than asked for, and where in the file the next one begins."""

    raw: bytes | None
    ends_at: int


def messages(file: BinaryIO, *, largest: int) -> Iterator[Found]:
    """The messages from where the file stands, one after the other; empty ones are passed over.

    In an mbox a message begins at a line `From ` after an empty line. Memory: one message of at most `largest` bytes.
    """
    is_mbox = file.peek(len(BEGIN))[: len(BEGIN)] == BEGIN if hasattr(file, "peek") else False
    if is_mbox:
        file.readline(PIECE)
    collected, size, after_blank, at_line_start = bytearray(), 0, False, True
    while line := file.readline(PIECE):
        if is_mbox and at_line_start and after_blank and line.startswith(BEGIN):
            begins_at = file.tell() - len(line)
            if size:
                yield Found(_whole(collected, size, largest, is_mbox=True), begins_at)
            collected, size, after_blank = bytearray(), 0, False
            continue
        size += len(line)
        if size <= largest:
            collected += line
        else:
            collected.clear()
        after_blank, at_line_start = at_line_start and line in _BLANK, line.endswith(b"\n")
    if size:
        yield Found(_whole(collected, size, largest, is_mbox=is_mbox), file.tell())


def _whole(collected: bytearray, size: int, largest: int, *, is_mbox: bool) -> bytes | None:
    if size > largest:
        return None
    raw = bytes(collected)
    if not is_mbox:
        return raw
    raw = raw.removesuffix(b"\r\n") if raw.endswith(b"\n\r\n") else raw
    raw = raw.removesuffix(b"\n") if raw.endswith(b"\n\n") else raw
    return _QUOTED.sub(rb"\1", raw)
