"""A picture of a receipt as a shop would send it, drawn with the standard library."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 480, 640
LEFT, TOP, PAPER_WIDTH, PAPER_HEIGHT = 90, 60, 300, 520
DOT = 4
TABLE, PAPER, INK, SHADOW = 96, 236, 48, 70

GLYPHS = {
    " ": "00000", "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644", "G": "34553",
    "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447", "M": "57755", "N": "67555", "O": "25552",
    "P": "65644", "Q": "25563", "R": "65655", "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775",
    "X": "55255", "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "61247", "3": "61216", "4": "55711",
    "5": "74616", "6": "34757", "7": "71222", "8": "75257", "9": "75716", ",": "00024", ".": "00002", ":": "02020",
    "-": "00700", "%": "51245", "*": "05250", "&": "25253",
}  # fmt: skip
"""Letters of three by five dots: a digit is a row of three bits, top first."""


def receipt(lines: Sequence[str]) -> bytes:
    """A PNG of a slightly tilted receipt on a table with these lines; at most 17 letters each are shown."""
    paper = [bytearray([PAPER]) * PAPER_WIDTH for _row in range(PAPER_HEIGHT)]
    for number, line in enumerate(lines):
        _write(paper, line.upper()[:17], left=20, top=24 + number * 28)
    rows = [bytearray([TABLE + (y * 24) // HEIGHT]) * WIDTH for y in range(HEIGHT)]
    for y, strip in enumerate(paper):
        left = LEFT + y // 14
        row = rows[TOP + y]
        row[left + 8 : left + PAPER_WIDTH + 8] = bytes([SHADOW]) * PAPER_WIDTH
        row[left : left + PAPER_WIDTH] = strip
    return _png(rows)


def _write(paper: list[bytearray], text: str, *, left: int, top: int) -> None:
    for position, letter in enumerate(text):
        for y, digit in enumerate(GLYPHS.get(letter, GLYPHS[" "])):
            for x in range(3):
                if int(digit) & (4 >> x):
                    start = left + (position * 4 + x) * DOT
                    for row in paper[top + y * DOT : top + (y + 1) * DOT]:
                        row[start : start + DOT] = bytes([INK]) * DOT


def _png(rows: Sequence[bytearray]) -> bytes:
    """Eight-bit grey, without filters."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\x00" + row for row in rows), 6)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
