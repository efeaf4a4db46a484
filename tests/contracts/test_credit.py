"""The credit account: minutes in and out, never below nothing, written once, and what waits for it (IB-19)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import Error, transaction
from tests.cast import FRIDAY_AT_FOUR, at, contact, moment

from balie.audit.models import Entry
from balie.contracts.actions import NotEnoughCredit, book_credit
from balie.contracts.models import CreditBooking, CustomerTerms
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing

NEXT_MONDAY = moment("2026-11-23 10:00")


def book(customer, minutes: int, *, by=None, now=FRIDAY_AT_FOUR, because: str = "Factuur 2026-117", **more):
    return book_credit(customer, minutes=minutes, because=because, by=by, now=now, **more)


def balance_of(customer) -> int:
    return CustomerTerms.objects.get(customer=customer).prepaid_minutes


def test_what_comes_in_and_goes_off_is_the_balance_IB_19(infobits, bakery, anna):
    assert [book(bakery, minutes, by=anna).balance for minutes in (60, 30, -45)] == [60, 90, 45]
    assert balance_of(bakery) == 45


def test_a_booking_says_why_by_whom_and_when_and_is_on_the_record(infobits, bakery, anna):
    booking = book(bakery, 60, by=anna)
    assert (booking.because, booking.by, booking.booked_at) == ("Factuur 2026-117", anna, FRIDAY_AT_FOUR)
    entry = Entry.objects.get(action="book_credit")
    assert (entry.who, entry.data["minutes"], entry.data["balance"]) == ("Anna", 60, 60)


@pytest.mark.parametrize(
    ("there", "off", "because"),
    [(0, 1, "nothing is there"), (30, 31, "one minute too many"), (30, 100_000, "far too many")],
)
def test_no_more_goes_off_than_there_is(infobits, bakery, there, off, because):
    if there:
        book(bakery, there)
    with pytest.raises(NotEnoughCredit) as refusal:
        book(bakery, -off)
    assert str(there) in str(refusal.value)
    assert CreditBooking.objects.filter(minutes__lt=0).count() == 0
    assert there == 0 or balance_of(bakery) == there


def test_all_of_it_can_go_off(infobits, bakery):
    book(bakery, 30)
    assert book(bakery, -30).balance == 0


def test_the_same_form_sent_twice_is_one_booking(infobits, bakery):
    form = uuid4()
    first, second = (book(bakery, 60, submission=form) for _each in range(2))
    assert first == second
    assert balance_of(bakery) == 60


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_booked(infobits, bakery, change):
    booking = book(bakery, 60)
    rows = CreditBooking.objects.filter(pk=booking.pk)
    with pytest.raises(Error, match="written once"), transaction.atomic():
        rows.update(minutes=600) if change == "update" else rows.delete()


def test_the_balance_of_one_customer_is_not_that_of_another(infobits, bakery, florist):
    book(bakery, 60)
    assert book(florist, 10).balance == 10


@pytest.fixture
def prepaid(infobits, sla8, carla):
    """Carla, who may order, asks for call-backs that she pays beforehand."""
    carla.may_order = True
    carla.save()

    def ask(subject: str, now, by=carla):
        wish = Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.PREPAID)
        writing = Writing(text="Bel mij.")
        return actions.open(
            by, wish, subject=subject, writing=writing, by=by.user, situation=at(infobits, now)
        )

    return ask


def test_credit_begins_what_waits_the_oldest_first_and_the_clock_starts_then_IB_19(prepaid, bakery, anna):
    newer = prepaid("Newer", FRIDAY_AT_FOUR)
    older = prepaid("Older", moment("2026-11-19 09:00"))
    assert {newer.state, older.state} == {State.AWAITING_PAYMENT}
    assert newer.due_at is None
    book(bakery, 60, by=anna, now=NEXT_MONDAY)
    for ticket in (newer, older):
        ticket.refresh_from_db()
        assert ticket.state == State.NEW
        assert ticket.due_at == moment("2026-11-24 10:00"), (
            "8 working hours from the booking, not the question"
        )
    paid = Entry.objects.filter(action="pay").order_by("pk")
    assert [entry.subject_id for entry in paid] == [str(older.pk), str(newer.pk)]


def test_credit_begins_nothing_of_another_customer(prepaid, florist, bakery):
    ticket = prepaid("Mine", FRIDAY_AT_FOUR)
    book(florist, 60)
    ticket.refresh_from_db()
    assert ticket.state == State.AWAITING_PAYMENT


def test_taking_minutes_off_begins_what_still_waits_as_long_as_there_is_credit(prepaid, bakery):
    ticket = prepaid("Mine", FRIDAY_AT_FOUR)
    CustomerTerms.objects.update_or_create(customer=bakery, defaults={"prepaid_minutes": 60})
    book(bakery, -60)
    ticket.refresh_from_db()
    assert ticket.state == State.AWAITING_PAYMENT, "nothing is left"


def test_with_credit_a_prepaid_question_begins_at_once(prepaid, bakery):
    book(bakery, 60)
    assert prepaid("Mine", FRIDAY_AT_FOUR).state == State.NEW


def test_what_the_situation_read_before_the_booking_does_not_decide(infobits, sla8, carla):
    carla.may_order = True
    carla.save()
    situation = at(infobits)
    situation.facts(sla8)
    book(sla8, 60)
    wish = Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.PREPAID)
    writing = Writing(text="Bel mij.")
    ticket = actions.open(carla, wish, subject="x", writing=writing, by=carla.user, situation=situation)
    assert ticket.state == State.NEW


def test_the_customer_hears_that_its_question_begins(prepaid, bakery, anna):
    from balie.mail.models import OutboundKind, OutboundMail

    ticket = prepaid("Mine", FRIDAY_AT_FOUR)
    book(bakery, 60, by=anna, now=NEXT_MONDAY)
    mails = OutboundMail.objects.filter(ticket=ticket, kind=OutboundKind.STATUS)
    assert [mail.recipient for mail in mails] == ["carla@shop.example"]


def test_somebody_without_a_login_pays_too(infobits, bakery):
    assert contact("Otto", bakery).customer == bakery
    assert book(bakery, 15, by=None).by is None
