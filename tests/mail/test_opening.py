"""What is found out about messages before a round begins holds up nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from tests.cast import FRIDAY_AT_FOUR
from tests.mail.letters import letter

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, intake, opening
from balie.mail.models import InboundMail, InboundOutcome, InboundState

CLIENT = {"address": "203.0.113.66", "helo": "mx.example", "sender": "x@evil.example"}


@pytest.mark.django_db(transaction=True)
def test_while_the_dns_is_asked_no_row_is_locked_and_another_round_may_go(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def looks_meanwhile(name: str, kind: str, /) -> Sequence[Any]:
        """Asked in a thread with a connection of its own, as another worker has one."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT id FROM mail_inboundmail FOR UPDATE NOWAIT")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [actions._ROUNDS])
                assert cursor.fetchone() == (True,)
                asked.append(name)
        finally:
            connection.close()
        return ()

    monkeypatch.setattr(opening, "resolver", lambda: looks_meanwhile)
    intake.store(letter("carla@shop.example"), now=FRIDAY_AT_FOUR)
    InboundMail.objects.update(client=CLIENT)

    actions.process_waiting(now=FRIDAY_AT_FOUR)

    assert "evil.example" in asked and "_dmarc.shop.example" in asked
    mail = InboundMail.objects.get()
    assert (mail.state, mail.outcome) == (InboundState.DONE, InboundOutcome.NEW_TICKET)


@pytest.mark.django_db
def test_a_message_that_another_worker_sorted_meanwhile_is_left_to_it(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = intake.store(letter("carla@shop.example"), now=FRIDAY_AT_FOUR)
    original = actions.open_all

    def other_is_faster(*arguments: Any) -> opening.Opened:
        opened = original(*arguments)
        InboundMail.objects.update(state=InboundState.DONE)
        return opened

    monkeypatch.setattr(actions, "open_all", other_is_faster)
    actions.process(stored.key, now=FRIDAY_AT_FOUR)

    assert InboundMail.objects.get().ticket is None
