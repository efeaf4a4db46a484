"""Making an account (SW-19, IB-05): the form, the page on which one waits for the desk, and one's own address."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from balie.accounts.models import User
from balie.customers import registrations
from balie.customers.access import find_contact
from balie.customers.models import Registration
from balie.portal.visitors import Visit

ANOTHER_S_WORDS = ("://", "www.", "<", ">", "@")


def validate_name(text: str) -> None:
    """A name goes into mails to others: it is no place for links, addresses or lines of its own."""
    if not text.isprintable() or any(part in text.lower() for part in ANOTHER_S_WORDS):
        raise ValidationError(_("Write a name, without links or addresses."), code="name")


class SignUp(SignupForm):  # type: ignore[misc]
    """Name, company, mail address and password. What was typed places nobody; see `rules.account_matching`."""

    account_already_exists: bool

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    customer_number = forms.CharField(
        label=_("Customer number"),
        max_length=20,
        required=False,
        validators=[validate_name],
        help_text=_("On your invoices. Leave it empty if you do not have it at hand."),
    )
    field_order = ("name", "company", "customer_number", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password2"].label = _("The same password again")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep what was told, beside the login that allauth just made."""
        user.name, user.language = self.cleaned_data["name"], (get_language() or "nl")[:2]
        user.save(update_fields=["name", "language"])
        registrations.register(
            user,
            company=self.cleaned_data["company"],
            customer_number=self.cleaned_data["customer_number"],
            now=request.now,  # type: ignore[attr-defined]
        )

    def try_save(self, request: HttpRequest) -> Any:
        """An address that is known takes as long as one that is not, also when two people try at one moment."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


@require_safe
def waiting(request: Visit) -> HttpResponse:
    """Who made an account reads here what happens with it, and what it can do meanwhile."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    registration = Registration.objects.filter(user=request.user).first()
    contact = find_contact(request.user)
    if registration is None or (contact is not None and contact.customer_id is not None):
        return redirect("after_login")
    page = {"registration": registration, "contact": contact}
    return render(request, "portal/waiting.html", page)


@login_required
@require_safe
def my_address(request: HttpRequest) -> HttpResponse:
    """The address with which somebody logs in; the desk changes it, or a claim does (IB-06)."""
    return render(request, "portal/my_address.html")


def waits(user: User) -> bool:
    """Whether this login made its account itself and belongs to no customer yet."""
    contact = find_contact(user)
    if contact is not None and contact.customer_id is not None:
        return False
    return Registration.objects.filter(user=user).exists()
