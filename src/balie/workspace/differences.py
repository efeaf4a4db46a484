"""What changed between two texts, line by line, and within a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 2  # lines that stayed, before and after a change
MOST_LINES = 4_000


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    GONE = "gone"
    SKIPPED = "skipped"  # lines that stayed, left out


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: its pieces, each with whether it is what changed."""

    kind: Kind
    pieces: tuple[tuple[str, bool], ...] = ()


def compare(before: str, after: str) -> list[Line]:
    """What was taken from `before` and what was added to make `after`; nothing when they are the same."""
    old, new = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    lines: list[Line] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        match what:
            case "equal":
                lines += [_whole(Kind.SAME, line) for line in new[c:d]]
            case "replace" if b - a == d - c:
                lines += _replaced(old[a:b], new[c:d])
            case _:
                lines += [_whole(Kind.GONE, line) for line in old[a:b]]
                lines += [_whole(Kind.ADDED, line) for line in new[c:d]]
    return list(_shortened(lines))


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for before, after in zip(old, new, strict=True):
        gone, added = _words(before), _words(after)
        steps = SequenceMatcher(None, gone, added, autojunk=False).get_opcodes()
        yield Line(Kind.GONE, tuple(("".join(gone[a:b]), what != "equal") for what, a, b, _c, _d in steps))
        yield Line(Kind.ADDED, tuple(("".join(added[c:d]), what != "equal") for what, _a, _b, c, d in steps))


def _words(line: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", line)


def _whole(kind: Kind, line: str) -> Line:
    return Line(kind, ((line, False),))


def _shortened(lines: Sequence[Line]) -> Iterator[Line]:
    changed = [number for number, line in enumerate(lines) if line.kind is not Kind.SAME]
    near = {number + step for number in changed for step in range(-AROUND, AROUND + 1)}
    is_skipping = False
    for number, line in enumerate(lines):
        if number in near:
            yield line
        elif not is_skipping and changed:
            yield Line(Kind.SKIPPED)
        is_skipping = number not in near
