"""The mail with which somebody is invited: asked for here, written where the texts of mails are."""

from __future__ import annotations

from balie.accounts.events import Invited
from balie.accounts.models import User
from balie.desk.models import Desk
from balie.events import publish


def send_invitation(user: User, link: str, *, desk: Desk) -> None:
    """Mail `link` to the user whom it invites. It leaves with the transaction, through the outbox."""
    publish(Invited(user, link, desk))
