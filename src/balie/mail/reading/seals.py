"""Signed and encrypted mail (S/MIME, PGP): what kind of seal a message has, and what exactly lies under it.

Nothing is checked here: that needs keys, and programs that know them (`balie.mail.signatures`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from balie.mail.reading.mime import Part

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED_DATA = frozenset(
    [bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117")]  # and with authentication
)
SMIME_TYPES = frozenset(["application/pkcs7-mime", "application/x-pkcs7-mime"])
_SMIME_SIGNATURES = frozenset(["application/pkcs7-signature", "application/x-pkcs7-signature"])
_OBJECT_IDENTIFIER, _CONSTRUCTED, _UNTIL_THE_MARK = 0x06, 0x20, 0x80
_DEEPEST = 30
_SIGNED, _SIGNATURE, _END = "SIGNED MESSAGE", "BEGIN PGP SIGNATURE", "END PGP SIGNATURE"
_ENCRYPTED, _END_ENCRYPTED = "MESSAGE", "END PGP MESSAGE"
_DASHED = re.compile(r"^- ", re.MULTILINE)


class SealKind(StrEnum):
    SMIME = "smime"
    PGP = "pgp"


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal of a message.

    `signed`: the bytes that the signature is about, as they came; `None` when `signature` holds them itself or the
    message is encrypted. `covers_all`: nothing that is shown lies outside the seal.
    """

    kind: SealKind
    is_encrypted: bool
    signature: bytes = b""
    signed: bytes | None = None
    covers_all: bool = True


def seal_of_multipart(part: Part, children: list[Part]) -> Seal | None:
    """The seal that a `multipart/signed` or `multipart/encrypted` is; `None` when it is neither, or incomplete."""
    covers_all = part.depth == 0
    if len(children) < 2:
        return None
    protocol, second = part.parameters.get("protocol", "").lower(), children[1]
    if part.content_type == "multipart/encrypted":
        return Seal(SealKind.PGP, is_encrypted=True, signature=second.content(), covers_all=covers_all)
    if part.content_type != "multipart/signed":
        return None
    first = children[0]
    covers_all = covers_all and len(children) == 2
    if second.content_type in _SMIME_SIGNATURES or protocol in _SMIME_SIGNATURES:
        kind = SealKind.SMIME
    elif "application/pgp-signature" in {second.content_type, protocol}:
        kind = SealKind.PGP
    else:
        return None
    signed = part.raw[first.start : first.end]
    return Seal(kind, is_encrypted=False, signature=second.content(), signed=signed, covers_all=covers_all)


def seal_of_file(part: Part, content: bytes) -> Seal | None:
    """The seal that an `smime.p7m` is: signed with the message inside, or encrypted; `None` when it is neither."""
    covers_all = part.depth == 0
    kind = _content_kind(content)
    if kind == _SIGNED_DATA:
        return Seal(SealKind.SMIME, is_encrypted=False, signature=content, covers_all=covers_all)
    if kind in _ENVELOPED_DATA:
        return Seal(SealKind.SMIME, is_encrypted=True, signature=content, covers_all=covers_all)
    return None


@dataclass(frozen=True, slots=True)
class Armoured:
    """A text with PGP in it: the words without the armour, the seal, and its bytes to keep as a file."""

    words: str
    seal: Seal
    block: bytes


def seal_in_text(text: str, bytes_of: Callable[[], bytes], *, is_whole_message: bool) -> Armoured | None:
    """The first PGP block in a plain text, taken off; `None` when there is none. One that is quoted does not count.

    `bytes_of`: the same text before its letters were decoded: the signature is about those bytes.
    """
    if "-----BEGIN PGP " not in text:
        return None
    found = _signed_block(text) or _encrypted_block(text)
    if found is None:
        return None
    before, words, after, is_encrypted, (begins, ends) = found
    covers_all = is_whole_message and not before.strip() and not after.strip()
    content = bytes_of()
    block = content[content.find(begins) : content.find(ends, content.find(begins)) + len(ends)]
    seal = Seal(SealKind.PGP, is_encrypted, signature=block, covers_all=covers_all)
    return Armoured(before + words + after, seal, block)


