"""The mail with which somebody is invited, in that person's language."""

from __future__ import annotations

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext

from balie.accounts.models import User
from balie.desk.models import Desk


def send_invitation(user: User, link: str, *, desk: Desk) -> None:
    """Mail `link` to the user whom it invites. It leaves with the transaction, through the outbox."""
    with translation.override(user.language):
        subject = gettext("Your login at %(desk)s") % {"desk": desk.name}
        text = gettext(
            "You can log in at %(desk)s.\n\nChoose a password here; the link works once, for a week:\n%(link)s\n"
        )
        send_mail(subject, text % {"desk": desk.name, "link": link}, None, [user.email])
