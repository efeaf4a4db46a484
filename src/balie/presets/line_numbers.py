"""On which line of a TOML text a key stands. `tomllib` reads the values and forgets the places."""

from __future__ import annotations

import re
from bisect import bisect_right

Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[\s]|#[^\n]*)*")
STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[\d:.Z+-]+|[^\s,\]}#]+")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\(.)")


def line_numbers(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and array element of a text that `tomllib` accepts."""
    return _Reader(text).read()


def nearest_line(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest table around it; `None` when nothing of it is written."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.array_sizes: dict[Path, int] = {}

    def read(self) -> dict[Path, int]:
        table: Path = ()
        while self._next():
            if self._next() == "[":
                table = self._header()
            else:
                self._assignment(table)
        return self.lines

    def _next(self) -> str:
        """The next character that counts; empty at the end."""
        blank = BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.text[self.at : self.at + 1]

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_right(self.breaks, self.at - 1) + 1)

    def _header(self) -> Path:
        is_element = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 2 if is_element else 1
        names = self._key()
        path = self._inside_arrays(names[:-1]) + names[-1:]
        if is_element:
            index = self.array_sizes[path] = self.array_sizes.get(path, -1) + 1
            path = (*path, index)
        elif path in self.array_sizes:
            path = (*path, self.array_sizes[path])
        end, self.at = self.at, start
        self._mark(path)
        self._next()
        self.at = self.text.index("]", end) + (2 if is_element else 1)
        return path

    def _inside_arrays(self, names: Path) -> Path:
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.array_sizes:
                path = (*path, self.array_sizes[path])
        return path

    def _assignment(self, table: Path) -> None:
        self._next()
        start = self.at
        path = table + self._key()
        end, self.at = self.at, start
        self._mark(path)
        self.at = self.text.index("=", end) + 1
        self._value(path)

    def _key(self) -> Path:
        names: list[str | int] = [self._name()]
        while self._next() == ".":
            self.at += 1
            names.append(self._name())
        return tuple(names)

    def _name(self) -> str:
        quoted = self._next() in "\"'"
        match = (STRING if quoted else BARE_KEY).match(self.text, self.at)
        assert match is not None, "tomllib accepted the text"
        self.at = match.end()
        if match[0].startswith('"'):
            return ESCAPE.sub(lambda each: chr(int(each[1], 16)) if each[1] else each[2], match[0][1:-1])
        return match[0][1:-1] if quoted else match[0]

    def _value(self, path: Path) -> None:
        opening = self._next()
        self._mark(path)
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            match = STRING.match(self.text, self.at) or SCALAR.match(self.text, self.at)
            self.at = match.end() if match else len(self.text)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._next() != "]":
            self._value((*path, index))
            index += 1
            if self._next() == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._next() != "}":
            self._assignment(path)
            if self._next() == ",":
                self.at += 1
        self.at += 1
