"""Planned calls: from the question to the customer on the line (IB-15, IB-19 to IB-21, IB-24, SW-18)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.cast import FRIDAY_AT_FOUR, at, moment

from balie.audit.models import Entry
from balie.contracts.actions import book_credit
from balie.contracts.models import CustomerTerms
from balie.rules.call_backs import DoesNotSuit, Outcome, OutsideHours, Standing
from balie.rules.lifecycle import Actor, Initiative, Move, State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import CallWish, Writing
from balie.tickets.models import CallAttempt, CallBack, Ticket

MONDAY = moment("2026-11-23 10:00")
PHONE = "+31201234567"
WISHED = (moment("2026-11-23 13:00"), moment("2026-11-23 15:00"))


@pytest.fixture
def ask(infobits, sla8, carla):
    carla.may_order = True
    carla.save()

    def asked(
        *, now=FRIDAY_AT_FOUR, billing=BillingMode.POSTPAID, times=(), urgent=False, phone=PHONE
    ) -> Ticket:
        mode = AnswerMode.CALLBACK
        wish = Wish(Channel.PORTAL, answer_mode=mode, billing_mode=billing, urgent=urgent)
        return actions.open(
            carla,
            wish,
            subject="Bel mij",
            writing=Writing("Graag bellen."),
            by=carla.user,
            situation=at(infobits, now),
            call=CallWish(phone, "", times),
        )

    return asked


@pytest.fixture
def on_site(infobits, sla8, carla) -> Ticket:
    return actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="Kassa",
        writing=Writing("Hoe?"),
        by=carla.user,
        situation=at(infobits),
    )


def only(ticket: Ticket) -> CallBack:
    [found] = ticket.call_backs.all()
    return found


def try_it(call_back: CallBack, desk, by, outcome=Outcome.NO_ANSWER, now=MONDAY, **more) -> CallBack:
    actions.tried(call_back.pk, outcome=outcome, by=by, situation=at(desk, now), **more)
    call_back.refresh_from_db()
    return call_back


@pytest.mark.parametrize(
    ("more", "planned", "because"),
    [
        ({}, "2026-11-20 16:15", "the first free moment, a quarter ahead"),
        ({"times": [WISHED]}, "2026-11-23 13:00", "a time that suits"),
        ({"urgent": True}, "2026-11-20 16:00", "urgent is at once (IB-22)"),
        ({"now": moment("2026-11-21 20:00")}, "2026-11-23 09:00", "asked on Saturday evening"),
    ],
)
def test_a_question_for_a_call_is_planned_by_itself_IB_15_IB_24(ask, more, planned, because):
    call_back = only(ask(**more))
    assert (call_back.planned_from, call_back.phone, call_back.owner) == (moment(planned), PHONE, None), (
        because
    )
    assert call_back.planned_until - call_back.planned_from == timedelta(minutes=15)


def test_two_calls_of_nobody_in_particular_do_not_fall_together(ask):
    assert only(ask()).planned_until <= only(ask()).planned_from


def test_a_prepaid_call_is_planned_when_it_is_paid_IB_19(infobits, ask, bakery, anna):
    ticket = ask(billing=BillingMode.PREPAID)
    assert ticket.state == State.AWAITING_PAYMENT
    assert not ticket.call_backs.exists()
    book_credit(bakery, minutes=60, because="Factuur", by=anna, now=MONDAY)
    assert only(ticket).planned_from == moment("2026-11-23 10:15")


def test_a_call_that_may_be_declined_is_planned_when_it_is_accepted_IB_20(infobits, ask, bakery, anna):
    CustomerTerms.objects.create(customer=bakery, maintained_by="third_party")
    ticket = ask()
    assert ticket.state == State.AWAITING_ACCEPTANCE
    assert not ticket.call_backs.exists()
    actions.accept(ticket, by=anna, situation=at(infobits, MONDAY))
    assert only(ticket).planned_from == moment("2026-11-23 10:15")


def test_an_answer_on_the_site_plans_no_call(on_site):
    assert not on_site.call_backs.exists()


def test_a_call_back_is_never_without_a_ticket_IB_21(ask):
    call_back = only(ask())
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.filter(pk=call_back.pk).update(ticket=None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "", "anydesk": ""},
        {"phone": "020 123"},
        {"anydesk": "a b"},
        {"planned_until": moment("2026-11-20 09:00")},
        {"standing": "lost"},
        {"standing": "reached"},
        {"ended_at": MONDAY},
    ],
    ids=str,
)
def test_the_database_keeps_what_a_call_back_promises(ask, wrong):
    call_back = only(ask())
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.filter(pk=call_back.pk).update(**wrong)


def test_an_agent_plans_a_call_about_a_question_on_the_site_SW_18(infobits, on_site, anna):
    span = (moment("2026-11-23 11:00"), moment("2026-11-23 11:20"))
    key = uuid4()
    made = [
        actions.plan_call_back(
            on_site, span=span, owner=anna, by=anna, situation=at(infobits), phone=PHONE, submission=key
        )
        for _time in range(2)
    ]
    assert made[0] == made[1] == only(on_site)
    event = on_site.events.get(kind="call_back_planned")
    assert (event.who, event.data["moment"]) == ("Anna", span[0].isoformat())
    assert Entry.objects.filter(action="call_back_planned", who="Anna").exists()


def test_an_agent_keeps_to_hours_and_wishes_or_says_that_it_was_agreed(infobits, ask, anna):
    call_back = only(ask(times=[WISHED]))
    at_ten = (MONDAY, MONDAY + timedelta(minutes=15))
    at_night = (moment("2026-11-23 20:00"), moment("2026-11-23 20:15"))
    for span, error, agreed in ((at_ten, DoesNotSuit, False), (at_night, OutsideHours, True)):
        with pytest.raises(error):
            actions.move_call_back(call_back.pk, span=span, by=anna, situation=at(infobits), agreed=agreed)
    moved = actions.move_call_back(call_back.pk, span=at_ten, by=anna, situation=at(infobits), agreed=True)
    assert (moved.planned_from, moved.planned_until) == at_ten


def test_nobody_is_called_about_a_ticket_that_ended(infobits, ask, anna):
    ticket = ask()
    actions.move(ticket, Move.SOLVE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    cancelled = only(ticket)
    assert (cancelled.standing, cancelled.ended_at) == (Standing.CANCELLED, FRIDAY_AT_FOUR)
    with pytest.raises(actions.TicketHasEnded):
        actions.restore_call_back(cancelled.pk, by=anna, now=FRIDAY_AT_FOUR)
    with pytest.raises(actions.TicketHasEnded):
        actions.plan_call_back(ticket, span=WISHED, owner=anna, by=anna, situation=at(infobits), phone=PHONE)


def test_somewhere_to_call_is_needed(infobits, on_site, anna):
    with pytest.raises(actions.NobodyToCall):
        actions.plan_call_back(on_site, span=WISHED, owner=anna, by=anna, situation=at(infobits))


def test_reached_is_an_answer_and_stops_the_clock_IB_16_IB_24(infobits, ask, anna):
    ticket = ask()
    assert ticket.due_at is not None
    call_back = try_it(only(ticket), infobits, anna, Outcome.REACHED, note="Opgelost?")
    ticket.refresh_from_db()
    assert call_back.standing == Standing.REACHED
    assert (ticket.due_at, ticket.state, ticket.initiative) == (None, State.OPEN, Initiative.DESK)
    assert ticket.assigned_to == anna
    assert "answered" in ticket.events.latest("pk").clocks


def test_a_failed_call_is_no_answer_and_is_planned_again(infobits, ask, anna):
    ticket = ask()
    due = ticket.due_at
    call_back = try_it(only(ticket), infobits, anna, Outcome.BUSY)
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.state) == (due, State.NEW)
    assert (call_back.standing, call_back.planned_from) == (Standing.PLANNED, moment("2026-11-23 10:30"))


def test_three_failed_attempts_end_it_once(infobits, ask, anna):
    ticket = ask()
    call_back = only(ticket)
    for hours, outcome in enumerate((Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER)):
        call_back = try_it(call_back, infobits, anna, outcome, now=MONDAY + timedelta(hours=hours))
    assert (call_back.standing, call_back.attempts.count()) == (Standing.GIVEN_UP, 3)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.initiative) == (State.NEW, Initiative.DESK)
    with pytest.raises(actions.CallBackEnded):
        try_it(call_back, infobits, anna)


def test_the_same_attempt_sent_twice_is_one(infobits, ask, anna):
    call_back, key = only(ask()), uuid4()
    for _time in range(2):
        try_it(call_back, infobits, anna, Outcome.REACHED, submission=key)
    assert CallAttempt.objects.count() == 1


def test_a_cancelled_call_can_be_restored(infobits, ask, anna):
    call_back = only(ask())
    actions.cancel_call_back(call_back.pk, by=anna, now=MONDAY, because="Klant belde zelf")
    with pytest.raises(actions.CallBackEnded):
        actions.cancel_call_back(call_back.pk, by=anna, now=MONDAY)
    restored = actions.restore_call_back(call_back.pk, by=anna, now=MONDAY)
    assert (restored.standing, restored.ended_at) == (Standing.PLANNED, None)
    with pytest.raises(actions.CallBackEnded):
        actions.restore_call_back(call_back.pk, by=anna, now=MONDAY)


def test_a_call_is_handed_over_and_goes_along_with_its_ticket(infobits, ask, anna, ben):
    ticket = ask()
    actions.assign(ticket, to=anna, by=ben, situation=at(infobits))
    call_back = only(ticket)
    assert call_back.owner == anna
    assert actions.hand_over_call_back(call_back.pk, to=ben, by=anna, now=MONDAY).owner == ben
    actions.assign(ticket, to=None, by=ben, situation=at(infobits))
    assert only(ticket).owner == ben


def test_the_customer_chooses_another_free_moment_and_no_taken_one(infobits, ask, carla):
    ticket = ask(times=[WISHED])
    call_back = only(ticket)
    later = actions.offer(ticket, at(infobits), owner=None, but=call_back).moments[3]
    chosen = actions.choose_moment(call_back.pk, span=later, by=carla, situation=at(infobits))
    assert (chosen.planned_from, chosen.planned_until) == later
    at_night = (moment("2026-11-23 20:00"), moment("2026-11-23 20:15"))
    with pytest.raises(actions.MomentTaken):
        actions.choose_moment(call_back.pk, span=at_night, by=carla, situation=at(infobits))


def test_a_call_back_that_never_was_is_not_found(infobits, anna):
    with pytest.raises(Http404):
        actions.cancel_call_back(4711, by=anna, now=MONDAY)
