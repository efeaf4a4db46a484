"""A mail on a ticket that has ended: the same rule as on the site, in days of the desk's zone (IB-23)."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.cast import at, moment

from balie.mail.facts import tickets_claimed
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket
from balie.tickets.replies import outcome_of_reply


@pytest.fixture
def ticket(infobits, carla) -> Ticket:
    return actions.take_in(
        carla,
        Wish(Channel.MAIL),
        subject="x",
        writing=Writing("x"),
        situation=at(infobits, moment("2026-10-01 12:00")),
    )


@pytest.mark.parametrize(
    ("state", "now", "ended"),
    [
        ("open", "2027-06-01 12:00", False),
        ("closed", "2026-11-30 12:00", False),  # sixty days of the desk: an hour more than 1440 hours
        ("closed", "2026-11-30 12:01", True),
        ("declined", "2026-10-02 12:00", True),
        ("withdrawn", "2026-10-02 12:00", True),
    ],
)
def test_a_mail_goes_on_where_the_site_would_IB_23(infobits, ticket, state, now, ended) -> None:
    closed_at: datetime | None = None if state == "open" else moment("2026-10-01 12:00")
    Ticket.objects.filter(pk=ticket.pk).update(state=state, closed_at=closed_at)
    ticket.refresh_from_db()
    situation = at(infobits, moment(now))
    claimed = tickets_claimed([ticket.number], situation)[ticket.number]
    assert (claimed.ended_for_good is not None) == ended
    assert getattr(outcome_of_reply(ticket, situation), "because", None) == claimed.ended_for_good
