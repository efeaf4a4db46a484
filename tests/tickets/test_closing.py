"""Silent tickets are warned about and closed by themselves (IB-23), each once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import FRIDAY_AT_FOUR, at

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions, closing, tasks
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket

pytestmark = pytest.mark.django_db

WARNED_AT = FRIDAY_AT_FOUR + timedelta(days=11)
CLOSED_AT = FRIDAY_AT_FOUR + timedelta(days=14)
MOMENT = timedelta(seconds=1)
LATE = timedelta(days=3)


def answered(carla: Contact, anna: User, desk: Desk) -> Ticket:
    """A question that Anna answered on Friday at four."""
    ticket = actions.open(
        carla, Wish(Channel.PORTAL), subject="Geen bon", writing=Writing("Help"), by=None, situation=at(desk)
    )
    seen = ticket.messages.get().pk
    actions.reply(ticket, writing=Writing("Zo."), by=anna, seen=seen, situation=at(desk))
    return ticket


@pytest.fixture
def silent(softwear: Desk, carla: Contact, anna: User) -> Ticket:
    return answered(carla, anna, softwear)


def states() -> list[str]:
    return list(Ticket.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("warned_at", "now", "warned", "closed"),
    [
        pytest.param(None, WARNED_AT - MOMENT, 0, 0, id="a second before the eleventh day"),
        pytest.param(None, WARNED_AT, 1, 0, id="eleven days silent"),
        pytest.param(WARNED_AT, CLOSED_AT - MOMENT, 0, 0, id="a second before the fourteenth day"),
        pytest.param(WARNED_AT, CLOSED_AT, 0, 1, id="fourteen days silent, and warned"),
        pytest.param(None, CLOSED_AT, 1, 0, id="never closed in the round that warns"),
        pytest.param(CLOSED_AT, CLOSED_AT + LATE - MOMENT, 0, 0, id="warned late: three days to write"),
        pytest.param(CLOSED_AT, CLOSED_AT + LATE, 0, 1, id="warned late: closed three days after"),
    ],
)
def test_a_silent_customer_is_warned_after_11_days_and_closed_after_14_IB_23(
    silent: Ticket, warned_at: datetime | None, now: datetime, warned: int, closed: int
) -> None:
    if warned_at is not None:
        closing.announce_due(now=warned_at)

    assert (closing.announce_due(now=now), closing.close_due(now=now)) == (warned, closed)

    assert states() == [State.CLOSED if closed else State.WAITING]


def test_a_second_round_finds_nothing_left_to_do_IB_23(silent: Ticket) -> None:
    for now, done in [(WARNED_AT, (1, 0)), (WARNED_AT, (0, 0)), (CLOSED_AT, (0, 1)), (CLOSED_AT, (0, 0))]:
        assert (closing.announce_due(now=now), closing.close_due(now=now)) == done


def test_a_customer_who_wrote_in_time_keeps_the_ticket_open_IB_23(
    softwear: Desk, silent: Ticket, carla: Contact
) -> None:
    actions.receive(
        silent, carla, channel=Channel.PORTAL, writing=Writing("Nee."), situation=at(softwear, WARNED_AT)
    )

    assert closing.close_due(now=CLOSED_AT) == 0
    assert states() == [State.OPEN]


def test_a_call_back_never_closes_by_itself_IB_24(softwear: Desk, carla: Contact, anna: User) -> None:
    wish = Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.PREPAID)
    ticket = actions.take_in(carla, wish, subject="Bel", writing=Writing("Bel me"), situation=at(softwear))
    Ticket.objects.filter(pk=ticket.pk).update(state=State.WAITING)

    assert closing.close_due(now=FRIDAY_AT_FOUR + timedelta(days=400)) == 0


def test_a_ticket_that_cannot_be_closed_stops_no_other(
    softwear: Desk, silent: Ticket, carla: Contact, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    answered(carla, anna, softwear)
    closing.announce_due(now=WARNED_AT)
    Ticket.objects.filter(pk=silent.pk).update(state=State.NEW)  # a state from which it cannot close

    assert closing.close_due(now=CLOSED_AT) == 1

    assert states() == [State.NEW, State.CLOSED]
    assert "cannot be closed" in caplog.text


def test_more_than_a_batch_is_done_in_one_round(
    softwear: Desk, carla: Contact, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    for _ in range(5):
        answered(carla, anna, softwear)

    assert closing.announce_due(now=WARNED_AT) == 5
    assert closing.close_due(now=CLOSED_AT) == 5


def test_the_periodic_task_warns_one_and_closes_another(
    softwear: Desk, silent: Ticket, carla: Contact, anna: User
) -> None:
    warned_before = answered(carla, anna, softwear)
    Ticket.objects.filter(pk=silent.pk).update(warn_closing_at=FRIDAY_AT_FOUR)
    Ticket.objects.filter(pk=warned_before.pk).update(warn_closing_at=None, closes_at=FRIDAY_AT_FOUR)

    tasks.close_silent(0)

    assert states() == [State.WAITING, State.CLOSED]
    assert silent.events.filter(kind="closing_announced").count() == 1
