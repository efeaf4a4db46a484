"""Articles are written in Markdown: made into HTML that can do nothing but be read, and into plain text.

A picture or a video is called by its name in the article: `![what there is to see](picture:receipt.png)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MEDIA = re.compile(r"(?:picture|video):([a-z0-9][a-z0-9._-]*)\Z")
LEADS_SOMEWHERE = re.compile(r"https?://|mailto:|tel:|/(?![/\\])|#", re.IGNORECASE)
OWN_SITE = re.compile(r"/(?![/\\])")
DEEPEST_NESTING = 20
HIGHEST, LOWEST = 2, 4  # levels of headings inside an article, whose title is the page's only h1
LISTED = 3  # the lowest level in the table of contents

_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
    ),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "video"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "table": {"class"},
    "video": {"src", "controls", "preload", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or video as a page shows it. `address`: where it is; `description`: what there is to see."""

    address: str
    description: str
    is_video: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents. `anchor`: the id of the heading on the page."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article as a page shows it."""

    html: str
    contents: tuple[Heading, ...]


FindMedia = Callable[[str], Shown | None]


def render(text: str, find_media: FindMedia = lambda _name: None) -> Rendered:
    """`text` as safe HTML; pictures and videos that `find_media` does not know are left out."""
    tokens = _PARSER.parse(text)
    contents = _with_anchors(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {"find_media": find_media})
    return Rendered(_CLEANER.clean(html), contents)


def media_in(text: str) -> frozenset[str]:
    """The names of the pictures and videos that `text` calls."""
    called = (MEDIA.match(str(each.attrs.get("src", ""))) for each in _inline(_PARSER.parse(text)))
    return frozenset(each[1] for each in called if each)


def undescribed(text: str) -> list[str]:
    """Pictures that are called without saying what there is to see, by their address."""
    pictures = (each for each in _inline(_PARSER.parse(text)) if each.type == "image")
    return [str(each.attrs.get("src", "")) for each in pictures if not each.content.strip()]


def plain(text: str) -> str:
    """What a person reads in `text`: no marks, steps with their numbers, the addresses of links behind them."""
    lines = "\n".join(_plain_lines(_PARSER.parse(text)))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


# --- HTML -----------------------------------------------------------------------------------------------


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    called = MEDIA.match(source)
    shown = env["find_media"](called[1]) if called else None
    said = self.renderInlineAsText(token.children, options, env)
    if shown is None:
        return f'<a href="{escape(source)}">{escape(said or source)}</a>' if not called else escape(said)
    described, address = escape(said or shown.description), escape(shown.address)
    if shown.is_video:
        return f'<video src="{address}" controls preload="metadata" aria-label="{described}"></video>'
    return f'<img src="{address}" alt="{described}" loading="lazy">'


def _table_open(*_rendering: Any) -> str:
    return '<div class="table-responsive" tabindex="0"><table class="table">'


def _table_close(*_rendering: Any) -> str:
    return "</table></div>"


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "href":
            return value if LEADS_SOMEWHERE.match(value) else None
        case "src":
            return value if OWN_SITE.match(value) else None
        case "class" if tag == "code":
            return value if re.fullmatch(r"language-[\w-]{1,20}", value) else None
    return value


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST_NESTING})
    parser.enable(["table", "strikethrough"])
    for name, rule in (("image", _image), ("table_open", _table_open), ("table_close", _table_close)):
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _make_parser()
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed,
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel"},
)


def _with_anchors(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give the headings their level on the page and an anchor; answers those of the table of contents."""
    opening = [index for index, token in enumerate(tokens) if token.type == "heading_open"]
    if not opening:
        return ()
    top = min(int(tokens[index].tag[1]) for index in opening)
    anchors: dict[str, int] = {}
    headings = []
    for index in opening:
        level = min(int(tokens[index].tag[1]) - top + HIGHEST, LOWEST)
        said = _plain_inline(tokens[index + 1].children or [])
        name = "p-" + slugify(said)[:60]
        anchors[name] = anchors.get(name, 0) + 1
        anchor = name if anchors[name] == 1 else f"{name}-{anchors[name]}"
        tokens[index].tag = tokens[index + 2].tag = f"h{level}"
        tokens[index].attrs["id"] = anchor
        headings.append(Heading(anchor, said, level))
    return tuple(each for each in headings if each.level <= LISTED and each.text)


# --- Plain text -----------------------------------------------------------------------------------------


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inline(token.children or [])


def _plain_lines(tokens: Sequence[Token]) -> Iterator[str]:
    lists: list[int | None] = []  # the number of the next item; None in a list of points
    mark = ""
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
                if not lists:
                    yield ""
            case "list_item_open":
                number = lists[-1]
                mark = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "inline":
                said = _plain_inline(token.children or [])
                if cells is not None:
                    cells.append(said)
                    continue
                indent = "   " * (len(lists) - 1)
                yield f"{indent}{mark or ('   ' if lists else '')}{said}"
                mark = ""
            case "heading_close" | "paragraph_close" | "table_close" if not lists:
                yield ""
            case "tr_open":
                cells = []
            case "tr_close":
                yield " | ".join(cells or [])
                cells = None
            case "fence" | "code_block":
                yield from (token.content.rstrip("\n"), "")


def _plain_inline(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    link = ""
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                parts.append(token.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "link_open":
                link = str(token.attrs.get("href", ""))
            case "link_close":
                if link.startswith(("http://", "https://")) and link not in "".join(parts):
                    parts.append(f" ({link})")
    return "".join(parts).strip()
