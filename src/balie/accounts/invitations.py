"""The link with which somebody who was invited chooses a password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from balie.accounts.models import User
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

SALT = "balie.accounts.invitation"
VALID_FOR = timedelta(days=7)


class InvitationEnded(Refusal):
    """The link is damaged, too old, or has done its work."""

    def __init__(self) -> None:
        super().__init__(
            _("This invitation has been used already, or it is too old."),
            Reason(
                _(
                    "Log in, let the page for a forgotten password mail you a link, or ask for a new invitation."
                )
            ),
        )


def token_of(user: User, *, now: datetime) -> str:
    """The token of an invitation that ends after a week, or when the user's password changes."""
    until = int((now + VALID_FOR).timestamp())
    return signing.dumps([user.pk, until, _seal(user)], salt=SALT)


def invited_user(token: str, *, now: datetime) -> User:
    """The user whom this token invites; raises `InvitationEnded`."""
    try:
        key, until, seal = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise InvitationEnded from None
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or now > datetime.fromtimestamp(until, UTC):
        raise InvitationEnded
    if not constant_time_compare(seal, _seal(user)):
        raise InvitationEnded
    return user


def _seal(user: User) -> str:
    """Changes with the password and the address, so that a link works once."""
    return salted_hmac(SALT, f"{user.pk} {user.password} {user.email}", algorithm="sha256").hexdigest()[:32]
