"""Writing and keeping help articles at the desk, and articles beside a ticket."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.knowledge.shelf import PNG, Shelf
from tests.workspace.conftest import answer_of, browser_of, page_of

from balie.audit.models import Entry
from balie.knowledge import actions, voting
from balie.knowledge.models import Article, Media, Publication, Section, Translation
from balie.rules.audience import Audience


@pytest.fixture
def shelf(infobits, anna) -> Shelf:
    shelf = Shelf(anna, timezone.now())
    shelf.section("Kassa")
    return shelf


def edit(made: Translation, language: str = "nl") -> str:
    return reverse("article_edit", args=[made.article_id, language])


def filled(**changes: object) -> dict[str, object]:
    return {
        "title": "Bonprinter print niet",
        "summary": "Vijf stappen.",
        "text": "## Doen\n\n1. Zet uit",
        "keywords": "printer",
        "section": "kassa",
        "audience": "everybody",
        "position": "0",
        "note": "",
        "seen": "0",
        "language": "nl",
        "do": "save",
        **changes,
    }


# --- Writing --------------------------------------------------------------------------------------------


def test_an_agent_writes_a_draft_and_publishes_it_SW_08(shelf, anna) -> None:
    browser = browser_of(anna)
    answered = browser.post(reverse("article_new"), filled(), follow=True)
    made = Translation.objects.get()
    assert answered.redirect_chain == [(edit(made), 302)]
    assert "Readers do not see it yet." in page_of(answered)
    assert not Publication.objects.exists()
    answered = browser.post(edit(made), filled(seen=1, text="Nieuw", do="publish"), follow=True)
    assert "Version 2 is on the help site." in page_of(answered)
    assert Publication.objects.get().text == "Nieuw"
    assert Entry.objects.filter(action="publish_article", who="Anna").exists()


def test_publishing_and_taking_away_can_be_undone_at_once(shelf, anna) -> None:
    made = shelf.published("Bonprinter", "Oud")
    browser = browser_of(anna)
    page = page_of(browser.post(edit(made), filled(seen=1, text="Nieuw", do="publish"), follow=True))
    assert 'name="version" value="1"' in page
    browser.post(reverse("article_publish", args=[made.article_id, "nl"]), {"version": 1})
    assert Publication.objects.get().text == "Oud"
    page = page_of(browser.post(reverse("article_unpublish", args=[made.article_id, "nl"]), follow=True))
    assert "The article is no longer on the help site." in page
    assert 'name="version" value="1"' in page
    assert not Publication.objects.exists()


def test_the_second_of_two_writers_sees_both_and_may_save_again(shelf, anna, ben) -> None:
    made = shelf.draft("Bonprinter", "Regel een\nRegel twee")
    browser_of(anna).post(edit(made), filled(seen=1, text="Regel een\nVan Anna"))
    answered = browser_of(ben).post(edit(made), filled(seen=1, text="Regel een\nVan Ben"))
    page = page_of(answered)
    assert answered.status_code == 422
    assert "Anna saved version 2 of this article while you were writing." in page
    assert "Van Ben</textarea>" in page
    assert "<ins>Anna</ins>" in page
    assert 'name="seen" value="2"' in page
    assert browser_of(ben).post(edit(made), filled(seen=2, text="Regel een\nVan beiden")).status_code == 302
    assert made.versions.count() == 3


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "x" * 200}, 422),
        ({"text": "x" * 1_000_000}, 422),
        ({"section": "nergens"}, 422),
        ({"audience": "iedereen"}, 422),
        ({"seen": "-1"}, 422),
        ({"language": "fr"}, 404),
    ],
)
def test_what_cannot_be_kept_comes_back_whole(shelf, anna, changes, status) -> None:
    answered = browser_of(anna).post(reverse("article_new"), filled(**changes))
    assert answered.status_code == status
    assert not Article.objects.exists()
    if status == 422 and "text" not in changes:
        assert "1. Zet uit" in page_of(answered)


def test_a_translation_begins_with_the_other_language(shelf, anna) -> None:
    made = shelf.draft("Bonprinter", "Zet hem aan.")
    page = page_of(browser_of(anna).get(edit(made, "en")))
    assert "Zet hem aan." in page
    assert "not written yet" in page
    sent = filled(title="Receipt printer", text="Switch it on.", seen=0)
    assert browser_of(anna).post(edit(made, "en"), sent).status_code == 302
    assert sorted(made.article.translations.values_list("language", flat=True)) == ["en", "nl"]


def test_a_preview_is_safe_and_keeps_nothing(shelf, anna) -> None:
    answered = browser_of(anna).post(
        reverse("article_preview"), {"text": "**vet** <script>alert(1)</script> [x](javascript:alert(1))"}
    )
    assert "<strong>vet</strong>" in page_of(answered)
    assert "<script" not in page_of(answered)
    assert 'href="javascript' not in page_of(answered)
    answered = browser_of(anna).post(reverse("article_new"), filled(do="preview"))
    assert answered.status_code == 200
    assert '<h2 id="p-doen">Doen</h2>' in page_of(answered)
    assert not Article.objects.exists()


def test_an_article_can_be_for_agents_and_of_a_product(shelf, anna) -> None:
    made = shelf.published("Bonprinter")
    browser_of(anna).post(edit(made), filled(seen=1, audience="agents", products=["ts-pos"]))
    article = Article.objects.get()
    assert (article.audience, [each.key for each in article.products.all()]) == ("agents", ["ts-pos"])


# --- Pictures -------------------------------------------------------------------------------------------


def test_a_picture_is_added_without_losing_what_was_typed(shelf, anna) -> None:
    made = shelf.draft("Bonprinter")
    sent = filled(do="upload", text="Half getypt", description="Een bon") | {
        "file": SimpleUploadedFile("bon.png", PNG)
    }
    page = page_of(browser_of(anna).post(edit(made), sent))
    assert Media.objects.get().description == "Een bon"
    assert "Half getypt" in page
    assert "![Een bon](picture:bon.png)" in page
    made.refresh_from_db()
    assert made.latest.number == 1


@pytest.mark.parametrize(
    ("name", "content", "description", "sentence"),
    [
        ("bon.png", PNG, "", "Say what there is to see"),
        ("bon.png", b"<script>alert(1)</script>", "Een bon", "is no picture"),
        ("bon.svg", b"<svg onload='alert(1)'/>", "Een bon", "is no picture"),
    ],
)
def test_a_picture_that_is_none_or_says_nothing_is_refused(
    shelf, anna, name, content, description, sentence
) -> None:
    made = shelf.draft("Bonprinter")
    sent = filled(do="upload", description=description) | {"file": SimpleUploadedFile(name, content)}
    for headers in ({}, {"HX-Request": "true"}):
        sent["file"] = SimpleUploadedFile(name, content)
        answered = browser_of(anna).post(edit(made), sent, headers=headers)
        assert answered.status_code == 422
        assert sentence in page_of(answered)
    assert not Media.objects.exists()


def test_publishing_with_a_missing_picture_keeps_the_version_and_says_why(shelf, anna) -> None:
    made = shelf.draft("Bonprinter")
    answered = browser_of(anna).post(edit(made), filled(seen=1, text="![x](picture:lade.png)", do="publish"))
    assert answered.status_code == 422
    assert "lade.png" in page_of(answered)
    made.refresh_from_db()
    assert made.latest.number == 2
    assert not Publication.objects.exists()


# --- Versions -------------------------------------------------------------------------------------------


def test_versions_are_compared_and_put_back(shelf, anna) -> None:
    made = shelf.draft("Bonprinter", "Zet de printer uit")
    actions.save(
        made,
        actions.Draft("Bonprinter", "Zet de printer aan", note="andersom"),
        seen=1,
        by=anna,
        now=shelf.now,
    )
    page = page_of(browser_of(anna).get(reverse("article_versions", args=[made.article_id, "nl"])))
    assert "<del>uit</del>" in page
    assert "<ins>aan</ins>" in page
    assert "andersom" in page
    browser_of(anna).post(reverse("article_restore", args=[made.article_id, "nl"]), {"version": 1})
    made.refresh_from_db()
    assert (made.latest.number, made.latest.text) == (3, "Zet de printer uit")


def test_a_version_that_is_not_there_is_refused_by_name(shelf, anna) -> None:
    made = shelf.draft("Bonprinter")
    for name in ("article_restore", "article_publish"):
        answered = browser_of(anna).post(reverse(name, args=[made.article_id, "nl"]), {"version": "99"})
        assert answered.status_code == 422


# --- The list and the sections --------------------------------------------------------------------------


def test_the_list_has_parts(shelf, anna) -> None:
    shelf.draft("Een concept")
    shown = shelf.published("Gepubliceerd")
    newer = shelf.published("Met nieuwere tekst")
    actions.save(newer, actions.Draft("Nieuwere tekst", "x"), seen=1, by=anna, now=shelf.now)
    voting.vote(shown.publication, visitor="a", is_useful=False, why="Onduidelijk", now=shelf.now)

    def titles(**query: str) -> set[str]:
        page = page_of(browser_of(anna).get(reverse("articles"), query))
        return set(re.findall(r"stretched-link[^>]*>([^<]*)<", page))

    assert titles() == {"Een concept", "Gepubliceerd", "Nieuwere tekst"}
    assert titles(tab="drafts") == {"Een concept", "Nieuwere tekst"}
    assert titles(tab="published") == {"Gepubliceerd", "Nieuwere tekst"}
    assert titles(tab="comments") == {"Gepubliceerd"}
    assert titles(q="concept") == {"Een concept"}
    assert titles(audience="agents") == set()
    assert titles(audience="\x00", q="\x00") == titles()
    assert titles(tab="nonsense", before="nonsense") == titles()


def test_agents_read_why_an_article_did_not_help(shelf, anna) -> None:
    made = shelf.published("Bonprinter")
    voting.vote(made.publication, visitor="a", is_useful=False, why="Stap 3 <b>ontbreekt</b>", now=shelf.now)
    page = page_of(browser_of(anna).get(edit(made)))
    assert "Stap 3 &lt;b&gt;ontbreekt" in page
    assert "useful 0, not 1" in page


def test_sections_are_made_changed_and_taken_away(shelf, anna) -> None:
    browser = browser_of(anna)
    names = {"name_nl": "Printers", "name_en": "Printers", "parent": "kassa", "position": "3"}
    assert browser.post(reverse("article_sections"), names).status_code == 302
    assert Section.objects.get(slug="printers").parent.slug == "kassa"
    address = reverse("article_section", args=["printers"])
    assert 'value="Printers"' in page_of(browser.get(address))
    browser.post(address, names | {"name_nl": "Drukwerk"})
    assert Section.objects.get(slug="printers").name_nl == "Drukwerk"
    assert browser.post(reverse("article_section", args=["kassa"]), names).status_code == 422
    assert browser.post(reverse("article_section_gone", args=["kassa"])).status_code == 422
    assert browser.post(reverse("article_section_gone", args=["printers"])).status_code == 302
    assert not Section.objects.filter(slug="printers").exists()


def test_the_first_article_asks_for_a_section(infobits, anna) -> None:
    assert browser_of(anna).get(reverse("article_new")).url == reverse("article_sections")


# --- Beside a ticket ------------------------------------------------------------------------------------


def test_articles_about_a_question_stand_beside_it_and_go_into_the_answer(shelf, ask, anna) -> None:
    made = shelf.published("Bonprinter print niet", "Zet hem **aan**.", summary="Zo doet hij het weer.")
    internal = shelf.published("Bonprinter print scheef", audience=Audience.AGENTS)
    ticket = ask("Mijn bonpriter print niet meer")
    page = page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))
    assert reverse("ticket_articles", args=[ticket.number]) in page
    piece = page_of(
        browser_of(anna).get(reverse("ticket_articles", args=[ticket.number]), headers={"HX-Request": "true"})
    )
    address = f"/help/{made.article_id}/bonprinter-print-niet/"
    assert f'data-insert="Bonprinter print niet: http://127.0.0.1:8000{address}"' in piece
    assert 'data-insert="Zet hem aan.' in piece
    assert "Bonprinter print scheef" in piece
    assert reverse("ticket_answer_with", args=[ticket.number, internal.article_id]) not in piece
    without_script = page_of(
        browser_of(anna).get(reverse("ticket_answer_with", args=[ticket.number, made.article_id]))
    )
    assert f"Bonprinter print niet: http://127.0.0.1:8000{address}</textarea>" in without_script
    assert "<html" in page_of(browser_of(anna).get(reverse("ticket_articles", args=[ticket.number])))


def test_what_is_for_agents_never_goes_into_an_answer(shelf, ask, anna) -> None:
    internal = shelf.published("Intern", audience=Audience.AGENTS)
    drawn = shelf.draft("Concept")
    number = ask().number
    for each in (internal, drawn):
        address = reverse("ticket_answer_with", args=[number, each.article_id])
        assert browser_of(anna).get(address).status_code == 404


def test_an_answer_becomes_a_draft(shelf, ask, anna) -> None:
    ticket = ask("Bonprinter stil")
    browser = browser_of(anna)
    browser.post(reverse("ticket_reply", args=[ticket.number]), answer_of(ticket, "Draai de rol om."))
    page = page_of(browser.get(reverse("ticket", args=[ticket.number])))
    link = re.search(r'href="(/desk/articles/new/\?message=\d+)"', page)
    assert link
    begun = page_of(browser.get(link[1]))
    assert 'value="Bonprinter stil"' in begun
    assert "Draai de rol om." in begun


def test_a_customers_words_do_not_become_an_article_by_a_guessed_address(shelf, ask, anna) -> None:
    message = ask(text="Mijn wachtwoord is hond").messages.get()
    page = page_of(browser_of(anna).get(reverse("article_new"), {"message": message.pk}))
    assert "wachtwoord is hond" not in page


# --- Nobody else ----------------------------------------------------------------------------------------

PLACES = [
    ("articles", False),
    ("article_new", False),
    ("article_sections", False),
    ("article_edit", True),
    ("article_versions", True),
]


@pytest.mark.parametrize(("name", "is_about_one"), PLACES)
def test_customers_find_nothing_of_the_writing(shelf, carla, dario, name, is_about_one) -> None:
    made = shelf.draft("Geheim concept")
    address = reverse(name, args=[made.article_id, "nl"] if is_about_one else [])
    for person in (carla, dario):
        assert browser_of(person).get(address).status_code == 404
        assert browser_of(person).post(address, filled(seen=1)).status_code == 404
    assert browser_of(None).get(address).url.startswith(reverse("account_login"))
    assert made.versions.count() == 1
