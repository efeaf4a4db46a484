"""The mailbox of a demo desk: filled in as an administrator would, and turned off, because nobody answers for it."""

from __future__ import annotations

from balie.desk.models import Desk
from balie.mail.models import Mailbox


def settle(desk: Desk) -> Mailbox:
    """The mailbox of the desk's own address; its secrets are nobody's."""
    domain = desk.mail_address.rpartition("@")[2] or "desk.example"
    mailbox = Mailbox(
        name=desk.mail_address or "helpdesk",
        is_on=False,
        host=f"imap.{domain}",
        user=desk.mail_address or f"helpdesk@{domain}",
        processed_folder="Verwerkt",
        automatic_folder="Automatisch",
        quarantine_folder="Quarantaine",
    )
    mailbox.seal(password="nobody's password")
    mailbox.save()
    return mailbox
