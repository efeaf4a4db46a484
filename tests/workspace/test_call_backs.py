"""Planned calls on the agents' screens (IB-15, IB-20, IB-21, IB-24, SW-18)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import browser_of

from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.call_backs import Standing
from balie.tickets import actions
from balie.tickets.models import CallBack, Ticket, TimeEntry
from balie.workspace.work_forms import value_of

PHONE = "+31201234567"


@pytest.fixture
def call_back(infobits, ask, anna) -> CallBack:
    ticket, situation = ask(), at(infobits, timezone.now())
    span = actions.offer(ticket, situation, owner=anna).first
    return actions.plan_call_back(ticket, span=span, owner=anna, by=anna, situation=situation, phone=PHONE)


def moments_of(ticket: Ticket, desk, owner) -> list[str]:
    return [value_of(each) for each in actions.offer(ticket, at(desk, timezone.now()), owner=owner).moments]


def post(person, name: str, *args: object, **data: object):
    return browser_of(person).post(reverse(name, args=args), data, follow=True)


def test_an_agent_plans_a_call_and_the_customer_gets_a_mail_SW_18(infobits, ask, anna):
    ticket = ask()
    page = browser_of(anna).get(reverse("ticket_plan_call", args=[ticket.number]))
    assert "Plan the call" in page.content.decode()
    moment = moments_of(ticket, infobits, anna)[2]
    data = {"moment": moment, "phone": "020 123 45 67", "owner": anna.pk, "submission": str(uuid4())}
    assert "The call is planned" in post(anna, "ticket_plan_call", ticket.number, **data).content.decode()
    call_back = CallBack.objects.get()
    assert (
        call_back.phone,
        call_back.owner,
        value_of((call_back.planned_from, call_back.planned_until)),
    ) == (
        PHONE,
        anna,
        moment,
    )
    sent = OutboundMail.objects.get(kind=OutboundKind.CALL_PLANNED)
    assert "020 123 45 67" in sent.text and sent.ticket == ticket


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "Choose a moment"),
        ({"moment": "own", "on": "2199-01-01"}, "Choose a moment"),
        ({"moment": "tomorrow"}, "valid choice"),
        ({"moment": "99999999999999-1"}, "valid choice"),
        ({"moment": "99999999999-99999999998"}, "later end"),
        ({"on": "2026-01-05", "start": "10:00", "end": "10:15"}, "That time is over."),
        ({"on": "2026-11-29", "start": "03:00", "end": "03:15", "agreed": "on"}, ""),
        ({"moment": "first", "phone": "020 BAKKER"}, "letters"),
        ({"moment": "first", "phone": ""}, "needs a phone number"),
        ({"moment": "first", "anydesk": "!!"}, "AnyDesk"),
    ],
    ids=str,
)
def test_what_cannot_be_planned_comes_back_with_the_reason(infobits, ask, anna, changes, says):
    ticket = ask()
    data = {"phone": "020 123 45 67", "submission": str(uuid4()), **changes}
    if data.get("moment") == "first":
        data["moment"] = moments_of(ticket, infobits, anna)[0]
    answer = post(anna, "ticket_plan_call", ticket.number, **data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not CallBack.objects.exists()


def test_the_day_shows_calls_by_time_with_a_way_to_dial(call_back, anna, ben):
    on = timezone.localtime(call_back.planned_from).date().isoformat()
    page = browser_of(anna).get(reverse("call_backs"), {"on": on}).content.decode()
    assert f'href="tel:{PHONE}"' in page and call_back.ticket.subject in page
    mine = browser_of(ben).get(reverse("call_backs"), {"on": on, "whose": "mine"}).content.decode()
    assert call_back.ticket.subject not in mine


@pytest.mark.parametrize("on", ["", "yesterday", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_any_day_can_be_asked_for(infobits, anna, on):
    assert browser_of(anna).get(reverse("call_backs"), {"on": on}).status_code == 200


def test_an_overdue_call_is_marked_today(call_back, anna):
    now = timezone.now()
    CallBack.objects.update(planned_from=now - timedelta(days=2), planned_until=now - timedelta(days=1))
    assert "overdue" in browser_of(anna).get(reverse("call_backs")).content.decode()
    assert "overdue" in browser_of(anna).get(reverse("call_back", args=[call_back.pk])).content.decode()
    assert (
        "overdue" in browser_of(anna).get(reverse("ticket", args=[call_back.ticket.number])).content.decode()
    )


def test_reached_counts_as_an_answer_and_takes_its_minutes_along_IB_24(call_back, anna):
    data = {"outcome": "reached", "note": "Solved together", "minutes": "9", "submission": str(uuid4())}
    for _time in range(2):
        post(anna, "call_tried", call_back.pk, **data)
    call_back.refresh_from_db()
    entry = TimeEntry.objects.get()
    assert (call_back.standing, entry.minutes, entry.kind, entry.note) == (
        Standing.REACHED,
        9,
        "call",
        "Solved together",
    )
    assert call_back.ticket.events.filter(clocks__contains=["answered"]).exists()


def test_three_failed_attempts_are_one_mail_to_the_customer_IB_24(call_back, anna):
    for outcome in ("no_answer", "busy", "wrong_number"):
        page = post(anna, "call_tried", call_back.pk, outcome=outcome, submission=str(uuid4()))
    assert "That was the last attempt." in page.content.decode()
    sent = OutboundMail.objects.get(kind=OutboundKind.CALL_GIVEN_UP)
    assert sent.ticket == call_back.ticket and "3" in sent.text
    late = browser_of(anna).post(
        reverse("call_tried", args=[call_back.pk]), {"outcome": "busy", "submission": str(uuid4())}
    )
    assert late.status_code in (409, 422)


def test_an_attempt_without_an_outcome_is_none(call_back, anna):
    answer = post(anna, "call_tried", call_back.pk, minutes="9", submission=str(uuid4()))
    assert answer.status_code == 422
    assert not call_back.attempts.exists() and not TimeEntry.objects.exists()


def test_a_call_is_moved_and_the_customer_gets_a_mail_again(infobits, call_back, anna):
    moment = moments_of(call_back.ticket, infobits, anna)[4]
    assert "another moment" in post(anna, "call_move", call_back.pk, moment=moment).content.decode()
    call_back.refresh_from_db()
    assert value_of((call_back.planned_from, call_back.planned_until)) == moment
    assert OutboundMail.objects.filter(kind=OutboundKind.CALL_PLANNED).count() == 2
    assert post(anna, "call_move", call_back.pk, moment="").status_code == 422


def test_a_call_is_handed_over_and_cancelled_and_comes_back(call_back, anna, ben):
    assert "Ben makes the call." in post(anna, "call_hand_over", call_back.pk, owner=ben.pk).content.decode()
    assert "in particular now." in post(anna, "call_hand_over", call_back.pk, owner="").content.decode()
    assert post(anna, "call_hand_over", call_back.pk, owner="4711").status_code == 422
    gone = post(anna, "call_cancel", call_back.pk, because="Not needed").content.decode()
    assert reverse("call_restore", args=[call_back.pk]) in gone
    assert "The call is planned again." in post(anna, "call_restore", call_back.pk).content.decode()


def test_its_owner_is_reminded_once_before_and_once_after(infobits, call_back, anna):
    def told(**after: float) -> int:
        return actions.remind_due(situation=at(infobits, call_back.planned_from + timedelta(**after)))

    assert told(minutes=-11) == 0
    assert (told(minutes=-10), told(minutes=-9)) == (1, 0)
    assert (told(minutes=16), told(minutes=17)) == (1, 0)
    assert [each.to for each in mail.outbox] == [[anna.email]] * 2
    assert "020 123 45 67" in mail.outbox[0].body and str(call_back.ticket.number) in mail.outbox[0].subject


def test_a_reminder_can_be_left_out_and_being_overdue_cannot(infobits, call_back):
    infobits.call_back_reminder_minutes = 0
    infobits.save()
    before, after = (call_back.planned_from + timedelta(minutes=each) for each in (-1, 16))
    assert actions.remind_due(situation=at(infobits, before)) == 0
    assert actions.remind_due(situation=at(infobits, after)) == 1


@pytest.mark.parametrize(
    "name", ["call_back", "call_tried", "call_move", "call_hand_over", "call_cancel", "call_restore"]
)
def test_only_agents_get_there(call_back, carla, dario, name):
    address = reverse(name, args=[call_back.pk])
    for person in (carla, dario):
        for answer in (browser_of(person).get(address), browser_of(person).post(address, {})):
            assert answer.status_code == 404
    assert browser_of(None).post(address, {}).status_code == 302
