"""What contracts tell the rest of the house, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.contracts.models import CreditBooking


@dataclass(frozen=True, slots=True)
class CreditBooked:
    """Minutes came into a customer's credit account, or went out; `booking.balance` is what is there now."""

    booking: CreditBooking
    at: datetime
