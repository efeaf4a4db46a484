"""What is in a message: the text to read, the HTML to show, the files, the meetings, and the seal on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from balie.mail.reading.charsets import codec_for, decode
from balie.mail.reading.files import Attachment, attachment
from balie.mail.reading.html import html_to_text
from balie.mail.reading.invitations import Meeting, read_meetings
from balie.mail.reading.mime import Part, Tally
from balie.mail.reading.seals import (
    SMIME_TYPES,
    Seal,
    enclosed_message,
    seal_in_text,
    seal_of_file,
    seal_of_multipart,
)
from balie.mail.reading.tnef import unpacked
from balie.mail.reading.uuencode import without_files

_CALENDARS = frozenset(["text/calendar", "application/ics"])
_TNEF = frozenset(["application/ms-tnef", "application/vnd.ms-tnef"])
# Other ways to show the same text, for programs of one maker.
_FOR_OTHER_PROGRAMS = frozenset(["text/x-amp-html", "text/watch-html"])
_DEEPEST_SEAL = 3  # signed messages inside each other


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of what is to be read: as text, as HTML, or as both."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Contents:
    """What was found in a message, in the order in which it stood there."""

    tally: Tally
    seals: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    meetings: dict[tuple[object, ...], Meeting] = field(default_factory=dict)
    seal: Seal | None = None

    def read(self, top: Part) -> tuple[str, str | None]:
        """The text of the message and its HTML; the rest is in the fields."""
        return _joined(self._take_apart(top), self.tally)

    def _take_apart(self, part: Part) -> list[Body]:
        """The pieces of `part` that are to be read, in order."""
        children = part.children()
        if children is not None:
            self._note_seal(seal_of_multipart(part, children))
            return self._of_multipart(part, children)
        if part.is_multipart and part.depth < self.tally.limits.depth:
            return [Body(text=part.text())]  # no parts in it: whatever was written is to be read
        if _is_file(part):
            return self._of_file(part)
        if part.content_type == "text/html":
            return [Body(html=part.text())]
        return [Body(text=self._of_text(part))]

    def _of_multipart(self, part: Part, children: list[Part]) -> list[Body]:
        if part.content_type != "multipart/alternative":
            return [body for child in children for body in self._take_apart(child)]
        shown = [child for child in children if child.content_type not in _FOR_OTHER_PROGRAMS]
        return _best_of([self._take_apart(child) for child in shown or children])

    def _note_seal(self, seal: Seal | None) -> None:
        """The outermost seal is that of the message."""
        self.seal = self.seal or seal

    # --- Text -------------------------------------------------------------------------------------------

    def _of_text(self, part: Part) -> str:
        """A plain text, without the files and the armour in it."""
        text = part.text()
        if armoured := seal_in_text(text, part.content, is_whole_message=part.depth == 0):
            self._note_seal(armoured.seal)
            self._add(
                "encrypted.asc" if armoured.seal.is_encrypted else "signed.asc", "text/plain", armoured.block
            )
            text = armoured.words
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, joins_words=part.parameters.get("delsp", "").lower() == "yes")
        text, files = without_files(text)
        for each in files:
            self._add(each.name, "application/octet-stream", each.content)
        return text

    # --- Files ------------------------------------------------------------------------------------------

    def _of_file(self, part: Part) -> list[Body]:
        """The file is kept; what is to be read in it is answered."""
        content = part.encoded_body if part.is_multipart else part.content()
        name = part.filename.lower()
        if part.content_type in _TNEF or name == "winmail.dat":
            return self._unpack(part, content)
        if part.content_type in SMIME_TYPES or name.endswith((".p7m", ".p7z")):
            return self._open_seal(part, content)
        if part.content_type in _CALENDARS or name.endswith(".ics"):
            return self._add_calendar(part, content)
        self._add_part(part, content)
        return []

    def _add_part(self, part: Part, content: bytes) -> None:
        content_id = part.text_of("content-id") or part.text_of("content-location")
        self._add(
            part.filename or _subject_of_enclosed(part, content),
            part.content_type,
            content,
            content_id=content_id,
            is_inline=part.disposition[0] != "attachment" and bool(content_id),
        )

    def _add(
        self, name: str, content_type: str, content: bytes, *, content_id: str = "", is_inline: bool = False
    ) -> None:
        self.attachments.append(
            attachment(
                name,
                content_type,
                content,
                number=len(self.attachments) + 1,
                content_id=content_id,
                is_inline=is_inline,
                most=self.tally.limits.filename_characters,
            )
        )

    def _unpack(self, part: Part, content: bytes) -> list[Body]:
        """The files of a `winmail.dat`, which itself is kept only when not all of it could be read."""
        found = unpacked(content)
        if not found.is_whole:
            self.tally.note("a winmail.dat that cannot be read to its end")
            self._add_part(part, content)
        for each in found.files:
            kind = each.content_type or "application/octet-stream"
            self._add(
                each.name, kind, each.content, content_id=each.content_id, is_inline=bool(each.content_id)
            )
        return [Body(found.text or None, found.html or None)] if found.text or found.html else []

    def _open_seal(self, part: Part, content: bytes) -> list[Body]:
        """An `smime.p7m`: the message in it when it is only signed. The file is kept."""
        seal = seal_of_file(part, content)
        self._note_seal(seal)
        self._add_part(part, content)
        inner = enclosed_message(content) if seal and not seal.is_encrypted else None
        if inner is None or self.seals >= _DEEPEST_SEAL:
            return []
        self.seals += 1
        return self._take_apart(Part(inner, 0, len(inner), self.tally, part.depth + 1))

    def _add_calendar(self, part: Part, content: bytes) -> list[Body]:
        """Its meetings; the file once, though many programs send it twice."""
        charset = part.parameters.get("charset", "utf-8")
        text = decode(content, charset if codec_for(charset) else "utf-8")
        for each in read_meetings(text, method=part.parameters.get("method", "")):
            self.meetings.setdefault((each.uid, each.begins, each.summary), each)
        if not any(each.content == content for each in self.attachments):
            self._add_part(part, content)
        return []


def unflowed(text: str, *, joins_words: bool = False) -> str:
    """`format=flowed` (RFC 3676) undone: lines that end in a space go on in the next line of the same quote.

    `joins_words` (`delsp=yes`): that space was put there to break the line, and goes.
    """
    lines: list[list[str]] = []
    goes_on = -1  # how deeply quoted the line is that the next may continue; -1: none
    for line in text.split("\n"):
        content = line.lstrip(">")
        quotes = len(line) - len(content)
        content = content.removeprefix(" ")
        if quotes == goes_on and content != "-- ":
            lines[-1][-1] = lines[-1][-1].removesuffix(" ") if joins_words else lines[-1][-1]
            lines[-1].append(content)
        else:
            lines.append([f"{'>' * quotes} ", content] if quotes else [content])
        goes_on = quotes if content.endswith(" ") and content != "-- " else -1
    return "\n".join("".join(pieces) for pieces in lines)


def _is_file(part: Part) -> bool:
    if part.content_type not in {"text/plain", "text/html"}:
        return True
    return part.depth > 0 and (part.disposition[0] == "attachment" or bool(part.filename))


def _best_of(pieces: Iterable[list[Body]]) -> list[Body]:
    """One body out of alternatives: the first that is text, and the last that is HTML."""
    pieces = list(pieces)
    texts = ["\n".join(body.text for body in piece if body.text is not None) for piece in pieces]
    htmls = ["\n".join(body.html for body in piece if body.html is not None) for piece in pieces]
    text = next((text for text in texts if text.strip()), None)
    html = next((html for html in reversed(htmls) if html.strip()), None)
    return [Body(text, html)]


def _joined(bodies: list[Body], tally: Tally) -> tuple[str, str | None]:
    """All pieces as one text, and as one HTML when one of them is HTML."""
    most = tally.limits.text_characters
    text = "\n".join(_as_text(body, most) for body in bodies)
    html = "\n".join(_as_html(body) for body in bodies) if any(body.html for body in bodies) else None
    if len(text) > most or (html is not None and len(html) > most):
        tally.note("a longer text than is read")
    return text[:most], html[:most] if html is not None else None


def _as_text(body: Body, most: int) -> str:
    if body.text is not None:
        return body.text
    return html_to_text(body.html[:most]) if body.html else ""


def _as_html(body: Body) -> str:
    if body.html is not None:
        return body.html
    return f'<div style="white-space: pre-wrap">{escape(body.text or "")}</div>' if body.text else ""


def _subject_of_enclosed(part: Part, content: bytes) -> str:
    """A name for a mail inside a mail: its subject."""
    if part.content_type != "message/rfc822":
        return ""
    subject = Part(content[:50_000], 0, min(len(content), 50_000), Tally(part.tally.limits)).text_of(
        "subject"
    )[:80]
    return f"{subject}.eml" if subject else ""
