"""Questions as rows of a list, as a customer reads them: only what such a row shows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf

from balie.rules.desk import Desk
from balie.rules.promises import says_normally
from balie.tickets.models import Ticket


class Listed(NamedTuple):
    """One question. `is_normally`: under its plan the deadline is no obligation (IB-09)."""

    id: int
    number: int
    subject: str
    contact_name: str
    urgent: bool
    state: str
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    is_normally: bool


_STORED = Listed._fields[:-1]
_CONTACT = Coalesce(NullIf("contact__name", Value("")), "contact__email", output_field=CharField())
_PLAN = KeyTextTransform("plan", KeyTransform("decision", "decision"))
"""The plan under which the question was asked, of the decision that it keeps."""


def listed(tickets: QuerySet[Ticket], desk: Desk) -> list[Listed]:
    """The questions of a queryset, in its order; one query."""
    columns = [{"contact_name": _CONTACT}.get(name, F(name)) for name in _STORED]
    found = tickets.values_list(*columns, _PLAN)
    return [Listed._make((*row, says_normally(plan, desk))) for *row, plan in found]
