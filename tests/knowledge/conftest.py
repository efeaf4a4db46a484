"""What the tests of help articles share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.knowledge.shelf import Shelf

from balie.accounts.models import User
from balie.desk.models import Desk


@pytest.fixture
def shelf(infobits: Desk, anna: User) -> Shelf:
    """An empty help site on which Anna writes."""
    return Shelf(anna, timezone.now())


Write = Callable[..., object]
