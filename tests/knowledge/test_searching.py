"""Finding articles: Dutch stems, parts of words, typing errors; never what the viewer may not read."""

from __future__ import annotations

import pytest
from tests.knowledge.shelf import Shelf

from balie.customers.access import viewer_of_contact
from balie.knowledge import actions
from balie.knowledge.queries import related, suggest
from balie.knowledge.searching import find, pieces
from balie.rules.audience import Audience
from balie.rules.visibility import Agent, Nobody

ANYBODY = Nobody()


def titles(text: str, viewer=ANYBODY, language: str = "nl") -> list[str]:
    return [hit.title for hit in find(text, viewer=viewer, language=language)]


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.published("Bonprinter print niet", "Kijk of er papier in zit.", keywords="bonnenprinter, kassabon")
    shelf.published("De kassalade gaat niet open", "Controleer de kabel.", keywords="geldlade")
    shelf.published("Etiketten afdrukken", "Kies het etiket.", keywords="stickers, labels, etiketprinter")
    shelf.published("Btw-tarief van een artikel wijzigen", "Kies het tarief.", keywords="belasting, 21%, 9%")
    shelf.published("Pinnen lukt niet", "Herstart de pinautomaat.", keywords="pinapparaat, betaalautomaat")
    shelf.published("Cadeaubonnen verkopen en innemen", "Scan de cadeaubon.", keywords="cadeaukaart")
    shelf.published(
        "Een medewerker kan niet inloggen", "Vraag een nieuw wachtwoord aan.", keywords="aanmelden"
    )
    return shelf


FOUND = [
    ("bonprinter", "Bonprinter print niet", "the word itself"),
    ("BONPRINTER!", "Bonprinter print niet", "capitals and signs"),
    ("bonpriter", "Bonprinter print niet", "a letter missing"),
    ("bonprintr", "Bonprinter print niet", "another letter missing"),
    ("bonprinetr", "Bonprinter print niet", "two letters exchanged"),
    ("bnoprinter", "Bonprinter print niet", "exchanged at the beginning"),
    ("bonprintter", "Bonprinter print niet", "a letter too many"),
    ("kassalde", "De kassalade gaat niet open", "two letters missing"),
    ("kasalade", "De kassalade gaat niet open", "one s"),
    ("kassaladen", "De kassalade gaat niet open", "a plural that nobody wrote"),
    ("geldla", "De kassalade gaat niet open", "the beginning of another word for it"),
    ("etiket", "Etiketten afdrukken", "the stem"),
    ("ettiketten", "Etiketten afdrukken", "one t too many"),
    ("printer", "Bonprinter print niet", "a part of a compound"),
    ("cadeubon", "Cadeaubonnen verkopen en innemen", "a letter missing inside a compound"),
    ("cadeau bonnen", "Cadeaubonnen verkopen en innemen", "written apart"),
    ("btw", "Btw-tarief van een artikel wijzigen", "three letters"),
    ("wachtwoord", "Een medewerker kan niet inloggen", "a word of the text"),
    ("ik kan niet meer inloggen op mijn kassa", "Een medewerker kan niet inloggen", "a sentence"),
    ("mijn bonpriter doet het niet meer", "Bonprinter print niet", "a sentence with an error in it"),
    ("pinapparaat stuk", "Pinnen lukt niet", "another word for it, and one that is nowhere"),
]


@pytest.mark.parametrize(("typed", "title", "why"), FOUND, ids=[why for _typed, _title, why in FOUND])
def test_what_somebody_means_comes_first_SW_08(filled: Shelf, typed: str, title: str, why: str) -> None:
    assert titles(typed)[:1] == [title], why


@pytest.mark.parametrize("typed", ["zonnebank", "xqzt", "de het een niet", "a", "%", "_"])
def test_what_is_about_nothing_finds_nothing(filled: Shelf, typed: str) -> None:
    assert titles(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\x00",
        "bon\x00printer",
        "'",
        "''':*",
        "a' | 'b",
        "!bonprinter & (kassa | ",
        "<-> bon <2> printer",
        '"bonprinter print"',
        "\\",
        "%' OR 1=1 --",
        "bonprinter " * 500,
        "€ 5,00 🙂 ßÉ",
        "\x02\x03",
        "ﬁ ſ İ",
    ],
)
def test_operators_quotes_and_signs_are_no_more_than_signs(filled: Shelf, typed: str) -> None:
    assert isinstance(titles(typed), list)


