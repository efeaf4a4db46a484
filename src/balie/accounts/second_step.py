"""Agents log in in two steps where the desk asks for it; until then they see only the page that sets it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from balie.accounts.models import User
from balie.desk.models import Desk

OPEN_BEFORE = ("account_", "mfa_", "set_language")
"""The pages on which somebody logs in and out and sets its second step up, by their names."""


def needs_second_step(user: User, desk: Desk) -> bool:
    """Whether this login must have a second step: an agent's, where the desk asks for it."""
    return desk.agents_use_second_factor and user.active_agent is not None


def has_second_step(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


class SecondStep:
    """Lead an agent without a second step to the page that sets it up, where the desk asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        user: Any = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        desk: Desk = request.desk  # type: ignore[attr-defined]
        if not desk.agents_use_second_factor or name.startswith(OPEN_BEFORE) or not user.is_authenticated:
            return None
        if not needs_second_step(user, desk) or has_second_step(user):
            return None
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(reverse("mfa_activate_totp"))
        messages.info(request, _("At this desk agents log in in two steps. Set it up first."))
        return redirect("mfa_activate_totp")
