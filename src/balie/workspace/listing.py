"""Tickets in a list: plain rows and the words beside them, looked up once a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone, translation
from markupsafe import Markup

from balie.rules.lifecycle import ENDED
from balie.tickets import wording
from balie.tickets.queries import Row
from balie.web.jinja import icon

CHANNEL_ICONS = {"portal": "world", "mail": "mail", "phone": "phone", "chat": "message-circle"}
ENDED_STATES = frozenset(state.value for state in ENDED)


class Line(NamedTuple):
    """What a page says of one ticket, ready to be put down: fifty of them are most of the page's time."""

    number: int
    address: str
    subject: str
    urgent: bool
    state: str
    category: str | None
    channel: Markup
    customer: str | None
    contact: str
    assignee: str | None
    opened: str  # ISO 8601, for the browser
    asked: str  # the same for people
    due: str  # empty when no answer is due
    due_at: str
    warn_at: str
    urgency: str  # overdue, soon or calm: the look of the deadline
    ended: bool  # nothing is due any more
    undelivered: bool  # a mail about it did not arrive


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one list. Words, zone and addresses are looked up once a list: they were half of a page's time."""

    rows: Sequence[Row]
    now: datetime
    states: dict[str, str]
    channels: dict[str, Markup]
    in_english: bool
    zone: tzinfo
    undelivered: Set[int] = frozenset()

    @classmethod
    def of(cls, rows: Sequence[Row], *, now: datetime, undelivered: Iterable[int] = ()) -> Listing:
        """`undelivered`: keys of tickets with mail that did not arrive."""
        return cls(
            rows=rows,
            now=now,
            states=_translated(wording.STATES),
            channels={
                key: icon(CHANNEL_ICONS[key], label) for key, label in _translated(wording.CHANNELS).items()
            },
            in_english=(translation.get_language() or "nl").startswith("en"),
            zone=timezone.get_current_timezone(),
            undelivered=frozenset(undelivered),
        )

    @property
    def lines(self) -> Iterator[Line]:
        before, after = reverse("ticket", args=[0]).rsplit("0", 1)
        for row in self.rows:
            is_due = row.due_at is not None and row.state not in ENDED_STATES
            yield Line(
                number=row.number,
                address=f"{before}{row.number}{after}",
                subject=row.subject,
                urgent=row.urgent,
                state=row.state,
                category=row.category_en if self.in_english else row.category_nl,
                channel=self.channels[row.channel],
                customer=row.customer_name,
                contact=row.contact_name,
                assignee=row.assignee,
                opened=row.opened_at.isoformat(),
                asked=self.short(row.opened_at),
                due=self.short(row.due_at) if is_due and row.due_at else "",
                due_at=row.due_at.isoformat() if row.due_at else "",
                warn_at=row.warn_at.isoformat() if row.warn_at else "",
                urgency=self._urgency(row),
                ended=row.state in ENDED_STATES,
                undelivered=row.id in self.undelivered,
            )

    def short(self, at: datetime) -> str:
        """`23-11 13:00`, with the year when it is another: a list is too long for the long form (60 µs each)."""
        local = at.astimezone(self.zone)
        year = "" if local.year == self.now.year else f"-{local.year}"
        return f"{local.day:02}-{local.month:02}{year} {local.hour:02}:{local.minute:02}"

    def _urgency(self, row: Row) -> str:
        if row.due_at is not None and row.due_at < self.now:
            return "overdue"
        return "soon" if row.warn_at is not None and row.warn_at <= self.now else "calm"


def _translated(words: Any) -> dict[str, str]:
    return {key.value: str(label) for key, label in words.items()}
