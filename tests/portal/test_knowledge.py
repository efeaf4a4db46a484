"""The help site as anybody sees it: tree, search, article, votes; and what nobody may see."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.knowledge.shelf import MP4, PNG, Shelf
from tests.portal.reading import visitor, words

from balie.knowledge import actions
from balie.knowledge.models import Translation, Vote
from balie.rules.audience import Audience


@pytest.fixture
def shelf(infobits, anna) -> Shelf:
    return Shelf(anna, timezone.now())


def at(made: Translation, name: str = "article") -> str:
    return reverse(name, args=[made.article_id, made.publication.slug])


def html(person, address: str, **headers: str) -> str:
    answered = visitor(person).get(address, headers=headers)
    assert answered.status_code == 200
    return answered.content.decode()


# --- Who sees what --------------------------------------------------------------------------------------

SEEN = {
    "eve": {Audience.EVERYBODY},
    "carla": {Audience.EVERYBODY, Audience.CUSTOMERS},
    "dario": {Audience.EVERYBODY, Audience.CUSTOMERS},
    "anna": set(Audience),
}


@pytest.mark.parametrize("who", SEEN)
def test_everybody_finds_what_is_for_them_and_nothing_else_SW_08(shelf, who, request) -> None:
    person = None if who == "eve" else request.getfixturevalue(who)
    made = {each: shelf.published(f"Kassa {each.value}", audience=each) for each in Audience}
    drawn = shelf.draft("Kassa concept", "Tekst-concept")
    places = ["/help/", "/help/?q=kassa", "/help/suggest/?q=kassa", "/help/sections/kassa/"]
    for place in places:
        page = html(person, place)
        assert {each for each in Audience if f"Kassa {each.value}" in page} == SEEN[who], place
        assert "concept" not in page
    for audience, translation in made.items():
        status = visitor(person).get(at(translation)).status_code
        assert status == (200 if audience in SEEN[who] else 404)
    assert visitor(person).get(f"/help/{drawn.article_id}/kassa-concept/").status_code == 404
    assert visitor(person).get(f"/help/{drawn.article_id}/").status_code == 404


def test_a_section_of_which_nothing_may_be_read_does_not_exist(shelf) -> None:
    shelf.published("Intern", section="Geheim", audience=Audience.AGENTS)
    assert visitor(None).get("/help/sections/geheim/").status_code == 404
    assert "Geheim" not in html(None, "/help/")


def test_search_engines_get_what_everybody_may_read_whoever_asks(shelf, anna) -> None:
    for audience in Audience:
        shelf.published(f"Kassa {audience.value}", audience=audience)
    shelf.draft("Kassa concept")
    answered = visitor(anna).get("/help/sitemap.xml")
    assert answered.headers["Content-Type"] == "application/xml"
    found = answered.content.decode()
    assert "kassa-everybody/" in found
    assert not [each for each in ("customers", "agents", "concept") if each in found]


def test_a_newer_draft_of_a_published_article_is_not_shown(shelf) -> None:
    made = shelf.published("Bonprinter", "Oude tekst")
    actions.save(made, actions.Draft("Nieuwe titel", "Nieuwe tekst"), seen=1, by=shelf.writer, now=shelf.now)
    page = html(None, at(made))
    assert "Oude tekst" in page
    assert "Nieuwe" not in page + html(None, "/help/") + html(None, "/help/?q=nieuwe+titel")


# --- The pages ------------------------------------------------------------------------------------------


def test_search_works_without_javascript_and_leads_to_a_question_SW_05(shelf) -> None:
    shelf.published("Bonprinter print niet", "Kijk of er papier in zit.")
    page = html(None, "/help/?q=papier")
    assert "<mark>papier</mark>" in page
    text = words(html(None, "/help/?q=zonnebank+%26+co"))
    assert "Nothing found" in text
    assert f'href="{reverse("ask")}?subject=zonnebank+%26+co"' in html(None, "/help/?q=zonnebank+%26+co")


def test_htmx_gets_the_results_only(shelf) -> None:
    shelf.published("Bonprinter print niet")
    piece = html(None, "/help/?q=bonpriter", **{"HX-Request": "true"})
    assert "Bonprinter print niet" in piece
    assert "<html" not in piece
    answered = visitor(None).get("/help/?q=bonpriter")
    assert "HX-Request" in answered.headers["Vary"]


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00", "'"]
)
def test_what_is_typed_is_text_on_the_page(shelf, typed) -> None:
    page = visitor(None).get("/help/", {"q": typed}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/help/?product=%00", 200),
        ("/help/?product=%27%3B--&q=", 200),
        ("/help/sections/%00/", 404),
        ("/help/1/media/%00", 404),
        ("/help/1/media/..%2F..%2Fsecret_key", 404),
        ("/help/99999999999999999999/", 404),
        ("/help/0/x/", 404),
        ("/help/suggest/?q=%00%FF", 200),
    ],
)
def test_a_broken_address_is_no_fault_of_ours(shelf, address, status) -> None:
    assert visitor(None).get(address).status_code == status


def test_the_words_of_a_hostile_article_are_text_in_results_too(shelf) -> None:
    shelf.published("Kop <b>vet</b>", "Hallo `<script>alert(1)</script>` bonprinter", summary="<i>x</i>")
    for page in (html(None, "/help/?q=bonprinter"), html(None, "/help/suggest/?q=kop"), html(None, "/help/")):
        assert "<script>alert" not in page
        assert "<b>vet" not in page
        assert "<i>x" not in page


def test_an_article_has_its_way_back_contents_and_relatives(shelf) -> None:
    top = shelf.section("Apparaten")
    shelf.section("Printers", parent=top)
    shelf.published("Bonprinter vervangen")
    made = shelf.published("Bonprinter print niet", "## Kijken\n\nx\n\n## Doen\n\ny", section="Printers")
    page = html(None, at(made))
    assert '<a href="#p-kijken">Kijken</a>' in page
    text = words(page)
    assert "Help Apparaten (en) Printers (en) Bonprinter print niet" in text
    assert "About the same Bonprinter vervangen" in text


def test_an_article_that_got_another_title_is_found_under_its_old_address(shelf) -> None:
    made = shelf.published("Oude titel")
    actions.save(made, actions.Draft("Nieuwe titel", "x"), seen=1, by=shelf.writer, now=shelf.now)
    actions.publish(made, number=2, by=shelf.writer, now=shelf.now)
    answered = visitor(None).get(f"/help/{made.article_id}/oude-titel/")
    assert answered.url == f"/help/{made.article_id}/nieuwe-titel/"


def test_each_language_has_its_own_address_and_shows_the_way_to_the_other(shelf) -> None:
    made = shelf.published("Bonprinter vervangen")
    english = actions.translate(
        made.article, "en", actions.Draft("Replace the printer", "Unplug."), by=shelf.writer, now=shelf.now
    )
    shelf.publish(english)
    assert visitor(None).get(f"/help/{made.article_id}/").url == at(english)
    page = html(None, at(made))
    assert '<article class="card" lang="nl">' in page
    assert f'hreflang="en" href="{at(english)}"' in page
    assert "Bonprinter vervangen" not in html(None, "/help/"), "the English reader gets the English title"


def test_an_article_in_the_other_language_only_is_shown_and_marked(shelf) -> None:
    shelf.published("Alleen Nederlands")
    assert "Alleen Nederlands" in html(None, "/help/")
    assert "NL" in words(html(None, "/help/?q=nederlands"))


def test_the_tree_can_be_of_one_product(shelf) -> None:
    shelf.published("Over TS Pos", products=("ts-pos",))
    shelf.published("Over Infokas", products=("infokasv3-l",))
    page = html(None, "/help/?product=ts-pos")
    assert "Over TS Pos" in page
    assert "Over Infokas" not in page


def test_a_product_of_which_nothing_may_be_read_is_no_choice(shelf) -> None:
    shelf.published("Over TS Pos", products=("ts-pos",), audience=Audience.CUSTOMERS)
    assert "TS Pos" not in html(None, "/help/")


def test_the_public_page_leads_to_the_help_site(shelf) -> None:
    assert f'action="{reverse("help")}"' in html(None, "/")


def test_suggestions_are_a_piece_of_a_page_and_nothing_when_nothing_fits(shelf, carla) -> None:
    made = shelf.published("Bonprinter print niet", summary="Zet hem aan.")
    piece = html(carla, "/help/suggest/?q=mijn+bonpriter+print+niet+meer")
    assert at(made) in piece
    assert "Zet hem aan." in piece
    assert html(carla, "/help/suggest/?q=zonnebank").strip() == ""
    assert html(carla, "/help/suggest/").strip() == ""


# --- Pictures and videos --------------------------------------------------------------------------------


def media_address(made: Translation, name: str) -> str:
    return reverse("article_media", args=[made.article_id, name])


def with_picture(shelf: Shelf, **fields) -> Translation:
    made = shelf.draft("Bonprinter", "![Een bon](picture:bon.png)", **fields)
    shelf.picture(made)
    return made


def test_a_picture_is_shown_to_who_may_read_the_article(shelf, carla) -> None:
    made = shelf.publish(with_picture(shelf, audience=Audience.CUSTOMERS))
    address = media_address(made, "bon.png")
    answered = visitor(carla).get(address)
    assert (answered.content, answered.headers["Content-Type"]) == (PNG, "image/png")
    assert answered.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert visitor(None).get(address).status_code == 404


def test_a_picture_of_a_draft_is_for_the_desk(shelf, carla, anna) -> None:
    made = with_picture(shelf)
    for person in (None, carla):
        assert visitor(person).get(media_address(made, "bon.png")).status_code == 404
    assert visitor(anna).get(media_address(made, "bon.png")).status_code == 200


def test_a_picture_that_waits_for_the_next_version_is_not_shown_yet(shelf) -> None:
    made = shelf.published("Bonprinter", "Nog geen plaatje.")
    name = shelf.picture(made)
    assert visitor(None).get(media_address(made, name)).status_code == 404


def test_a_video_is_given_in_parts_as_browsers_ask_for_it(shelf) -> None:
    made = shelf.draft("Bonprinter", "![Zo](video:film.mp4)")
    actions.add_media(
        made.article, name="film.mp4", content=MP4, description="Zo", by=shelf.writer, now=shelf.now
    )
    shelf.publish(made)
    address = media_address(made, "film.mp4")
    assert f'<video src="{address}" controls' in html(None, at(made))
    whole = visitor(None).get(address)
    assert (whole.content, whole.headers["Accept-Ranges"]) == (MP4, "bytes")
    part = visitor(None).get(address, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, b"ftypmp42")
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(MP4)}"
    rest = visitor(None).get(address, headers={"Range": f"bytes={len(MP4) - 3}-"})
    assert (rest.status_code, rest.content) == (206, b"000")
    assert visitor(None).get(address, headers={"Range": "bytes=99999-"}).status_code == 416
    assert visitor(None).get(address, headers={"Range": "bytes=nonsense"}).status_code == 200


# --- Votes ----------------------------------------------------------------------------------------------


def test_a_visitor_votes_once_and_may_say_why(shelf) -> None:
    made = shelf.published("Bonprinter")
    browser = visitor(None)
    assert browser.post(at(made, "article_vote"), {"useful": "no"}).url == at(made) + "#useful"
    browser.post(at(made, "article_vote"), {"useful": "no", "why": "Stap 2 klopt niet"})
    assert Vote.objects.get().why == "Stap 2 klopt niet"
    assert "Stap 2 klopt niet" in browser.get(at(made)).content.decode()
    browser.post(at(made, "article_vote"), {"useful": "yes"})
    made.refresh_from_db()
    assert (made.useful, made.not_useful, Vote.objects.count()) == (1, 0, 1)


def test_two_visitors_have_two_votes_and_do_not_see_each_others(shelf, carla, dario) -> None:
    made = shelf.published("Bonprinter")
    visitor(carla).post(at(made, "article_vote"), {"useful": "no", "why": "Geheim van Carla"})
    visitor(dario).post(at(made, "article_vote"), {"useful": "yes"})
    made.refresh_from_db()
    assert (made.useful, made.not_useful) == (1, 1)
    for person in (dario, None):
        assert "Geheim van Carla" not in html(person, at(made))


@pytest.mark.parametrize("useful", ["", "maybe", "YES"])
def test_another_vote_than_yes_or_no_is_none(shelf, useful) -> None:
    made = shelf.published("Bonprinter")
    assert visitor(None).post(at(made, "article_vote"), {"useful": useful}).status_code == 404
    assert not Vote.objects.exists()


def test_a_forged_cookie_is_nobodys(shelf) -> None:
    made = shelf.published("Bonprinter")
    browser = visitor(None)
    browser.cookies["help-visitor"] = "user 1:forged:signature"
    assert browser.post(at(made, "article_vote"), {"useful": "yes"}).status_code == 302
    assert Vote.objects.count() == 1


def test_one_address_does_not_vote_without_end(shelf, settings) -> None:
    made = shelf.published("Bonprinter")
    statuses = [
        visitor(None).post(at(made, "article_vote"), {"useful": "yes"}).status_code for _ in range(32)
    ]
    assert (statuses[0], statuses[-1]) == (302, 429)
    assert Vote.objects.count() == 30


def test_what_may_not_be_read_is_not_voted_on(shelf) -> None:
    made = shelf.published("Intern", audience=Audience.AGENTS)
    assert visitor(None).post(at(made, "article_vote"), {"useful": "yes"}).status_code == 404


# --- Costs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["/help/", "/help/?q=kassa", "/help/suggest/?q=kassa", "article", "section"]
)
def test_a_page_costs_a_fixed_number_of_queries(shelf, carla, place, django_assert_max_num_queries) -> None:
    for number in range(15):
        made = shelf.draft(f"Kassa {number}", "![Een bon](picture:bon.png)", section=f"Deel {number % 4}")
        shelf.picture(made)
        shelf.publish(made)
    address = {"article": at(made), "section": "/help/sections/deel-1/"}.get(place, place)
    browser = visitor(carla)
    browser.get(address)
    with django_assert_max_num_queries(12):
        assert browser.get(address).status_code == 200
