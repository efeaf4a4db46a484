"""What the tests of back-ups share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.cast import moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the moment at which requests come in, on the clocks of Amsterdam."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    set_to("2026-11-20 16:00")
    return set_to
