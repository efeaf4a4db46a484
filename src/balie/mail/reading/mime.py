"""The parts of a message: where each begins and ends in the bytes as they came.

Not the standard library's feed parser: that one calls itself for every level of nesting (a message nested a
thousand deep ends in a RecursionError) and looks at every line once for every level. This one looks for
boundaries only, stops at the limits it is given, and keeps what lies beyond them as one piece.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from balie.mail.reading.charsets import decode
from balie.mail.reading.headers import decode_base64, header_text, parameters
from balie.mail.reading.uuencode import decoded

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_NOT_A_HEADER = re.compile(rb">?From (?![ \t]*:)[^\n]*(?:\n|\Z)")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,200}?)[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a message is taken apart. What lies beyond is kept whole in the raw message, never refused."""

    depth: int = 30  # multiparts inside each other
    parts: int = 1_000
    headers: int = 1_000  # of one part
    header_bytes: int = 100_000  # of one header's value
    text_characters: int = 2_000_000  # of the text, and of the HTML, of one message
    addresses: int = 500  # of one line
    filename_characters: int = 120


@dataclass(slots=True)
class Tally:
    """What one message has used of its limits, and what was wrong with it."""

    limits: Limits
    parts: int = 0
    problems: dict[str, None] = field(default_factory=dict)

    def note(self, problem: str) -> None:
        self.problems[problem] = None


class Part:
    """A message or a part of one: its headers, and the stretch of `raw` that is its body."""

    def __init__(
        self, raw: bytes, start: int, end: int, tally: Tally, depth: int = 0, default: str = "text/plain"
    ) -> None:
        self.raw, self.start, self.end = raw, start, end
        self.tally, self.depth = tally, depth
        self.headers: dict[str, list[bytes]] = {}
        self.body_start = self._read_headers()
        kind = self.first("content-type")
        self.content_type, self.parameters = parameters(kind) if kind else ("", {})
        if self.content_type.count("/") != 1:
            self.content_type = default

    def _read_headers(self) -> int:
        """Fill `headers`; returns where the body begins."""
        raw, position = self.raw, self.start
        if raw.startswith((b"From ", b">From "), position, self.end) and (
            line := _NOT_A_HEADER.match(raw, position, self.end)
        ):
            position = line.end()
        limits, count = self.tally.limits, 0
        while header := _HEADER.match(raw, position, self.end):
            position = header.end()
            count += 1
            if count > limits.headers:
                self.tally.note("more headers than are read")
                continue
            value = header[2][: limits.header_bytes]
            self.headers.setdefault(header[1].decode("ascii").lower(), []).append(value)
        for blank in (b"\r\n", b"\n"):
            if raw.startswith(blank, position, self.end):
                return position + len(blank)
        if position < self.end:
            self.tally.note("no empty line between headers and text")
        return position

    def first(self, name: str) -> bytes | None:
        """The first header called `name` (lower case), as it came, or `None`."""
        values = self.headers.get(name)
        return values[0] if values else None

    def text_of(self, name: str) -> str:
        """The first header called `name` decoded to one line; empty when there is none."""
        value = self.first(name)
        return header_text(value) if value else ""

    def undecoded(self, name: str) -> str:
        """All headers called `name` in one line, encoded words left as they are: for addresses and IDs."""
        values = self.headers.get(name)
        return ", ".join(decode(value) for value in values) if values else ""

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @cached_property
    def disposition(self) -> tuple[str, dict[str, str]]:
        value = self.first("content-disposition")
        return parameters(value) if value else ("", {})

    @property
    def filename(self) -> str:
        """The name that the sender gave to the file, as it came; empty when it has none."""
        return self.disposition[1].get("filename") or self.parameters.get("name", "")

    @property
    def encoded_body(self) -> bytes:
        return self.raw[self.body_start : self.end]

    def content(self) -> bytes:
        """The body with its transfer encoding undone; what cannot be undone stays as it came."""
        encoding = (self.first("content-transfer-encoding") or b"").strip(b' \t\r\n"').lower()
        if encoding == b"base64":
            return decode_base64(self.encoded_body)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(self.encoded_body)
        if encoding in {b"x-uuencode", b"uuencode", b"x-uue", b"uue"}:
            return _decode_uu(self.encoded_body)
        return self.encoded_body

    def text(self) -> str:
        """The body as text with `\\n` line ends."""
        text = decode(self.content(), self.parameters.get("charset")).removeprefix("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def children(self) -> list[Part] | None:
        """The parts of a multipart; `None` when it has none that can be read, or lies too deep."""
        if not self.is_multipart:
            return None
        if self.depth >= self.tally.limits.depth:
            self.tally.note("parts nested deeper than are read")
            return None
        default = "message/rfc822" if self.content_type == "multipart/digest" else "text/plain"
        found = [
            Part(self.raw, start, end, self.tally, self.depth + 1, default)
            for start, end in self._stretches()
        ]
        if not found:
            self.tally.note("a multipart without parts")
        return found or None

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Where the parts lie, in order; a last part without closing boundary reaches to the end."""
        boundary = self._boundary()
        if boundary is None:
            return
        begin: int | None = None
        for line_start, line_end, is_last in _boundary_lines(self.raw, self.body_start, self.end, boundary):
            if begin is not None:
                yield begin, max(begin, line_start)
                self.tally.parts += 1
            begin = line_end
            if is_last:
                return
            if self.tally.parts >= self.tally.limits.parts:
                self.tally.note("more parts than are read")
                break
        if begin is not None and begin < self.end:
            self.tally.note("a multipart without its end")
            self.tally.parts += 1
            yield begin, self.end

    def _boundary(self) -> bytes | None:
        declared = self.parameters.get("boundary", "").rstrip()
        if declared:
            return declared.encode("utf-8", "replace")
        guessed = _GUESSED_BOUNDARY.search(self.raw, max(0, self.body_start - 1), self.end)
        return guessed[1] if guessed else None


def _boundary_lines(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """The lines that are `--boundary` or `--boundary--`: start (of the line end before), end, is it the last."""
    mark = b"--" + boundary
    position = raw.find(mark, start, end)
    while position != -1:
        after = position + len(mark)
        if position == start or raw[position - 1 : position] == b"\n":
            line_end = raw.find(b"\n", after, end)
            line_end = end if line_end == -1 else line_end + 1
            rest = raw[after : min(line_end, after + 200)].strip()
            if rest in {b"", b"--"}:
                yield _before_line_end(raw, start, position), line_end, rest == b"--"
                after = line_end
        position = raw.find(mark, after, end)


def _before_line_end(raw: bytes, start: int, position: int) -> int:
    """The line end before a boundary belongs to the boundary, not to the part."""
    if position > start and raw[position - 1 : position] == b"\n":
        position -= 1
        if position > start and raw[position - 1 : position] == b"\r":
            position -= 1
    return position


def _decode_uu(content: bytes) -> bytes:
    """The file between `begin` and `end`; the content itself when there is none."""
    _before, begin, rest = content.decode("latin-1").replace("\r", "").partition("begin ")
    lines = rest.partition("\n")[2].partition("\nend")[0]
    found = decoded(lines) if begin else None
    return content if found is None else found
