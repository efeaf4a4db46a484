"""How a message would be read: what `balie explain mail FILE` answers, without a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from balie.mail.reading.headers import Address
from balie.mail.reading.invitations import Meeting
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.reading.replies import split_reply
from balie.mail.reading.seals import SealKind
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


def explain_mail(raw: bytes, *, translate: Callable[[str], str] = str) -> dict[str, Any]:
    """`{"result": {…}, "reasons": [{"rule", "setting", "text"}, …], "trace": []}` of a raw message.

    Without a database nobody's secret is known: a token is shown as the message carries it (`checked` is
    false), and whether it counts is for the running desk to say.
    """
    mail = read_message(raw)
    split = split_reply(mail.text)
    reasons = (
        *_about_sender(mail),
        *_about_program(mail),
        *_about_seal(mail),
        *split.reasons,
        *_about_tokens(mail),
    )
    return {
        "result": {
            "from": _address(mail.from_),
            "reply_to": [_address(each) for each in mail.reply_to],
            "to": [_address(each) for each in mail.to],
            "cc": [_address(each) for each in mail.cc],
            "subject": mail.subject,
            "date": mail.date.isoformat() if mail.date else None,
            "message_id": mail.message_id,
            "reply": split.reply,
            "quoted": split.quoted,
            "signature": split.signature,
            "has_html": mail.html is not None,
            "attachments": [
                {
                    "filename": each.filename,
                    "content_type": each.content_type,
                    "size": each.size,
                    "inline": each.is_inline,
                }
                for each in mail.attachments
            ],
            "meetings": [_meeting(each) for each in mail.meetings],
            "seal": _seal(mail),
            "automatic": mail.automatic.kind.value if mail.automatic else None,
            "failed_recipients": list(mail.failed_recipients),
            "failures": [
                {"address": each.address, "status": each.status, "words": each.words}
                for each in (mail.report.failures if mail.report else ())
            ],
            "tokens": [
                {
                    "ticket": claim.ticket,
                    "message": claim.message,
                    "token": claim.token,
                    "place": claim.place.value,
                    "checked": False,
                }
                for claim in mail.claims
            ],
            "problems": list(mail.problems),
        },
        "reasons": [
            {"rule": each.rule, "setting": each.setting, "text": each.render(translate)} for each in reasons
        ],
        "trace": [],
    }


def _address(address: Address | None) -> dict[str, str] | None:
    return {"name": address.name, "address": address.address} if address else None


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "method": meeting.method.value,
        "summary": meeting.summary,
        "begins": meeting.begins.isoformat() if meeting.begins else None,
        "ends": meeting.ends.isoformat() if meeting.ends else None,
        "location": meeting.location,
        "organiser": meeting.organiser,
        "attendees": list(meeting.attendees),
        "answer": meeting.answer.value if meeting.answer else None,
        "repeats": meeting.repeats,
        "cancelled": meeting.is_cancelled,
    }


def _seal(mail: ReadMail) -> dict[str, Any] | None:
    """What kind of seal it has; whether it is genuine only the running desk can say, which knows keys."""
    if mail.seal is None:
        return None
    return {
        "kind": mail.seal.kind.value,
        "encrypted": mail.seal.is_encrypted,
        "covers_all": mail.seal.covers_all,
        "checked": False,
    }


def _about_seal(mail: ReadMail) -> tuple[Reason, ...]:
    if mail.seal is None:
        return ()
    name = {"name": "S/MIME" if mail.seal.kind is SealKind.SMIME else "PGP"}
    if mail.seal.is_encrypted:
        return (Reason(_("It is encrypted (%(name)s): the desk has no key, and keeps it as it came."), name),)
    if not mail.seal.covers_all:
        return (Reason(_("A part of it is signed (%(name)s); the rest anybody can have added."), name),)
    return (
        Reason(_("It is signed (%(name)s); only the running desk, which knows keys, can check that."), name),
    )


def _about_sender(mail: ReadMail) -> tuple[Reason, ...]:
    return () if mail.from_ else (Reason(_("The message names no sender.")),)


def _about_program(mail: ReadMail) -> tuple[Reason, ...]:
    if mail.automatic is None:
        return (Reason(_("No header says that a program wrote this.")),)
    return (mail.automatic.reason(),)


def _about_tokens(mail: ReadMail) -> tuple[Reason, ...]:
    if not mail.claims:
        return (Reason(_("It carries no token of an earlier mail of ours.")),)
    message = _("It carries a token for ticket %(ticket)s, which only the running desk can check.")
    return tuple(
        Reason(message, {"ticket": ticket}) for ticket in dict.fromkeys(c.ticket for c in mail.claims)
    )
