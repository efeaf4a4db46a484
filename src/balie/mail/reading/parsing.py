"""A raw message read: who wrote what, with which files, and whether a program did.

`read_message` never raises, whatever the bytes. It knows no database and no Django.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape

from balie.mail.reading.automatic import automatic
from balie.mail.reading.charsets import storable
from balie.mail.reading.delivery_reports import DeliveryReport, read_report
from balie.mail.reading.headers import Address, addresses, message_ids, moment
from balie.mail.reading.html import html_to_text
from balie.mail.reading.mime import Limits, Part, Tally
from balie.rules.mail_matching import (
    Automatic,
    AutomaticKind,
    Claim,
    MailFacts,
    Place,
    claims_in_message_ids,
    claims_in_recipients,
)

LIMITS = Limits()

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
_REPLY_ADDRESS_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


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


@dataclass(frozen=True)
class ReadMail:
    """A message as it was read. Every text in it can be stored as UTF-8 (no NUL, no half surrogates).

    `text`: the plain text, taken from the HTML when there is no other; `html`: as it came, **not** sanitised.
    `message_id`, `in_reply_to`, `references`: with angle brackets. `delivered_to`: what the mail servers noted
    as recipients (Delivered-To, X-Original-To, …). `return_path`: the envelope's sender, empty for the null
    sender, `None` when not noted. `problems`: what was broken, or left out because of the limits; English.
    """

    raw: bytes
    message_id: str | None
    from_: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    automatic: Automatic | None
    delivered_to: tuple[str, ...]
    return_path: str | None
    report: DeliveryReport | None
    problems: tuple[str, ...]

    @property
    def failed_recipients(self) -> tuple[str, ...]:
        """The addresses that our mail did not reach, when this is a bounce."""
        return self.report.failed if self.report else ()

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same message by whatever way it came (trace headers do not count); 64 hex digits.

        It holds the whole of what a person wrote, so that nobody can keep a message out by sending another
        one under its Message-ID first.
        """
        digest = hashlib.sha256()
        sender = self.from_.address if self.from_ else ""
        date = self.date.isoformat() if self.date else ""
        for text in (self.message_id or "", sender, date, self.subject, self.text, self.html or ""):
            digest.update(text.encode() + b"\x00")
        for attachment in self.attachments:
            digest.update(hashlib.sha256(attachment.content).digest())
        return digest.hexdigest()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The tokens of our mails that this message carries, unchecked."""
        recipients = [address.address for address in (*self.to, *self.cc)]
        own = (self.message_id,) if self.message_id else ()
        returned = self.report.returned_ids if self.report else ()
        found = (
            *claims_in_recipients([*self.delivered_to, *recipients]),
            *claims_in_message_ids(self.in_reply_to, place=Place.IN_REPLY_TO),
            *claims_in_message_ids(self.references, place=Place.REFERENCES),
            *claims_in_message_ids(own, place=Place.MESSAGE_ID),
            *claims_in_message_ids(returned, place=Place.RETURNED),
        )
        return tuple(dict.fromkeys(found))

    def facts(self) -> MailFacts:
        """What the rules of `mail_matching` want to know."""
        answer_to = self.reply_to[0] if self.reply_to else self.from_
        return MailFacts(
            fingerprint=self.fingerprint,
            sender=self.from_.address if self.from_ else None,
            claims=self.claims,
            answer_to=answer_to.address if answer_to else None,
            has_null_sender=self.return_path == "",
            automatic=self.automatic,
            failed_recipients=self.failed_recipients,
        )


@dataclass(frozen=True, slots=True)
class _Body:
    """A piece of what is to be read: as text, as HTML, or as both."""

    text: str | None = None
    html: str | None = None


def read_message(raw: bytes, *, limits: Limits = LIMITS) -> ReadMail:
    """Read a message as a mail server hands it over. Never raises; what is broken is named in `problems`."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    tally = Tally(limits)
    top = Part(raw, 0, len(raw), tally)
    attachments: list[Attachment] = []
    bodies = _take_apart(top, attachments)
    text, html = _joined(bodies, tally)
    senders = _addresses(top, "from")
    from_ = senders[0] if senders else None
    if from_ is None:
        tally.note("no readable sender")
    return_path = _return_path(top)
    verdict = automatic(top, sender=from_.address if from_ else None, return_path=return_path)
    report = None
    if verdict is not None and verdict.kind is AutomaticKind.BOUNCE:
        report = read_report(top, text)
        if report.is_only_news:
            verdict = Automatic(AutomaticKind.DELIVERY_REPORT, verdict.header, verdict.value)
    return ReadMail(
        raw=raw,
        message_id=next(iter(message_ids(top.undecoded("message-id"))), None),
        from_=from_,
        sender=next(iter(_addresses(top, "sender")), None),
        reply_to=_addresses(top, "reply-to"),
        to=_addresses(top, "to"),
        cc=_addresses(top, "cc"),
        subject=top.text_of("subject"),
        date=moment(top.text_of("date")),
        in_reply_to=message_ids(top.undecoded("in-reply-to")),
        references=message_ids(top.undecoded("references")),
        text=text,
        html=html,
        attachments=tuple(attachments),
        automatic=verdict,
        delivered_to=_delivered_to(top),
        return_path=return_path,
        report=report,
        problems=tuple(tally.problems),
    )


