"""Tickets in a list: plain rows and the words beside them, looked up once a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from markupsafe import Markup

from balie.rules.lifecycle import ENDED
from balie.tickets import wording
from balie.tickets.queries import Row
from balie.web.jinja import icon

CHANNEL_ICONS = {"portal": "world", "mail": "mail", "phone": "phone", "chat": "message-circle"}
ENDED_STATES = frozenset(state.value for state in ENDED)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one list. Words are translated once a list, not once a row: half of a page's time was that."""

    rows: Sequence[Row]
    now: datetime
    states: dict[str, str]
    channels: dict[str, Markup]
    in_english: bool

    @classmethod
    def of(cls, rows: Sequence[Row], *, now: datetime) -> Listing:
        return cls(
            rows=rows,
            now=now,
            states=_translated(wording.STATES),
            channels={
                key: icon(CHANNEL_ICONS[key], label) for key, label in _translated(wording.CHANNELS).items()
            },
            in_english=(translation.get_language() or "nl").startswith("en"),
        )

    def category(self, row: Row) -> str | None:
        return row.category_en if self.in_english else row.category_nl

    def urgency(self, row: Row) -> str:
        """`overdue`, `soon` or `calm`: the look of the deadline."""
        if row.due_at is None or row.due_at >= self.now:
            return "soon" if row.warn_at and row.warn_at <= self.now else "calm"
        return "overdue"

    def has_ended(self, row: Row) -> bool:
        return row.state in ENDED_STATES

    def short(self, at: datetime) -> str:
        """`23-11 13:00`, with the year when it is another: a list is too long for the long form (60 µs each)."""
        local = timezone.localtime(at)
        return f"{local:%d-%m %H:%M}" if local.year == self.now.year else f"{local:%d-%m-%Y %H:%M}"


def _translated(words: Any) -> dict[str, str]:
    return {key.value: str(label) for key, label in words.items()}
