"""Outlook's formatted text: unpacked (MS-OXRTFCP) and brought down to plain text. Never raises, in bounded time."""

from __future__ import annotations

import re
import struct

from balie.mail.reading.charsets import decode, storable

MOST_BYTES = 4_000_000

_COMPRESSED = 0x75465A4C  # "LZFu"
_PLAIN = 0x414C454D  # "MELA"
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n\\]", re.DOTALL
)
# Groups with nothing to read in them.
_SILENT = frozenset(["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer"])
_SIGNS = {
    "par": "\n",
    "line": "\n",
    "row": "\n",
    "tab": "\t",
    "cell": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
}
_MOST_DEEP = 200


def decompressed(packed: bytes) -> bytes | None:
    """The RTF in `PR_RTF_COMPRESSED`, at most `MOST_BYTES`; `None` when it is not that."""
    if len(packed) < 16:
        return None
    size, kind = struct.unpack_from("<4xII", packed)
    if kind == _PLAIN:
        return packed[16 : 16 + size][:MOST_BYTES]
    return _expanded(packed, min(size, MOST_BYTES)) if kind == _COMPRESSED else None


def _expanded(packed: bytes, size: int) -> bytes:
    """LZ77 with a ring of 4,096 bytes that begins with the words of every RTF text."""
    ring = bytearray(4096)
    ring[: len(_DICTIONARY)] = _DICTIONARY
    write, position, out = len(_DICTIONARY), 16, bytearray()
    while position < len(packed) and len(out) < size:
        control = packed[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(packed):
                    return bytes(out)
                reference = packed[position] << 8 | packed[position + 1]
                position += 2
                read, length = reference >> 4, (reference & 15) + 2
                if read == write:  # the end
                    return bytes(out[:size])
            else:
                if position >= len(packed):
                    return bytes(out[:size])
                ring[write] = packed[position]
                read, length = write, 1
                position += 1
            for _each in range(length):
                letter = ring[read]
                out.append(letter)
                ring[write] = letter
                read, write = (read + 1) & 4095, (write + 1) & 4095
    return bytes(out[:size])


def rtf_to_text(rtf: bytes) -> str:
    """The words of an RTF text, also of one that was made out of HTML."""
    text = rtf[:MOST_BYTES].decode("latin-1")
    reader = _Reader()
    for token in _TOKEN.finditer(text):
        reader.take(token)
    reader.flush()
    return storable("".join(reader.out)).strip()


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.bytes = bytearray()
        self.codec = "cp1252"
        self.stack: list[tuple[bool, int]] = []
        self.is_silent = False
        self.skipped_after_unicode = 1  # \uc: letters that stand in for a \u
        self.to_skip = 0

    def take(self, token: re.Match[str]) -> None:
        hexadecimal, word, number, sign, brace, plain = token.groups()
        if hexadecimal:
            self._letters(bytes([int(hexadecimal, 16)]))
        elif word:
            self._word(word.lower(), int(number) if number else None)
        elif sign:
            self._sign(sign)
        elif brace:
            self._group(brace)
        elif plain:
            self._letters(plain.encode("latin-1"))

    def _letters(self, letters: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(letters))
            self.to_skip -= skipped
            letters = letters[skipped:]
        if not self.is_silent:
            self.bytes += letters

    def _word(self, word: str, number: int | None) -> None:
        if word == "ansicpg" and number:
            self.codec = f"cp{number}"
        elif word in _SILENT:
            self.is_silent = True
        elif word == "uc":
            self.skipped_after_unicode = min(max(number or 0, 0), 10)
        elif word == "u" and number is not None:
            self._text(chr(number & 0xFFFF))
            self.to_skip = self.skipped_after_unicode
        elif word in _SIGNS:
            self._text(_SIGNS[word])

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.is_silent = True
        elif sign in "\\{}":
            self._letters(sign.encode())
        elif sign == "~":
            self._text(" ")
        elif sign in "\r\n":
            self._text("\n")

    def _group(self, brace: str) -> None:
        if brace == "{":
            if len(self.stack) < _MOST_DEEP:
                self.stack.append((self.is_silent, self.skipped_after_unicode))
        elif self.stack:
            self.is_silent, self.skipped_after_unicode = self.stack.pop()

    def _text(self, text: str) -> None:
        if not self.is_silent:
            self.flush()
            self.out.append(text)

    def flush(self) -> None:
        if self.bytes:
            self.out.append(decode(bytes(self.bytes), self.codec))
            self.bytes.clear()
