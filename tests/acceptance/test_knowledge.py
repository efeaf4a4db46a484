"""The manuals on the help site, as a visitor, a customer and an agent use them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.acceptance.visitors import log_in, read, words

from balie.config.demo import articles
from balie.desk.models import Desk
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.facts import Situation


def anybody() -> Client:
    return Client(headers={"Accept-Language": "nl"})


@pytest.fixture(params=["softwear", "infobits"])
def desk(request, anna) -> Desk:
    """A desk of either preset, with the manuals of the demo."""
    made: Desk = request.getfixturevalue(request.param)
    articles.write(now=timezone.now())
    return made


def test_anybody_finds_a_manual_on_the_help_site_by_searching_SW_08(desk):
    visitor = anybody()
    start = read(visitor, "/")
    assert 'action="/help/"' in start, "the public page leads there"
    found = read(visitor, "/help/?q=bonpriter+doet+niks")
    link = re.search(r'href="(/help/\d+/bonprinter-print-niet/)"', found)
    assert link, "with a typing error in it"
    page = words(read(visitor, link[1]))
    assert "Zet de printer uit, wacht tien tellen en zet hem weer aan." in page
    assert "Op deze pagina" in page or "On this page" in page


def test_the_manuals_stand_in_a_tree_that_can_be_read_without_searching_SW_08(desk):
    tree = read(anybody(), "/help/")
    for title in ("Aan de kassa", "Apparaten", "Back-ups", "De dag afsluiten", "Zelf een back-up maken"):
        assert title in tree
    assert "Een leenapparaat meegeven" not in tree, "that is for colleagues"
    assert "Klaar voor de feestdagen" not in tree, "that is a draft"


def test_somebody_who_finds_nothing_is_led_to_a_question_with_the_words_in_it_SW_05_SW_08(desk):
    page = read(anybody(), "/help/?q=zonnebank+instellen")
    assert 'href="/my/ask/?subject=zonnebank+instellen"' in page


def test_customers_read_more_than_passers_by_SW_08(desk, carla):
    address = re.search(
        r'href="(/help/\d+/een-back-up-terugzetten/)"',
        read(log_in(carla.email), "/help/?q=back-up+terugzetten"),
    )
    assert address
    assert anybody().get(address[1]).status_code == 404


def test_the_back_up_manual_tells_where_the_instruction_video_is_requested_IB_28(infobits, anna):
    articles.write(now=timezone.now())
    found = read(anybody(), "/help/?q=instructievideo+back-up")
    link = re.search(r'href="(/help/\d+/zelf-een-back-up-maken/)"', found)
    assert link
    assert "instructievideo" in read(anybody(), link[1])


def test_an_agent_answers_with_a_manual_in_one_click_SW_08(infobits, anna, carla):
    articles.write(now=timezone.now())
    situation = Situation(infobits, now=timezone.now())
    ticket = actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="De kassalde wil niet open",
        writing=Writing(text="Help!"),
        by=carla.user,
        situation=situation,
    )
    desk = log_in(anna.email)
    beside = read(desk, reverse("ticket_articles", args=[ticket.number]))
    one_click = re.search(r'href="([^"#]+)#id_reply-text" data-insert="De kassalade gaat niet open: ', beside)
    assert one_click
    page = read(desk, one_click[1])
    address = re.search(
        r"De kassalade gaat niet open: http://127\.0\.0\.1:8000(/help/\d+/[\w-]+/)</textarea>", page
    )
    assert address
    assert "Open de lade met de sleutel" in read(log_in(carla.email), address[1])
