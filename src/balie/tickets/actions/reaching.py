"""How the customer wants to be reached: kept with the ticket (IB-15, IB-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from balie.tickets.models import CallRequest, PreferredTime, Ticket


@dataclass(frozen=True, slots=True)
class CallWish:
    """A number in E.164, an AnyDesk address or both; and when it suits, as stretches from one moment until another."""

    phone: str = ""
    anydesk: str = ""
    times: Sequence[tuple[datetime, datetime]] = field(default=())


def keep_call_wish(ticket: Ticket, wish: CallWish) -> CallRequest:
    """Store the wish with a ticket that has none yet."""
    request = CallRequest.objects.create(ticket=ticket, phone=wish.phone, anydesk=wish.anydesk)
    PreferredTime.objects.bulk_create(
        PreferredTime(call_request=request, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in wish.times
    )
    return request
