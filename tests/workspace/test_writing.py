from __future__ import annotations

import re
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.workspace.conftest import answer_of, browser_of, page_of

from balie.rules.lifecycle import State
from balie.tickets.models import Message, Ticket

HTMX = {"HX-Request": "true"}


def send(browser, ticket, form, **extra):
    return browser.post(reverse("ticket_reply", args=[ticket.number]), form, **extra)


@pytest.mark.parametrize(
    ("move", "state"),
    [("answer", State.WAITING), ("ask_back", State.WAITING), ("solve", State.SOLVED)],
)
def test_an_answer_reaches_the_conversation_and_moves_the_ticket(move, state, ask, anna):
    ticket = ask()
    response = send(browser_of(anna), ticket, answer_of(ticket, **{"reply-move": move}))
    assert response.url == reverse("ticket", args=[ticket.number])
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assigned_to) == (state, anna)
    assert ticket.messages.latest("pk").text == "Switch it off and on."


def test_an_answer_that_solves_offers_to_open_the_ticket_again(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    page = page_of(send(browser, ticket, answer_of(ticket, **{"reply-move": "solve"}), follow=True))
    assert 'name="move" value="reopen"' in page
    browser.post(reverse("ticket_move", args=[ticket.number]), {"move": "reopen"})
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_the_same_form_sent_twice_is_one_answer(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    form = answer_of(ticket)
    send(browser, ticket, form)
    response = send(browser, ticket, form)
    assert response.status_code == 302
    assert ticket.messages.count() == 2


def test_other_words_from_the_back_button_are_another_answer_not_a_lost_one(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    send(browser, ticket, answer_of(ticket, "First words"))
    again = send(browser, ticket, answer_of(ticket, "Better words"))
    assert again.status_code == 302
    assert [each.text for each in ticket.messages.all()][1:] == ["First words", "Better words"]


def test_of_two_agents_at_once_the_second_sees_what_the_first_wrote_and_keeps_his_words(ask, anna, ben):
    ticket = ask()
    bens = answer_of(ticket, "Replace the cable.")
    send(browser_of(anna), ticket, answer_of(ticket, "Switch it off and on."))
    response = send(browser_of(ben), ticket, bens)
    page = page_of(response)
    assert response.status_code == 422
    assert "Anna wrote while you were writing" in page
    assert "Switch it off and on." in page
    assert "Replace the cable.</textarea>" in page
    assert ticket.messages.count() == 2


def test_after_that_ben_can_send_his_words_again(ask, anna, ben):
    ticket, browser = ask(), browser_of(ben)
    bens = answer_of(ticket, "Replace the cable.")
    send(browser_of(anna), ticket, answer_of(ticket, "Switch it off and on."))
    page = page_of(send(browser, ticket, bens))
    seen = re.search(r'name="reply-seen" value="(\d+)"', page)
    assert seen
    assert send(browser, ticket, bens | {"reply-seen": seen[1]}).status_code == 302
    assert ticket.messages.latest("pk").text == "Replace the cable."


def test_with_a_script_ben_keeps_his_form_with_its_files_and_only_the_news_comes(ask, anna, ben):
    ticket = ask()
    newest = ticket.messages.latest("pk").pk
    bens = answer_of(ticket, "Replace the cable.", after=str(newest))
    send(browser_of(anna), ticket, answer_of(ticket))
    response = send(browser_of(ben), ticket, bens, headers=HTMX)
    page, annas = page_of(response), ticket.messages.latest("pk").pk
    assert response.status_code == 422
    assert "Anna wrote while you were writing" in page
    assert "<textarea" not in page.split('id="steps"')[0]
    assert f'id="m{annas}"' in page
    assert f'id="m{newest}"' not in page
    assert f'id="id_reply-seen" value="{annas}" hx-swap-oob="true"' in page


def test_a_message_of_the_customer_that_came_in_meanwhile_is_read_first(ask, write, anna):
    ticket = ask()
    form = answer_of(ticket)
    write(ticket, "It works again!")
    response = send(browser_of(anna), ticket, form)
    assert response.status_code == 422
    assert "Carla wrote while you were writing" in page_of(response)
    assert "It works again!" in page_of(response)


def test_a_note_of_a_colleague_does_not_hold_up_an_answer(ask, anna, ben):
    ticket = ask()
    form = answer_of(ticket)
    browser_of(ben).post(reverse("ticket_note", args=[ticket.number]), note("I know this one"))
    assert send(browser_of(anna), ticket, form).status_code == 302


def note(text: str, **changes: object) -> dict[str, object]:
    return {"note-text": text, "note-submission": "6f6b8a8e-6b1e-4f2d-9d0e-0c5f4f7f1a12", **changes}


def test_a_note_stays_inside_and_looks_different(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    page = page_of(
        browser.post(reverse("ticket_note", args=[ticket.number]), note("Always this shop"), follow=True)
    )
    assert ticket.messages.latest("pk").is_internal
    assert 'class="message message-note"' in page
    ticket.refresh_from_db()
    assert ticket.state == State.NEW


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_nothing_written_is_refused_with_words(kind, ask, anna):
    ticket = ask()
    form = answer_of(ticket, "  \n ") if kind == "reply" else note(" ")
    response = browser_of(anna).post(reverse(f"ticket_{kind}", args=[ticket.number]), form)
    assert response.status_code == 422
    assert "There is nothing to send yet" in page_of(response)
    assert ticket.messages.count() == 1


def test_a_tab_from_before_the_ticket_was_closed_keeps_its_words(ask, anna, ben):
    ticket = ask()
    form = answer_of(ticket, "A long answer")
    browser_of(ben).post(reverse("ticket_move", args=[ticket.number]), {"move": "close"})
    response = send(browser_of(anna), ticket, form, headers=HTMX)
    assert response.status_code == 422
    assert "the ticket is closed" in page_of(response)
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"reply-seen": "newest"},
        {"reply-seen": str(2**80)},
        {"reply-seen": ""},
        {"reply-move": "decline"},
        {"reply-move": ""},
        {"reply-submission": "x"},
        {"reply-text": "x" * 100_001},
    ],
)
def test_a_form_that_no_page_of_ours_made_is_refused_and_writes_nothing(broken, ask, anna):
    ticket = ask()
    assert send(browser_of(anna), ticket, answer_of(ticket, **broken)).status_code == 422
    assert ticket.messages.count() == 1


def test_files_go_along_under_harmless_names(ask, anna):
    ticket = ask()
    files = [
        SimpleUploadedFile("list.txt", b"one", "text/plain"),
        SimpleUploadedFile("\u202ecod.scan", b"two", "text/html"),
    ]
    send(browser_of(anna), ticket, answer_of(ticket, "See the files.", **{"reply-attachments": files}))
    names = [each.name for each in ticket.messages.latest("pk").attachments.all()]
    assert names == ["list.txt", "cod.scan"]


def test_a_file_alone_is_an_answer(ask, anna):
    ticket = ask()
    form = answer_of(ticket, "", **{"reply-attachments": SimpleUploadedFile("list.txt", b"one")})
    assert send(browser_of(anna), ticket, form).status_code == 302


def test_files_that_are_too_large_together_are_refused_and_the_words_stay(ask, anna):
    ticket = ask()
    files = [SimpleUploadedFile(f"{each}.txt", b"x" * 600) for each in range(2)]
    with mock.patch("balie.web.uploads.LARGEST_TOTAL", 1000):
        form = answer_of(ticket, "See the files.", **{"reply-attachments": files})
        response = send(browser_of(anna), ticket, form)
    page = page_of(response)
    assert response.status_code == 422
    assert "larger than" in page
    assert "See the files.</textarea>" in page
    assert "Choose your files again" in page
    assert ticket.messages.count() == 1


def test_what_is_written_is_shown_as_written_and_runs_nowhere(ask, anna):
    ticket, browser = ask(text="<script>alert(1)</script> & <b>bold</b>"), browser_of(anna)
    send(browser, ticket, answer_of(ticket, "</textarea><script>alert(2)</script>"))
    page = page_of(browser.get(reverse("ticket", args=[ticket.number])))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold" in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(2)" in page


def test_what_is_typed_stays_text_on_the_page_of_a_refusal(ask, anna, ben):
    ticket = ask()
    form = answer_of(ticket, "</textarea><script>alert(3)</script>")
    send(browser_of(ben), ticket, answer_of(ticket))
    page = page_of(send(browser_of(anna), ticket, form))
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(3)" in page


def test_nothing_is_written_when_something_breaks_halfway(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    browser.raise_request_exception = False
    with mock.patch("balie.tickets.actions.writing.record", side_effect=RuntimeError):
        assert send(browser, ticket, answer_of(ticket)).status_code == 500
    assert Message.objects.filter(ticket=ticket).count() == 1
    assert Ticket.objects.get(pk=ticket.pk).state == State.NEW
