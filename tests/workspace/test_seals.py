"""The ticket page tells what the signature on a message came to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.workspace.conftest import browser_of, page_of

from balie.accounts.models import User
from balie.mail.models import MessageSeal
from balie.tickets.models import Ticket


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        ("genuine", "Signed by"),
        ("broken", "does not fit"),
        ("no_key", "no key of the sender"),
        ("encrypted", "the desk cannot read it"),
    ],
)
def test_the_result_stands_above_the_message(verdict: str, shown: str, ask, anna: User) -> None:
    ticket = ask()
    MessageSeal.objects.create(
        message=ticket.messages.get(), kind="pgp", verdict=verdict, fingerprint="AB" * 20
    )
    assert shown in _page(anna, ticket)


def test_a_message_without_a_seal_says_nothing(ask, anna: User) -> None:
    assert "message-seal" not in _page(anna, ask())


def test_seals_cost_no_query_of_their_own(ask, write, anna: User) -> None:
    ticket = ask()
    client = browser_of(anna)
    before = _queries(client, ticket)
    for _each in range(3):
        message = write(ticket, "Nog iets.")
        MessageSeal.objects.create(message=message, kind="pgp", verdict="no_key")
    assert _queries(client, ticket) == before


def _page(person: User, ticket: Ticket) -> str:
    return page_of(browser_of(person).get(reverse("ticket", args=[ticket.number])))


def _queries(client: Client, ticket: Ticket) -> int:
    address = reverse("ticket", args=[ticket.number])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
