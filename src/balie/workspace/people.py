"""Somebody new at a customer, and a sender whom nobody placed yet: an agent enters and places them (SW-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from balie.customers import entering
from balie.customers.models import Contact, Customer, Site
from balie.rules.refusals import Refusal
from balie.tickets.models import Ticket
from balie.web.forms import Styled
from balie.workspace.agents import AgentRequest, agents_only

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfCustomers = forms.ModelChoiceField[Customer]
    OneOfSites = forms.ModelChoiceField[Site]
else:
    OneOfCustomers = OneOfSites = forms.ModelChoiceField


class NewPerson(Styled):
    """Who it is, and in which of the customer's shops."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Answers go there. Let it be spelled: whoever reads it, reads them."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    site = OneOfSites(label=_("Site"), queryset=Site.objects.none(), required=False, empty_label="…")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["site"]
        assert isinstance(sites, forms.ModelChoiceField)
        sites.queryset = customer.sites.all()


class Home(Styled):
    """At which customer a sender belongs."""

    customer = OneOfCustomers(label=_("Customer"), queryset=Customer.objects.filter(is_active=True))


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: AgentRequest, key: int) -> HttpResponse:
    """Enter somebody new at a customer, and go on with the question."""
    customer = get_object_or_404(Customer, pk=key, is_active=True)
    initial = {"language": request.desk.language, "name": request.GET.get("name", "")[:150]}
    form = NewPerson(request.POST if request.method == "POST" else None, customer=customer, initial=initial)
    refusal = None
    if form.is_valid():
        try:
            person = entering.enter(customer, **form.cleaned_data, by=request.user, now=request.now)
        except Refusal as no:
            refusal = no
        else:
            told = {"name": person, "customer": customer}
            messages.success(request, gettext("%(name)s now belongs to %(customer)s.") % told)
            return redirect(f"{reverse('new_ticket')}?contact={person.pk}")
    context = {"customer": customer, "form": form, "refusal": refusal}
    return render(request, "workspace/person_new.html", context, status=422 if form.is_bound else 200)


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def person_place(request: AgentRequest, key: int) -> HttpResponse:
    """Place a sender at a customer; its questions come along."""
    person = get_object_or_404(Contact.objects.select_related("customer"), pk=key)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    form = Home(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        customer = form.cleaned_data["customer"]
        try:
            entering.place(person, customer, site=None, by=request.user, now=request.now)
        except Refusal as no:
            refusal = no
        else:
            told = {"name": person, "customer": customer}
            messages.success(request, gettext("%(name)s now belongs to %(customer)s.") % told)
            return redirect(_onwards(person))
    suggested = entering.customers_for(person, words)
    context = {"person": person, "suggested": suggested, "words": words, "form": form, "refusal": refusal}
    return render(request, "workspace/person_place.html", context, status=422 if form.is_bound else 200)


def _onwards(person: Contact) -> str:
    """To the newest question of somebody, or to a new one."""
    newest = Ticket.objects.filter(contact=person).order_by("-id").first()
    if newest is not None:
        return reverse("ticket", args=[newest.number])
    return f"{reverse('new_ticket')}?contact={person.pk}"
