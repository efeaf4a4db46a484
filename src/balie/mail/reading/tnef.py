"""`winmail.dat`: what Outlook packs into one file when it believes that it writes to another Outlook (MS-OXTNEF).

Own code, because no library for it is kept up. Never raises; what cannot be read is left out, and `is_whole` says so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from balie.mail.reading.charsets import decode
from balie.mail.reading.rtf import decompressed, rtf_to_text

_SIGNATURE = 0x223E9F78
_BODY, _CODEPAGE, _MESSAGE_PROPERTIES = 0x2800C, 0x69007, 0x69003
_BEGINS_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
_SUBJECT = 0x18004
# Properties of a message, and of a file.
_PLAIN, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_CONTENT, _LONG_NAME, _SHOWN_NAME, _TYPE, _CONTENT_ID = 0x3701, 0x3707, 0x3001, 0x370E, 0x3712
_TEXT_8, _TEXT_16, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_MOST_FILES = 1_000
_DEEPEST = 3  # messages inside each other


class _Broken(ValueError):
    """The bytes are not what they should be from here on."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file as Outlook packed it; every text may be empty."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(slots=True)
class Unpacked:
    """What was in it. `is_whole`: all of it could be read, so the packing may be thrown away."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)
    is_whole: bool = True


def unpacked(content: bytes, *, depth: int = 0) -> Unpacked:
    """What `content` holds; empty and not whole when it is no TNEF."""
    found = _Unpacking(depth)
    try:
        for name, value in _attributes(content):
            found.take(name, value)
    except (_Broken, struct.error):
        found.result.is_whole = False
    found.finish_file()
    return found.finished()


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        raise _Broken
    position = 6
    while position < len(content):
        if position + 9 > len(content):
            raise _Broken
        name, length = struct.unpack_from("<xII", content, position)
        begin, end = position + 9, position + 9 + length
        if end + 2 > len(content):
            raise _Broken
        yield name, content[begin:end]
        position = end + 2  # behind the sum of the bytes


class _Unpacking:
    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.codec = "cp1252"
        self.result = Unpacked()
        self.rtf: bytes | None = None
        self.file: dict[int, bytes] | None = None
        self.properties: dict[int, tuple[int, bytes]] = {}

    def take(self, name: int, value: bytes) -> None:
        if name == _CODEPAGE and len(value) >= 4:
            self.codec = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _SUBJECT:
            self.result.subject = self._text(value)
        elif name == _BODY:
            self.result.text = self._text(value)
        elif name == _MESSAGE_PROPERTIES:
            self._take_message(dict(_properties(value)))
        elif name == _BEGINS_FILE:
            self.finish_file()
            self.file, self.properties = {}, {}
        elif self.file is not None and name in {_TITLE, _DATA}:
            self.file[name] = value
        elif self.file is not None and name == _FILE_PROPERTIES:
            self.properties = dict(_properties(value))

    def _take_message(self, properties: dict[int, tuple[int, bytes]]) -> None:
        self.result.text = self.result.text or self._property(properties, _PLAIN)
        self.result.html = self.result.html or self._property(properties, _HTML)
        if _RTF in properties:
            self.rtf = decompressed(properties[_RTF][1])

    def finish_file(self) -> None:
        """Add the file whose attributes have come in."""
        if self.file is None:
            return
        kind, content = self.properties.get(_CONTENT, (_BINARY, b""))
        if len(self.result.files) >= _MOST_FILES:
            self.result.is_whole = False
        elif kind == _OBJECT and struct.pack("<I", _SIGNATURE) == content[16:20]:
            self._add_message(content[16:])
        else:
            self._add_file(self.file.get(_DATA) or content)
        self.file = None

    def _add_file(self, content: bytes) -> None:
        name = self._property(self.properties, _LONG_NAME) or self._text((self.file or {}).get(_TITLE, b""))
        self.result.files.append(
            PackedFile(
                name or self._property(self.properties, _SHOWN_NAME),
                self._property(self.properties, _TYPE).lower(),
                content,
                self._property(self.properties, _CONTENT_ID),
            )
        )

    def _add_message(self, content: bytes) -> None:
        """A message inside the message: its text as a file, and its files."""
        if self.depth >= _DEEPEST:
            self.result.is_whole = False
            return
        inner = unpacked(content, depth=self.depth + 1)
        name = inner.subject or self._property(self.properties, _SHOWN_NAME) or "message"
        body, ending, kind = (
            (inner.html, "html", "text/html") if inner.html else (inner.text, "txt", "text/plain")
        )
        self.result.files.append(PackedFile(f"{name}.{ending}", kind, body.encode()))
        self.result.files += inner.files
        self.result.is_whole &= inner.is_whole

    def finished(self) -> Unpacked:
        if not self.result.text and not self.result.html and self.rtf:
            self.result.text = rtf_to_text(self.rtf)
        return self.result

    def _property(self, properties: dict[int, tuple[int, bytes]], name: int) -> str:
        kind, value = properties.get(name, (_TEXT_8, b""))
        if kind == _TEXT_16:
            return decode(value, "utf-16-le").rstrip("\x00")
        return self._text(value)

    def _text(self, value: bytes) -> str:
        return decode(value.rstrip(b"\x00"), self.codec).replace("\r\n", "\n")


def _properties(value: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """The MAPI properties: number -> (kind, first value)."""
    reader = _Reader(value)
    for _each in range(reader.number()):
        kind, name = struct.unpack("<HH", reader.take(4))
        if name >= 0x8000:
            reader.skip_name()
        is_many, kind = bool(kind & _MANY), kind & ~_MANY
        if kind in {_TEXT_8, _TEXT_16, _BINARY, _OBJECT}:
            values = [reader.take(reader.number()) for _one in range(reader.number())]
        elif kind in _SIZES:
            values = [reader.take(_SIZES[kind]) for _one in range(reader.number() if is_many else 1)]
        else:
            raise _Broken
        if values:
            yield name, (kind, values[0])


class _Reader:
    """Little-endian numbers and padded bytes, one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.position = content, 0

    def take(self, length: int) -> bytes:
        """The next `length` bytes; what pads them to four is passed over."""
        end = self.position + length
        if end > len(self.content):
            raise _Broken
        found = self.content[self.position : end]
        self.position = end + -length % 4
        return found

    def number(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def skip_name(self) -> None:
        self.take(16)
        if self.number() == 0:
            self.number()
        else:
            self.take(self.number())
