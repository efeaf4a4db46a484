"""Forgot login (IB-06): claim a new mail address; and the links with which it is verified or stopped.

Every answer is the same, whatever the desk knows of the names and addresses that were filled in.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balie.customers import claims
from balie.customers.numbers import to_e164
from balie.portal.limits import refused
from balie.portal.sign_up import validate_name
from balie.portal.visitors import Visit
from balie.web.forms import Styled


class Claim(Styled):
    """Who somebody says to be, and where it can be reached."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    company = forms.CharField(
        label=_("Customer number or company name"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    new_email = forms.EmailField(
        label=_("Your new e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    old_email = forms.EmailField(
        label=_("Your old e-mail address"),
        max_length=254,
        required=False,
        help_text=_("If you still know it."),
    )
    phone = forms.CharField(
        label=_("Phone number to reach you on"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        number = to_e164(self.cleaned_data["phone"])
        if number is None:
            raise ValidationError(_("This is not a phone number."), code="phone")
        return number


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_login(request: Visit) -> HttpResponse:
    """The form. Sent, it mails the new address, whatever was filled in."""
    form = Claim(request.POST or None)
    if not form.is_valid():
        return render(
            request, "portal/forgot_login.html", {"form": form}, status=422 if form.is_bound else 200
        )
    told = form.cleaned_data
    too_often = refused(request, "claim") or refused(request, "claim_address", key=told["new_email"].lower())
    if too_often:
        return too_often
    claims.ask(
        claims.Asked(**told, language=(get_language() or "nl")[:2]), desk=request.desk, now=request.now
    )
    request.session["claimed_address"] = told["new_email"]
    return redirect("login_asked")


@never_cache
@require_safe
def login_asked(request: Visit) -> HttpResponse:
    """What happens next; the same for everybody."""
    address = request.session.get("claimed_address", "")
    return render(request, "portal/login_asked.html", {"address": address})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_claim(request: Visit, token: str) -> HttpResponse:
    """From the mail to the new address. Only the button does something: programs that open links do not press it."""
    if too_often := refused(request, "claim_link"):
        return too_often
    if request.method == "POST":
        claims.verify(token, desk=request.desk, now=request.now)
        return render(request, "portal/claim_verified.html")
    claim = claims.claim_to_verify(token, now=request.now)
    return render(request, "portal/verify_claim.html", {"claim": claim})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_claim(request: Visit, token: str) -> HttpResponse:
    """From the warning: what is asked, and the button that stops it."""
    if too_often := refused(request, "claim_link"):
        return too_often
    if request.method == "POST":
        claims.stop_by_link(token, desk=request.desk, now=request.now)
        messages.success(request, gettext("It is stopped. Nothing changes; the desk looks at it."))
        return redirect("start")
    claim, _email = claims.claim_to_stop(token)
    return render(request, "portal/stop_claim.html", {"claim": claim})
