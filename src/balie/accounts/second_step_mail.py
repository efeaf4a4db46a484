"""The mail that tells somebody that an administrator took the second step off its login."""

from __future__ import annotations

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext

from balie.accounts.models import User
from balie.desk.models import Desk


def tell_second_step_taken_off(user: User, *, desk: Desk) -> None:
    """It leaves with the transaction, through the outbox."""
    with translation.override(user.language):
        subject = gettext("Your login at %(desk)s has no second step any more") % {"desk": desk.name}
        text = gettext(
            "An administrator of %(desk)s took the second step off your login. Set it up again when you log in.\n\n"
            "Did you not ask this? Tell the desk at once.\n"
        )
        send_mail(subject, text % {"desk": desk.name}, None, [user.email])
