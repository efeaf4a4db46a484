"""What the tests of the administration share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page that is read after its answer says it in English, as the browsers of the cast do."""
    with translation.override("en"):
        yield
