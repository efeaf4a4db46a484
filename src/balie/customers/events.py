"""What customers and their people tell the rest of the house, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.accounts.models import User
from balie.customers.models import Contact


@dataclass(frozen=True, slots=True)
class ContactPlaced:
    """Somebody whom nobody knew now belongs to a customer."""

    contact: Contact
    by: User
    at: datetime
