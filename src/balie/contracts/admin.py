from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import MovesDeadlines, NamedFields
from balie.contracts.models import (
    Contract,
    ContractType,
    CustomerTerms,
    KindPrice,
    Licence,
    PriceBasis,
    Product,
    SupportPlan,
)
from balie.customers.admin import CustomerAdmin
from balie.customers.models import Customer
from balie.desk.queries import the_desk

if TYPE_CHECKING:
    _LicenceInline = admin.TabularInline[Licence, Customer]
    _ContractInline = admin.TabularInline[Contract, Customer]
    _TermsInline = admin.StackedInline[CustomerTerms, Customer]
    _PriceBasisForm = forms.ModelForm[PriceBasis]
else:
    _PriceBasisForm = forms.ModelForm
    _LicenceInline = _ContractInline = admin.TabularInline
    _TermsInline = admin.StackedInline


class KeyStays(MovesDeadlines[Any]):
    """Decisions that were made name the key, so it never changes."""

    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()


@admin.register(SupportPlan)
class SupportPlanAdmin(KeyStays):
    list_display = ("name", "rank", "response_minutes", "solution_minutes", "monthly_price", "is_free")
    fields = (
        "key",
        "name",
        "rank",
        ("response_minutes", "solution_minutes"),
        "monthly_price",
        "is_free",
        "only_with_our_hardware",
        "rule",
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.key != the_desk().default_plan


@admin.register(Product)
class ProductAdmin(KeyStays):
    list_display = ("name", "key", "includes_plan", "offers_plan", "is_charity")
    list_select_related = ("includes_plan", "offers_plan")
    search_fields = ("name", "key")


@admin.register(ContractType)
class ContractTypeAdmin(KeyStays):
    list_display = ("name", "key", "gives_plan", "counts_zone_1", "gives_phone_number", "requires_product")
    list_select_related = ("gives_plan", "requires_product")


class PriceBasisForm(_PriceBasisForm):
    """The ways to pay for a call-back are ticked; which of them there are is the rules' list."""

    callback = forms.MultipleChoiceField(
        label=PriceBasis._meta.get_field("callback").verbose_name,
        choices=PriceBasis.PRICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(PriceBasis)
class PriceBasisAdmin(MovesDeadlines[PriceBasis]):
    """What is free, included or paid, by plan, contract type or status of a customer (IB-07, IB-15, IB-19)."""

    form = PriceBasisForm
    actions = None
    list_display = ("__str__", "site", "ways_to_pay")
    list_select_related = ("plan", "contract_type")
    fields = (("plan", "contract_type", "status"), "site", "callback")

    @admin.display(description=_("call-back or AnyDesk"))
    def ways_to_pay(self, row: PriceBasis) -> str:
        words = dict(PriceBasis.PRICES)
        return ", ".join(str(words[each]) for each in row.callback) or "—"


@admin.register(KindPrice)
class KindPriceAdmin(MovesDeadlines[KindPrice]):
    """Questions that cost time or a quote, whatever the plan (SW-11, SW-12, SW-16)."""

    actions = None
    list_display = ("kind", "price")


class LicenceInline(_LicenceInline):
    model = Licence
    formset = NamedFields
    fields = ("product", "valid_from", "valid_until")
    extra = 0


class ContractInline(_ContractInline):
    model = Contract
    formset = NamedFields
    fields = ("type", "valid_from", "valid_until")
    extra = 0


class TermsInline(_TermsInline):
    model = CustomerTerms
    fields = (
        "maintained_by",
        ("charity_application", "charity_until"),
        ("last_paid_support_on", "prepaid_minutes"),
    )
    readonly_fields = ("prepaid_minutes",)  # what is booked decides; an agent books it in the workspace
    extra = 0


# A customer's page shows what it bought as well; customers know nothing of contracts.
CustomerAdmin.inlines = (*CustomerAdmin.inlines, LicenceInline, ContractInline, TermsInline)
