from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.cast import FRIDAY_AT_FOUR, moment
from tests.phone.exchange import Pbx, pbx


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock of the desk: `clock("2026-11-20 16:00")`."""

    def show(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    show(f"{FRIDAY_AT_FOUR:%Y-%m-%d %H:%M}")
    return show


@pytest.fixture
def exchange(db: None, clock: Callable[[str], None]) -> Pbx:
    """An exchange, on Friday at four unless a test says otherwise."""
    return pbx(timezone.now())
