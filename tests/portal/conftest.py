"""What the tests of the customer's screens share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone, translation
from tests.cast import FRIDAY_AT_FOUR, at, moment

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the moment at which requests come in, on the clocks of Amsterdam."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    return set_to


@pytest.fixture
def friday_at_four(clock: Callable[[str], None]) -> None:
    clock("2026-11-20 16:00")


@pytest.fixture
def asks() -> Callable[..., Ticket]:
    """Lets a contact ask something."""

    def ask(
        contact: Contact,
        desk: Desk,
        subject: str = "Bonprinter print niet",
        *,
        text: str = "Sinds vanochtend.",
        now=FRIDAY_AT_FOUR,
        **wish: object,
    ) -> Ticket:
        return actions.open(
            contact,
            Wish(Channel.PORTAL, **wish),
            subject=subject,
            writing=Writing(text=text),
            by=contact.user,
            situation=at(desk, now),
        )

    return ask


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What is asked without a browser answers in English, as the browsers of the cast do."""
    with translation.override("en"):
        yield
