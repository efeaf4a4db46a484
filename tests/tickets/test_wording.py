"""The states of a ticket in words: they stand beside its subject, so each says how it stands, not who did what."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from balie.rules.lifecycle import State
from balie.tickets.wording import STATES


@pytest.mark.parametrize(
    ("state", "dutch"),
    [
        (State.NEW, "nieuw"),
        (State.OPEN, "in behandeling"),
        (State.WAITING, "wacht op de klant"),
        (State.AWAITING_PAYMENT, "wacht op betaling"),
        (State.AWAITING_ACCEPTANCE, "wacht op beoordeling"),
        (State.PLANNED, "gepland"),  # the record's "planned" is another word: "plande in"
        (State.SOLVED, "opgelost"),
        (State.CLOSED, "gesloten"),
        (State.DECLINED, "afgewezen"),
        (State.WITHDRAWN, "ingetrokken"),
    ],
)
def test_a_state_is_said_in_dutch_as_a_state(state: State, dutch: str) -> None:
    with override("nl"):
        assert str(STATES[state]) == dutch


def test_every_state_has_a_word() -> None:
    assert set(STATES) == set(State)
