"""The answer of the demo that came back."""

from __future__ import annotations

import pytest
from tests.cast import at

from balie.accounts.models import User
from balie.config.demo.undelivered import bring_back
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import AddressMark, OutboundKind, OutboundMail, OutboundState
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import TicketEvent

pytestmark = pytest.mark.django_db


def test_one_answer_comes_back_once_and_no_server_is_asked(
    infobits: Desk, carla: Contact, anna: User
) -> None:
    Desk.objects.update(is_demo=True)
    ticket = actions.take_in(
        carla, Wish(Channel.PORTAL), subject="Bon", writing=Writing("Geen bon."), situation=at(infobits)
    )
    seen = ticket.messages.get().pk
    actions.reply(ticket, writing=Writing("Zet hem uit."), by=anna, seen=seen, situation=at(infobits))

    assert bring_back() == OutboundMail.objects.get(kind=OutboundKind.REPLY)
    assert bring_back() is None

    assert OutboundMail.objects.filter(state=OutboundState.FAILED).count() == 1
    assert AddressMark.objects.get().email == carla.email
    assert TicketEvent.objects.filter(kind="undelivered", ticket=ticket).count() == 1


def test_a_demo_without_answers_has_none_that_came_back(infobits: Desk) -> None:
    assert bring_back() is None
