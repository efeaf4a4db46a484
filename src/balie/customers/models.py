"""Who we help: customers, their people, shops, phone numbers and equipment."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from balie.customers.account_models import (
    AddressClaim,
    CustomerDomain,
    Invitation,
    Reach,
    Registration,
    Roles,
)
from balie.customers.number_models import NumberCode, PhoneRange
from balie.customers.numbers import validate_e164, validate_kvk, validate_vat

__all__ = [
    "AddressClaim",
    "Asset",
    "AssetKind",
    "Contact",
    "Customer",
    "CustomerDomain",
    "Invitation",
    "NumberCode",
    "PhoneNumber",
    "PhoneRange",
    "Reach",
    "Registration",
    "Site",
]


class Customer(models.Model):
    """An organisation that bought the software (*klant*)."""

    number = models.CharField(_("customer number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=150)
    kvk = models.CharField(
        _("chamber of commerce number (KvK)"), max_length=8, blank=True, validators=[validate_kvk]
    )
    vat = models.CharField(_("VAT number"), max_length=20, blank=True, validators=[validate_vat])
    existing_since = models.DateField(_("customer since"), null=True, blank=True)
    notes = models.TextField(_("notes for the desk"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="customer_name_trigrams")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kvk="") | models.Q(kvk__regex=r"^[0-9]{8}$"), name="customer_kvk_shape"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A shop of the customer (*vestiging*), with its tills."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="sites", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    tills = models.PositiveSmallIntegerField(_("tills"), default=1)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name


class Contact(Roles):
    """A person with an e-mail address (*contactpersoon*), usually with a login.

    Without a customer it is somebody who mailed us and whom nobody has placed yet.
    """

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("customer"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
        verbose_name=_("login"),
    )
    site = models.ForeignKey(
        Site,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("site"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="nl")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "email"]
        indexes = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="contact_name_trigrams"),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="contact_email_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="contact_email_once"),
            models.CheckConstraint(condition=models.Q(reach__in=Reach.values), name="contact_reach_known"),
            models.CheckConstraint(
                condition=~models.Q(reach=Reach.SITE)
                | models.Q(site__isnull=False)
                | models.Q(customer__isnull=True),
                name="contact_of_a_site_has_one",
                violation_error_message=_("Somebody who may read the tickets of a site needs a site."),
            ),
            models.CheckConstraint(
                condition=models.Q(may_manage=False) | models.Q(reach=Reach.ALL, customer__isnull=False),
                name="contact_who_manages_reads_all",
                violation_error_message=_(
                    "Somebody who lets colleagues in reads all tickets of the customer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class PhoneNumber(models.Model):
    """A number of the customer in E.164. `registered_on`: from then on it is put through to the desk (IB-02).

    A number that a contact handed in has `requested_at`; until the desk registers it, it is pending, or refused when
    it says why. One without either is only known to the desk.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="phone_numbers", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="phone_numbers",
        verbose_name=_("contact"),
    )
    e164 = models.CharField(
        _("phone number"),
        max_length=16,
        validators=[validate_e164],
        help_text=_("For instance +31201234567."),
    )
    label = models.CharField(_("label"), max_length=60, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    requested_at = models.DateTimeField(_("handed in at"), null=True, blank=True, editable=False)
    requested_by = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("handed in by"),
    )
    refused_because = models.CharField(_("refused because"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")
        constraints = [
            models.UniqueConstraint(fields=["customer", "e164"], name="phone_number_once_a_customer"),
            models.CheckConstraint(
                condition=models.Q(e164__regex=r"^\+[1-9][0-9]{6,14}$"), name="phone_number_e164"
            ),
            models.CheckConstraint(
                condition=models.Q(refused_because="")
                | models.Q(registered_on__isnull=True, requested_at__isnull=False),
                name="phone_number_refused_is_not_registered",
            ),
        ]
        indexes = [
            models.Index(fields=["e164"], name="phone_number_lookup"),
            models.Index(
                fields=["requested_at"],
                condition=models.Q(registered_on=None, requested_at__isnull=False, refused_because=""),
                name="phone_number_pending",
            ),
        ]

    def __str__(self) -> str:
        return self.e164

    def clean(self) -> None:
        """What is registered after all is refused no longer."""
        if self.registered_on is not None:
            self.refused_because = ""

    @property
    def is_pending(self) -> bool:
        """Whether the desk has still to confirm or refuse it."""
        return self.registered_on is None and self.requested_at is not None and not self.refused_because


class AssetKind(models.TextChoices):
    TILL = "till", _("till")
    RECEIPT_PRINTER = "receipt_printer", _("receipt printer")
    LABEL_PRINTER = "label_printer", _("label printer")
    SCANNER = "scanner", _("scanner")
    CASH_DRAWER = "cash_drawer", _("cash drawer")
    PIN_TERMINAL = "pin_terminal", _("PIN terminal")
    OTHER = "other", _("other")


class Asset(models.Model):
    """A piece of equipment at a customer. `supplied_by_us` decides about SLA4 (IB-17)."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="assets", verbose_name=_("customer")
    )
    site = models.ForeignKey(
        Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="assets", verbose_name=_("site")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=AssetKind.choices, default=AssetKind.TILL)
    name = models.CharField(_("make and model"), max_length=120)
    serial = models.CharField(
        _("serial number"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^[^\s].*$", _("No leading space."))],
    )
    supplied_by_us = models.BooleanField(_("supplied by us"), default=False)
    supplied_on = models.DateField(_("supplied on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "serial"], condition=~models.Q(serial=""), name="asset_serial_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=AssetKind.values), name="asset_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name
