"""Prices are for who may see them: to everybody else a decision is told without its amounts."""

from __future__ import annotations

from collections.abc import Iterable

from balie.customers.models import Contact
from balie.rules.reasons import Reason


def as_far_as_seen(reasons: Iterable[Reason], contact: Contact) -> list[Reason]:
    """The reasons that this contact may read: one that names an amount only with the right to see money."""
    return [each for each in reasons if contact.may_see_money or each.values.get("amount") is None]