_Block = tuple[str, str, str, bool, tuple[bytes, bytes]]


def _signed_block(text: str) -> _Block | None:
    """What stands before the first signed text, its words, what stands behind; and its first and last line."""
    begin = _line(text, f"BEGIN PGP {_SIGNED}", 0)
    head = text.find("\n\n", begin) if begin != -1 else -1  # behind "Hash: …"
    signature = _line(text, _SIGNATURE, head) if head != -1 else -1
    end = _line(text, _END, signature) if signature != -1 else -1
    if end == -1:
        return None
    words = _DASHED.sub("", text[head + 2 : max(head + 2, signature - 1)])
    return text[:begin], words, text[end + len(_dashed(_END)) :], False, _edges(f"BEGIN PGP {_SIGNED}", _END)


def _encrypted_block(text: str) -> _Block | None:
    begin = _line(text, f"BEGIN PGP {_ENCRYPTED}", 0)
    end = _line(text, _END_ENCRYPTED, begin) if begin != -1 else -1
    if end == -1:
        return None
    after = text[end + len(_dashed(_END_ENCRYPTED)) :]
    return text[:begin], "", after, True, _edges(f"BEGIN PGP {_ENCRYPTED}", _END_ENCRYPTED)


def _line(text: str, mark: str, start: int) -> int:
    """Where the line `-----mark-----` begins, from `start` on; -1 when there is none."""
    if start == 0 and text.startswith(_dashed(mark)):
        return 0
    found = text.find(f"\n{_dashed(mark)}", max(0, start - 1))
    return found + 1 if found != -1 else -1


def _dashed(mark: str) -> str:
    return f"-----{mark}-----"


def _edges(first: str, last: str) -> tuple[bytes, bytes]:
    return _dashed(first).encode(), _dashed(last).encode()


# --- Inside an smime.p7m ----------------------------------------------------------------------------------


def enclosed_message(content: bytes) -> bytes | None:
    """The message that a signed `smime.p7m` holds, or `None`; the signature is not looked at."""
    try:
        if _content_kind(content) != _SIGNED_DATA:
            return None
        signed = _children(
            content, _child(content, _child(content, _element(content, 0, len(content)), 1), 0)
        )
        octets = _child(content, _child(content, signed[2], 1), 0)
        pieces = _children(content, octets) if octets.tag & _CONSTRUCTED else [octets]
        return b"".join(content[piece.start : piece.end] for piece in pieces)
    except (IndexError, ValueError):
        return None


def _content_kind(content: bytes) -> bytes:
    """The object identifier at the beginning of a CMS structure; empty when it is none."""
    try:
        name = _child(content, _element(content, 0, len(content)), 0)
    except (IndexError, ValueError):
        return b""
    return content[name.start : name.end] if name.tag == _OBJECT_IDENTIFIER else b""


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of ASN.1 in BER: its content is `start` to `end`, the next one begins at `after`."""

    tag: int
    start: int
    end: int
    after: int


def _element(content: bytes, position: int, end: int, depth: int = 0) -> _Element:
    """The element at `position`. Raises IndexError or ValueError when there is none that can be read."""
    tag, length, start = content[position], content[position + 1], position + 2
    if depth > _DEEPEST or tag & 31 == 31:
        raise ValueError("no such element")
    if length == _UNTIL_THE_MARK:
        position = start
        while content[position : position + 2] != b"\x00\x00":
            position = _element(content, position, end, depth + 1).after
        return _Element(tag, start, position, position + 2)
    if length & 0x80:
        width = length & 0x7F
        length = int.from_bytes(content[start : start + width])
        start += width
    if start + length > end:
        raise ValueError("an element that goes on behind the end")
    return _Element(tag, start, start + length, start + length)


def _children(content: bytes, parent: _Element) -> list[_Element]:
    found, position = [], parent.start
    while position < parent.end:
        found.append(_element(content, position, parent.end))
        position = found[-1].after
    return found


def _child(content: bytes, parent: _Element, number: int) -> _Element:
    """One child; those behind it are not looked at."""
    position = parent.start
    for _before in range(number):
        position = _element(content, position, parent.end).after
    return _element(content, position, parent.end)
