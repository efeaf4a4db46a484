"""Taking an answer back before it leaves, in the workspace: with and without a script, and with a colleague beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.workspace.conftest import answer_of, browser_of, page_of

from balie.desk.models import Desk
from balie.rules.lifecycle import State
from balie.tickets import actions
from balie.tickets.models import Copy, HeldAnswer


@pytest.fixture
def held_ticket(ask):
    """A ticket at a desk where answers wait ten seconds."""
    ticket = ask()
    Desk.objects.update(undo_seconds=10)
    return ticket


def send(browser, ticket, **changes):
    return browser.post(
        reverse("ticket_reply", args=[ticket.number]), answer_of(ticket, **changes), follow=True
    )


def back(browser, ticket, held):
    return browser.post(reverse("ticket_take_back", args=[ticket.number, held.pk]), follow=True)


def leave(held):
    return actions.let_leave(held.pk, now=timezone.now() + timedelta(seconds=11))


def test_a_sent_answer_shows_that_it_has_not_left_and_how_to_take_it_back(held_ticket, anna):
    page = page_of(send(browser_of(anna), held_ticket))
    held = HeldAnswer.objects.get()

    assert "has not left yet" in page
    assert reverse("ticket_take_back", args=[held_ticket.number, held.pk]) in page
    assert held_ticket.messages.count() == 1


def test_the_customer_sees_nothing_of_it_before_it_leaves(held_ticket, anna, carla):
    send(browser_of(anna), held_ticket)
    address = reverse("my_ticket", args=[held_ticket.number])

    assert "Switch it off and on." not in page_of(browser_of(carla).get(address))
    leave(HeldAnswer.objects.get())
    assert "Switch it off and on." in page_of(browser_of(carla).get(address))


def test_taken_back_its_words_copies_and_files_are_in_the_form_again(held_ticket, anna):
    browser = browser_of(anna)
    file = SimpleUploadedFile("schema.txt", b"x", "text/plain")
    send(browser, held_ticket, **{"reply-attachments": file, "reply-copies": "piet@elders.example"})

    page = page_of(back(browser, held_ticket, HeldAnswer.objects.get()))

    assert "Switch it off and on.</textarea>" in page
    assert "piet@elders.example" in page
    assert "schema.txt" in page
    assert "has not left yet" not in page
    assert leave(HeldAnswer.objects.get()) is None


def test_sent_anew_it_leaves_once_with_the_files_that_were_kept(held_ticket, anna):
    browser = browser_of(anna)
    send(browser, held_ticket, **{"reply-attachments": SimpleUploadedFile("schema.txt", b"x", "text/plain")})
    held = HeldAnswer.objects.get()
    back(browser, held_ticket, held)
    keeps = {"reply-again": str(held.pk), "reply-keeps": [str(held.files.get().pk)]}

    send(browser, held_ticket, text="Better words.", **keeps)
    leave(HeldAnswer.objects.get())

    message = held_ticket.messages.latest("pk")
    assert (message.text, message.attachments.get().name) == ("Better words.", "schema.txt")
    assert held_ticket.messages.count() == 2


def test_what_has_left_cannot_be_taken_back_and_the_page_says_so(held_ticket, anna):
    browser = browser_of(anna)
    send(browser, held_ticket)
    held = HeldAnswer.objects.get()
    leave(held)

    assert "it cannot be taken back any more" in page_of(back(browser, held_ticket, held))


def test_a_colleague_sees_it_coming_but_cannot_take_it_back(held_ticket, anna, ben):
    send(browser_of(anna), held_ticket)
    held = HeldAnswer.objects.get()
    his = browser_of(ben)
    page = page_of(his.get(reverse("ticket", args=[held_ticket.number])))

    assert "has not left yet" in page
    assert reverse("ticket_take_back", args=[held_ticket.number, held.pk]) not in page
    assert "Only Anna can take this answer back." in page_of(back(his, held_ticket, held))
    assert leave(held) is not None


def test_a_colleague_who_answers_meanwhile_is_told_and_keeps_his_words(held_ticket, anna, ben):
    send(browser_of(anna), held_ticket)
    response = send(browser_of(ben), held_ticket, text="Mine.")

    assert response.status_code == 422
    assert "Anna has just answered" in page_of(response)
    assert "Mine.</textarea>" in page_of(response)


def test_one_that_could_not_leave_says_why_and_goes_back_into_a_form(held_ticket, anna, ben):
    send(browser_of(anna), held_ticket)
    browser_of(ben).post(reverse("ticket_move", args=[held_ticket.number]), {"move": "close"})
    held = HeldAnswer.objects.get()
    assert leave(held) is None

    page = page_of(browser_of(ben).get(reverse("ticket", args=[held_ticket.number])))
    assert "not sent" in page
    assert "Back into the form" in page


def test_an_answer_taken_back_can_be_thrown_away(held_ticket, anna):
    browser = browser_of(anna)
    send(browser, held_ticket)
    held = HeldAnswer.objects.get()
    back(browser, held_ticket, held)

    page = page_of(
        browser.post(reverse("ticket_throw_away", args=[held_ticket.number, held.pk]), follow=True)
    )

    assert "thrown away" in page
    assert "Switch it off and on.</textarea>" not in page


def test_the_open_page_of_a_colleague_follows(held_ticket, anna, ben):
    his = browser_of(ben)
    address = reverse("ticket_changes", args=[held_ticket.number])
    newest = held_ticket.messages.latest("pk").pk

    send(browser_of(anna), held_ticket)
    assert (
        'id="held"' in (news := page_of(his.get(address, {"after": newest}))) and "has not left yet" in news
    )
    leave(HeldAnswer.objects.get())
    news = page_of(his.get(address, {"after": newest}))
    assert "Switch it off and on." in news and "has not left yet" not in news


def test_copies_are_put_on_the_ticket_or_stay_blind_and_can_be_ended(held_ticket, anna):
    browser = browser_of(anna)
    send(
        browser,
        held_ticket,
        **{"reply-copies": "piet@elders.example", "reply-blind_copies": "baas@desk.example"},
    )
    leave(HeldAnswer.objects.get())

    page = page_of(browser.get(reverse("ticket", args=[held_ticket.number])))
    assert "by mail only" in page and "blind copy" in page
    browser.post(reverse("ticket_drop_copy", args=[held_ticket.number]), {"email": "piet@elders.example"})
    assert [each.email for each in Copy.objects.all()] == ["baas@desk.example"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("piet@", "“piet@” is no mail address."),
        (", ".join(f"a{n}@b.example" for n in range(21)), "At most 20 addresses."),
    ],
)
def test_a_wrong_address_is_named_and_nothing_is_sent(held_ticket, anna, typed, told):
    response = send(browser_of(anna), held_ticket, **{"reply-copies": typed})

    assert response.status_code == 422
    assert told in page_of(response)
    assert not HeldAnswer.objects.exists()


def test_a_desk_without_seconds_answers_at_once(ask, anna):
    ticket = ask()
    send(browser_of(anna), ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.count()) == (State.WAITING, 2)
