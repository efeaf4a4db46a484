"""What happens on the telephone, told to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.phone.models import Call


@dataclass(frozen=True, slots=True)
class CallChanged:
    """Something was told of a call or it was asked about again, and it stands differently than before or was not known.

    A call that an exchange asks about for the first time is not published: nothing happened yet that anybody acts upon.
    `before`: a value of `CallState`, `None` for a new call. `at`: when Balie heard of it.
    """

    call: Call
    before: str | None
    at: datetime
