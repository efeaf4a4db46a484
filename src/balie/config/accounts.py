"""How allauth fits our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend as ByEmailAndPassword
from allauth.core import context
from django.http import HttpRequest

from balie.accounts.models import User


class AuthenticationBackend(ByEmailAndPassword):  # type: ignore[misc]
    """Who a session is about, read together with its agent and team: every page asks."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("agent__team").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation; making one's own comes with the portal's accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        """The name of the desk before it, as on everything that it sends."""
        return f"[{context.request.desk.name}] {subject}"
