"""HTML from strangers: made safe to show, and made into plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import nh3

_TAGS = {
    *(
        [
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "big",
            "blockquote",
            "br",
            "caption",
            "center",
            "cite",
            "code",
            "col",
            "colgroup",
            "dd",
            "del",
            "div",
            "dl",
            "dt",
            "em",
            "font",
        ]
    ),
    *(
        [
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
        ]
    ),
    *(["table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"]),
}
# Gone with everything in them, not just their tags.
_NEVER = {
    *(
        [
            "script",
            "style",
            "template",
            "title",
            "head",
            "noscript",
            "iframe",
            "frame",
            "frameset",
            "noframes",
            "object",
            "embed",
            "applet",
        ]
    ),
    *(
        [
            "svg",
            "math",
            "form",
            "select",
            "textarea",
            "button",
            "audio",
            "video",
            "xml",
            "xmp",
            "plaintext",
            "noembed",
        ]
    ),
} - {"head", "form", "plaintext"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style"},
    "a": {"href"},
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
_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]+?)\s*(?:;|\Z)", re.IGNORECASE)
_HARMLESS_VALUE = re.compile(r"(?:[a-z0-9#.%,\s+-]|rgba?\([\d\s.,%/]+\))+\Z", re.IGNORECASE)
_STYLES = {
    *(
        [
            "color",
            "background-color",
            "font-weight",
            "font-style",
            "text-decoration",
            "text-align",
            "vertical-align",
        ]
    ),
    "white-space",
}
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
        if attribute == "href":
            return value if _LINK.match(value.strip()) else None
        if attribute == "src":
            return _picture_source(value.strip(), pictures)
        return value

    clean = nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_NEVER,
        attributes=_ATTRIBUTES,
        attribute_filter=allow,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    ).clean(html)
    held_back = _HELD_BACK_SOURCE.sub(r'\1 data-remote-src="', clean)
    return SafeHtml(held_back, has_remote_images=held_back != clean)


def show_remote_images(html: str) -> str:
    """What `sanitise` made, with its remote pictures in place; their servers are not told who asks."""
    return _REMOTE_SOURCE.sub(r'\1 referrerpolicy="no-referrer" src="', html)


def _picture_source(value: str, pictures: Mapping[str, str]) -> str | None:
    if value[:4].lower() == "cid:":
        content_id = value[4:]
        return pictures.get(content_id) or pictures.get(unquote(content_id))
    if _REMOTE.match(value):
        return _HELD_BACK + (value if value[0] != "/" else f"https:{value}")
    return value if _INLINE_PICTURE.match(value) else None


def _harmless_style(value: str) -> str | None:
    """The few declarations that colour and align text; everything with an address or a trick in it is dropped."""
    kept = [
        f"{name.lower()}: {what}"
        for name, what in _DECLARATION.findall(value)
        if name.lower() in _STYLES and _HARMLESS_VALUE.match(what)
    ]
    return "; ".join(kept) or None


# --- As plain text --------------------------------------------------------------------------------------

_TEXT_TAGS = {
    *(
        [
            "a",
            "blockquote",
            "br",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "table",
            "td",
            "th",
            "tr",
            "ul",
        ]
    ),
}
_TO_TEXT = nh3.Cleaner(
    tags=_TEXT_TAGS,
    clean_content_tags=_NEVER,
    attributes={"a": {"href"}, "img": {"alt"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)
_TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?:\s[a-z]+="[^"]*")*)>|([^<]+)|<')
_WHITE = re.compile(r"[ \t\n\r\f]+")
_ATTRIBUTE = re.compile(r'\s[a-z]+="([^"]*)"')
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}
_LINES = {"div", "li", "tr", "dt", "dd", "hr", "caption", "center"}
_MOST_QUOTES = 20


def html_to_text(html: str) -> str:
    """What a person would read in `html`, with quotes marked by `> ` as in a plain-text mail."""
    writer = _Writer()
    for found in _TOKEN.finditer(_TO_TEXT.clean(html)):
        closing, tag, attributes, text = found.groups()
        if text is not None:
            writer.text(unescape(text))
        elif tag is None:
            writer.text("<")
        elif closing:
            writer.end(tag)
        else:
            writer.begin(tag, unescape("".join(_ATTRIBUTE.findall(attributes)[:1])))
    return writer.finished()


class _Writer:
    """Lines of text, growing."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.preformatted = 0
        self.links: list[tuple[str, int]] = []
        self.blank = True  # the last finished line is blank

    def begin(self, tag: str, value: str) -> None:
        if tag == "br":
            self._finish_line()
        elif tag == "img":
            self.text(f"[{value.strip()}]" if value.strip() else "")
        elif tag == "a":
            self.links.append((value, len(self.line)))
        elif tag in _PARAGRAPHS:
            self._new_paragraph()
            self.quotes += tag == "blockquote"
            self.preformatted += tag == "pre"
        elif tag in _LINES:
            self._new_line()
            if tag == "li":
                self.line.append("- ")

    def end(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._finish_link(*self.links.pop())
        elif tag in {"td", "th"}:
            self.text(" ")
        elif tag in _PARAGRAPHS:
            self._new_paragraph()
            self.quotes -= tag == "blockquote"
            self.preformatted -= tag == "pre"
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

    def _finish_link(self, address: str, start: int) -> None:
        """A link whose words are not its address gets it behind them: nothing that was sent is lost."""
        shown = "".join(self.line[start:]).strip()
        bare = address.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        if address and shown and bare.partition("://")[2] not in shown and bare not in shown:
            self.line.append(f" <{address}>")

    def _new_line(self) -> None:
        if "".join(self.line).strip():
            self._finish_line()
        else:
            self.line = []

    def _new_paragraph(self) -> None:
        self._new_line()
        if not self.blank:
            self._finish_line()

    def _finish_line(self) -> None:
        text = "".join(self.line).replace("\xa0", " ").rstrip()
        mark = "> " * min(self.quotes, _MOST_QUOTES)
        self.lines.append((mark + text).rstrip())
        self.line, self.blank = [], not text

    def finished(self) -> str:
        self._new_line()
        return "\n".join(self.lines).strip("\n")
