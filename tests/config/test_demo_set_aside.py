"""The demo shows mail about which an agent decides."""

from __future__ import annotations

from tests.cast import FRIDAY_AT_FOUR

from balie.config.demo import set_aside
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import InboundMail, InboundOutcome, OutboundMail
from balie.tickets.models import Ticket


def test_a_stranger_a_forged_customer_and_spam_wait_and_nobody_is_answered(
    infobits: Desk, carla: Contact
) -> None:
    assert set_aside.arrive(infobits, now=FRIDAY_AT_FOUR) == 3
    assert set_aside.arrive(infobits, now=FRIDAY_AT_FOUR) == 0

    outcomes = set(InboundMail.objects.values_list("outcome", flat=True))
    assert outcomes == {InboundOutcome.STRANGER, InboundOutcome.FORGED, InboundOutcome.SPAM}
    assert not OutboundMail.objects.exists() and not Ticket.objects.exists()
