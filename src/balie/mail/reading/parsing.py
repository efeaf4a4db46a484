"""A raw message read: who wrote what, with which files, and whether a program did.

`read_message` never raises, whatever the bytes. It knows no database and no Django.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from balie.mail.reading.automatic import automatic
from balie.mail.reading.contents import Contents
from balie.mail.reading.delivery_reports import DeliveryReport, read_report
from balie.mail.reading.files import Attachment
from balie.mail.reading.headers import Address, addresses, message_ids, moment
from balie.mail.reading.invitations import Meeting
from balie.mail.reading.mime import Limits, Part, Tally
from balie.mail.reading.seals import Seal
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

_REPLY_ADDRESS_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


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
    meetings: tuple[Meeting, ...]
    seal: Seal | None
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


def read_message(raw: bytes, *, limits: Limits = LIMITS) -> ReadMail:
    """Read a message as a mail server hands it over. Never raises; what is broken is named in `problems`."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    tally = Tally(limits)
    top = Part(raw, 0, len(raw), tally)
    contents = Contents(tally)
    text, html = contents.read(top)
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
        attachments=tuple(contents.attachments),
        meetings=tuple(contents.meetings.values()),
        seal=contents.seal,
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
