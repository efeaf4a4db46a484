"""Prices are for who may see them: to everybody else a decision is told without its amounts."""

from __future__ import annotations

from collections.abc import Iterable

from balie.customers.models import Contact
from balie.portal.wording import name_of
from balie.rules.desk import Desk, LineKind
from balie.rules.reasons import Reason


def as_far_as_seen(reasons: Iterable[Reason], contact: Contact) -> list[Reason]:
    """The reasons that this contact may read: one that names an amount only with the right to see money."""
    return [each for each in reasons if contact.may_see_money or each.values.get("amount") is None]


def rates_seen_by(contact: Contact, desk: Desk) -> tuple[tuple[str, int], ...]:
    """What an hour costs in cents, by name of the rate zone, or under no name where there is one rate (IB-29).

    Empty for who may not see money.
    """
    if not contact.may_see_money:
        return ()
    zones = tuple(
        (name_of(line), line.hourly_rate_cents)
        for line in desk.lines.values()
        if line.kind is LineKind.RATE_ZONE and line.hourly_rate_cents is not None
    )
    everywhere = desk.settings.hourly_rate_cents
    return zones or ((("", everywhere),) if everywhere is not None else ())
