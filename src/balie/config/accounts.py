"""How allauth fits our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend as ByEmailAndPassword
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from balie.accounts.actions import vouch_for_address
from balie.accounts.models import User
from balie.accounts.second_step import needs_second_step
from balie.customers import registrations
from balie.customers.half_made import is_half_made
from balie.prepared import Given, Prepared

ASKED_BY_EVERY_PAGE = ("agent__team", "contact__customer", "contact__site")


class AuthenticationBackend(ByEmailAndPassword):  # type: ignore[misc]
    """Who a session is about, read together with its agent and team, or its contact: every page asks."""

    _user = Prepared(lambda: User.objects.select_related(*ASKED_BY_EVERY_PAGE).filter(pk=Given("key")))

    def get_user(self, user_id: Any) -> User | None:
        user = self._user.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Anybody makes an account; the mail address comes first, then `customers.registrations` finds its customer."""

    def pre_login(
        self, request: HttpRequest, user: User, *, email: str | None, **hooks: Any
    ) -> HttpResponse | None:
        """The desk knows the address of an account that it made itself; that of one's own making is verified first.

        A code that was mailed to an address which the login has no more opens nothing.
        """
        response: HttpResponse | None = super().pre_login(request, user, email=email, **hooks)
        if response is None and email and email.lower() != user.email:
            return redirect("account_login")
        if response is None and not is_half_made(user):
            vouch_for_address(user)
        return response

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a login may lead on to this address; what is no address at all may not be led to either."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def format_email_subject(self, subject: str) -> str:
        """The name of the desk before it, as on everything that it sends."""
        return f"[{context.request.desk.name}] {subject}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step of a login."""

    def get_totp_issuer(self) -> str:
        """What the app on somebody's phone calls this desk."""
        return str(context.request.desk.name)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """An agent keeps its second step where the desk asks for it."""
        return not needs_second_step(authenticator.user, context.request.desk)


def on_address_verified(request: HttpRequest, email_address: EmailAddress, **_signal: Any) -> None:
    """Somebody who made an account reads the mail of its address: now it is matched to a customer."""
    registrations.address_verified(
        email_address.user,
        desk=request.desk,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
