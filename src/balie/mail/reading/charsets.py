"""Bytes of unknown honesty into text: declared charsets, wrong ones, and none at all."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What programs write, and what they mean by it. ISO-8859-1 is read as Windows-1252, as browsers do.
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "cp-850": "cp850",
    "ansi": "cp1252",
    "8859-1": "cp1252",
    "windows1252": "cp1252",
    "cp-1252": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-8-e": "iso-8859-8",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-macintosh": "mac-roman",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-cp1251": "cp1251",
    "iso-2022-jp": "iso-2022-jp-ext",
    "x-euc-jp": "euc-jp",
    "x-utf-8": "utf-8",
    "unicode": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "ucs-2": "utf-16",
}
_JAPANESE = re.compile(rb"\x1b\$[@B]")  # how ISO-2022-JP goes over to Japanese letters
# Text codecs of Python that are no charsets of mail: they run slowly, or warn, or always fail.
_NOT_FOR_MAIL = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "rot13"}
_BROKEN_UTF_8 = "\ufffd"
# What no database or page can hold: NUL, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@lru_cache(maxsize=512)
def codec_for(charset: str) -> str | None:
    """The codec that reads `charset`, or `None` when there is no such charset of text."""
    name = charset.strip(" \t\"'").lower()
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in _NOT_FOR_MAIL else None


def decode(content: bytes, charset: str | None = None) -> str:
    """`content` as storable text: as declared if that fits, else as UTF-8, else as Windows-1252; never an error.

    Storable: without NUL and without halves of surrogate pairs.
    """
    codec = codec_for(charset) if charset else None
    if b"\x1b$" in content and codec in {None, "cp1252", "utf-8"} and _JAPANESE.search(content):
        codec = "iso2022_jp_ext"  # programs from Japan leave its name out
    elif codec == "utf-16":
        codec = _order_of_utf_16(content)
    if content.isascii() and (codec is None or codec in {"cp1252", "utf-8"}):
        return content.decode("ascii").replace("\x00", "")
    for candidate in (codec, "utf-8"):
        if candidate is None or (candidate == "cp1252" and _is_utf_8(content)):
            continue
        try:
            return storable(content.decode(candidate))
        except (UnicodeError, ValueError):
            pass
    return storable(_mostly_utf_8(content) or _windows_1252(content))


def storable(text: str) -> str:
    """`text` without what PostgreSQL and UTF-8 cannot hold."""
    if text.isascii():
        return text.replace("\x00", "")
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else _BROKEN_UTF_8, text)


def _order_of_utf_16(content: bytes) -> str:
    """By the mark at its beginning, else by the side on which the zeroes of western letters are, else big-endian."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    start = content[:2000]
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _is_utf_8(content: bytes) -> bool:
    """UTF-8 sent under the name of ISO-8859-1 is common; the reverse passes as UTF-8 almost never."""
    try:
        content.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _mostly_utf_8(content: bytes) -> str | None:
    """UTF-8 with a few broken places (a text that was cut in the middle of a letter)."""
    text = content.decode("utf-8", "replace")
    broken = text.count(_BROKEN_UTF_8)
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    return text if sound >= broken else None


def _windows_1252(content: bytes) -> str:
    """Every byte is a letter; the five without one in Windows-1252 are read as in Latin-1."""
    try:
        return content.decode("cp1252")
    except UnicodeError:
        return content.decode("latin-1")
