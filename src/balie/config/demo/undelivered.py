"""An answer of the demo that came back: its ticket, its customer and the mail folder show what that looks like."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from balie.mail import bounces
from balie.mail.models import OutboundKind, OutboundMail, OutboundState
from balie.rules.lifecycle import State

SAID = "550 5.1.1 <{who}>: Recipient address rejected: User unknown in virtual mailbox table"
TOOK = timedelta(minutes=2)


@transaction.atomic
def bring_back() -> OutboundMail | None:
    """Let the newest answer on a ticket that waits come back; `None` when one did before, or there is none."""
    answers = OutboundMail.objects.select_related("ticket").filter(kind=OutboundKind.REPLY)
    if answers.filter(state=OutboundState.FAILED).exists():
        return None
    mail = answers.filter(state=OutboundState.KEPT, ticket__state=State.WAITING).order_by("-id").first()
    if mail is None:
        return None
    OutboundMail.objects.filter(pk=mail.pk).update(state=OutboundState.SENT, sent_at=mail.created_at)
    bounces.came_back(mail, SAID.format(who=mail.recipient), now=mail.created_at + TOOK)
    return mail
