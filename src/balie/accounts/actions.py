"""Every write on accounts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from balie.accounts import invitations
from balie.accounts.models import User
from balie.audit.actions import record


@transaction.atomic
def invite(user: User, *, base_url: str, now: datetime, by: User | None = None) -> str:
    """The full address of the page on which `user` chooses a password, good for a week and for one time.

    `base_url` is the address of the desk without a slash at the end. Whoever has the link can take the account:
    it goes to the user's own mail address or to the person who made the account, never elsewhere.
    """
    record("invite", user, by=by, now=now)
    return base_url.rstrip("/") + reverse("invitation", args=[invitations.token_of(user, now=now)])


@transaction.atomic
def accept_invitation(token: str, *, password: str, now: datetime) -> User:
    """Give the invited user this password, once; raises `invitations.InvitationEnded`."""
    invited = invitations.invited_user(token, now=now)
    user = User.objects.select_for_update().get(pk=invited.pk)
    invitations.invited_user(token, now=now)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("accept_invitation", user, by=user, now=now)
    return user
