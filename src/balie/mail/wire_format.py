"""Our mail as the bytes that leave: the same at every attempt, short lines, nothing that needs more than 7 bits.

Python's own folding breaks long Message-IDs into encoded words, which no mail program reads: the lines of the header
are therefore written here, and only the body by the standard library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr

from balie.files import actions as files
from balie.mail import signing
from balie.mail.bounces import return_path_of
from balie.mail.models import OutboundMail

LINE = 76  # characters, without the end (RFC 5322, 2.1.1 advises 78)
LONGEST_LINE = 998
_BODY = SMTP.clone(cte_type="7bit")
_IDS = frozenset({"In-Reply-To", "References", "Message-ID"})
_ADDRESSES = frozenset({"From", "To", "Cc", "Reply-To"})
_LOCAL_PART = re.compile(r'[^\s<>@"(),:;\[\]\\\x00-\x1f\x7f]+|"[^"\\\r\n]+"')
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)*|\[[\w.:]+\]", re.ASCII)
_ATOM = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail with its envelope. `needs_utf8`: the server must know SMTPUTF8 (RFC 6531)."""

    content: bytes
    sender: str
    recipient: str
    needs_utf8: bool = False


def parcel_of(mail: OutboundMail) -> Parcel:
    """`mail` as it is given to a server, signed when its domain has a key that signs.

    Raises `OSError` when a file cannot be read now, and `ValueError` (also `UnicodeError`) for what no mail can be
    made of.
    """
    recipient = in_ascii(mail.recipient)
    content = signing.signed(as_bytes(mail), domain=_domain(mail.sender))
    return Parcel(content, in_ascii(return_path_of(mail)), recipient, needs_utf8=not recipient.isascii())


def as_bytes(mail: OutboundMail) -> bytes:
    """The whole message, with CRLF at the end of each line."""
    lines = "".join(header_line(name, value) for name, value in headers_of(mail))
    return lines.encode() + _body(mail).as_bytes()


def headers_of(mail: OutboundMail) -> Iterator[tuple[str, str]]:
    """The header, but for what describes the body. Who got a blind copy is never in it."""
    more = dict(mail.headers)
    yield "Date", format_datetime(mail.created_at)
    yield "Message-ID", mail.message_id_header
    yield "From", mail.sender
    yield "To", more.pop("To", mail.recipient)
    if "Cc" in more:
        yield "Cc", more.pop("Cc")
    if mail.reply_to:
        yield "Reply-To", mail.reply_to
    yield "Subject", mail.subject
    yield from more.items()


def header_line(name: str, value: str) -> str:
    """One field of the header, folded, with its end; whatever `value` holds, it is one field."""
    plain = " ".join(value.split())
    if name in _IDS:
        return _folded(name, plain.split(" "))
    if name in _ADDRESSES:
        found = getaddresses([plain]) if "," in plain else [parseaddr(plain)]
        written = [_mailbox(name_shown, address or plain) for name_shown, address in found]
        return _folded(name, [f"{each}," for each in written[:-1]] + written[-1:])
    encoded = Header(plain, None if plain.isascii() else "utf-8", header_name=name, maxlinelen=LINE)
    return f"{name}: {encoded.encode(linesep=chr(13) + chr(10))}\r\n"


def in_ascii(address: str) -> str:
    """The address with its domain as the DNS knows it (IDNA); the part before the @ as it is. Raises `ValueError`."""
    local_part, _at, domain = address.rpartition("@")
    known = domain if domain.startswith("[") else domain.encode("idna").decode()
    if not (_LOCAL_PART.fullmatch(local_part) and _DOMAIN.fullmatch(known)):
        raise ValueError(f"This is no address: {address!r}")
    return f"{local_part}@{known}"


def _mailbox(name: str, address: str) -> str:
    if not name:
        return in_ascii(address)
    if not name.isascii():
        encoded = Header(name, "utf-8", maxlinelen=LINE - 1).encode(linesep="\r\n")
    elif set(name) <= _ATOM:
        encoded = name
    else:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        encoded = f'"{escaped}"'
    return f"{encoded} <{in_ascii(address)}>"


def _folded(name: str, pieces: list[str]) -> str:
    lines = [f"{name}:"]
    for piece in pieces:
        if len(lines[-1]) + 1 + len(piece) > LINE and not lines[-1].endswith(":"):
            lines.append(f" {piece}")
        else:
            lines[-1] += f" {piece}"
    return "\r\n".join(lines) + "\r\n"


def _body(mail: OutboundMail) -> EmailMessage:
    body = EmailMessage(policy=_BODY)
    body.set_content(mail.text)
    if mail.html:
        body.add_alternative(mail.html, subtype="html")
    if mail.brings_files and mail.message is not None:
        for each in mail.message.attachments.select_related("file"):
            main, _slash, sub = each.content_type.partition("/")
            if main in {"message", "multipart"} or not sub:
                main, sub = "application", "octet-stream"
            body.add_attachment(files.read(each.file), maintype=main, subtype=sub, filename=each.name)
    digest = hashlib.sha256(mail.message_id_header.encode()).hexdigest()[:24]
    for place, part in enumerate(each for each in body.walk() if each.is_multipart()):
        part.set_boundary(f"=_{digest}.{place}")  # drawn anew otherwise, and so other bytes at each attempt
    return body


def _domain(sender: str) -> str:
    return in_ascii(parseaddr(sender)[1]).rpartition("@")[2]
