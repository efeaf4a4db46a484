"""What a customer may ask today, in words beside its form, and what does not fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from balie.contracts.models import CreditBooking
from balie.contracts.oddities import oddities
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.reasons import Reason
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets.facts import Situation

NEWEST_BOOKINGS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """`due_at`: by when we would answer a question that is asked now in the portal; `None` when nothing is promised."""

    decision: Decision
    due_at: datetime | None
    oddities: Sequence[Reason]
    bookings: Sequence[CreditBooking]

    @property
    def balance(self) -> int | None:
        """Minutes of credit that are left; `None` when there never were any."""
        return self.bookings[0].balance if self.bookings else None


def standing_of(customer: Customer, *, desk: Desk, now: datetime) -> Standing:
    """Decided as a question in the portal would be, on the facts as they are stored."""
    situation = Situation(desk, now=now)
    decision = decide(situation.facts(customer), Wish(Channel.PORTAL), situation.desk, at=now)
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    bookings = CreditBooking.objects.filter(customer=customer).select_related("by")[:NEWEST_BOOKINGS]
    return Standing(decision, _due(decision, situation), oddities(customer, today=today), list(bookings))


def _due(decision: Decision, situation: Situation) -> datetime | None:
    if (
        not decision.allowed
        or decision.waits_for
        or decision.hours is None
        or decision.response_minutes is None
    ):
        return None
    try:
        return situation.calendar(decision.hours).add(situation.now, decision.response_minutes)
    except Refusal:  # hours that are never open promise nothing
        return None
