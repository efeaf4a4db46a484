"""How allauth fits our accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation; making one's own comes with the portal's accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        """The name of the desk before it, as on everything that it sends."""
        return f"[{context.request.desk.name}] {subject}"
