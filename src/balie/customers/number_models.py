"""Ranges of numbers of a company exchange, and codes that prove that somebody can be phoned (IB-02)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Left, Length, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from balie.customers.numbers import validate_e164

E164 = r"^\+[1-9][0-9]{6,14}$"
DIGITS_THAT_DIFFER = 4
"""A range holds at most ten thousand numbers: only these last digits differ."""


def _as_number(field: str) -> Cast:
    """`+31201234500` as 31201234500."""
    return Cast(Substr(field, 2), models.BigIntegerField())


class PhoneRange(models.Model):
    """All numbers from `first` to `last`, both E.164 and both in it: those of a customer's own exchange.

    They are registered as soon as an agent enters them. Two customers may share numbers, one customer's do not overlap.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="phone_ranges",
        verbose_name=_("customer"),
    )
    first = models.CharField(_("first number"), max_length=16, validators=[validate_e164])
    last = models.CharField(_("last number"), max_length=16, validators=[validate_e164])
    label = models.CharField(_("label"), max_length=60, blank=True)
    registered_at = models.DateTimeField(_("registered at"))
    numbers = models.GeneratedField(
        expression=Func(
            _as_number("first"),
            _as_number("last"),
            Value("[]"),
            function="int8range",
            output_field=BigIntegerRangeField(),
        ),
        output_field=BigIntegerRangeField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("range of phone numbers")
        verbose_name_plural = _("ranges of phone numbers")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__regex=E164) & Q(last__regex=E164), name="phone_range_e164"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="phone_range_in_order"),
            models.CheckConstraint(
                condition=Q(
                    Exact(
                        Left("first", Length("first") - DIGITS_THAT_DIFFER),
                        Left("last", Length("last") - DIGITS_THAT_DIFFER),
                    )
                )
                & Q(Exact(Length("first"), Length("last"))),
                name="phone_range_one_prefix",
            ),
            ExclusionConstraint(
                name="phone_range_no_overlap_at_a_customer",
                expressions=[("customer", RangeOperators.EQUAL), ("numbers", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [GistIndex(fields=["numbers"], name="phone_range_lookup")]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


class NumberCode(models.Model):
    """A code that the desk read out on the phone; the customer types it on its page. Only its digest is kept."""

    number = models.OneToOneField(
        "customers.PhoneNumber", on_delete=models.CASCADE, related_name="code", verbose_name=_("phone number")
    )
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("code of a phone number")
        verbose_name_plural = _("codes of phone numbers")

    def __str__(self) -> str:
        return str(self.number)