def _addresses(part: Part, name: str) -> tuple[Address, ...]:
    return addresses(part.undecoded(name), most=part.tally.limits.addresses)


def _return_path(part: Part) -> str | None:
    if "return-path" not in part.headers:
        return None
    return next((each.address for each in _addresses(part, "return-path")), "")


def _delivered_to(part: Part) -> tuple[str, ...]:
    found = [each.address for name in _REPLY_ADDRESS_HEADERS for each in _addresses(part, name)]
    return tuple(dict.fromkeys(found))


# --- Text, HTML and files -------------------------------------------------------------------------------


def _take_apart(part: Part, attachments: list[Attachment]) -> list[_Body]:
    """The pieces of `part` that are to be read, in order; files are added to `attachments`."""
    children = part.children()
    if children is not None:
        pieces = [_take_apart(child, attachments) for child in children]
        if part.content_type == "multipart/alternative":
            return _best_of(pieces)
        return [body for piece in pieces for body in piece]
    if part.is_multipart and part.depth < part.tally.limits.depth:
        return [_Body(text=part.text())]  # no parts in it: whatever was written is to be read
    if _is_file(part):
        attachments.append(_attachment(part, len(attachments) + 1))
        return []
    if part.content_type == "text/html":
        return [_Body(html=part.text())]
    is_flowed = part.parameters.get("format", "").lower() == "flowed"
    return [_Body(text=unflowed(part.text()) if is_flowed else part.text())]


def unflowed(text: str) -> str:
    """`format=flowed` (RFC 3676) undone: lines that end in a space go on in the next line of the same quote."""
    lines: list[str] = []
    goes_on = -1  # how deeply quoted the line is that the next may continue; -1: none
    for line in text.split("\n"):
        content = line.lstrip(">")
        quotes = len(line) - len(content)
        content = content.removeprefix(" ")
        if quotes == goes_on and content != "-- ":
            lines[-1] += content
        else:
            lines.append(f"{'>' * quotes} {content}" if quotes else content)
        goes_on = quotes if content.endswith(" ") and content != "-- " else -1
    return "\n".join(lines)


def _is_file(part: Part) -> bool:
    if part.content_type not in {"text/plain", "text/html"}:
        return True
    return part.depth > 0 and (part.disposition[0] == "attachment" or bool(part.filename))


def _best_of(pieces: list[list[_Body]]) -> list[_Body]:
    """One body out of alternatives: the first that is text, and the last that is HTML."""
    texts = ["\n".join(body.text for body in piece if body.text is not None) for piece in pieces]
    htmls = ["\n".join(body.html for body in piece if body.html is not None) for piece in pieces]
    text = next((text for text in texts if text.strip()), None)
    html = next((html for html in reversed(htmls) if html.strip()), None)
    return [_Body(text, html)]


def _joined(bodies: list[_Body], tally: Tally) -> tuple[str, str | None]:
    """All pieces as one text, and as one HTML when one of them is HTML."""
    most = tally.limits.text_characters
    text = "\n".join(_as_text(body, most) for body in bodies)
    html = "\n".join(_as_html(body) for body in bodies) if any(body.html for body in bodies) else None
    if len(text) > most or (html is not None and len(html) > most):
        tally.note("a longer text than is read")
    return text[:most], html[:most] if html is not None else None


def _as_text(body: _Body, most: int) -> str:
    if body.text is not None:
        return body.text
    return html_to_text(body.html[:most]) if body.html else ""


def _as_html(body: _Body) -> str:
    if body.html is not None:
        return body.html
    return f'<div style="white-space: pre-wrap">{escape(body.text or "")}</div>' if body.text else ""


def _attachment(part: Part, number: int) -> Attachment:
    content_id = part.text_of("content-id").strip("<> ")
    content_type = part.content_type
    name = part.filename
    if not name and content_type == "message/rfc822":
        enclosed = Part(part.raw, part.body_start, part.end, Tally(part.tally.limits))
        name = enclosed.text_of("subject")[:80]
        name = f"{name}.eml" if name else ""
    return Attachment(
        filename=safe_filename(name, content_type, number, most=part.tally.limits.filename_characters),
        content_type=content_type
        if re.fullmatch(r"[\w.+-]+/[\w.+-]+", content_type)
        else "application/octet-stream",
        content=part.encoded_body if part.is_multipart else part.content(),
        content_id=storable(content_id) or None,
        is_inline=part.disposition[0] != "attachment" and bool(content_id),
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