def test_a_draft_is_never_found(shelf: Shelf) -> None:
    made = shelf.draft("Geheim plan voor de bonprinter", keywords="geheimpje")
    for viewer in (ANYBODY, Agent()):
        assert titles("geheim plan bonprinter", viewer) == []
    shelf.publish(made)
    actions.save(
        made,
        actions.Draft("Bonprinter", "Nieuwe tekst met xylofoon"),
        seen=1,
        by=shelf.writer,
        now=shelf.now,
    )
    assert titles("xylofoon") == []
    actions.unpublish(made, by=shelf.writer, now=shelf.now)
    assert titles("geheim") == []


def test_each_finds_what_it_may_read(shelf: Shelf, carla) -> None:
    for audience in Audience:
        shelf.published(f"Kassa voor {audience.value}", audience=audience)
    stranger = viewer_of_contact(carla)
    for viewer, expected in (
        (ANYBODY, {"everybody"}),
        (stranger, {"everybody", "customers"}),
        (Agent(), {"everybody", "customers", "agents"}),
    ):
        assert {title.split()[-1] for title in titles("kassa", viewer)} == expected


def test_somebody_who_belongs_to_no_customer_reads_what_everybody_reads(shelf: Shelf, carla) -> None:
    shelf.published("Voor klanten", audience=Audience.CUSTOMERS)
    carla.customer = None
    assert titles("klanten", viewer_of_contact(carla)) == []


def test_an_article_is_found_once_in_the_readers_language(shelf: Shelf) -> None:
    made = shelf.published("Printer vervangen")
    english = actions.translate(
        made.article,
        "en",
        actions.Draft("Replacing the printer", "Unplug it."),
        by=shelf.writer,
        now=shelf.now,
    )
    shelf.publish(english)
    assert titles("printer", language="nl") == ["Printer vervangen"]
    assert titles("printer", language="en") == ["Replacing the printer"]
    assert titles("replaced", language="en") == ["Replacing the printer"], "the English stem"


def test_the_words_are_marked_in_a_piece_of_the_text(filled: Shelf) -> None:
    hit = find("papier", viewer=ANYBODY, language="nl")[0]
    assert ("papier", True) in hit.snippet
    assert "".join(text for text, _is_word in hit.snippet) == "Kijk of er papier in zit."


def test_marks_are_pieces_and_not_markup() -> None:
    assert pieces("a \x02<b>\x03 c") == (("a ", False), ("<b>", True), (" c", False))


def test_a_better_match_comes_first(shelf: Shelf) -> None:
    shelf.published("Voorraad tellen", "Ook over de scanner.")
    shelf.published("Scanner leest niet", "Maak het glas schoon.")
    shelf.published("Iets anders", keywords="scanner")
    assert titles("scanner") == ["Scanner leest niet", "Iets anders", "Voorraad tellen"]


def test_suggestions_are_few_and_related_articles_are_others(filled: Shelf) -> None:
    for number in range(8):
        filled.published(f"Bonprinter model {number}")
    assert len(suggest("bonprinter", viewer=ANYBODY, language="nl")) == 5
    own = filled.published("Bonprinter aansluiten")
    found = related(own.publication, viewer=ANYBODY)
    assert 0 < len(found) <= 4
    assert own.article_id not in {entry.article for entry in found}
    assert len({entry.article for entry in found}) == len(found)


def test_an_article_like_which_there_is_none_has_its_neighbours(shelf: Shelf) -> None:
    own = shelf.published("Iets heel bijzonders")
    shelf.published("Naast de kassa")
    shelf.published("Voor de desk", audience=Audience.AGENTS)
    assert [entry.title for entry in related(own.publication, viewer=ANYBODY)] == ["Naast de kassa"]


def test_a_search_costs_three_statements(filled: Shelf, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        find("de bonpriter van kassa twee print niet", viewer=ANYBODY, language="nl")
