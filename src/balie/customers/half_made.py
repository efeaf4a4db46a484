"""Accounts whose mail address nobody verified: they keep nobody from its own address."""

from __future__ import annotations

from django.db.models import QuerySet

from balie.accounts.models import User
from balie.customers.account_models import Standing


def logins_at(email: str) -> QuerySet[User]:
    """The login with this address, unless it is half made."""
    return User.objects.filter(email__iexact=email).exclude(registration__state=Standing.UNVERIFIED)


def is_half_made(user: User) -> bool:
    """Whether the address of this account was never verified."""
    return User.objects.filter(pk=user.pk, registration__state=Standing.UNVERIFIED).exists()


def make_room(email: str) -> None:
    """Forget a half-made account at an address whose reader comes in otherwise."""
    User.objects.filter(
        email__iexact=email, registration__state=Standing.UNVERIFIED, last_login=None
    ).delete()
