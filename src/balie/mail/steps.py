"""Writing down the steps of a mail's way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from balie.audit.actions import record
from balie.mail.models import InboundMail, MailStep, OutboundMail, Step

_SAID_AGAIN_AFTER = timedelta(hours=1)


def note_inbound(steps: Iterable[tuple[int, Step, Mapping[str, Any]]], *, now: datetime) -> None:
    """Write down steps of mails that came in: key, step and details. One statement."""
    MailStep.objects.bulk_create(
        MailStep(at=now, step=step, inbound=key, data=dict(data)) for key, step, data in steps
    )


def note_outbound(mail: OutboundMail, step: Step, *, words: str = "", now: datetime, **data: Any) -> None:
    """Write down a step of a mail that goes out, with the server's `words`; the recipient's address is taken out."""
    said = words.replace("\x00", "").replace(mail.recipient, "…")[:2000]
    MailStep.objects.create(at=now, step=step, outbound=mail.pk, data={"words": said, **data})


def note_caps(capped: Sequence[tuple[InboundMail, str]], *, now: datetime) -> None:
    """Write down that no answer went out because there were too many; once an hour for an address on the record."""
    if not capped:
        return
    recent = MailStep.objects.filter(step=Step.CAPPED, at__gt=now - _SAID_AGAIN_AFTER).values_list(
        "inbound", flat=True
    )
    said = set(InboundMail.objects.filter(pk__in=list(recent[:1000])).values_list("sender", flat=True))
    note_inbound([(mail.pk, Step.CAPPED, {}) for mail, _address in capped], now=now)
    for mail, _address in capped:
        if mail.sender not in said:
            said.add(mail.sender)
            record(
                "stop_answering", mail, by=None, now=now, ticket=mail.ticket.number if mail.ticket else None
            )
