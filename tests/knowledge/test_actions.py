"""Writing articles: every save a version, two writers at once, publishing, pictures, votes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from tests.knowledge.shelf import MP4, PNG, Shelf

from balie.audit.models import Entry
from balie.knowledge import actions, queries, shelving, voting
from balie.knowledge.actions import AlreadyThere, Draft, NotReadable, Placing, WrittenMeanwhile
from balie.knowledge.models import TEXT_LENGTH, Publication, Section, Translation, Version, Word
from balie.rules.audience import Audience
from balie.rules.refusals import NoLongerSo
from balie.rules.visibility import Nobody


def save(made: Translation, shelf: Shelf, text: str, *, seen: int, title: str = "Bonprinter") -> Version:
    return actions.save(made, Draft(title, text), seen=seen, by=shelf.writer, now=shelf.now)


def test_a_new_article_is_a_draft_with_one_version_on_the_record(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter", "Zet aan.")
    made.refresh_from_db()
    assert (made.latest.number, made.latest.written_by) == (1, shelf.writer)
    assert not Publication.objects.exists()
    assert Entry.objects.filter(action="write_article", subject_id=str(made.article_id)).exists()


def test_every_save_is_a_version_and_the_same_words_are_none(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter", "Een")
    assert save(made, shelf, "Twee", seen=1).number == 2
    assert save(made, shelf, "  Twee\r\n", seen=2).number == 2
    assert [version.text for version in made.versions.all()] == ["Twee", "Een"]


def test_a_version_is_never_changed(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter")
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        Version.objects.filter(translation=made).update(text="Anders")


def test_the_second_of_two_writers_is_told_and_loses_nothing(shelf: Shelf, ben) -> None:
    made = shelf.draft("Bonprinter", "Begin")
    save(made, shelf, "Van Anna", seen=1)
    with pytest.raises(WrittenMeanwhile) as refused:
        actions.save(made, Draft("Bonprinter", "Van Ben"), seen=1, by=ben, now=shelf.now)
    assert refused.value.reason.values == {"who": "Anna", "number": 2}
    assert refused.value.ways_forward
    assert actions.save(made, Draft("Bonprinter", "Van beiden"), seen=2, by=ben, now=shelf.now).number == 3
    assert [version.text for version in made.versions.all()] == ["Van beiden", "Van Anna", "Begin"]


def test_an_earlier_version_comes_back_as_a_new_one(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter", "Goed")
    save(made, shelf, "Fout", seen=1)
    back = actions.restore(made, 1, note="terug", by=shelf.writer, now=shelf.now)
    assert (back.number, back.text, back.note) == (3, "Goed", "terug")


def test_readers_see_what_was_published_until_that_is_done_again(shelf: Shelf) -> None:
    made = shelf.published("Bonprinter", "Oud")
    save(made, shelf, "Nieuw", seen=1)
    assert Publication.objects.get().text == "Oud"
    actions.publish(made, number=2, by=shelf.writer, now=shelf.now)
    assert (Publication.objects.get().text, Publication.objects.get().plain) == ("Nieuw", "Nieuw")


def test_what_is_taken_from_the_site_keeps_its_versions_and_votes(shelf: Shelf) -> None:
    made = shelf.published("Bonprinter")
    voting.vote(made.publication, visitor="a", is_useful=True, now=shelf.now)
    actions.unpublish(made, by=shelf.writer, now=shelf.now)
    actions.unpublish(made, by=shelf.writer, now=shelf.now)
    assert not Publication.objects.exists()
    assert (made.versions.count(), made.votes.count()) == (1, 1)
    assert Entry.objects.filter(action="unpublish_article").count() == 1


def test_a_version_that_is_not_there_is_not_published(shelf: Shelf) -> None:
    with pytest.raises(NoLongerSo):
        actions.publish(shelf.draft("Bonprinter"), number=7, by=shelf.writer, now=shelf.now)


def test_an_article_is_written_once_in_each_language(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter")
    actions.translate(made.article, "en", Draft("Printer", "x"), by=shelf.writer, now=shelf.now)
    with pytest.raises(AlreadyThere):
        actions.translate(made.article, "en", Draft("Printer", "x"), by=shelf.writer, now=shelf.now)


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (Draft("  ", "tekst"), "no title"),
        (Draft("x" * 151, "tekst"), "a title that is too long"),
        (Draft("Titel", "x" * 1_000_000), "a megabyte of text"),
        (Draft("Titel", "tekst", summary="x" * 301), "a summary that is too long"),
        (Draft("Titel", "tekst", keywords="x" * 301), "too many words"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(shelf: Shelf, draft: Draft, why: str) -> None:
    with pytest.raises(NotReadable):
        actions.begin(Placing(shelf.section()), "nl", draft, by=shelf.writer, now=shelf.now)
    assert not Translation.objects.exists(), why


def test_the_longest_text_of_words_that_all_differ_can_be_published_and_found(shelf: Shelf) -> None:
    words = " ".join(f"é{number:04}ø" for number in range(TEXT_LENGTH))[:TEXT_LENGTH]
    made = shelf.published("Lang", words)
    assert made.publication.plain.startswith("é0000ø")


def test_signs_that_a_database_cannot_keep_are_left_out(shelf: Shelf) -> None:
    made = shelf.draft("Bon\x00printer\n2", "te\x00kst")
    assert (made.latest.title, made.latest.text) == ("Bonprinter 2", "tekst")


def test_who_may_read_it_takes_effect_at_once(shelf: Shelf) -> None:
    made = shelf.published("Bonprinter")
    placing = Placing(shelf.section("Intern"), Audience.AGENTS)
    actions.place(made.article, placing, by=shelf.writer, now=shelf.now)
    assert queries.tree(viewer=Nobody(), language="nl") == []
    entry = Entry.objects.get(action="place_article")
    assert entry.data["audience"] == ["everybody", "agents"]


def test_nothing_that_stays_as_it_is_goes_on_the_record(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter")
    actions.place(made.article, Placing(shelf.section()), by=shelf.writer, now=shelf.now)
    assert not Entry.objects.filter(action="place_article").exists()


def test_titles_teach_the_search_its_words_and_drafts_do_not(shelf: Shelf) -> None:
    made = shelf.draft("Zeldzaamwoord")
    assert not Word.objects.filter(word="zeldzaamwoord").exists()
    shelf.publish(made)
    assert Word.objects.filter(word="zeldzaamwoord").exists()


# --- Pictures -------------------------------------------------------------------------------------------


def test_a_picture_gets_a_plain_name_that_is_free(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter")
    names = [shelf.picture(made, name) for name in ("Mijn Bon!.PNG", "..\\..\\mijn bon.gif", "日本.png")]
    assert names == ["mijn-bon.png", "mijn-bon-2.png", "picture.png"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg onload=alert(1)>", "a drawing that can run"),
        (b"%PDF-1.4", "a document"),
        (b"", "nothing"),
        (b"\x89PNG", "the beginning of a picture"),
        (b"<html>", "a page"),
    ],
)
def test_only_what_begins_as_a_picture_or_video_is_one(shelf: Shelf, content: bytes, why: str) -> None:
    made = shelf.draft("Bonprinter")
    with pytest.raises(NotReadable):
        actions.add_media(
            made.article, name="bon.png", content=content, description=why, by=shelf.writer, now=shelf.now
        )


@pytest.mark.parametrize("description", ["", "   "])
def test_a_picture_says_what_there_is_to_see(shelf: Shelf, description: str) -> None:
    made = shelf.draft("Bonprinter")
    with pytest.raises(NotReadable):
        actions.add_media(
            made.article, name="bon.png", content=PNG, description=description, by=None, now=shelf.now
        )


def test_a_video_is_told_by_its_beginning(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter")
    media = actions.add_media(
        made.article, name="film", content=MP4, description="Zo", by=None, now=shelf.now
    )
    assert (media.name, media.content_type, media.is_video) == ("film.mp4", "video/mp4", True)


def test_an_article_is_not_published_while_a_picture_is_missing(shelf: Shelf) -> None:
    made = shelf.draft("Bonprinter", "![Een bon](picture:bon.png)")
    with pytest.raises(NotReadable, match=r"bon\.png"):
        shelf.publish(made)
    shelf.picture(made)
    shelf.publish(made)


# --- Votes ----------------------------------------------------------------------------------------------


def counts(made: Translation) -> tuple[int, int]:
    made.refresh_from_db()
    return made.useful, made.not_useful


def test_a_visitor_has_one_vote_that_it_may_change(shelf: Shelf) -> None:
    made = shelf.published("Bonprinter")
    cast: Callable[..., object] = lambda visitor, useful, why="": voting.vote(  # noqa: E731
        made.publication, visitor=visitor, is_useful=useful, why=why, now=shelf.now
    )
    cast("a", True), cast("a", True)
    assert counts(made) == (1, 0)
    cast("b", True), cast("a", False, "Stap 3 klopt niet")
    assert counts(made) == (1, 1)
    assert [vote.why for vote in queries.comments_on(made)] == ["Stap 3 klopt niet"]
    cast("a", True)
    assert counts(made) == (2, 0)
    assert queries.comments_on(made) == []


def test_a_vote_does_not_tell_who_gave_it(shelf: Shelf) -> None:
    made = shelf.published("Bonprinter")
    vote = voting.vote(made.publication, visitor="user 12", is_useful=True, now=shelf.now)
    assert "12" not in vote.visitor or len(vote.visitor) == 64
    assert vote.visitor != voting.digest_of("user 13")


# --- Sections -------------------------------------------------------------------------------------------


def test_a_section_keeps_its_name_in_the_address_and_gets_a_free_one(shelf: Shelf) -> None:
    first = shelf.section("Kassa")
    second = shelving.keep(None, name_nl="Kassa", name_en="Till", by=None, now=shelf.now)
    assert (first.slug, second.slug) == ("kassa", "kassa-2")
    renamed = shelving.keep(first, name_nl="Kassa's", name_en="Tills", by=None, now=shelf.now)
    assert renamed.slug == "kassa"


def test_the_tree_has_two_levels(shelf: Shelf) -> None:
    top = shelf.section("Boven")
    below = shelf.section("Onder", parent=top)
    with pytest.raises(shelving.TooDeep):
        shelf.section("Dieper", parent=below)
    with pytest.raises(shelving.TooDeep):
        shelving.keep(top, name_nl="x", name_en="x", parent=shelf.section("Elders"), by=None, now=shelf.now)


def test_only_an_empty_section_goes(shelf: Shelf) -> None:
    shelf.draft("Bonprinter")
    with pytest.raises(shelving.NotEmpty):
        shelving.take_away(shelf.section(), by=shelf.writer, now=shelf.now)
    shelving.take_away(shelf.section("Leeg"), by=shelf.writer, now=shelf.now)
    assert not Section.objects.filter(slug="leeg").exists()


# --- At the same moment ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_the_same_moment_one_is_told(infobits, anna, ben) -> None:
    from django.utils import timezone

    shelf = Shelf(anna, timezone.now())
    made = shelf.draft("Bonprinter", "Begin")
    outcomes: list[str] = []
    begin = threading.Barrier(2)

    def write(who: object, text: str) -> None:
        begin.wait(timeout=10)
        try:
            actions.save(made, Draft("Bonprinter", text), seen=1, by=who, now=shelf.now)
            outcomes.append("kept")
        except WrittenMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=each) for each in ((anna, "Een"), (ben, "Twee"))]
    for each in writers:
        each.start()
    for each in writers:
        each.join(timeout=30)
    assert sorted(outcomes) == ["kept", "told"]
    assert made.versions.count() == 2
