"""Trying out the server that takes our mail: one mail, step by step, with what the server said to each."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from balie.desk.models import Desk
from balie.mail import signing
from balie.mail.connections import SmtpServer, Step, Unreachable
from balie.mail.facts import address_of, domain_of
from balie.mail.models import OutboundMail
from balie.mail.sending import Refused, WentAway, give
from balie.mail.wire_format import Parcel, as_bytes, in_ascii
from balie.rules.delivery import Trouble


@dataclass(frozen=True, slots=True)
class Told:
    """A step that went well, in the server's words."""

    step: Step
    words: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How it went. `trouble` and `words` tell why it stopped; without trouble the mail is on its way."""

    steps: tuple[Told, ...]
    trouble: Trouble | None = None
    words: str = ""


def try_out(server: SmtpServer, parcel: Parcel) -> Trial:
    """Give one mail over a connection of its own. Never raises for what a server or the network can do."""
    steps: list[Told] = []
    try:
        smtp = server.open(lambda step, words: steps.append(Told(step, words)))
    except Unreachable as error:
        return Trial(tuple(steps), error.trouble, error.words)
    try:
        give(smtp, parcel, lambda step, words: steps.append(Told(step, words)))
    except Refused as refused:
        return Trial(tuple(steps), refused.attempt.trouble, refused.attempt.words)
    except (WentAway, OSError, smtplib.SMTPException) as error:
        return Trial(tuple(steps), Trouble.NO_CONNECTION, str(error))
    finally:
        smtp.close()
    return Trial(tuple(steps))


def parcel_for(recipient: str, *, subject: str, text: str, desk: Desk, now: datetime) -> Parcel:
    """A mail that tries out the server: not about anything, not kept, signed as all mail is."""
    address, domain = address_of(desk), domain_of(desk)
    mail = OutboundMail(
        created_at=now,
        message_id_header=f"<{uuid4().hex}@{domain}>",
        sender=f"{desk.name} <{address}>"
        if desk.name.isascii() and desk.name.replace(" ", "").isalnum()
        else address,
        recipient=recipient,
        subject=subject,
        text=text,
        headers={"Auto-Submitted": "auto-generated"},
    )
    return Parcel(signing.signed(as_bytes(mail), domain=domain), in_ascii(address), in_ascii(recipient))
