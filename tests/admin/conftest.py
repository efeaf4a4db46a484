"""What the tests of the administration share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from balie.accounts.models import User


@pytest.fixture
def willem(willem: User) -> User:
    """Willem reads English here: these tests read his pages."""
    willem.language = "en"
    willem.save(update_fields=["language"])
    return willem


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Also what is read from a page after its answer."""
    with translation.override("en"):
        yield
