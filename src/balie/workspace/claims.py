"""A claim of a login (IB-06): what the desk knows of it, what to verify, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from balie.customers import claims, suggestions
from balie.customers.models import AddressClaim, Contact, Customer, PhoneNumber
from balie.rules.account_matching import domain_of, is_free_mail
from balie.rules.address_claims import MOVES, Channel, State, Verification
from balie.rules.refusals import Refusal
from balie.web.forms import Styled
from balie.workspace.agents import AgentRequest, agents_only

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfContacts = forms.ModelChoiceField[Contact]
else:
    OneOfContacts = forms.ModelChoiceField


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist. `holds`: `True` speaks for the claim, `False` against it, `None` for neither."""

    says: str
    holds: bool | None


class ContactOfCustomer(OneOfContacts):
    """A contact with its address and its customer."""

    def label_from_instance(self, obj: Contact) -> str:
        return f"{obj} <{obj.email}>, {obj.customer}"


class Approving(Styled):
    """Whose login it is, and how the desk verified that: never by what the claimant gave."""

    contact = ContactOfCustomer(
        label=_("Whose login is it?"), queryset=Contact.objects.none(), widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label=_("How did you verify it?"), choices=[("", "—"), *AddressClaim.CHANNELS]
    )
    number = forms.ChoiceField(
        label=_("Which number did you call?"),
        required=False,
        help_text=_("Only numbers that the customer registered before stand here."),
    )
    note = forms.CharField(
        label=_("Whom did you speak, when, and what did they say?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, customers: Sequence[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact, number = self.fields["contact"], self.fields["number"]
        assert isinstance(contact, forms.ModelChoiceField) and isinstance(number, forms.ChoiceField)
        contact.queryset = Contact.objects.filter(
            customer__in=customers, is_active=True, user__agent=None
        ).select_related("customer")
        registered = PhoneNumber.objects.filter(customer__in=customers, registered_on__isnull=False)
        number.choices = [
            ("", "—"),
            *(
                (each.e164, f"{each.e164} ({each.customer})")
                for each in registered.select_related("customer")
            ),
        ]

    def verification(self) -> Verification:
        told = self.cleaned_data
        called = told["channel"] == Channel.CALLED_BACK
        return Verification(Channel(told["channel"]), told["note"], number=told["number"] if called else "")


class Ending(Styled):
    """Why the desk refuses or stops it; for the record, the claimant does not read it."""

    why = forms.CharField(
        label=_("Why? This is for the record only."), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: AgentRequest, key: int) -> HttpResponse:
    """One claim: the checklist, and approve, refuse or stop it."""
    found = get_object_or_404(AddressClaim.objects.select_related("contact__customer", "approved_by"), pk=key)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    customers = _customers(found, words or found.company)
    approving = Approving(
        request.POST if "approve" in request.POST else None,
        customers=customers,
        initial={"contact": found.contact_id},
    )
    ending = Ending(request.POST if {"refuse", "stop"} & set(request.POST) else None)
    refusal = None
    try:
        if approving.is_valid():
            return _approve(request, found, approving)
        if ending.is_valid():
            return _end(request, found, ending)
    except Refusal as no:
        refusal = no
    page = {
        "claim": found,
        "moves": {each.value for each in MOVES[State(found.state)]},
        "checks": list(checklist(found, customers)),
        "approving": approving,
        "ending": ending,
        "refusal": refusal,
        "words": words,
        "waits": request.desk.address_claim_waiting_hours,
    }
    return render(request, "workspace/claim.html", page, status=422 if request.method == "POST" else 200)


def checklist(claim: AddressClaim, customers: Sequence[Customer]) -> list[Check]:
    """What speaks for and against the claim, as far as the desk's own rows tell."""
    numbers = PhoneNumber.objects.filter(customer__in=customers, e164=claim.phone)
    is_registered = numbers.filter(registered_on__isnull=False).exists()
    domain = domain_of(claim.new_email)
    own_domain = any(each.domain == domain for customer in customers for each in customer.domains.all())
    others = AddressClaim.objects.filter(new_email__iexact=claim.new_email).exclude(pk=claim.pk).count()
    return [
        Check(
            gettext("One customer is like what was filled in: %(name)s") % {"name": customers[0]}
            if len(customers) == 1
            else gettext("Customers that are like what was filled in: %(count)s") % {"count": len(customers)},
            None if customers else False,
        ),
        Check(
            gettext("The old address is a contact's")
            if claim.contact_id
            else gettext("The old address is no contact's, or it was not filled in"),
            bool(claim.contact_id),
        ),
        Check(
            gettext("The number that was filled in is registered: it may be called back")
            if is_registered
            else gettext("The number that was filled in is not registered: it proves nothing"),
            True if is_registered else None,
        ),
        Check(
            gettext("The new address is at the customer's own mail domain")
            if own_domain
            else gettext("The new address is at a domain where anybody can have one")
            if is_free_mail(domain)
            else gettext("The domain of the new address is not known to us"),
            True if own_domain else None,
        ),
        Check(
            gettext("Asked before with this new address: %(count)s times") % {"count": others},
            False if others else None,
        ),
    ]


def _customers(claim: AddressClaim, words: str) -> list[Customer]:
    """The customer of the old address, and those that are like what was filled in."""
    found = suggestions.customers_like(number=words, name=words)
    own = claim.contact.customer if claim.contact else None
    return list(dict.fromkeys([*([own] if own else []), *found]))


def _approve(request: AgentRequest, found: AddressClaim, form: Approving) -> HttpResponse:
    claims.approve(
        found,
        form.cleaned_data["contact"],
        form.verification(),
        desk=request.desk,
        by=request.user,
        now=request.now,
    )
    messages.success(request, gettext("Approved. Everybody at the customer is told; the waiting time runs."))
    return redirect("claim", found.pk)


def _end(request: AgentRequest, found: AddressClaim, form: Ending) -> HttpResponse:
    act = claims.stop if "stop" in request.POST else claims.refuse
    act(found, note=form.cleaned_data["why"], desk=request.desk, by=request.user, now=request.now)
    messages.success(request, gettext("It has ended; nothing changes."))
    return redirect("newcomers")
