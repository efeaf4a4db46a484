"""What an administrator decides about a message that could not be worked on, beside trying it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.mail.models import InboundMail, InboundState
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo


class NotInQuarantine(NoLongerSo):
    """Somebody else decided about the message meanwhile."""


@transaction.atomic
def drop(mail: InboundMail, *, by: User, now: datetime) -> None:
    """Nothing is to be made of this message. It stays where it is, and can be taken back. Raises `NotInQuarantine`."""
    _move(mail, InboundState.QUARANTINED, InboundState.DROPPED)
    record("drop", mail, by=by, now=now, about=mail.subject, sender=mail.sender)


@transaction.atomic
def take_back(mail: InboundMail, *, by: User, now: datetime) -> None:
    """Undo `drop`: it is in quarantine again. Raises `NotInQuarantine`."""
    _move(mail, InboundState.DROPPED, InboundState.QUARANTINED)
    record("take_back", mail, by=by, now=now)


def _move(mail: InboundMail, before: InboundState, after: InboundState) -> None:
    if not InboundMail.objects.filter(pk=mail.pk, state=before).update(state=after):
        raise NotInQuarantine(_("Somebody else has decided about this mail meanwhile."))
