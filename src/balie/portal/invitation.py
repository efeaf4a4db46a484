"""The page on which somebody who was invited chooses a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from balie.accounts import actions
from balie.accounts.invitations import invited_user
from balie.accounts.models import User
from balie.portal.visitors import Visit
from balie.web.forms import Styled


class ChoosePassword(Styled):
    """A password, twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        password, again = found.get("password"), found.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        if password:
            try:
                validate_password(password, self.user)
            except ValidationError as problem:
                self.add_error("password", problem)
        return found


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Visit, token: str) -> HttpResponse:
    """Choose a password, then log in with it. An invitation that has ended is refused with the way forward."""
    user = invited_user(token, now=request.now)
    form = ChoosePassword(request.POST or None, user=user)
    if not form.is_valid():
        page = {"form": form, "invited": user}
        return render(request, "portal/invitation.html", page, status=422 if form.is_bound else 200)
    actions.accept_invitation(token, password=form.cleaned_data["password"], now=request.now)
    messages.success(request, gettext("Your password is set. Log in with it."))
    return redirect("account_login")
