"""Accepting a request: the clock starts then, or after the payment (IB-19, IB-20)."""

from __future__ import annotations

import pytest
from tests.cast import FRIDAY_AT_FOUR, at, moment

from balie.contracts.actions import book_credit
from balie.contracts.models import CustomerTerms
from balie.rules.lifecycle import MoveNotAllowed, State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing

MONDAY = moment("2026-11-23 10:00")


@pytest.fixture
def request_of(infobits, sla8, bakery, carla):
    """Carla asks for a call-back; a third party maintains the bakery's system."""
    CustomerTerms.objects.create(customer=bakery, maintained_by="third_party")
    carla.may_order = True
    carla.save()

    def ask(billing: BillingMode, now=FRIDAY_AT_FOUR):
        wish = Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=billing)
        writing = Writing(text="Bel mij.")
        return actions.open(
            carla, wish, subject="Bel", writing=writing, by=carla.user, situation=at(infobits, now)
        )

    return ask


@pytest.mark.parametrize(
    ("billing", "credit", "state", "due", "because"),
    [
        (
            BillingMode.POSTPAID,
            0,
            State.NEW,
            "2026-11-24 10:00",
            "nothing to pay first: it begins when accepted",
        ),
        (BillingMode.PREPAID, 0, State.AWAITING_PAYMENT, None, "accepted, and now it waits for the payment"),
        (BillingMode.PREPAID, 60, State.NEW, "2026-11-24 10:00", "credit came while the desk was thinking"),
    ],
)
def test_an_accepted_request_begins_or_waits_for_its_payment_IB_20(
    infobits, request_of, bakery, anna, billing, credit, state, due, because
):
    ticket = request_of(billing)
    assert ticket.state == State.AWAITING_ACCEPTANCE
    assert ticket.due_at is None
    if credit:
        book_credit(bakery, minutes=credit, because="Factuur", by=anna, now=FRIDAY_AT_FOUR)
    accepted = actions.accept(ticket, by=anna, situation=at(infobits, MONDAY))
    assert accepted.state == state, because
    assert accepted.due_at == (moment(due) if due else None), because


def test_credit_that_is_gone_when_the_desk_accepts_begins_nothing_IB_19(infobits, request_of, bakery, anna):
    book_credit(bakery, minutes=60, because="Factuur", by=anna, now=FRIDAY_AT_FOUR)
    ticket = request_of(BillingMode.PREPAID)
    book_credit(bakery, minutes=-60, because="Besteed", by=anna, now=FRIDAY_AT_FOUR)
    accepted = actions.accept(ticket, by=anna, situation=at(infobits, MONDAY))
    assert (accepted.state, accepted.due_at) == (State.AWAITING_PAYMENT, None)


def test_payment_after_acceptance_starts_the_clock_IB_19(infobits, request_of, bakery, anna):
    ticket = actions.accept(request_of(BillingMode.PREPAID), by=anna, situation=at(infobits))
    book_credit(bakery, minutes=30, because="Factuur", by=anna, now=MONDAY)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (State.NEW, moment("2026-11-24 10:00"))


def test_credit_does_not_begin_what_nobody_accepted_IB_20(infobits, request_of, bakery, anna):
    ticket = request_of(BillingMode.PREPAID)
    book_credit(bakery, minutes=30, because="Factuur", by=anna, now=MONDAY)
    ticket.refresh_from_db()
    assert ticket.state == State.AWAITING_ACCEPTANCE


def test_a_question_that_waits_for_no_acceptance_cannot_be_accepted(infobits, sla8, carla, anna):
    writing = Writing(text="Hoe?")
    ticket = actions.open(
        carla, Wish(Channel.PORTAL), subject="x", writing=writing, by=carla.user, situation=at(infobits)
    )
    with pytest.raises(MoveNotAllowed):
        actions.accept(ticket, by=anna, situation=at(infobits))


def test_accepting_twice_is_refused_the_second_time(infobits, request_of, anna):
    ticket = actions.accept(request_of(BillingMode.POSTPAID), by=anna, situation=at(infobits))
    with pytest.raises(MoveNotAllowed):
        actions.accept(ticket, by=anna, situation=at(infobits))
