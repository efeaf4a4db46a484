"""On which line a key of a TOML text stands."""

from __future__ import annotations

import tomllib

import pytest

from balie.presets.line_numbers import line_numbers, nearest_line
from balie.presets.reading import FOLDER, preset_names

TEXT = '''\
top = 1 # [not.a.table]
"quoted key" = "a # no comment"
text = """
not = "a key"
[not.a.table]
"""
literal = \'\'\'
other = 2
\'\'\'
[a]
b.c = [
  "one",  # ]
  ["two", "three"], [
  "four"],
]
moment = 2026-12-24 10:00:00
inline = { first = "}", second = { third = 3 } }
[a.d]
e = true
[[rows]]
name = "first"
[rows.inside]
x = 1
[[rows]]
name = "second"
[rows.inside]
x = 2
["quoted.table"]
"\\u0041" = "escaped"
'''

PLACES = [
    (("top",), 1),
    (("quoted key",), 2),
    (("text",), 3),
    (("literal",), 7),
    (("a",), 10),
    (("a", "b", "c"), 11),
    (("a", "b", "c", 0), 12),
    (("a", "b", "c", 1, 1), 13),
    (("a", "b", "c", 2, 0), 14),
    (("a", "moment"), 16),
    (("a", "inline", "second", "third"), 17),
    (("a", "d", "e"), 19),
    (("rows", 0, "name"), 21),
    (("rows", 0, "inside", "x"), 23),
    (("rows", 1, "name"), 25),
    (("rows", 1, "inside", "x"), 27),
    (("quoted.table", "A"), 29),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
def test_a_key_stands_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_numbers(TEXT)[path] == line


def test_what_is_missing_is_looked_for_in_the_table_around_it() -> None:
    lines = line_numbers(TEXT)
    assert nearest_line(lines, ("a", "d", "missing")) == 18
    assert nearest_line(lines, ("nowhere", "missing")) is None


@pytest.mark.parametrize("name", preset_names())
def test_every_value_that_tomllib_reads_has_a_line(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text()
    lines = line_numbers(text)

    def check(value: object, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                check(inner, (*path, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                check(inner, (*path, index))
        else:
            assert path in lines
            assert str(path[-1]).split(".")[-1] in text.splitlines()[lines[path] - 1] or isinstance(
                path[-1], int
            )

    check(tomllib.loads(text), ())
