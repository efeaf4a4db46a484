"""Reading TOML tables with a list of everything that is wrong, each by file, line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from balie.presets.line_numbers import Path, line_numbers, nearest_line
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a preset, and what to do about it."""

    file: str
    line: int | None
    key: str  # dotted; empty for the file as a whole
    reason: Reason

    def render(self, translate: Callable[[str], str] = str) -> str:
        """`infobits.toml:12: lines.helpdesk.monday: …`, as compilers write it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(each for each in (place, self.key, self.reason.render(translate)) if each)


class PresetInvalid(Refusal):
    """A preset cannot be used. `problems` has all that is wrong, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: each.line or 0))
        super().__init__("%(problems)s", problems="\n".join(each.render() for each in self.problems))

    def render(self, translate: Callable[[str], str] = str) -> str:
        """One line per problem."""
        return "\n".join(each.render(translate) for each in self.problems)


class Problems:
    """Collects what is wrong in one file."""

    def __init__(self, *, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._found: list[tuple[Path, Reason]] = []

    def add(self, path: Path, message: str, **values: Any) -> None:
        self.add_reason(path, Reason(message, values))

    def add_reason(self, path: Path, reason: Reason) -> None:
        if (path, reason) not in self._found:
            self._found.append((path, reason))

    def raise_any(self) -> None:
        """Raises `PresetInvalid` when anything was added."""
        if not self._found:
            return
        lines = line_numbers(self._text)
        raise PresetInvalid(
            [
                Problem(self._file, nearest_line(lines, path), ".".join(map(str, path)), reason)
                for path, reason in self._found
            ]
        )


def did_you_mean(word: str, known: Collection[str]) -> str:
    """The known word that is meant, or all of them (at most twelve) when none comes near."""
    near = get_close_matches(word, known, n=1) or get_close_matches(word.lower(), known, n=1)
    return ", ".join(near or [*sorted(known)[:12], *(["…"] if len(known) > 12 else [])])


class Kind(NamedTuple):
    """A type of value, and what to say when it is another or not there."""

    types: tuple[type, ...]
    wrong: str
    missing: str


TABLE = Kind((dict,), _("should be a table, not “%(value)s”"), _("is missing; write this table"))
LIST = Kind((list,), _("should be a list, not “%(value)s”"), _("is missing; write a list"))
TEXT = Kind((str,), _("should be a text, not “%(value)s”"), _("is missing; write a text"))
FLAG = Kind((bool,), _("should be true or false, not “%(value)s”"), _("is missing; write true or false"))
WHOLE = Kind((int,), _("should be a whole number, not “%(value)s”"), _("is missing; write a whole number"))


AMOUNT = re.compile(r"[0-9]{1,6}\.[0-9]{2}")


class Table:
    """One table of a preset. Each question notes that its key is known; a wrong value is noted as a problem.

    A question about a wrong or missing value returns an empty one, so that reading goes on.
    """

    def __init__(self, values: Mapping[str, Any], path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._values = values
        self._asked: set[str] = set()
        self._children: dict[Path, Table] = {}

    def has(self, name: str) -> bool:
        """Whether the key is written; the key is known from then on."""
        self._asked.add(name)
        return name in self._values

    def problem(self, name: str, message: str, **values: Any) -> None:
        self.problems.add((*self.path, name), message, **values)

    def report_unknown(self) -> None:
        """Note every key that nobody asked for, here and in the tables inside."""
        for name in self._values.keys() - self._asked:
            near = get_close_matches(name, self._asked, n=1)
            if near:
                self.problem(name, _("unknown key; did you mean “%(near)s”?"), near=near[0])
            else:
                known = ", ".join(sorted(self._asked))
                self.problem(name, _("unknown key; known here: %(known)s"), known=known)
        for child in self._children.values():
            child.report_unknown()

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required without a default."""
        value = self._take(name, TEXT, required=default is None)
        if value == "":
            self.problem(name, _("is empty; write a text"))
        return (default or "") if value is None else str(value)

    def optional_text(self, name: str) -> str | None:
        return self.text(name, default="") or None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when it is left out."""
        return self._texts_in((name,), self._take(name, LIST) or [])

    def lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; empty when it is left out."""
        return tuple(
            self._texts_in((name, index), each) for index, each in enumerate(self._take(name, LIST) or [])
        )

    def _texts_in(self, path: Path, values: Any) -> tuple[str, ...]:
        """The texts in a list; anything else is noted."""
        if not isinstance(values, list):
            self._wrong_type(path, LIST, values)
            return ()
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self._wrong_type((*path, index), TEXT, value)
        return tuple(each for each in values if isinstance(each, str))

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._take(name, FLAG)
        return default if value is None else bool(value)

    def whole(
        self, name: str, *, at_least: int, at_most: int | None = None, default: int | None = None
    ) -> int:
        """A whole number; required without a default."""
        value = self._take(name, WHOLE, required=default is None)
        if value is not None and value < at_least:
            message = _("%(value)s is too small; write at least %(least)s")
            self.problem(name, message, value=value, least=at_least)
        if value is not None and at_most is not None and value > at_most:
            message = _("%(value)s is too big; write at most %(most)s")
            self.problem(name, message, value=value, most=at_most)
        return (default or at_least) if value is None else int(value)

    def optional_whole(self, name: str, *, at_least: int) -> int | None:
        return self.whole(name, at_least=at_least, default=0) if self.has(name) else None

    def cents(self, name: str) -> int | None:
        """An amount in euros and cents, as `5.00`; `None` when it is left out."""
        text = self.optional_text(name)
        if text and not AMOUNT.fullmatch(text):
            self.problem(name, _("“%(value)s” is no price: write euros and cents, 5.00"), value=text)
            return None
        return int(text.replace(".", "")) if text else None

    def choice(self, name: str, options: Collection[str], default: str | None = None) -> str:
        """One of the options; required without a default. A wrong one becomes the first option."""
        value = self.text(name, default)
        return self.known((name,), value, options) or default or next(iter(options), "")

    def reference(self, name: str, known: Collection[str]) -> str | None:
        """The key of something that is written elsewhere in the file; `None` when it is left out."""
        value = self.optional_text(name)
        return self.known((name,), value, known) if value else None

    def references(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        found = (self.known((name, index), value, known) for index, value in enumerate(self.texts(name)))
        return tuple(each for each in found if each)

    def known(self, path: Path, value: str, known: Collection[str]) -> str | None:
        """`value` when it is known, else a problem at `path` inside this table."""
        if value in known:
            return value
        if value and known:
            self.problems.add(
                self.path + path,
                _("“%(value)s” is not known; write %(known)s"),
                value=value,
                known=did_you_mean(value, known),
            )
        elif value:
            message = _("“%(value)s” is not known: this file has none to choose from")
            self.problems.add(self.path + path, message, value=value)
        return None

    def name(self, name: str, languages: Sequence[str], all_languages: Sequence[str]) -> dict[str, str]:
        """A name, one text for all languages or a table with one per language of the desk.

        The answer has every one of `all_languages`: elsewhere it is the first language's.
        """
        if isinstance(self._values.get(name), dict):
            table = self.table(name)
            names = {each: table.text(each) for each in all_languages if each in languages or table.has(each)}
        else:
            names = dict.fromkeys(languages, self.text(name))
        return {each: names.get(each) or names[languages[0]] for each in all_languages}

    def table(self, name: str, *, required: bool = False) -> Table:
        """The table inside; an empty one when it is left out."""
        values = self._take(name, TABLE, required=required)
        return self._child(values or {}, (name,))

    def tables(self, name: str) -> Iterator[tuple[str, Table]]:
        """The tables inside the table `name`, each with its key."""
        outer = self.table(name)
        for key in outer:
            yield key, outer.table(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def _child(self, values: Mapping[str, Any], path: Path) -> Table:
        """The same table each time that it is asked for, so that it knows every question."""
        return self._children.setdefault(path, Table(values, self.path + path, self.problems))

    def _take(self, name: str, kind: Kind, *, required: bool = False) -> Any:
        """The value, or `None` when it is left out or of another kind."""
        self._asked.add(name)
        if name not in self._values:
            if required:
                self.problem(name, kind.missing)
            return None
        value = self._values[name]
        if not isinstance(value, kind.types) or (isinstance(value, bool) and kind is not FLAG):
            self._wrong_type((name,), kind, value)
            return None
        return value

    def _wrong_type(self, path: Path, kind: Kind, value: Any) -> None:
        shown = str(value) if isinstance(value, str | date) else repr(value)
        self.problems.add(self.path + path, kind.wrong, value=shown)
