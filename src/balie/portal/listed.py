"""Questions as rows of a list, as a customer reads them: only what such a row shows."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf

from balie.prepared import Given
from balie.rules.desk import Desk
from balie.rules.promises import says_normally
from balie.rules.visibility import Viewer
from balie.tickets.access import AsViewer
from balie.tickets.models import IS_OPEN, Ticket


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


def listed(
    viewer: Viewer, desk: Desk, *, is_open: bool, limit: int, before: int | None = None
) -> list[Listed]:
    """The newest questions that somebody may read, open ones or ended ones, below a key if given; one query."""
    found = _newest(is_open, limit, before is not None).all(viewer, before=before)
    return [Listed._make((*row, says_normally(plan, desk))) for *row, plan in found]


@lru_cache(maxsize=100)
def _newest(is_open: bool, limit: int, goes_on: bool) -> AsViewer[tuple[Any, ...]]:
    columns = [{"contact_name": _CONTACT}.get(name, F(name)) for name in _STORED]

    def ask(tickets: QuerySet[Ticket]) -> QuerySet[Any, tuple[Any, ...]]:
        wanted = tickets.filter(IS_OPEN) if is_open else tickets.exclude(IS_OPEN)
        if goes_on:
            wanted = wanted.filter(id__lt=Given("before"))
        return wanted.order_by("-id").values_list(*columns, _PLAN)[:limit]

    return AsViewer(ask)
