"""Telling the administrators of a desk what must not be overlooked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balie.accounts.models import Role, User
from balie.mail.models import InboundMail, InboundOutcome

MOST_AN_HOUR = 10
"""After so many mails of this kind in an hour the administrators are not mailed again: a flood stays in the folder."""


def tell(mail: InboundMail, address: str, *, besides: int, now: datetime) -> None:
    """Mail every administrator that something came for `postmaster@` or `abuse@`; `besides`: told, not yet written."""
    recent = InboundMail.objects.filter(
        outcome=InboundOutcome.ROLE, processed_at__gt=now - timedelta(hours=1)
    )
    if recent.count() + besides >= MOST_AN_HOUR:
        return
    for administrator in administrators():
        with translation.override(administrator.language):
            send_mail(*_letter(mail, address), None, [administrator.email])


def administrators() -> list[User]:
    """Who administers the desk."""
    active = User.objects.filter(is_active=True, agent__is_active=True, agent__role=Role.ADMINISTRATOR)
    return list(active.order_by("pk"))


def _letter(mail: InboundMail, address: str) -> tuple[str, str]:
    """Subject and text; the text leads to the ticket, or to the mail that waits."""
    subject = _("Mail to %(address)s: %(subject)s") % {"address": address, "subject": mail.subject}
    if mail.ticket is not None:
        way = reverse("ticket", args=[mail.ticket.number])
    else:
        way = reverse("mail_shown", args=["in", mail.pk])
    told = {"sender": mail.sender or _("(no sender)"), "address": address, "link": settings.BALIE_URL + way}
    text = _(
        "%(sender)s wrote to %(address)s, which always reaches an administrator.\n\nRead it here: %(link)s\n"
    )
    return subject, text % told
