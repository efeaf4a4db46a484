"""The help articles of a demo desk: written in full, shown without a fault, found by what people type."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from balie.config.demo import articles
from balie.knowledge import markup
from balie.knowledge.models import Media, Publication, Translation
from balie.knowledge.queries import tree
from balie.knowledge.searching import find
from balie.rules.visibility import Agent, Nobody

PAGES = articles.pages()
DUTCH = [page for page in PAGES if page.language == "nl"]


@pytest.fixture
def written(infobits, anna) -> None:
    articles.write(now=timezone.now())


def test_there_are_at_least_25_in_dutch_and_three_in_english() -> None:
    assert len([page for page in DUTCH if not page.head.get("draft")]) >= 25
    assert len(PAGES) - len(DUTCH) == 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.key}.{page.language}")
def test_an_article_says_what_to_do(page: articles.Page) -> None:
    words = len(page.text.split())
    assert 150 <= words <= 450 or page.head.get("draft")
    assert page.head["summary"] and page.head["keywords"]
    assert re.search(r"^\d\. |^- ", page.text, re.MULTILINE), "steps or points"
    assert markup.undescribed(page.text) == []


def test_all_of_them_are_there_and_the_draft_is_not_published(written) -> None:
    assert Translation.objects.count() == len(PAGES)
    assert Publication.objects.count() == len(PAGES) - 1
    assert Media.objects.count() == 3
    assert Translation.objects.filter(not_useful__gt=0).count() == len(articles.WHY_NOT)


def test_a_second_time_writes_nothing(written) -> None:
    articles.write(now=timezone.now())
    assert Translation.objects.count() == len(PAGES)


def test_what_is_for_the_desk_is_not_for_everybody(written) -> None:
    def titles(shelves) -> set[str]:
        return {each.title for shelf in shelves for each in shelf.entries}.union(
            *(titles(shelf.parts) for shelf in shelves)
        )

    ours, everybodys = (titles(tree(viewer=viewer, language="nl")) for viewer in (Agent(), Nobody()))
    assert ours == {page.title for page in DUTCH} - {"Klaar voor de feestdagen"}
    assert ours - everybodys == {
        "Een leenapparaat meegeven",
        "Een back-up terugzetten",
        "De webshop koppelen",
    }


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("bonpriter", "Bonprinter print niet"),
        ("kassalde gaat niet open", "De kassalade gaat niet open"),
        ("ik kan niet pinnen", "Pinnen lukt niet"),
        ("scaner leest streepjescode niet", "De scanner leest niet"),
        ("etiketten printen", "Etiketten afdrukken"),
        ("btw wijzigen", "Het btw-tarief van artikelen wijzigen"),
        ("dagafsluting", "De dag afsluiten"),
        ("inventarisatie", "De voorraad tellen"),
        ("klant brengt iets terug", "Een retour verwerken"),
        ("cadeaukart", "Cadeaubonnen verkopen en innemen"),
        ("bakup maken", "Zelf een back-up maken"),
        ("instructievideo back-up", "Zelf een back-up maken"),
        ("wachtwoord vergeten", "Inloggen lukt niet"),
        ("tweede scherm zwart", "Het klantenscherm instellen"),
        ("prijslijst leverancier", "Prijzen wijzigen"),
        ("internet weg", "Internet valt uit"),
        ("printer doet het niet na windows update", "Na een Windows-update werkt de printer niet"),
        ("belastingdienst controle", "Gegevens bewaren voor de Belastingdienst"),
        ("logo op de bon", "De lay-out van de kassabon aanpassen"),
        ("kas klopt niet", "Een kasverschil zoeken"),
    ],
)
def test_what_a_shop_types_leads_to_the_right_article_SW_08(written, typed: str, title: str) -> None:
    assert [hit.title for hit in find(typed, viewer=Nobody(), language="nl")][:2].count(title) == 1
