"""What accounts tell the rest of the house, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from balie.accounts.models import User
from balie.desk.models import Desk


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody may choose a password at this full address; whoever has it can take the account."""

    user: User
    link: str
    desk: Desk
