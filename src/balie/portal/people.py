"""My people: a contact who may lets colleagues in, gives them their roles, and closes them off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.customers import colleagues, invitations
from balie.customers.access import viewer_of_contact
from balie.customers.models import Contact, Customer, Reach, Site
from balie.portal.limits import refused
from balie.portal.sign_up import validate_name
from balie.portal.visitors import CustomerVisit, View, customers_only
from balie.rules import visibility
from balie.rules.colleagues import Roles
from balie.rules.refusals import Refusal
from balie.web.forms import Styled

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfSites = forms.ModelChoiceField[Site]
else:
    OneOfSites = forms.ModelChoiceField


class RolesForm(Styled):
    """What a colleague may do. What the manager may not do itself is not offered."""

    reach = forms.ChoiceField(label=_("May read"), choices=Reach.choices, initial=Reach.OWN)
    site = OneOfSites(label=_("Site"), queryset=Site.objects.none(), required=False)
    may_see_money = forms.BooleanField(label=_("May see prices and invoices"), required=False)
    may_order = forms.BooleanField(label=_("May order paid work"), required=False)
    may_manage = forms.BooleanField(label=_("May let colleagues in"), required=False)

    def __init__(self, *args: Any, manager: Contact, had: Contact | None = None, **kwargs: Any) -> None:
        if had is not None:
            kwargs["initial"] = {
                "reach": had.reach,
                "site": had.site_id,
                "may_see_money": had.may_see_money,
                "may_order": had.may_order,
                "may_manage": had.may_manage,
            }
        super().__init__(*args, **kwargs)
        sites = self.fields["site"]
        assert isinstance(sites, forms.ModelChoiceField)
        sites.queryset = Site.objects.filter(customer=manager.customer_id)
        for name in ("may_see_money", "may_order"):
            if not (getattr(manager, name) or (had is not None and getattr(had, name))):
                del self.fields[name]

    def roles(self) -> Roles:
        """What was chosen; a field that was not offered is a no."""
        told = self.cleaned_data
        return Roles(
            reach=visibility.Reach(told["reach"]),
            sees_money=told.get("may_see_money", False),
            orders=told.get("may_order", False),
            manages=told["may_manage"],
            has_site=told["site"] is not None,
        )


class Guest(RolesForm):
    """A colleague to invite."""

    name = forms.CharField(label=_("Name"), max_length=150, validators=[validate_name])
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "language", "reach", "site")


class ManagerVisit(CustomerVisit):
    """A request of a contact who lets colleagues in, at its customer."""

    customer: Customer


def managers_only(view: Callable[..., HttpResponse]) -> View:
    """Let in who may; for other contacts the page does not exist."""

    @customers_only
    @wraps(view)
    def door(request: ManagerVisit, *args: Any, **kwargs: Any) -> HttpResponse:
        customer = request.contact.customer
        place = visibility.Place(customer=request.contact.customer_id)
        viewer = viewer_of_contact(request.contact)
        if customer is None or not visibility.may_read(viewer, visibility.Thing.COLLEAGUES, place):
            raise Http404
        request.customer = customer
        return view(request, *args, **kwargs)

    return door


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: ManagerVisit) -> HttpResponse:
    """Everybody of the customer, who is invited, and the form that invites."""
    form = Guest(
        request.POST or None, manager=request.contact, initial={"language": request.contact.language}
    )
    if not form.is_valid():
        return _people(request, form, status=422 if form.is_bound else 200)
    if too_often := refused(request, "invite"):
        return too_often
    told = form.cleaned_data
    guest = invitations.Guest(told["name"], told["email"], told["language"], form.roles(), site=told["site"])
    try:
        invitations.invite(request.contact, guest, desk=request.desk, now=request.now)
    except Refusal as refusal:
        return _people(request, form, refusal=refusal, status=422)
    messages.success(request, gettext("%(name)s is invited by mail.") % {"name": guest.name})
    return redirect("people")


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: ManagerVisit, key: int) -> HttpResponse:
    """One colleague: its roles."""
    found = colleagues.colleague_of(request.contact, key)
    form = RolesForm(request.POST or None, manager=request.contact, had=found)
    if not form.is_valid():
        return _colleague(request, found, form, status=422 if form.is_bound else 200)
    try:
        colleagues.change_roles(
            found, form.roles(), site=form.cleaned_data["site"], by=request.contact, now=request.now
        )
    except Refusal as refusal:
        return _colleague(request, found, form, refusal=refusal, status=422)
    messages.success(request, gettext("What %(name)s may do is saved.") % {"name": found})
    return redirect("people")


@managers_only
@require_POST
def colleague_door(request: ManagerVisit, key: int) -> HttpResponse:
    """Close a colleague off, or let it in again."""
    found = colleagues.colleague_of(request.contact, key)
    if "close" in request.POST:
        colleagues.close_off(found, by=request.contact, now=request.now)
        messages.success(request, gettext("%(name)s cannot come in any more.") % {"name": found})
    else:
        colleagues.let_in_again(found, by=request.contact, now=request.now)
        messages.success(request, gettext("%(name)s can come in again.") % {"name": found})
    return redirect("people")


@managers_only
@require_POST
def withdraw_invitation(request: ManagerVisit, key: int) -> HttpResponse:
    """Take an invitation back."""
    found = invitations.open_invitations(request.contact).filter(pk=key).first()
    if found is None:
        raise Http404
    invitations.withdraw(found, by=request.contact, now=request.now)
    messages.success(request, gettext("The invitation is withdrawn."))
    return redirect("people")


def _people(
    request: ManagerVisit, form: Guest, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    everybody = Contact.objects.filter(customer=request.customer).select_related("site", "user")
    page = {
        "people": everybody.order_by("-is_active", "name", "email"),
        "invitations": invitations.open_invitations(request.contact),
        "form": form,
        "refusal": refusal,
        "me": request.contact,
        "customer": request.customer,
    }
    return render(request, "portal/people.html", page, status=status)


def _colleague(
    request: ManagerVisit,
    found: Contact,
    form: RolesForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {"colleague": found, "form": form, "refusal": refusal, "is_me": found.pk == request.contact.pk}
    return render(request, "portal/colleague.html", page, status=status)
