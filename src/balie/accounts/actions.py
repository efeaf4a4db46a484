"""Every write on accounts."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
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


@transaction.atomic
def vouch_for_address(user: User) -> None:
    """Take the address of this login as verified, and no other: it came by a mailed link, or the desk knows it."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email, verified=True, primary=True).delete()
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)


@transaction.atomic
def change_address(user: User, *, to: str, by: User | None, now: datetime) -> None:
    """Let `user` log in with another address. Whoever was logged in is not any more, and no old password works."""
    before = user.email
    user.email = to
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    vouch_for_address(user)
    record("change_address", user, by=by, now=now, email=[before, user.email])


@transaction.atomic
def take_off_second_step(user: User, *, by: User, now: datetime) -> bool:
    """Let `user` log in without the app that it lost; answers whether there was one. A second time changes nothing."""
    taken, _kinds = Authenticator.objects.filter(user=user).delete()
    if taken:
        record("take_off_second_step", user, by=by, now=now)
    return bool(taken)
