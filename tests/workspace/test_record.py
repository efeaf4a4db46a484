"""What happened to a ticket, as one line of its record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override
from tests import written_down

from balie.rules.lifecycle import Move
from balie.tickets import clocks
from balie.tickets.models import TicketEvent
from balie.workspace import wording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPUTED = {
    "what.value": {move.value for move in Move},
    "clocks.CLOSING_ANNOUNCED": {clocks.CLOSING_ANNOUNCED},
    "clocks.TERMS_CHANGED": {clocks.TERMS_CHANGED},
}
"""Kinds that the code puts together: the expression, and what can come out of it."""


def line(kind: str, **data: Any) -> str:
    with override("en"):
        return wording.of_event(TicketEvent(kind=kind, who="Anna", at=NOW, data=data))


def test_whatever_can_happen_to_a_ticket_has_a_sentence() -> None:
    can_happen = {
        **written_down.kinds("happened", position=1, keyword="kind", elsewhere=COMPUTED),
        **written_down.kinds("TicketEvent", position=-1, keyword="kind", elsewhere=COMPUTED),
    }
    assert {"opened", "placed", "call_back_moved", "recounted", "close_by_itself"} <= can_happen.keys()
    assert {kind: place for kind, place in can_happen.items() if kind not in wording.EVENTS} == {}


def test_the_sentences_are_there_in_both_languages() -> None:
    with override("en"):
        english = {kind: str(words) for kind, words in wording.EVENTS.items()}
    with override("nl"):
        assert {kind for kind, words in wording.EVENTS.items() if str(words) == english[kind]} == set()


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("placed", {"customer": "Bakkerij De Korenbloem"}, "Anna put this with Bakkerij De Korenbloem"),
        ("change_topic", {"to": "Printer"}, "Anna changed the topic to “Printer”"),
        ("change_topic", {}, "Anna took the topic off"),
        ("assign", {"to": "Ben"}, "Anna assigned this to Ben"),
        ("assign", {}, "Anna gave this back to everybody"),
        ("polish_shoes", {}, "polish shoes"),  # of an older version: its own name rather than nothing
    ],
)
def test_a_line_says_who_did_what(kind: str, data: dict[str, str], said: str) -> None:
    assert line(kind, **data) == said
