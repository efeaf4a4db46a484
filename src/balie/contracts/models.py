"""What a customer bought from us, and on what terms it may ask."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Customer
from balie.desk.models import InTwoLanguages
from balie.rules.customer_facts import MaintainedBy


class SupportPlan(models.Model):
    """What is promised (*SLA-status*, IB-08). Response and solution in working minutes; empty is nothing promised."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("The highest one counts."))
    response_minutes = models.PositiveIntegerField(
        _("response within (working minutes)"), null=True, blank=True
    )
    solution_minutes = models.PositiveIntegerField(
        _("solution within (working minutes)"), null=True, blank=True
    )
    monthly_price = models.DecimalField(
        _("price a month (EUR)"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    is_free = models.BooleanField(_("free"), default=False)
    only_with_our_hardware = models.BooleanField(_("only with hardware supplied by us"), default=False)
    rule = models.CharField(_("rule"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("support plan")
        verbose_name_plural = _("support plans")
        ordering = ["-rank"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(response_minutes__isnull=True) | models.Q(response_minutes__gt=0),
                name="plan_response_is_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something that can be licensed (*product*)."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    includes_plan = models.ForeignKey(
        SupportPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("plan included"),
    )
    offers_plan = models.ForeignKey(
        SupportPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("plan that may be bought with it"),
    )
    is_charity = models.BooleanField(_("free licence for charities"), default=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContractType(InTwoLanguages):
    """A kind of contract. `counts_zone_1`: a support contract in the sense of IB-30."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    gives_plan = models.ForeignKey(
        SupportPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gives the plan"),
    )
    counts_zone_1 = models.BooleanField(_("is a support contract: the wider hours count"), default=False)
    gives_phone_number = models.BooleanField(_("shows the phone number"), default=False)
    requires_product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only with a licence of"),
    )

    class Meta:
        verbose_name = _("contract type")
        verbose_name_plural = _("contract types")
        ordering = ["key"]


class Dated(models.Model):
    """Valid on days in the desk's zone, both ends included; an empty end is open."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, verbose_name=_("customer"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until and including"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            )
        ]


class Licence(Dated):
    """A product that a customer may use (*licentie*)."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="licences", verbose_name=_("product")
    )

    class Meta(Dated.Meta):
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        default_related_name = "licences"

    def __str__(self) -> str:
        return str(self.product)


class Contract(Dated):
    """An agreement with a customer (*contract*)."""

    type = models.ForeignKey(
        ContractType, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("type")
    )

    class Meta(Dated.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        default_related_name = "contracts"

    def __str__(self) -> str:
        return str(self.type)


class CustomerTerms(models.Model):
    """What else decides about a customer's support."""

    MAINTAINERS = [
        (MaintainedBy.DESK.value, _("us")),
        (MaintainedBy.THIRD_PARTY.value, _("a third party")),
        (MaintainedBy.NOBODY.value, _("nobody")),
    ]

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="terms", verbose_name=_("customer")
    )
    maintained_by = models.CharField(
        _("system maintained by"), max_length=12, choices=MAINTAINERS, default=MaintainedBy.DESK.value
    )
    charity_until = models.DateField(_("charity until and including"), null=True, blank=True)
    last_paid_support_on = models.DateField(_("last paid support on"), null=True, blank=True)
    prepaid_minutes = models.PositiveIntegerField(_("prepaid minutes"), default=0)

    class Meta:
        verbose_name = _("terms of a customer")
        verbose_name_plural = _("terms of customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(maintained_by__in=[each.value for each in MaintainedBy]),
                name="terms_maintainer_known",
            )
        ]

    def __str__(self) -> str:
        return str(self.customer)


class CreditBooking(models.Model):
    """One line of a customer's credit account: minutes that came in or went out, written once (IB-19).

    `balance` is what was left after it, the same as `CustomerTerms.prepaid_minutes` at that moment. `by` is empty
    for what Balie books by itself. `submission` is made with the form: the same form sent twice is one booking.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="credit_bookings", verbose_name=_("customer")
    )
    minutes = models.IntegerField(_("minutes"))
    balance = models.PositiveIntegerField(_("balance after it"))
    because = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("booked by"),
    )
    booked_at = models.DateTimeField(_("booked at"))
    submission = models.UUIDField(unique=True, null=True, editable=False)

    class Meta:
        verbose_name = _("credit booking")
        verbose_name_plural = _("credit bookings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(minutes=0), name="credit_booking_moves_something"),
            models.CheckConstraint(condition=~models.Q(because=""), name="credit_booking_says_why"),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="credit_of_customer")]

    def __str__(self) -> str:
        return f"{self.minutes:+}: {self.because}"
