from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.workspace.conftest import assigned, browser_of, page_of

from balie.accounts.models import Agent
from balie.contracts.models import CreditBooking
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode


def make(browser, ticket, move, **fields):
    return browser.post(reverse("ticket_move", args=[ticket.number]), {"move": move, **fields}, follow=True)


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="move" value="([a-z_]+)"', page))


def state_of(ticket) -> str:
    ticket.refresh_from_db()
    return ticket.state


def test_only_the_moves_that_the_lifecycle_allows_are_offered(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    page = page_of(browser.get(reverse("ticket", args=[ticket.number])))
    assert offered(page) == {"take_up", "plan", "ask_payment", "solve", "close", "withdraw", "decline"}
    make(browser, ticket, "close")
    page = page_of(browser.get(reverse("ticket", args=[ticket.number])))
    assert offered(page) == {"reopen"}
    assert "Re-open the ticket to answer the customer." in page


@pytest.mark.parametrize(
    ("move", "state"),
    [
        ("close", State.CLOSED),
        ("withdraw", State.WITHDRAWN),
        ("decline", State.DECLINED),
        ("solve", State.SOLVED),
    ],
)
def test_a_move_that_can_hurt_offers_the_way_back_and_the_way_back_works(move, state, ask, anna):
    ticket, browser = ask(), browser_of(anna)
    page = page_of(make(browser, ticket, move, because="Not our software"))
    assert state_of(ticket) == state
    assert "undo" in page
    make(browser, ticket, "reopen")
    assert state_of(ticket) == State.OPEN


@pytest.mark.parametrize("because", ["", "   "])
def test_a_request_is_not_declined_without_a_reason(because, ask, anna):
    ticket = ask()
    response = make(browser_of(anna), ticket, "decline", because=because)
    assert response.status_code == 422
    assert "declined with a reason" in page_of(response)
    assert state_of(ticket) == State.NEW


def test_the_reason_is_on_the_record(ask, anna):
    ticket = ask()
    page = page_of(make(browser_of(anna), ticket, "decline", because="Not <our> software"))
    record = page.split('id="record-lines"')[1]
    assert "Anna declined this" in record
    assert "Not &lt;our&gt; software" in record


def test_nobody_closes_a_ticket_with_a_message_that_was_not_on_the_screen(ask, write, anna):
    ticket = ask()
    seen = ticket.messages.get().pk
    write(ticket, "One more thing")
    response = make(browser_of(anna), ticket, "close", seen=str(seen))
    assert response.status_code == 422
    assert "Carla wrote while you were writing" in page_of(response)
    assert "One more thing" in page_of(response)
    assert state_of(ticket) == State.NEW


def test_a_stale_tab_is_told_what_happened_and_keeps_the_reason_that_was_typed(ask, anna, ben):
    ticket = ask()
    make(browser_of(ben), ticket, "close")
    response = make(browser_of(anna), ticket, "take_up")
    assert response.status_code == 422
    assert "the ticket is closed" in page_of(response)
    assert state_of(ticket) == State.CLOSED


def test_the_typed_reason_is_still_there_after_a_refusal(ask, write, anna):
    ticket = ask()
    seen = ticket.messages.get().pk
    write(ticket, "One more thing")
    page = page_of(make(browser_of(anna), ticket, "decline", seen=str(seen), because="Third-party software"))
    assert "Third-party software</textarea>" in page


@pytest.mark.parametrize("move", ["reply", "answer", "close_by_itself", "explode", ""])
def test_what_is_no_button_is_no_move(move, ask, anna):
    ticket = ask()
    assert make(browser_of(anna), ticket, move).status_code == 422
    assert state_of(ticket) == State.NEW


def test_a_call_back_offers_what_suits_it_IB_24(ask, anna):
    ticket, browser = ask(mode=AnswerMode.CALLBACK), browser_of(anna)
    page = page_of(browser.get(reverse("ticket", args=[ticket.number])))
    assert offered(page) >= {"decline"}
    assert "call-back" in page


def assign(browser, ticket, to):
    return browser.post(reverse("ticket_assign", args=[ticket.number]), {"to": to}, follow=True)


def test_a_ticket_goes_to_a_colleague_with_the_team_and_back_by_undo(ask, anna, ben, infobits):
    ticket, browser = assigned(ask(), anna, infobits), browser_of(anna)
    page = page_of(assign(browser, ticket, str(ben.pk)))
    ticket.refresh_from_db()
    assert (ticket.assigned_to, str(ticket.team)) == (ben, "Backoffice")
    assert f'name="to" value="{anna.pk}"' in page.split('id="content"')[1].split("undo")[1]
    assign(browser, ticket, str(anna.pk))
    ticket.refresh_from_db()
    assert ticket.assigned_to == anna


def test_a_ticket_goes_back_to_nobody(ask, anna, infobits):
    ticket = assigned(ask(), anna, infobits)
    assert "nobody&#39;s" in page_of(assign(browser_of(anna), ticket, ""))
    ticket.refresh_from_db()
    assert ticket.assigned_to is None


def test_assigning_to_who_has_it_already_puts_nothing_on_the_record(ask, anna, infobits):
    ticket = assigned(ask(), anna, infobits)
    assign(browser_of(anna), ticket, str(anna.pk))
    assert ticket.events.filter(kind="assign").count() == 1


def test_nobody_who_left_and_no_customer_gets_a_ticket(ask, anna, ben, carla):
    ticket = ask()
    Agent.objects.filter(user=ben).update(is_active=False)
    for to in (str(ben.pk), str(carla.user_id), "0", "x"):
        page = page_of(assign(browser_of(anna), ticket, to))
        assert "does not work here any more" in page
    ticket.refresh_from_db()
    assert ticket.assigned_to is None


def book(person, ticket, **changes):
    form = {"minutes_booked": "30", "because": "invoice 2026-31", "submission": str(uuid4())} | changes
    return browser_of(person).post(reverse("ticket_paid", args=[ticket.number]), form)


@pytest.fixture
def unpaid(ask):
    ticket = ask(mode=AnswerMode.CALLBACK)  # under SLA24: prepaid only
    assert ticket.state == "awaiting_payment"
    return ticket


def test_a_payment_booked_on_a_ticket_is_a_line_of_the_account_and_the_ticket_begins_IB_19(anna, unpaid):
    assert book(anna, unpaid).status_code == 302
    line = CreditBooking.objects.get()
    assert (line.customer, line.minutes, line.balance, line.by) == (unpaid.customer, 30, 30, anna)
    assert line.because == f"#{unpaid.number}: invoice 2026-31"
    unpaid.refresh_from_db()
    assert unpaid.state == "new"
    assert unpaid.events.filter(kind="pay").count() == 1


def test_the_same_payment_sent_twice_is_booked_once_IB_19(anna, unpaid):
    submission = str(uuid4())
    assert book(anna, unpaid, submission=submission).status_code == 302
    assert book(anna, unpaid, submission=submission).status_code == 302
    assert CreditBooking.objects.count() == 1


def test_a_payment_that_a_colleague_booked_already_is_not_booked_again(anna, ben, unpaid):
    book(anna, unpaid)
    response = book(ben, unpaid)
    assert response.status_code == 422
    assert CreditBooking.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"minutes_booked": "0"}, {"minutes_booked": "-5"}, {"because": ""}, {"minutes_booked": "x"}]
)
def test_a_payment_without_minutes_or_a_reason_books_nothing(wrong, anna, unpaid):
    response = book(anna, unpaid, **wrong)
    assert response.status_code == 422
    assert "<details open>" in page_of(response)
    assert not CreditBooking.objects.exists()


def test_no_payment_goes_past_the_account_IB_19(anna, unpaid):
    browser_of(anna).post(reverse("ticket_move", args=[unpaid.number]), {"move": "pay"})
    unpaid.refresh_from_db()
    assert unpaid.state == "awaiting_payment"


def test_the_payment_of_a_sender_without_a_customer_cannot_be_booked_yet(anna, unpaid):
    unpaid.customer = None
    unpaid.save()
    response = book(anna, unpaid)
    assert response.status_code == 422
    assert "Place the sender at a customer first." in page_of(response)
