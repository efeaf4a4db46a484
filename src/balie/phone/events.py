"""What happens on the telephone, told to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.phone.models import Call


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call is there, or stands differently than before; a call that was only told of again is not published.

    `before`: a value of `CallState`, `None` for a new call. `at`: when Balie heard of it.
    """

    call: Call
    before: str | None
    at: datetime
