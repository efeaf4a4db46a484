from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import NamedFields, OnTheRecord
from balie.customers.events import ContactPlaced
from balie.customers.models import Asset, Contact, Customer, CustomerDomain, PhoneNumber, Site
from balie.events import publish

if TYPE_CHECKING:
    _SiteInline = admin.TabularInline[Site, Customer]
    _ContactInline = admin.TabularInline[Contact, Customer]
    _PhoneInline = admin.TabularInline[PhoneNumber, Customer]
    _DomainInline = admin.TabularInline[CustomerDomain, Customer]
    _AssetInline = admin.TabularInline[Asset, Customer]
else:
    _SiteInline = _ContactInline = _PhoneInline = _DomainInline = _AssetInline = admin.TabularInline


class OfThisCustomer:
    """In a row below a customer, only its own sites and people can be chosen."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        for name in {"site", "contact"} & set(formset.form.base_fields):
            field = formset.form.base_fields[name]
            field.queryset = field.queryset.filter(customer=obj) if obj else field.queryset.none()
        return formset


class SiteInline(_SiteInline):
    model = Site
    formset = NamedFields
    extra = 0


class ContactInline(OfThisCustomer, _ContactInline):
    model = Contact
    formset = NamedFields
    fields = (
        "name",
        "email",
        "language",
        "site",
        "reach",
        "may_see_money",
        "may_order",
        "may_manage",
        "is_active",
    )
    extra = 0
    can_delete = False
    show_change_link = True


class PhoneInline(OfThisCustomer, _PhoneInline):
    model = PhoneNumber
    formset = NamedFields
    fields = ("e164", "label", "contact", "registered_on")
    extra = 0


class DomainInline(_DomainInline):
    """Whoever has an address at such a domain comes in by itself, for its own tickets (SW-19)."""

    model = CustomerDomain
    formset = NamedFields
    extra = 0


class AssetInline(OfThisCustomer, _AssetInline):
    model = Asset
    formset = NamedFields
    extra = 0


@admin.register(Customer)
class CustomerAdmin(OnTheRecord[Customer]):
    """A customer with everything that it has. One that asked something is not deleted but made inactive."""

    list_display = ("name", "number", "kvk", "existing_since", "is_active")
    list_filter = ("is_active",)
    change_form_template = "admin/customers/customer/change_form.html"
    search_fields = ("name", "number", "kvk", "contacts__name", "contacts__email", "phone_numbers__e164")
    fields = (("name", "number"), ("kvk", "vat"), "existing_since", "notes", "is_active")
    inlines: ClassVar[tuple[type[Any], ...]] = (
        SiteInline,
        ContactInline,
        PhoneInline,
        DomainInline,
        AssetInline,
    )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Beside the form stands what the customer may ask today; the site knows the rules, customers do not."""
        customer = self.get_object(request, object_id)
        standing = self.admin_site.standing_of(customer, request) if customer else None  # type: ignore[attr-defined]
        return super().change_view(
            request, object_id, form_url, {"standing": standing, **(extra_context or {})}
        )


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        site, customer = found.get("site"), found.get("customer")
        if site is not None and site.customer != customer:
            self.add_error("site", _("This is a site of another customer."))
        return found


@admin.register(Contact)
class ContactAdmin(OnTheRecord[Contact]):
    """Also those whom nobody has placed at a customer yet."""

    form = ContactForm
    list_display = ("name", "email", "customer", "reach", "is_active")
    list_filter = (("customer", admin.EmptyFieldListFilter), "is_active")
    list_select_related = ("customer",)
    search_fields = ("name", "email")
    autocomplete_fields = ("customer", "user")
    raw_id_fields = ("site",)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        """Who is placed at a customer brings its questions along."""
        was_placed = Contact.objects.filter(pk=obj.pk, customer=None).exists() and obj.customer is not None
        super().save_model(request, obj, form, change)
        if was_placed:
            publish(ContactPlaced(obj, by=request.user, at=request.now))  # type: ignore[arg-type, attr-defined]

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False
