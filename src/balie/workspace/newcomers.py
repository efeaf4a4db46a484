"""Accounts to place: who made an account that nothing but the desk can place at a customer (SW-19, IB-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from balie.customers import registrations, suggestions
from balie.customers.account_models import Standing
from balie.customers.claim_facts import open_claims
from balie.customers.models import Customer, Reach, Registration, Site
from balie.rules import visibility
from balie.rules.colleagues import Roles
from balie.rules.refusals import Refusal
from balie.web.forms import Styled
from balie.workspace.agents import AgentRequest, agents_only

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfCustomers = forms.ModelChoiceField[Customer]
    OneOfSites = forms.ModelChoiceField[Site]
else:
    OneOfCustomers = OneOfSites = forms.ModelChoiceField

SHOWN = 100


class SiteOfCustomer(OneOfSites):
    """A site with its customer: several customers are suggested."""

    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.customer}: {obj}"


class Placing(Styled):
    """At which customer, and what the person may do there. `number` looks for a customer that was not suggested."""

    customer = OneOfCustomers(
        label=_("Customer"), queryset=Customer.objects.filter(is_active=True), widget=forms.RadioSelect
    )
    reach = forms.ChoiceField(label=_("May read"), choices=Reach.choices, initial=Reach.OWN)
    site = SiteOfCustomer(label=_("Site"), queryset=Site.objects.none(), required=False)
    may_see_money = forms.BooleanField(label=_("May see prices and invoices"), required=False)
    may_order = forms.BooleanField(label=_("May order paid work"), required=False)
    may_manage = forms.BooleanField(label=_("May let colleagues in"), required=False)

    def __init__(self, *args: Any, suggested: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["site"]
        assert isinstance(sites, forms.ModelChoiceField)
        sites.queryset = Site.objects.filter(customer__in=suggested).select_related("customer")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        site, customer = found.get("site"), found.get("customer")
        if site is not None and customer is not None and site.customer_id != customer.pk:
            self.add_error("site", _("This is a site of another customer."))
        if found.get("reach") == Reach.SITE and site is None:
            self.add_error("site", _("Somebody who may read the tickets of a site needs a site."))
        if found.get("may_manage") and found.get("reach") != Reach.ALL:
            self.add_error("reach", _("Somebody who lets colleagues in reads all tickets of the customer."))
        return found

    def roles(self) -> Roles:
        told = self.cleaned_data
        return Roles(
            reach=visibility.Reach(told["reach"]),
            sees_money=told["may_see_money"],
            orders=told["may_order"],
            manages=told["may_manage"],
            has_site=told["site"] is not None,
        )


class Refusing(Styled):
    """Why the desk does not place somebody; the person reads it."""

    reason = forms.CharField(
        label=_("Why not? The person gets this by mail."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


@agents_only
@require_safe
def newcomers(request: AgentRequest) -> HttpResponse:
    """Who waits for the desk: accounts to place, and claims of logins to check."""
    page = {
        "waiting": registrations.waiting()[:SHOWN],
        "claims": open_claims()[:SHOWN],
    }
    return render(request, "workspace/newcomers.html", page)


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def newcomer(request: AgentRequest, key: int) -> HttpResponse:
    """One account: what it told, at which customers it may belong, place it or refuse it."""
    registration = get_object_or_404(Registration.objects.select_related("user", "decided_by"), pk=key)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    suggested = suggestions.customers_like(
        number=words or registration.customer_number, name=words or registration.company
    )
    placing = Placing(
        request.POST if "place" in request.POST else None, suggested=_chosen(request, suggested)
    )
    refusing = Refusing(request.POST if "refuse" in request.POST else None)
    if not placing.is_bound and suggested:
        placing.initial["customer"] = suggested[0].pk
    refusal = None
    try:
        if placing.is_valid():
            return _place(request, registration, placing)
        if refusing.is_valid():
            return _refuse(request, registration, refusing)
    except Refusal as no:
        refusal = no
    page = {
        "registration": registration,
        "can_decide": registration.state == Standing.WAITING,
        "suggested": suggested,
        "words": words,
        "placing": placing,
        "refusing": refusing,
        "refusal": refusal,
    }
    return render(request, "workspace/newcomer.html", page, status=422 if request.method == "POST" else 200)


def _chosen(request: AgentRequest, suggested: list[Customer]) -> list[Customer]:
    """The suggested customers, and the one that was chosen after looking for others."""
    key = request.POST.get("customer", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return suggested
    return [*suggested, *Customer.objects.filter(pk=int(key))]


def _place(request: AgentRequest, registration: Registration, form: Placing) -> HttpResponse:
    told = form.cleaned_data
    registrations.place(
        registration,
        told["customer"],
        form.roles(),
        site=told["site"],
        desk=request.desk,
        by=request.user,
        now=request.now,
    )
    told_where = {"name": registration.user, "customer": told["customer"]}
    messages.success(request, gettext("%(name)s now belongs to %(customer)s.") % told_where)
    return redirect("newcomers")


def _refuse(request: AgentRequest, registration: Registration, form: Refusing) -> HttpResponse:
    registrations.refuse(
        registration,
        reason=form.cleaned_data["reason"],
        desk=request.desk,
        by=request.user,
        now=request.now,
    )
    messages.success(request, gettext("%(name)s is told why not.") % {"name": registration.user})
    return redirect("newcomers")
