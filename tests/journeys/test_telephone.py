"""A customer phones by real SIP, and the screen of the agent whose telephone rings says who it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.cast import agent, at, contact
from tests.journeys.conftest import PATIENCE_MILLISECONDS, Window
from tests.journeys.serving import Served
from tests.phone.sip.desks import customer_with, open_today
from tests.phone.sip.telephones import caller, telephone
from tests.servers.kamailio import Kamailio, running_kamailio

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Line
from balie.phone.actions import exchanges
from balie.phone.models import Extension, QueuePlace
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing

expect.set_options(timeout=PATIENCE_MILLISECONDS)
NUMBER = "+31612345678"


@pytest.fixture(scope="module")
def anna(desk_served: Served) -> User:
    """An agent whose telephone rings for the helpdesk, which is open."""
    anna = agent("Anna")
    open_today(desk_served.desk, "helpdesk", "zone-1")
    extension = Extension.objects.create(number="201", user=anna)
    QueuePlace.objects.create(line=Line.objects.get(key="helpdesk"), extension=extension)
    return anna


@pytest.fixture(scope="module")
def carla(desk_served: Served) -> Contact:
    return contact("Carla", customer_with(NUMBER, name="Bakkerij De Korenbloem"))


@pytest.fixture(scope="module")
def kamailio(desk_served: Served) -> Iterator[Kamailio]:
    _exchange, token = exchanges.made("Kamailio", by=None, now=timezone.now())
    settings = {"ANSWER_SECONDS": "10", "RING_MILLISECONDS": "60000"}
    with running_kamailio(balie=desk_served.url, token=token, settings=settings) as ours:
        yield ours


def test_who_phones_is_on_the_screen_while_it_rings_and_the_work_is_asked_for_afterwards_IB_03_IB_21(
    window: Window,
    desk_served: Served,
    kamailio: Kamailio,
    anna: User,
    carla: Contact,
    tmp_path: Path,
) -> None:
    ticket = actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Scanner leest niet",
        writing=Writing(text="Er gebeurt niets."),
        situation=at(desk_served.desk, timezone.now()),
    )
    page = window(anna)
    page.goto("/desk/")
    card = page.locator("#telephone [data-call]")
    with (
        telephone("answers", tmp_path, port=kamailio.ports.phones, after=5000) as phone,
        caller(kamailio, tmp_path, f"<sip:{NUMBER}@provider.example>", talk=12_000) as calling,
    ):
        phone.await_invite()
        expect(card).to_contain_text("Your telephone rings")
        expect(card).to_contain_text("Bakkerij De Korenbloem")
        expect(card.get_by_role("link", name="Scanner leest niet")).to_be_visible()
        page.screenshot(path=tmp_path / "rings.png")
        expect(card).to_contain_text("Anna talks")
        page.screenshot(path=tmp_path / "talks.png")
        assert calling.end() == [180, 200]
    over = page.locator("#telephone article").filter(has_text="What did you do?")
    expect(over).to_be_visible()
    page.screenshot(path=tmp_path / "over.png")
    assert ticket.state == "new"
