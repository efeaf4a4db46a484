"""What people do to tickets, through the actions that every screen and every mail uses."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import FRIDAY_AT_FOUR, at, moment

from balie.audit.models import Entry
from balie.rules.entitlement import NotEntitled
from balie.rules.lifecycle import Actor, Initiative, Move, MoveNotAllowed, State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import NothingWritten, SomebodyWasFirst, Upload, Writing
from balie.tickets.models import Message, Ticket

BY_PORTAL = Wish(Channel.PORTAL)


def ask(
    contact, desk, *, now=FRIDAY_AT_FOUR, wish=BY_PORTAL, text="De bonprinter doet niets.", **writing
) -> Ticket:
    return actions.open(
        contact,
        wish,
        subject="Bonprinter",
        writing=Writing(text, **writing),
        by=None,
        situation=at(desk, now),
    )


def newest(ticket: Ticket) -> int:
    return ticket.messages.latest("id").pk


def test_sla8_without_support_contract_is_due_monday_at_four_IB_30(infobits, carla, sla8):
    assert ask(carla, infobits).due_at == moment("2026-11-23 16:00")


def test_sla8_with_support_contract_is_due_monday_at_one_IB_30(infobits, carla, sla8, support_contract):
    assert ask(carla, infobits).due_at == moment("2026-11-23 13:00")


def test_the_ticket_keeps_the_decision_it_was_made_under(infobits, carla, sla8, support_contract):
    ticket = ask(carla, infobits)
    support_contract.delete()
    actions.note(ticket, writing=Writing("Belt vaak."), by=carla.user, situation=at(infobits))
    ticket.refresh_from_db()
    assert ticket.decision["decision"]["hours"] == "zone-1"
    assert ticket.due_at == moment("2026-11-23 13:00")


def test_softwear_promises_nothing_so_there_is_no_deadline(softwear, carla):
    ticket = ask(carla, softwear)
    assert ticket.due_at is None
    assert ticket.initiative == Initiative.DESK


def test_the_free_plan_gives_two_tickets_a_month_IB_10(infobits, carla):
    ask(carla, infobits)
    ask(carla, infobits)
    with pytest.raises(NotEntitled) as refused:
        ask(carla, infobits)
    assert refused.value.ways_forward
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("read_ahead", [False, True])
def test_the_quota_counts_what_is_free_and_was_not_declined_IB_10(infobits, anna, carla, read_ahead):
    declined = ask(carla, infobits)
    actions.move(declined, Move.DECLINE, actor=Actor.AGENT, by=anna, situation=at(infobits), because="Spam")
    ask(carla, infobits, wish=Wish(Channel.PORTAL, None, AnswerMode.CALLBACK, BillingMode.PREPAID))
    situation = at(infobits)
    if read_ahead:
        situation.read_ahead([carla.customer])
    assert situation.facts(carla.customer).tickets_this_month == 0
    for _number in range(3):  # the third is over the quota: kept, but not one of the free ones
        actions.take_in(carla, Wish(Channel.MAIL), subject="", writing=Writing("Vraag"), situation=situation)
    assert situation.facts(carla.customer).tickets_this_month == 2
    assert at(infobits).facts(carla.customer).tickets_this_month == 2


def test_a_mail_over_the_quota_is_kept_and_starts_no_clock_IB_10(infobits, carla):
    ask(carla, infobits)
    ask(carla, infobits)
    ticket = actions.take_in(
        carla, Wish(Channel.MAIL), subject="", writing=Writing("Nog een vraag"), situation=at(infobits)
    )
    assert ticket.due_at is None
    assert ticket.decision["decision"]["refusal"]["rule"] == "IB-10"
    assert ticket.subject == "Nog een vraag"


def test_an_answer_stops_the_clock_and_gives_the_customer_the_turn_IB_23(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.reply(
        ticket, writing=Writing("Zet hem uit en aan."), by=anna, seen=newest(ticket), situation=at(infobits)
    )
    ticket.refresh_from_db()
    assert (ticket.state, ticket.initiative) == (State.WAITING, Initiative.CUSTOMER)
    assert ticket.due_at is None
    assert ticket.assigned_to == anna
    assert ticket.closes_at == FRIDAY_AT_FOUR + timedelta(days=14)


def test_a_call_back_stays_our_turn_after_an_answer_IB_24(infobits, anna, carla, sla8):
    wish = Wish(Channel.PORTAL, None, AnswerMode.CALLBACK, BillingMode.POSTPAID)
    ticket = ask(carla, infobits, wish=wish)
    actions.reply(
        ticket, writing=Writing("Wij bellen."), by=anna, seen=newest(ticket), situation=at(infobits)
    )
    ticket.refresh_from_db()
    assert ticket.initiative == Initiative.DESK
    assert ticket.closes_at is None


def test_a_customers_reply_starts_a_new_clock(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.reply(ticket, writing=Writing("Zo?"), by=anna, seen=newest(ticket), situation=at(infobits))
    later = moment("2026-11-24 10:00")
    actions.receive(
        ticket, carla, channel=Channel.PORTAL, writing=Writing("Nee."), situation=at(infobits, later)
    )
    ticket.refresh_from_db()
    assert ticket.due_at == moment("2026-11-25 10:00")
    assert ticket.initiative == Initiative.DESK
    assert ticket.closes_at is None


def test_an_internal_note_is_no_response(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.note(ticket, writing=Writing("Lastige klant"), by=anna, situation=at(infobits))
    ticket.refresh_from_db()
    assert ticket.due_at == moment("2026-11-23 16:00")
    assert ticket.state == State.NEW


def test_two_agents_answering_at_once_the_second_is_told_and_nothing_is_sent_twice(
    infobits, anna, ben, carla, sla8
):
    ticket = ask(carla, infobits)
    seen = newest(ticket)
    actions.reply(ticket, writing=Writing("Van Anna"), by=anna, seen=seen, situation=at(infobits))
    with pytest.raises(SomebodyWasFirst, match="Anna wrote while you were writing"):
        actions.reply(ticket, writing=Writing("Van Ben"), by=ben, seen=seen, situation=at(infobits))
    assert not Message.objects.filter(text="Van Ben").exists()


def test_a_note_by_a_colleague_does_not_stand_in_the_way_of_an_answer(infobits, anna, ben, carla, sla8):
    ticket = ask(carla, infobits)
    seen = newest(ticket)
    actions.note(ticket, writing=Writing("Let op"), by=ben, situation=at(infobits))
    assert actions.reply(ticket, writing=Writing("Antwoord"), by=anna, seen=seen, situation=at(infobits))


def test_the_same_form_sent_twice_is_one_message(infobits, anna, carla, sla8):
    form = uuid4()
    ticket = ask(carla, infobits, submission=form)
    assert ask(carla, infobits, submission=form) == ticket
    answer = uuid4()
    for _ in range(2):
        actions.reply(
            ticket,
            writing=Writing("Eén keer", submission=answer),
            by=anna,
            seen=newest(ticket),
            situation=at(infobits),
        )
    assert ticket.messages.filter(text="Eén keer").count() == 1


def test_an_empty_message_is_refused(infobits, carla):
    with pytest.raises(NothingWritten):
        ask(carla, infobits, text="  \n ")
    assert not Ticket.objects.exists()


def test_files_are_kept_once_and_attached_by_name(infobits, carla):
    upload = Upload("foto.jpg", "image/jpeg", b"\xff\xd8\xff pixels")
    first = ask(carla, infobits, uploads=[upload])
    second = ask(carla, infobits, uploads=[upload])
    one, two = (each.messages.get().attachments.get() for each in (first, second))
    assert one.file == two.file
    assert one.name == "foto.jpg"


@pytest.mark.parametrize(
    ("days", "is_the_same", "why"),
    [
        (59, True, "within the 60 days it re-opens"),
        (60, True, "exactly 60 days is within"),
        (61, False, "later it becomes a new ticket, linked to the old"),
    ],
)
def test_a_reply_on_a_closed_ticket_IB_23(infobits, anna, carla, sla8, days, is_the_same, why):
    ticket = ask(carla, infobits)
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    later = FRIDAY_AT_FOUR + timedelta(days=days)
    landed = actions.receive(
        ticket, carla, channel=Channel.MAIL, writing=Writing("Toch niet"), situation=at(infobits, later)
    )
    assert (landed == ticket) is is_the_same, why
    if not is_the_same:
        assert landed.follows == ticket


def test_a_silent_ticket_is_announced_then_closed_and_each_only_once_IB_23(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.reply(ticket, writing=Writing("Zo."), by=anna, seen=newest(ticket), situation=at(infobits))
    before = at(infobits, FRIDAY_AT_FOUR + timedelta(days=10))
    warned = at(infobits, FRIDAY_AT_FOUR + timedelta(days=11))
    closed = at(infobits, FRIDAY_AT_FOUR + timedelta(days=14))
    assert not actions.announce_closing(ticket, situation=before)
    assert actions.announce_closing(ticket, situation=warned)
    assert not actions.announce_closing(ticket, situation=warned)
    assert not actions.close_silent(ticket, situation=warned)
    assert actions.close_silent(ticket, situation=closed)
    assert not actions.close_silent(ticket, situation=closed)
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


def test_a_move_that_the_state_does_not_know_is_refused_and_changes_nothing(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    with pytest.raises(MoveNotAllowed):
        actions.move(ticket, Move.PLAN, actor=Actor.AGENT, by=anna, situation=at(infobits))
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


def test_everything_is_on_the_record(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.assign(ticket, to=anna, by=anna, situation=at(infobits))
    actions.reply(ticket, writing=Writing("Zo."), by=anna, seen=newest(ticket), situation=at(infobits))
    actions.move(
        ticket, Move.CLOSE, actor=Actor.CUSTOMER, by=carla, situation=at(infobits), because="Het werkt weer"
    )
    assert list(Entry.objects.order_by("id").values_list("who", "action")) == [
        ("Carla", "open"),
        ("Anna", "assign"),
        ("Anna", "answer"),
        ("Carla", "close"),
    ]


def test_an_automatic_mail_changes_no_state_and_starts_no_clock(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    actions.reply(ticket, writing=Writing("Zo."), by=anna, seen=newest(ticket), situation=at(infobits))
    actions.file_automatic(
        ticket,
        carla,
        writing=Writing("Ik ben met vakantie", is_automatic=True),
        situation=at(infobits, FRIDAY_AT_FOUR + timedelta(days=1)),
    )
    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (State.WAITING, None)
    assert ticket.closes_at == FRIDAY_AT_FOUR + timedelta(days=14)


def test_an_out_of_office_reply_does_not_stand_in_the_way_of_an_answer(infobits, anna, carla, sla8):
    ticket = ask(carla, infobits)
    seen = newest(ticket)
    actions.file_automatic(
        ticket, carla, writing=Writing("Vakantie", is_automatic=True), situation=at(infobits)
    )
    assert actions.reply(ticket, writing=Writing("Antwoord"), by=anna, seen=seen, situation=at(infobits))


def test_a_portal_reply_that_becomes_a_new_ticket_meets_the_quota_IB_10(infobits, anna, carla):
    ticket = ask(carla, infobits)
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    later = moment("2027-03-20 16:00")
    for number in range(2):
        ask(carla, infobits, now=later, text=f"vraag {number}")
    with pytest.raises(NotEntitled):
        actions.receive(
            ticket, carla, channel=Channel.PORTAL, writing=Writing("Toch niet"), situation=at(infobits, later)
        )
