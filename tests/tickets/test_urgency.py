"""Taking urgency back: the place in the queue, the record, and who is too late (IB-22)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import FRIDAY_AT_FOUR, at

from balie.audit.models import Entry
from balie.rules.urgency import WorkHasBegun
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions, clocks
from balie.tickets.actions import CallWish, Writing
from balie.tickets.models import CallRequest, Ticket


@pytest.fixture
def urgent(infobits, sla8, carla) -> Ticket:
    return actions.open(
        carla,
        Wish(Channel.PORTAL, urgent=True),
        subject="Kassa start niet",
        writing=Writing("Nu graag"),
        by=carla.user,
        situation=at(infobits),
    )


def test_it_goes_to_its_place_in_the_queue_and_keeps_its_promise_IB_22(infobits, urgent, carla):
    before = urgent.due_at
    calm = actions.drop_urgency(urgent, by=carla, situation=at(infobits))
    calm.refresh_from_db()
    assert (calm.urgent, calm.queue_rank, calm.due_at) == (False, 1, before)
    assert calm.decision["wish"]["urgent"] is False
    decision = clocks.decision_of(calm)
    assert decision.surcharge is None
    assert not [each for each in decision.reasons if each.rule == "IB-22"]


def test_it_is_on_the_record_with_the_decision_it_was_made_under(infobits, urgent, carla):
    actions.drop_urgency(urgent, by=carla, situation=at(infobits))
    event = urgent.events.latest("pk")
    assert (event.kind, event.who) == ("drop_urgency", "Carla")
    assert event.data["before"]["decision"]["surcharge"] is not None
    assert Entry.objects.filter(action="drop_urgency", subject_id=str(urgent.pk)).exists()


def test_a_second_time_changes_nothing(infobits, urgent, carla):
    for _time in range(2):
        actions.drop_urgency(urgent, by=carla, situation=at(infobits))
    assert urgent.events.filter(kind="drop_urgency").count() == 1


def test_once_the_work_has_begun_it_is_too_late(infobits, urgent, carla, anna):
    actions.reply(
        urgent, writing=Writing("Wij kijken"), by=anna, seen=urgent.messages.last().pk, situation=at(infobits)
    )
    with pytest.raises(WorkHasBegun):
        actions.drop_urgency(urgent, by=carla, situation=at(infobits))
    urgent.refresh_from_db()
    assert urgent.urgent


def test_where_and_when_to_call_is_kept_with_the_ticket_IB_15(infobits, sla8, carla):
    later = FRIDAY_AT_FOUR + timedelta(hours=1)
    ticket = actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="Bel mij",
        writing=Writing("Graag"),
        by=carla.user,
        situation=at(infobits),
        call=CallWish("+31612345678", times=[(FRIDAY_AT_FOUR, later)]),
    )
    request = CallRequest.objects.get(ticket=ticket)
    assert (request.phone, str(request)) == ("+31612345678", "+31612345678")
    assert [(each.starts_at, each.ends_at) for each in request.preferred_times.all()] == [
        (FRIDAY_AT_FOUR, later)
    ]
