"""The page for anybody: hours, open or closed now, ways to ask, logins to try."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import browser_of, moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Sets the moment at which requests come in."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    return set_to


def test_anybody_sees_the_page(infobits):
    answer = browser_of(None).get(reverse("start"))
    assert answer.status_code == 200
    assert infobits.name in answer.content.decode()
