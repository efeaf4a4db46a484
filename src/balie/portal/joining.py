"""Accepting a colleague's invitation: choose a password, or bring the login that one has."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from balie.accounts.models import User
from balie.customers import invitations
from balie.customers.models import Invitation
from balie.portal.invitation import ChoosePassword
from balie.portal.limits import refused
from balie.portal.visitors import Visit


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Visit, token: str) -> HttpResponse:
    """Accept an invitation; one that has ended is refused with the way forward."""
    if too_often := refused(request, "join"):
        return too_often
    invitation = invitations.invitation_of(token, now=request.now)
    login = invitations.login_of(invitation)
    if login is not None:
        return _with_login(request, invitation, login)
    invited = User(email=invitation.email, name=invitation.name)
    form = ChoosePassword(request.POST or None, user=invited)
    if not form.is_valid():
        page = {"form": form, "invitation": invitation}
        return render(request, "portal/join.html", page, status=422 if form.is_bound else 200)
    invitations.accept(token, password=form.cleaned_data["password"], now=request.now)
    messages.success(request, _("Your password is set. Log in with it."))
    return redirect("account_login")


def _with_login(request: Visit, invitation: Invitation, login: User) -> HttpResponse:
    """Somebody who can log in with the invited address does so first."""
    if not request.user.is_authenticated or request.user.pk != login.pk:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return render(request, "portal/join.html", {"form": None, "invitation": invitation})
    invitations.accept_as(invitation, login, now=request.now)
    messages.success(request, _("You now belong to %(customer)s.") % {"customer": invitation.customer})
    return redirect("after_login")
