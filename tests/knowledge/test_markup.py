"""Markdown into safe HTML and plain text, whatever somebody writes in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from balie.knowledge import markup
from balie.knowledge.markup import Heading, Shown


def find_media(name: str) -> Shown | None:
    known = {"bon.png": Shown("/help/1/media/bon.png", "Een bon", False)}
    known["film.mp4"] = Shown("/help/1/media/film.mp4", "Een film", True)
    return known.get(name)


def html(text: str) -> str:
    return markup.render(text, find_media).html.strip()


class Tags(HTMLParser):
    """The names of tags (without a value) and of attributes (with theirs), as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [(tag, None), *((name, value or "") for name, value in attrs)]


HOSTILE = [
    ("<script>alert(1)</script>", "a script"),
    ("<img src=x onerror=alert(1)>", "a handler in a tag"),
    ("[klik](javascript:alert(1))", "a script as a link"),
    ("[klik](JaVaScRiPt:alert(1))", "in mixed letters"),
    ("[klik](java\tscript:alert(1))", "with white space inside"),
    ("[klik](&#106;avascript:alert(1))", "as entities"),
    ("[klik](vbscript:msgbox(1))", "an old browser's script"),
    ("[klik](data:text/html;base64,PHNjcmlwdD4=)", "a page in a link"),
    ("![x](data:image/svg+xml;base64,PHN2Zz4=)", "a drawing that can run"),
    ("![x](javascript:alert(1))", "a script as a picture"),
    ('![x" onerror="alert(1)](picture:bon.png)', "a handler in a description"),
    ('[x](/help/ "onmouseover=alert(1) \\" x=\\"")', "a handler in a title"),
    ("<a href='javascript:alert(1)'>x</a>", "HTML with a script link"),
    ("<style>*{display:none}</style>", "a style"),
    ("<iframe src=https://evil.example></iframe>", "a frame"),
    ("```\n</code></pre><script>alert(1)</script>\n```", "out of a block of code"),
    ("<javascript:alert(1)>", "a link in angle brackets"),
]


@pytest.mark.parametrize(("text", "why"), HOSTILE, ids=[why for _text, why in HOSTILE])
def test_nothing_in_an_article_runs(text: str, why: str) -> None:
    found = Tags()
    found.feed(html(text))
    assert not {name for name, _value in found.seen} & {"script", "style", "iframe", "svg"}, why
    assert not [name for name, value in found.seen if value is not None and name.startswith("on")], why
    assert not [value for _name, value in found.seen if re.match(r"\s*(\w*script|data):", value or "")], why


@pytest.mark.parametrize(
    "address",
    ["//evil.example/x", "/\\evil.example", "\\\\evil.example", "ftp://evil.example", "evil.example"],
)
def test_a_link_says_where_it_leads(address: str) -> None:
    """Only whole addresses and those of our own site: no address that looks like ours and is another's."""
    assert "evil.example" not in "".join(re.findall(r'href="((?!/%5C)[^"]*)"', html(f"[x]({address})")))


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=1", "mailto:info@example.org", "tel:+31201234567", "/help/12/", "#deel"],
)
def test_harmless_links_stay(address: str) -> None:
    assert f'href="{address}"' in html(f"[x]({address})")


def test_pictures_and_videos_are_called_by_name() -> None:
    assert html("![De bon](picture:bon.png)") == (
        '<p><img src="/help/1/media/bon.png" alt="De bon" loading="lazy"></p>'
    )
    assert '<video src="/help/1/media/film.mp4" controls="" preload="metadata" aria-label="Zo">' in html(
        "![Zo](video:film.mp4)"
    )


def test_a_picture_without_words_is_described_by_what_was_said_when_it_was_added() -> None:
    assert 'alt="Een bon"' in html("![](picture:bon.png)")


def test_a_picture_that_is_not_there_leaves_its_words_and_one_from_elsewhere_a_link() -> None:
    assert html("![Een lade](picture:lade.png)") == "<p>Een lade</p>"
    assert "<img" not in html("![x](https://evil.example/pixel.png)")
    assert 'href="https://evil.example/pixel.png"' in html("![x](https://evil.example/pixel.png)")


def test_headings_begin_below_the_title_of_the_page_and_make_the_table_of_contents() -> None:
    rendered = markup.render("# Eén\n\n## Stap\n\n# Eén\n\n#### Diep")
    assert rendered.contents == (
        Heading("p-een", "Eén", 2),
        Heading("p-stap", "Stap", 3),
        Heading("p-een-2", "Eén", 2),
    )
    assert '<h2 id="p-een">Eén</h2>' in rendered.html
    assert '<h4 id="p-diep">Diep</h4>' in rendered.html


def test_a_heading_cannot_take_the_place_of_a_part_of_the_page() -> None:
    assert 'id="content"' not in html("# content")


def test_plain_text_keeps_steps_and_addresses() -> None:
    text = (
        "## Doen\n\n1. **Zet** uit\n2. Zet aan\n   - kabel\n\n[De site](https://x.example) en `code`.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |"
    )
    assert markup.plain(text) == (
        "Doen\n\n1. Zet uit\n2. Zet aan\n   - kabel\n\nDe site (https://x.example) en code.\n\na | b\n1 | 2"
    )


def test_it_is_known_which_pictures_a_text_calls() -> None:
    assert markup.media_in("![a](picture:bon.png) en ![b](video:film.mp4) `![c](picture:code.png)`") == {
        "bon.png",
        "film.mp4",
    }


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "- ", "`", "<", "&", "|a", "\\", "![](x", "#\n"])
def test_a_long_text_of_one_sign_is_made_into_html_all_the_same(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert markup.render(text).html is not None
    assert markup.plain(text) is not None
