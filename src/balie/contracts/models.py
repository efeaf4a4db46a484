"""What a customer bought from us, and on what terms it may ask."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balie.customers.models import Customer
from balie.desk.models import InTwoLanguages
from balie.rules import price_basis as rules
from balie.rules.customer_facts import CharityApplication, MaintainedBy
from balie.rules.topics import CategoryKind


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


class PriceBasis(models.Model):
    """How an answer on the site and a call-back or AnyDesk are paid (IB-07, IB-15, IB-19).

    For one plan, one type of contract, or one status of a customer. What a row does not say the plan decides.
    """

    PRICES = [
        (rules.PriceBasis.FREE.value, _("free")),
        (rules.PriceBasis.INCLUDED.value, _("included")),
        (rules.PriceBasis.CONTRACT.value, _("under contract")),
        (rules.PriceBasis.PREPAID.value, _("prepaid")),
        (rules.PriceBasis.POSTPAID.value, _("postpaid")),
    ]
    STATUSES = [
        (rules.PricedStatus.PAYMENT.value, _("payment status")),
        (rules.PricedStatus.CHARITY.value, _("charity")),
        (rules.PricedStatus.WITHOUT_PLAN.value, _("customer of a desk without plans")),
    ]

    plan = models.OneToOneField(
        SupportPlan,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_basis",
        verbose_name=_("support plan"),
    )
    contract_type = models.OneToOneField(
        ContractType,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_basis",
        verbose_name=_("contract type"),
    )
    status = models.CharField(
        _("status of a customer"), max_length=14, choices=STATUSES, null=True, blank=True, unique=True
    )
    site = models.CharField(
        _("answer on the site"),
        max_length=8,
        choices=[each for each in PRICES if each[0] != "postpaid"],
        blank=True,
    )
    callback = ArrayField(
        models.CharField(max_length=8, choices=PRICES),
        verbose_name=_("call-back or AnyDesk"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("price basis")
        verbose_name_plural = _("price basis")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(plan__isnull=False, contract_type__isnull=True, status__isnull=True)
                | models.Q(plan__isnull=True, contract_type__isnull=False, status__isnull=True)
                | models.Q(plan__isnull=True, contract_type__isnull=True, status__isnull=False),
                name="price_basis_is_for_one",
                violation_error_message=_(
                    "Choose a plan, a type of contract or a status, and one of them only."
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.plan or self.contract_type or self.get_status_display())

    @property
    def key(self) -> str:
        """By what the rules know it: the key of the plan or contract type, or the status."""
        return (
            self.plan.key
            if self.plan
            else self.contract_type.key
            if self.contract_type
            else self.status or ""
        )


class KindPrice(models.Model):
    """How questions of one kind are paid, whatever the plan (SW-11, SW-12, SW-16)."""

    KINDS = [
        (CategoryKind.INCIDENT.value, _("incident")),
        (CategoryKind.QUESTION.value, _("question")),
        (CategoryKind.CHANGE.value, _("change")),
        (CategoryKind.RESEARCH.value, _("research")),
        (CategoryKind.HARDWARE.value, _("hardware")),
        (CategoryKind.THIRD_PARTY.value, _("third party")),
        (CategoryKind.OTHER.value, _("other")),
    ]
    PRICES = [
        (rules.PriceBasis.ACTUAL_TIME.value, _("on actual time")),
        (rules.PriceBasis.QUOTE.value, _("a price quote first")),
    ]

    kind = models.CharField(_("kind of question"), max_length=12, choices=KINDS, unique=True)
    price = models.CharField(_("paid"), max_length=12, choices=PRICES)

    class Meta:
        verbose_name = _("price of a kind of question")
        verbose_name_plural = _("prices of kinds of questions")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[each.value for each in CategoryKind]),
                name="kind_price_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(price__in=[each.value for each in rules.KIND_PRICES]),
                name="kind_price_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


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

    APPLICATIONS = [
        (CharityApplication.NONE.value, pgettext_lazy("application of a charity", "none")),
        (CharityApplication.APPLIED.value, _("being checked")),
        (CharityApplication.CHECKED.value, _("checked")),
        (CharityApplication.DECLINED.value, pgettext_lazy("application of a charity", "declined")),
    ]

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="terms", verbose_name=_("customer")
    )
    maintained_by = models.CharField(
        _("system maintained by"), max_length=12, choices=MAINTAINERS, default=MaintainedBy.DESK.value
    )
    charity_until = models.DateField(_("charity until and including"), null=True, blank=True)
    charity_application = models.CharField(
        _("application for the free licence of a charity"),
        max_length=8,
        choices=APPLICATIONS,
        default=CharityApplication.NONE.value,
    )
    last_paid_support_on = models.DateField(_("last paid support on"), null=True, blank=True)
    prepaid_minutes = models.PositiveIntegerField(_("prepaid minutes"), default=0)

    class Meta:
        verbose_name = _("terms of a customer")
        verbose_name_plural = _("terms of customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(maintained_by__in=[each.value for each in MaintainedBy]),
                name="terms_maintainer_known",
            ),
            models.CheckConstraint(
                condition=models.Q(charity_application__in=[each.value for each in CharityApplication]),
                name="terms_application_known",
            ),
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
