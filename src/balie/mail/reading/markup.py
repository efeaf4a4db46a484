"""HTML from strangers taken apart in one pass, and put together again as a small, tidy tree.

The sanitiser behind this (an HTML5 parser) is safe but not quick with malice: tags left open by the thousand
cost it minutes. What `tidy` hands over is balanced, at most `MOST_NESTED` deep, and free of everything that
makes such a parser repeat its work. Safety does not depend on this module; only the time it takes does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from typing import NamedTuple

MOST_NESTED = 100
_MOST_UNFINISHED = 20  # tags without an end; after that many the rest is read as text

# Gone with everything in them, not just their tags.
_DROPPED = frozenset(
    [
        *("audio", "iframe", "math", "noembed", "noframes", "noscript", "script", "select"),
        *("style", "svg", "template", "title", "video", "xmp"),
    ]
)
VOID = frozenset(["br", "col", "hr", "img", "wbr"])
_TAG = re.compile(
    r"""<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*+)
        (?P<attributes>(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?|=)*+)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/>=]++)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s>"'][^\s>]*+)))?"""
)
_STARTS_TAG = re.compile(r"</?[a-zA-Z]")


class Text(NamedTuple):
    """Words between tags, entities decoded."""

    words: str


class Open(NamedTuple):
    """`<name …>`; `attributes` as they came."""

    name: str
    attributes: str

    def given(self) -> dict[str, str]:
        """The attributes by lower-case name, entities decoded; of two with one name the first."""
        found: dict[str, str] = {}
        if not self.attributes:
            return found
        for each in _ATTRIBUTE.finditer(self.attributes):
            value = each["double"] or each["single"] or each["bare"] or ""
            found.setdefault(each["name"].lower(), unescape(value))
        return found


class Close(NamedTuple):
    """`</name>`."""

    name: str


Token = Text | Open | Close


def tokens(html: str) -> Iterator[Token]:
    """The text and tags of `html`, without comments, scripts and styles. In time linear in its length."""
    return _Reader(html).tokens()


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.unfinished = 0
        self.never_ends: set[str] = set()

    def tokens(self) -> Iterator[Token]:
        html, position, text_from = self.html, 0, 0
        while (position := html.find("<", position)) != -1 and self.unfinished < _MOST_UNFINISHED:
            end, token = self._markup(position)
            if end == position:
                position += 1  # a "<" that means itself
                continue
            if text_from < position:
                yield Text(unescape(html[text_from:position]))
            if token is not None:
                yield token
            position = text_from = end
        if text_from < len(html):
            yield Text(unescape(html[text_from:]))

    def _markup(self, start: int) -> tuple[int, Token | None]:
        """What begins at the `<` at `start`, and where it ends; `start` itself when it is no markup."""
        if self.html.startswith("<!--", start):
            return self._after("-->", start, start + 2), None
        if self.html.startswith(("<!", "<?", "</>"), start):
            return self._after(">", start, start + 1), None
        if not _STARTS_TAG.match(self.html, start):
            return start, None
        tag = _TAG.match(self.html, start)
        if tag is None:
            self.unfinished += 1
            return start, None
        name = tag["name"].lower()
        if tag["closing"]:
            return tag.end(), Close(name)
        if name in _DROPPED:
            return self._after_element(name, tag.end()), None
        return tag.end(), Open(name, tag["attributes"])

    def _after(self, mark: str, start: int, search_from: int) -> int:
        """Behind the next `mark`; `start` when there is none (the rest is then read as text, not lost)."""
        if mark in self.never_ends:
            return start
        found = self.html.find(mark, search_from)
        if found == -1:
            self.never_ends.add(mark)
            return start
        return found + len(mark)

    def _after_element(self, name: str, start: int) -> int:
        """Behind `</name>`; only the tag itself is dropped when the element never ends."""
        if name in self.never_ends:
            return start
        closing = re.compile(rf"</{name}[^>]*>", re.IGNORECASE).search(self.html, start)
        if closing is None:
            self.never_ends.add(name)
            return start
        return closing.end()


# --- Put together again ---------------------------------------------------------------------------------

_TABLE_PARTS = frozenset(["caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"])
_ONLY_TABLE_PARTS_IN = frozenset(["colgroup", "table", "tbody", "tfoot", "thead", "tr"])
_CELLS = frozenset(["caption", "td", "th"])
_TABLE = frozenset(["table"])
_WALLS = _CELLS | _TABLE
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BLOCKS = _HEADINGS | {
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
}
# What an element closes, and what it cannot see past while looking for that.
_CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(["li"]), _WALLS | {"ol", "ul"}),
    "dt": (frozenset(["dt", "dd"]), _WALLS | {"dl"}),
    "dd": (frozenset(["dt", "dd"]), _WALLS | {"dl"}),
    "td": (frozenset(["td", "th", "caption"]), _TABLE),
    "th": (frozenset(["td", "th", "caption"]), _TABLE),
    "tr": (frozenset(["tr", "caption", "colgroup"]), _TABLE),
    **dict.fromkeys(
        ["tbody", "tfoot", "thead", "caption", "colgroup", "col"],
        (frozenset(["tbody", "tfoot", "thead", "tr", "caption", "colgroup"]), _TABLE),
    ),
    "a": (frozenset(["a"]), _CELLS),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _CELLS)),
}
_PARAGRAPH = frozenset(["p"])

Rewrite = Callable[[str, dict[str, str]], dict[str, str]]


def tidy(html: str, *, tags: frozenset[str], attributes: Rewrite) -> str:
    """`html` as a balanced tree of `tags`; other tags are dropped and their text kept.

    `attributes` says, for an element's name and attributes, which attributes it keeps.
    """
    tree = _Tree(tags, attributes)
    for token in tokens(html):
        match token:
            case Text(words):
                tree.out.append(escape(words, quote=False))
            case Open(name) if name in tags:
                tree.open(name, token.given())
            case Close(name) if name in tags:
                tree.close(name)
    return tree.finished()


class _Tree:
    def __init__(self, tags: frozenset[str], attributes: Rewrite) -> None:
        self.attributes = attributes
        self.out: list[str] = []
        self.stack: list[str] = []

    def open(self, name: str, given: dict[str, str]) -> None:
        self._close_what_it_ends(name)
        inside = self.stack[-1] if self.stack else ""
        if (name in _TABLE_PARTS) != (inside in _ONLY_TABLE_PARTS_IN):
            return  # a cell outside a table, or something else straight inside one
        if len(self.stack) >= MOST_NESTED:
            return
        kept = "".join(f' {key}="{escape(value)}"' for key, value in self.attributes(name, given).items())
        self.out.append(f"<{name}{kept}>")
        if name not in VOID:
            self.stack.append(name)

    def close(self, name: str) -> None:
        if name in self.stack:
            walls = _WALLS if name not in _TABLE_PARTS and name != "table" else _TABLE
            self._close_through(frozenset([name]), walls - {name})

    def _close_what_it_ends(self, name: str) -> None:
        if name in _BLOCKS:
            self._close_through(_PARAGRAPH, _WALLS)
        if name in _CLOSES:
            self._close_through(*_CLOSES[name])

    def _close_through(self, names: frozenset[str], walls: frozenset[str]) -> None:
        """Close the nearest of `names` and all that is inside it, unless one of `walls` stands between."""
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] in names:
                self._pop_to(index)
                return
            if self.stack[index] in walls:
                return

    def _pop_to(self, height: int) -> None:
        while len(self.stack) > height:
            self.out.append(f"</{self.stack.pop()}>")

    def finished(self) -> str:
        self._pop_to(0)
        return "".join(self.out)
