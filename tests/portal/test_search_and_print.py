"""Old questions found again and put on paper; nothing of what this person may not read."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.cast import at, contact
from tests.portal.reading import visitor, words

from balie.customers.models import Site
from balie.rules.lifecycle import Actor, Move
from balie.tickets import actions
from balie.tickets.actions import Upload, Writing

pytestmark = pytest.mark.usefixtures("friday_at_four")


def search(person, text: str):
    return visitor(person).get(reverse("my_tickets", query={"q": text}))


def found(person, text: str) -> str:
    answer = search(person, text)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def printer(infobits, sla8, carla, asks):
    return asks(carla, infobits, "Bonprinter print niet", text="Sinds de verbouwing knippert het lampje.")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("bonprinter", "a word of the subject"),
        ("BONPRINTER", "capitals make no difference"),
        ("bonprint", "the beginning of a word"),
        ("verbouwing lampje", "all words in one message"),
        ("verbouwingen", "another form of a Dutch word"),
        ("  bonprinter  ", "spaces around it"),
    ],
)
def test_a_question_is_found_by_its_words(printer, carla, text, because):
    assert "Bonprinter print niet" in found(carla, text), because


@pytest.mark.parametrize("text", ["bonprinter lade", "%", "'", "' & |", "!", "\x00", "zzz" * 100, "#", "🙂"])
def test_what_is_nowhere_is_not_found_and_harms_nothing(printer, carla, text):
    answer = search(carla, text)
    assert answer.status_code == 200
    assert b"knippert" not in answer.content


@pytest.mark.parametrize("sign", ["", "#"])
def test_a_number_opens_the_question(printer, carla, sign):
    assert search(carla, f"{sign}{printer.number}").url == reverse("my_ticket", args=[printer.number])


def test_a_question_that_ended_long_ago_is_found_as_well(infobits, printer, anna, carla):
    actions.move(printer, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    assert "Bonprinter print niet" in found(carla, "bonprinter")


def test_what_an_agent_answered_is_found_but_never_an_internal_note(infobits, printer, anna, carla):
    note = Writing(text="Deze klant heeft een wanbetaling openstaan.")
    actions.note(printer, writing=note, by=anna, situation=at(infobits))
    seen = printer.messages.filter(is_internal=False).last().pk
    answer = Writing(text="Vervang de thermische rol.")
    actions.reply(printer, writing=answer, by=anna, seen=seen, situation=at(infobits))
    assert "Bonprinter print niet" in found(carla, "thermische")
    assert "Nothing found" in found(carla, "wanbetaling"), "not even that there is something"


def test_dario_finds_nothing_of_carlas_by_word_nor_number(printer, dario):
    assert "Nothing found" in found(dario, "bonprinter")
    assert "Nothing found" in found(dario, str(printer.number))


def test_a_colleague_finds_only_what_it_may_read(infobits, sla8, bakery, printer):
    here, there = (Site.objects.create(customer=bakery, name=name) for name in ("Haven", "Station"))
    for person in (
        contact("Otto", bakery, reach="own", site=here),
        contact("Sil", bakery, reach="site", site=there),
    ):
        assert "Nothing found" in found(person, "bonprinter")


def test_the_search_costs_a_fixed_number_of_queries(
    infobits, sla8, carla, asks, django_assert_max_num_queries
):
    for number in range(10):
        asks(carla, infobits, f"Bonprinter {number}")
    browser = visitor(carla)
    browser.get(reverse("my_tickets"))
    with django_assert_max_num_queries(12):
        browser.get(reverse("my_tickets", query={"q": "bonprinter"}))


# -- On paper ----------------------------------------------------------------------------------------------


def paper(person, ticket):
    return visitor(person).get(reverse("my_print", args=[ticket.number]))


def test_the_whole_conversation_is_on_the_page_for_paper(infobits, printer, anna, carla):
    for number in range(12):
        seen = printer.messages.filter(is_internal=False).last().pk
        writing = Writing(
            text=f"Antwoord {number}.", uploads=[Upload("uitleg.pdf", "application/pdf", b"%PDF")]
        )
        actions.reply(printer, writing=writing, by=anna, seen=seen, situation=at(infobits))
    text = words(paper(carla, printer).content.decode())
    assert all(f"Antwoord {number}." in text for number in range(12))
    assert "Sinds de verbouwing knippert het lampje." in text
    assert "uitleg.pdf" in text
    assert "Bakkerij De Korenbloem (K-1001)" in text
    assert "SLA8 is included with the licence InfokasV3 type L." in text


def test_on_paper_the_deadline_of_a_free_plan_is_what_is_normal_IB_09(infobits, dario, asks):
    question = asks(dario, infobits)
    assert "Response normally due Wed 25 Nov 2026 16:00" in words(paper(dario, question).content.decode())


def test_an_internal_note_is_never_on_paper(infobits, printer, anna, carla):
    note = Writing(text="Wanbetaling", uploads=[Upload("nota.pdf", "application/pdf", b"%PDF")])
    actions.note(printer, writing=note, by=anna, situation=at(infobits))
    html = paper(carla, printer).content.decode()
    assert "Wanbetaling" not in html
    assert "nota.pdf" not in html


def test_the_page_for_paper_is_not_for_dario_nor_eve(printer, dario, bakery):
    assert paper(dario, printer).status_code == 404
    assert paper(contact("Otto", bakery, reach="own"), printer).status_code == 404
    assert paper(None, printer).url.startswith(reverse("account_login"))


def test_the_question_leads_to_its_page_for_paper(printer, carla):
    html = visitor(carla).get(reverse("my_ticket", args=[printer.number])).content.decode()
    assert reverse("my_print", args=[printer.number]) in html
