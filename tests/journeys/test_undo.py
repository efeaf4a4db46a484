"""Taking an answer back in a real browser: with the clock that runs beside it, and without any script."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.cast import agent, at, contact
from tests.journeys.conftest import PATIENCE_MILLISECONDS, Window
from tests.journeys.serving import Served

from balie.accounts.models import User
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="module")
def with_worker() -> bool:
    """Answers leave by themselves."""
    return True


@pytest.fixture(scope="module")
def anna(desk_served: Served) -> User:
    return agent("Anna")


@pytest.fixture
def ticket(desk_served: Served) -> Ticket:
    """A question, at a desk where answers wait long enough for a slow machine."""
    Desk.objects.update(undo_seconds=60)
    bakery, _new = Customer.objects.get_or_create(number="K-1001", name="Bakkerij De Korenbloem")
    carla = bakery.contacts.first() or contact("Carla", bakery)
    return actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Scanner leest niet",
        writing=Writing(text="Er gebeurt niets."),
        situation=at(desk_served.desk, timezone.now()),
    )


@pytest.mark.parametrize("with_script", [True, False], ids=["with a script", "without a script"])
def test_an_answer_goes_back_into_the_form(
    ticket: Ticket, anna: User, window: Window, with_script: bool
) -> None:
    page = window(anna, language="en", java_script_enabled=with_script)
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.locator("#id_reply-text").fill("Clean the glass.")
    page.get_by_role("button", name="Send answer").click()
    held = page.locator("#held")
    expect(held).to_contain_text("has not left yet")
    expect(held).to_contain_text("leaves in" if with_script else "leaves 60 seconds after it was sent")
    held.get_by_role("button", name="Undo").click()
    expect(page.locator("#id_reply-text")).to_have_value("Clean the glass.")
    expect(page.locator("#held")).not_to_contain_text("has not left yet")
    assert ticket.messages.count() == 1


def test_an_answer_that_is_left_alone_leaves_and_the_open_page_shows_it(
    ticket: Ticket, anna: User, window: Window
) -> None:
    Desk.objects.update(undo_seconds=2)
    page = window(anna, language="en")
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.locator("#id_reply-text").fill("Clean the glass.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#conversation")).to_contain_text("Clean the glass.")
    expect(page.locator("#held")).not_to_contain_text("has not left yet")
    assert not ticket.held_answers.exists()
