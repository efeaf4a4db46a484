"""HTML from strangers: made safe to show, and made into plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import nh3

from balie.mail.reading.markup import Close, Open, Text, tidy, tokens

MOST_CHARACTERS = 1_000_000

_TAGS = frozenset(
    [
        *("a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code"),
        *("col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
        *("tt", "u", "ul", "var"),
    ]
)
_EVERYWHERE = {"dir", "lang", "title", "align", "valign", "style"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "rel", "target"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "width"},
    "th": {"colspan", "rowspan", "width"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type"},
    "font": {"color"},
}
_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"(https?:)?//", re.IGNORECASE)
_INLINE_PICTURE = re.compile(r"data:image/(png|gif|jpeg|jpg|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]+?)\s*(?:;|\Z)", re.IGNORECASE)
_HARMLESS_VALUE = re.compile(r"(?:[a-z0-9#.%,\s+-]|rgba?\([\d\s.,%/]+\))+\Z", re.IGNORECASE)
_STYLES = frozenset(
    [
        *("background-color", "color", "font-style", "font-weight", "text-align", "text-decoration"),
        *("vertical-align", "white-space"),
    ]
)
_LINKS = {"rel": "noopener noreferrer", "target": "_blank"}
# The scheme under which a remote picture passes the sanitiser, until its attribute is renamed.
_HELD_BACK = "balie-remote:"
_HELD_BACK_SOURCE = re.compile(r'(<img\b[^<>]*?) src="balie-remote:')
_REMOTE_SOURCE = re.compile(r'(<img\b[^<>]*?) data-remote-src="(?=https?://)')


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that can do nothing but be read. Remote pictures wait in `data-remote-src`."""

    html: str
    has_remote_images: bool


def sanitise(html: str, *, attachments: Mapping[str, str] | None = None) -> SafeHtml:
    """`html` without anything that runs, calls home, or reaches outside its place on the page.

    `attachments`: content ID (without angle brackets) -> address of that picture on our own site; a `cid:`
    picture that is not in it is left out. Links open elsewhere and tell nothing (`rel`, `target`). Pictures
    from the network are held back: the page can show them when the reader asks (`show_remote_images`).
    """
    pictures = attachments or {}

    def allow(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return _harmless_style(value)
        if attribute in _LINKS:
            return _LINKS[attribute]
        if attribute == "href":
            return value if _LINK.match(value) else None
        if attribute == "src":
            return _picture_source(value, pictures)
        return value

    clean = nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=allow,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    ).clean(tidy(html[:MOST_CHARACTERS], tags=_TAGS, attributes=_allowed_attributes))
    held_back = _HELD_BACK_SOURCE.sub(r'\1 data-remote-src="', clean)
    return SafeHtml(held_back, has_remote_images=held_back != clean)


def show_remote_images(html: str) -> str:
    """What `sanitise` made, with its remote pictures in place; their servers are not told who asks."""
    return _REMOTE_SOURCE.sub(r'\1 referrerpolicy="no-referrer" src="', html)


def _allowed_attributes(tag: str, given: dict[str, str]) -> dict[str, str]:
    """The attributes that `tag` may keep; addresses without the white space that hides their scheme."""
    allowed = (_ATTRIBUTES.get(tag, set()) | _EVERYWHERE) - _LINKS.keys()
    kept = {
        name: _CONTROL.sub("" if name in {"href", "src"} else " ", value)
        for name, value in given.items()
        if name in allowed
    }
    if tag != "a":
        return kept
    href = kept.pop("href", "")
    return ({"href": href} if _LINK.match(href) else {}) | kept | _LINKS


def _picture_source(value: str, pictures: Mapping[str, str]) -> str | None:
    if value[:4].lower() == "cid:":
        content_id = value[4:]
        return pictures.get(content_id) or pictures.get(unquote(content_id))
    if value in pictures:  # by its Content-Location
        return pictures[value]
    if _REMOTE.match(value):
        return _HELD_BACK + (value if value[0] != "/" else f"https:{value}")
    return value if _INLINE_PICTURE.match(value) else None


def _harmless_style(value: str) -> str | None:
    """The few declarations that colour and align text; everything with an address or a trick in it is dropped."""
    kept = [
        f"{name.lower()}: {what}"
        for name, what in _DECLARATION.findall(value[:2000])
        if name.lower() in _STYLES and _HARMLESS_VALUE.match(what)
    ]
    return "; ".join(kept) or None


# --- As plain text --------------------------------------------------------------------------------------

_WHITE = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"]
)
_LINES = frozenset(["div", "li", "tr", "dt", "dd", "hr", "caption", "center", "section", "article", "form"])
_MOST_QUOTES = 20


def html_to_text(html: str) -> str:
    """What a person would read in `html`, with quotes marked by `> ` as in a plain-text mail."""
    writer = _Writer()
    for token in tokens(html[:MOST_CHARACTERS]):
        match token:
            case Text(words):
                writer.text(words)
            case Open(name):
                writer.begin(name, token)
            case Close(name):
                writer.end(name)
    return writer.finished()


class _Writer:
    """Lines of text, growing."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.preformatted = 0
        self.link: tuple[str, int, int] | None = None
        self.after_blank = True  # the last finished line is blank, or there is none

    def begin(self, tag: str, token: Open) -> None:
        if tag == "br":
            self._finish_line()
        elif tag == "img":
            shown = token.given().get("alt", "").strip()
            self.text(f"[{shown}]" if shown else "")
        elif tag == "a":
            self.link = token.given().get("href", ""), len(self.lines), len(self.line)
        elif tag in _PARAGRAPHS:
            self._new_paragraph()
            self.quotes += tag == "blockquote"
            self.preformatted += tag == "pre"
        elif tag in _LINES:
            self._new_line()
            if tag == "li":
                self.line.append("- ")
        elif tag in {"td", "th"}:
            self.text(" ")

    def end(self, tag: str) -> None:
        if tag == "a" and self.link is not None:
            self._finish_link(*self.link)
            self.link = None
        elif tag in _PARAGRAPHS:
            self._new_line()
            self.quotes = max(0, self.quotes - (tag == "blockquote"))
            self.preformatted = max(0, self.preformatted - (tag == "pre"))
            self._new_paragraph()
        elif tag in _LINES:
            self._new_line()

    def text(self, text: str) -> None:
        if self.preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self._finish_line()
                self.line.append(line)
            return
        text = _WHITE.sub(" ", text)
        if text.startswith(" ") and (not self.line or self.line[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.line.append(text)

    def _finish_link(self, address: str, line: int, start: int) -> None:
        """A link whose words are not its address gets it behind them: nothing that was sent is lost."""
        shown = "".join(self.line[start:] if line == len(self.lines) else self.line).strip()
        bare = _CONTROL.sub("", address).rstrip("/")
        bare = bare.partition("://")[2] or bare.partition(":")[2]
        if bare and _LINK.match(address) and bare not in shown:
            self.line.append(f" <{_CONTROL.sub('', address)}>")

    def _new_line(self) -> None:
        if "".join(self.line).strip():
            self._finish_line()
        else:
            self.line = []

    def _new_paragraph(self) -> None:
        self._new_line()
        if not self.after_blank:
            self._finish_line()

    def _finish_line(self) -> None:
        text = "".join(self.line).replace("\xa0", " ").rstrip()
        mark = "> " * min(self.quotes, _MOST_QUOTES)
        self.lines.append((mark + text).rstrip())
        self.line, self.after_blank = [], not text

    def finished(self) -> str:
        self._new_line()
        return "\n".join(self.lines).strip("\n")
