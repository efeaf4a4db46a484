"""Who comes in: accounts that people made, colleagues that were invited, mail addresses that are claimed."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balie.rules.account_matching import is_free_mail
from balie.rules.address_claims import Channel, State

DOMAIN = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"


class Reach(models.TextChoices):
    """Which tickets of its customer a contact may read."""

    ALL = "all", _("all tickets of the customer")
    SITE = "site", _("tickets of the own site")
    OWN = "own", _("own tickets only")


def validate_domain(text: str) -> None:
    """Refuse a domain on which anybody can have an address: it is no customer's own."""
    if is_free_mail(text):
        raise ValidationError(
            _("Anybody can have an address at %(domain)s; it is not this customer's own."),
            params={"domain": text},
            code="free_mail",
        )


class CustomerDomain(models.Model):
    """A mail domain of the customer's own: whoever has an address there works there (SW-19)."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="domains", verbose_name=_("customer")
    )
    domain = models.CharField(
        _("mail domain"),
        max_length=253,
        unique=True,
        validators=[validate_domain],
        help_text=_("What stands behind the @, for instance bakery.example. Not gmail.com and the like."),
    )

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(domain__regex=DOMAIN),
                name="customer_domain_shape",
                violation_error_message=_("Write a domain such as bakery.example."),
            )
        ]

    def __str__(self) -> str:
        return self.domain

    def clean_fields(self, exclude: object = None) -> None:
        self.domain = self.domain.strip().lower().removeprefix("@")
        super().clean_fields(exclude=exclude)  # type: ignore[arg-type]


class Roles(models.Model):
    """What somebody may do at its customer."""

    reach = models.CharField(_("may read"), max_length=5, choices=Reach.choices, default=Reach.ALL)
    may_see_money = models.BooleanField(_("may see prices and invoices"), default=False)
    may_order = models.BooleanField(_("may order paid work"), default=False)
    may_manage = models.BooleanField(_("may let colleagues in"), default=False)

    class Meta:
        abstract = True


class Invitation(Roles):
    """A colleague whom a contact of the customer lets in. It becomes a contact when it accepts."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="invitations", verbose_name=_("customer")
    )
    site = models.ForeignKey(
        "customers.Site", on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("site")
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="nl")
    invited_by = models.ForeignKey(
        "customers.Contact", on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(
                "customer",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Standing(models.TextChoices):
    """How far somebody who made an account has come."""

    UNVERIFIED = "unverified", _("mail address not verified yet")
    WAITING = "waiting", _("to be placed by the desk")
    PLACED = "placed", _("placed at a customer")
    REFUSED = "refused", _("refused")


class Registration(models.Model):
    """An account that somebody made, and how it came to its customer (SW-19, IB-05)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="registration",
        verbose_name=_("login"),
    )
    company = models.CharField(_("company"), max_length=150)
    customer_number = models.CharField(_("customer number"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=Standing.choices, default=Standing.UNVERIFIED)
    made_at = models.DateTimeField(_("made at"))
    verified_at = models.DateTimeField(_("mail address verified at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    because = models.JSONField(_("because"), default=list)
    reason = models.TextField(_("reason of the refusal"), blank=True)

    class Meta:
        verbose_name = _("account made")
        verbose_name_plural = _("accounts made")
        indexes = [
            models.Index(
                fields=["verified_at", "id"],
                condition=models.Q(state=Standing.WAITING),
                name="registration_waiting",
            ),
            models.Index(
                fields=["made_at"],
                condition=models.Q(state=Standing.UNVERIFIED),
                name="registration_unverified",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=Standing.values), name="registration_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=Standing.UNVERIFIED, verified_at=None)
                | (~models.Q(state=Standing.UNVERIFIED) & models.Q(verified_at__isnull=False)),
                name="registration_verified_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.company}"


class AddressClaim(models.Model):
    """Somebody who lost its mail address asks to log in with a new one (IB-06); `rules.address_claims` decides."""

    STATES = [
        (State.REQUESTED.value, _("new address not verified yet")),
        (State.VERIFIED.value, _("to be checked by the desk")),
        (State.APPROVED.value, _("approved, waiting")),
        (State.EFFECTIVE.value, _("effective")),
        (State.REVOKED.value, _("revoked")),
        (State.REFUSED.value, _("refused")),
        (State.EXPIRED.value, _("expired")),
    ]
    CHANNELS = [
        (Channel.CALLED_BACK.value, _("called back on a registered number")),
        (Channel.LETTER.value, _("letter to the address of the customer")),
        (Channel.COLLEAGUE.value, _("another contact of the customer confirmed it")),
        (Channel.IN_PERSON.value, _("in person, known to us")),
    ]

    state = models.CharField(_("state"), max_length=10, choices=STATES, default=State.REQUESTED.value)
    name = models.CharField(_("name"), max_length=150)
    company = models.CharField(_("company or customer number"), max_length=150)
    new_email = models.EmailField(_("new e-mail address"))
    old_email = models.EmailField(_("old e-mail address"), blank=True)
    phone = models.CharField(_("phone number to be reached on"), max_length=40)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="nl")
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="address_claims",
        verbose_name=_("contact"),
    )
    replaced_email = models.EmailField(_("address that is replaced"), blank=True)
    channel = models.CharField(_("verified by"), max_length=20, choices=CHANNELS, blank=True)
    called_number = models.CharField(_("number that was called"), max_length=16, blank=True)
    note = models.TextField(_("what was verified"), blank=True)
    requested_at = models.DateTimeField(_("requested at"))
    verified_at = models.DateTimeField(_("new address verified at"), null=True, blank=True)
    told_at = models.DateTimeField(_("contacts told at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    takes_effect_at = models.DateTimeField(_("takes effect at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("claim of a login")
        verbose_name_plural = _("claims of logins")
        indexes = [
            models.Index(
                fields=["takes_effect_at"],
                condition=models.Q(state=State.APPROVED.value),
                name="address_claim_due",
            ),
            models.Index(fields=["state", "requested_at"], name="address_claim_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="address_claim_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.APPROVED.value, State.EFFECTIVE.value])
                | (
                    models.Q(contact__isnull=False, approved_at__isnull=False)
                    & models.Q(takes_effect_at__gt=models.F("approved_at"))
                    & ~models.Q(channel="")
                ),
                name="address_claim_approved_and_waits",
            ),
            models.UniqueConstraint(
                Lower("new_email"),
                condition=models.Q(state__in=[State.VERIFIED.value, State.APPROVED.value]),
                name="address_claim_open_once",
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(state=State.APPROVED.value),
                name="address_claim_one_a_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.company}"
