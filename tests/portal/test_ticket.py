"""One question as its customer sees it: the conversation, the reply, the end; and what it never sees."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, at, browser_of, contact
from tests.portal.reading import visitor, words

from balie.customers.models import Site
from balie.rules.lifecycle import Actor, Move
from balie.tickets import actions
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import Attachment, Message, Ticket

pytestmark = pytest.mark.usefixtures("friday_at_four")

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
SECRET = "Deze klant betaalt nooit"


@pytest.fixture
def ticket(infobits, sla8, carla, asks) -> Ticket:
    return asks(carla, infobits)


def address(ticket: Ticket, name: str = "my_ticket", *more: object) -> str:
    return reverse(name, args=[ticket.number, *more])


def page(person, ticket: Ticket) -> str:
    answer = visitor(person).get(address(ticket))
    assert answer.status_code == 200
    return answer.content.decode()


def answer(ticket: Ticket, anna, text: str = "Zet de printer uit en aan.", **writing: object) -> Message:
    last = ticket.messages.last()
    return actions.reply(
        ticket, writing=Writing(text=text, **writing), by=anna, seen=last.pk, situation=at_of(ticket)
    )


def at_of(ticket: Ticket, now=FRIDAY_AT_FOUR):
    from balie.desk.queries import the_desk

    return at(the_desk(), now)


def send(person, ticket: Ticket, text: str = "Dat hielp niet.", **fields: object):
    hidden = re.search(
        r'name="submission" value="([^"]+)"', visitor(person).get(address(ticket)).content.decode()
    )
    filled = {"text": text, "submission": hidden[1] if hidden else "", **fields}
    return visitor(person).post(address(ticket, "my_reply"), filled)


def test_the_page_shows_the_conversation_the_state_and_the_deadline(ticket, anna, carla):
    text = words(page(carla, ticket))
    assert "Sinds vanochtend." in text
    assert "Response due: Mon 23 Nov 2026 16:00 (in 3 days)" in text
    answer(ticket, anna)
    text = words(page(carla, ticket))
    assert "Zet de printer uit en aan." in text
    assert "It is your turn: we wait for your reply." in text
    assert "Without one the question closes on Fri 4 Dec 2026 16:00" in text


def test_the_deadline_of_a_free_plan_is_what_is_normal_IB_09(infobits, dario, asks):
    question = asks(dario, infobits)
    text = words(visitor(dario).get(reverse("my_ticket", args=[question.number])).content.decode())
    assert "Response normally due: Wed 25 Nov 2026 16:00" in text


def test_the_page_says_on_what_terms_it_was_asked_and_why(ticket, carla):
    text = words(page(carla, ticket))
    assert "SLA8 is included with the licence InfokasV3 type L. IB-14" in text
    assert "Without a support contract the hours of" in text


def test_terms_stay_what_they_were_when_the_contract_changes(ticket, bakery, carla):
    bakery.licences.all().delete()
    assert "SLA8 is included with the licence InfokasV3 type L." in words(page(carla, ticket))


ADDRESSES = ["my_ticket", "my_conversation", "asked"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_for_dario_the_question_does_not_exist(ticket, dario, name):
    assert visitor(dario).get(address(ticket, name)).status_code == 404


@pytest.mark.parametrize("name", ["my_reply", "my_end"])
def test_dario_can_do_nothing_to_it(ticket, dario, name):
    answered = visitor(dario).post(address(ticket, name), {"text": "Ik ook!", "move": "withdraw"})
    assert answered.status_code == 404
    assert ticket.messages.count() == 1
    ticket.refresh_from_db()
    assert ticket.state == "new"


@pytest.mark.parametrize("name", ADDRESSES)
def test_eve_is_asked_to_log_in_whether_the_question_exists_or_not(ticket, name):
    existing = visitor(None).get(address(ticket, name))
    other = visitor(None).get(reverse(name, args=[999999]))
    assert existing.status_code == other.status_code == 302
    assert existing.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["my_reply", "my_end"])
def test_eve_can_do_nothing_to_it(ticket, name):
    assert visitor(None).post(address(ticket, name), {"text": "x", "move": "withdraw"}).status_code == 302
    assert ticket.messages.count() == 1


def test_an_agent_is_shown_to_the_same_question_in_the_workspace(ticket, anna):
    assert visitor(anna).get(address(ticket)).url == reverse("ticket", args=[ticket.number])


def test_a_colleague_with_own_questions_only_gets_a_404(ticket, bakery):
    assert visitor(contact("Bram", bakery, reach="own")).get(address(ticket)).status_code == 404


def test_a_colleague_of_another_site_gets_a_404_and_of_the_same_site_the_page(infobits, sla8, bakery, asks):
    market, station = (Site.objects.create(customer=bakery, name=name) for name in ("Markt", "Station"))
    asked = asks(contact("Bram", bakery, reach="own", site=market), infobits)
    assert visitor(contact("Sil", bakery, reach="site", site=station)).get(address(asked)).status_code == 404
    assert visitor(contact("Mo", bakery, reach="site", site=market)).get(address(asked)).status_code == 200


def test_internal_notes_are_never_in_the_page_nor_in_its_pieces(ticket, anna, carla):
    actions.note(
        ticket,
        writing=Writing(
            text=SECRET, uploads=[Upload("openstaande-posten.pdf", "application/pdf", b"%PDF-1")]
        ),
        by=anna,
        situation=at_of(ticket),
    )
    for name in ADDRESSES:
        html = visitor(carla).get(address(ticket, name)).content.decode()
        assert SECRET not in html
        assert "openstaande-posten" not in html
    assert SECRET not in visitor(carla).get(reverse("my_tickets")).content.decode()


def test_the_file_of_an_internal_note_does_not_exist_for_a_customer(ticket, anna, carla):
    note = actions.note(
        ticket,
        writing=Writing(text=SECRET, uploads=[Upload("nota.pdf", "application/pdf", b"%PDF-1")]),
        by=anna,
        situation=at_of(ticket),
    )
    assert visitor(carla).get(address(ticket, "my_attachment", note.attachments.get().pk)).status_code == 404


def attached(ticket: Ticket, anna, *, name: str, content_type: str, content: bytes) -> Attachment:
    return answer(ticket, anna, uploads=[Upload(name, content_type, content)]).attachments.get()


def test_a_picture_is_shown_and_can_do_nothing(ticket, anna, carla):
    file = attached(ticket, anna, name="bon.png", content_type="image/png", content=PNG)
    assert "bon.png" in page(carla, ticket)
    got = visitor(carla).get(address(ticket, "my_attachment", file.pk))
    assert got.content == PNG
    assert got.headers["Content-Type"] == "image/png"
    assert got.headers["Content-Disposition"].startswith("inline")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("pagina.html", "text/html", b"<script>alert(1)</script>"),
        ("tekening.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("bon.png", "image/png", b"<script>alert(1)</script>"),  # says it is a picture, and is none
        ("handleiding.pdf", "application/pdf", b"%PDF-1.4"),
    ],
)
def test_anything_else_is_saved_not_shown(ticket, anna, carla, name, content_type, content):
    file = attached(ticket, anna, name=name, content_type=content_type, content=content)
    got = visitor(carla).get(address(ticket, "my_attachment", file.pk))
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(("who", "status"), [("dario", 404), ("eve", 302)])
def test_files_are_for_the_own_customer_only(ticket, anna, who, status, request):
    file = attached(ticket, anna, name="bon.png", content_type="image/png", content=PNG)
    person = None if who == "eve" else request.getfixturevalue(who)
    assert visitor(person).get(address(ticket, "my_attachment", file.pk)).status_code == status


def test_a_file_is_found_on_its_own_question_only(ticket, infobits, anna, carla, asks):
    file = attached(ticket, anna, name="bon.png", content_type="image/png", content=PNG)
    other = asks(carla, infobits, "Iets anders")
    assert visitor(carla).get(address(other, "my_attachment", file.pk)).status_code == 404


def test_a_reply_goes_to_the_desk_with_its_files(ticket, anna, carla):
    answer(ticket, anna)
    answered = send(carla, ticket, files=SimpleUploadedFile("bon.png", PNG))
    assert answered.url == address(ticket) + "#end"
    ticket.refresh_from_db()
    assert ticket.messages.last().text == "Dat hielp niet."
    assert ticket.messages.last().attachments.get().name == "bon.png"
    assert (ticket.state, ticket.initiative) == ("open", "desk")


def test_a_reply_sent_twice_is_one_message(ticket, carla):
    key = "0c4e8a60-6d9c-4b5c-9a43-1e9f9a6f0d11"
    send(carla, ticket, submission=key)
    send(carla, ticket, submission=key)
    assert ticket.messages.count() == 2


def test_an_empty_reply_is_not_sent(ticket, carla):
    answered = send(carla, ticket, text="  ")
    assert answered.status_code == 422
    assert "Write what it is about." in answered.content.decode()
    assert ticket.messages.count() == 1


def test_what_a_customer_writes_is_text_and_never_a_page(ticket, carla):
    send(carla, ticket, text="<script>alert(1)</script>")
    html = page(carla, ticket)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.fixture
def free(infobits, carla, anna, asks) -> Ticket:
    """A question on the free plan of which the three reactions are used up (IB-10)."""
    ticket = asks(carla, infobits)
    for number in range(3):
        actions.receive(
            ticket,
            carla,
            channel="portal",
            writing=Writing(text=f"Reactie {number}"),
            situation=at(infobits, FRIDAY_AT_FOUR + timedelta(minutes=number)),
        )
    return ticket


def test_when_the_reactions_are_used_up_the_page_says_so_with_a_way_forward_IB_10(free, carla):
    text = words(page(carla, free))
    assert "SLA24 allows 3 reactions on a ticket, and these are used up." in text
    assert "Make a new ticket that says everything that is known now." in text
    assert "Send the reply" not in text


def test_a_reply_over_the_quota_comes_back_whole_and_can_become_a_new_question_IB_10(free, carla):
    answered = send(carla, free, text="Nog een ding.")
    html = answered.content.decode()
    assert answered.status_code == 422
    assert "Nog een ding." in html
    assert f'formaction="{reverse("ask")}"' in html
    assert free.messages.count() == 4


def closed(ticket: Ticket, anna, *, now=FRIDAY_AT_FOUR) -> Ticket:
    return actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at_of(ticket, now))


def test_a_reply_soon_after_the_end_opens_the_question_again_IB_23(ticket, anna, carla):
    closed(ticket, anna)
    assert "With a reply the question is open again." in page(carla, ticket)
    assert send(carla, ticket).url.startswith(address(ticket))
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_a_reply_long_after_the_end_becomes_a_new_question_and_says_so_IB_23(ticket, anna, carla):
    closed(ticket, anna, now=FRIDAY_AT_FOUR - timedelta(days=61))
    assert "so this becomes a new ticket" in page(carla, ticket)
    browser = visitor(carla)
    answered = browser.post(address(ticket, "my_reply"), {"text": "Het is weer zover."}, follow=True)
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert new.follows == ticket
    text = words(answered.content.decode())
    assert f"Question {ticket.number} has ended, so your reply became a new one: {new.number}." in text
    assert f"follows question {ticket.number}" in text


def test_a_reply_that_would_be_a_new_question_over_the_quota_comes_back_whole_IB_10(
    infobits, carla, anna, asks
):
    old = asks(carla, infobits, now=FRIDAY_AT_FOUR - timedelta(days=70))
    closed(old, anna, now=FRIDAY_AT_FOUR - timedelta(days=61))
    asks(carla, infobits), asks(carla, infobits)
    answered = visitor(carla).post(address(old, "my_reply"), {"text": "Toch weer."})
    html = answered.content.decode()
    assert answered.status_code == 422
    assert "SLA24 allows 2 free tickets a month" in html
    assert "Toch weer." in html
    assert Ticket.objects.count() == 3


def test_a_question_nobody_answered_can_be_withdrawn(ticket, carla):
    assert "Withdraw the question" in page(carla, ticket)
    assert visitor(carla).post(address(ticket, "my_end"), {"move": "withdraw"}).url == address(ticket)
    ticket.refresh_from_db()
    assert ticket.state == "withdrawn"
    assert "Withdraw the question" not in page(carla, ticket)


def test_an_answered_question_can_be_closed(ticket, anna, carla):
    answer(ticket, anna)
    html = page(carla, ticket)
    assert "Close the question" in html and "Withdraw the question" not in html
    visitor(carla).post(address(ticket, "my_end"), {"move": "close"})
    ticket.refresh_from_db()
    assert ticket.state == "closed"


def test_what_has_ended_cannot_be_withdrawn_from_a_stale_page(ticket, anna, carla):
    closed(ticket, anna)
    answered = visitor(carla).post(address(ticket, "my_end"), {"move": "withdraw"})
    assert answered.status_code == 422
    assert "the ticket is closed" in answered.content.decode()


@pytest.mark.parametrize("move", ["solve", "decline", "reopen", "pay", "", "nonsense"])
def test_moves_of_the_desk_are_not_for_a_customer(ticket, carla, move):
    assert visitor(carla).post(address(ticket, "my_end"), {"move": move}).status_code == 404


def test_a_colleague_at_the_same_site_reads_along_but_does_not_end_it(infobits, sla8, bakery, asks):
    market = Site.objects.create(customer=bakery, name="Markt")
    asked = asks(contact("Bram", bakery, reach="own", site=market), infobits)
    manager = contact("Mo", bakery, reach="site", site=market)
    assert "Withdraw the question" not in page(manager, asked)
    assert visitor(manager).post(address(asked, "my_end"), {"move": "withdraw"}).status_code == 404


def test_somebody_who_sees_all_of_the_customer_ends_a_colleagues_question(infobits, sla8, bakery, asks):
    asked = asks(contact("Bram", bakery, reach="own"), infobits)
    boss = contact("Olga", bakery)
    assert visitor(boss).post(address(asked, "my_end"), {"move": "withdraw"}).status_code == 302


def test_the_page_listens_to_its_own_question_only(ticket, carla):
    from balie.live.tokens import read_token

    html = page(carla, ticket)
    token = re.search(r'sse-connect="/live/\?token=([^"]+)"', html)
    assert token
    assert read_token(token[1].replace("%3A", ":")).topics == {f"ticket-{ticket.pk}"}
    assert f'hx-trigger="sse:ticket-{ticket.pk}, sse:reload"' in html


def test_what_changes_is_fetched_without_the_form_so_that_typing_goes_on(ticket, anna, carla):
    answer(ticket, anna)
    html = visitor(carla).get(address(ticket, "my_conversation")).content.decode()
    assert "Zet de printer uit en aan." in html
    assert "<textarea" not in html


def test_the_page_costs_a_fixed_number_of_queries(ticket, anna, carla, django_assert_max_num_queries):
    for number in range(5):
        answer(ticket, anna, text=f"Antwoord {number}")
    browser = visitor(carla)
    browser.get(address(ticket))
    with django_assert_max_num_queries(12):
        browser.get(address(ticket))


def test_replies_need_the_token_against_forgery(ticket, carla):
    browser = browser_of(carla)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(address(ticket, "my_reply"), {"text": "x"}).status_code == 403
