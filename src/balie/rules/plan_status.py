"""How a customer's support stands, as its helpdesk page shows it (IB-18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class StatusKind(StrEnum):
    """How a customer's support stands (IB-18)."""

    VALID = "valid"  # without end
    VALID_UNTIL = "valid_until"
    EXPIRED_ON = "expired_on"
    PAYMENT = "payment"  # the payment status: pay first (IB-13)
    NONE = "none"  # the desk has no plan for this customer


class PlanStatus(NamedTuple):
    """The status that the helpdesk page shows (IB-18).

    `day` is the last day on which `plan` was or is valid: with `VALID_UNTIL`, `EXPIRED_ON` and `PAYMENT`.
    `plan` is the plan that this says something about: with `EXPIRED_ON` the better one that ended.
    """

    kind: StatusKind
    day: date | None = None
    plan: str | None = None

    def sentence(self) -> Reason:
        """The status in words; the edge writes the day as its reader does (dd-mm-yyyy)."""
        return Reason(_SENTENCES[self.kind], {"plan": self.plan, "day": as_text(self.day)}, "IB-18")

    def as_json(self) -> dict[str, str | None]:
        return {"kind": self.kind.value, "day": as_text(self.day), "plan": self.plan}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PlanStatus:
        day = stored["day"]
        return cls(StatusKind(stored["kind"]), date.fromisoformat(day) if day else None, stored["plan"])


_SENTENCES: Mapping[StatusKind, str] = {
    StatusKind.VALID: _("%(plan)s: valid"),
    StatusKind.VALID_UNTIL: _("%(plan)s: valid until %(day)s"),
    StatusKind.EXPIRED_ON: _("%(plan)s: expired on %(day)s"),
    StatusKind.PAYMENT: _("Payment status: support is given after payment"),
    StatusKind.NONE: _("No support plan"),
}


def as_text(day: date | None) -> str | None:
    """A day as reasons hold it: ISO 8601."""
    return None if day is None else day.isoformat()
