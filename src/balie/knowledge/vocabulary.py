"""The words that published articles are called by, and which of them somebody may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from balie.knowledge.models import Word
from balie.prepared import ask

SHORTEST, LONGEST = 4, 40
SHORTEST_PART = 5  # letters from which a word also means the words that it is a part of: printer, bonprinter
ALIKE = 0.35  # of the pairs of letters; kassalde and kassalade have 0.58
MOST_MEANINGS = 4

MEANT = """
SELECT typed, meant.word FROM unnest(%(typed)s::text[]) AS typed
CROSS JOIN LATERAL (
    (SELECT word FROM knowledge_word
    WHERE length(typed) >= %(part)s AND word LIKE '%%' || typed || '%%' AND NOT starts_with(word, typed)
    ORDER BY length(word), word LIMIT %(most)s)
    UNION
    (SELECT word FROM knowledge_word
    WHERE word %% typed AND similarity(word, typed) >= %(alike)s
        AND NOT EXISTS (SELECT FROM knowledge_word known WHERE known.word LIKE typed || '%%')
    ORDER BY similarity(word, typed) DESC, word LIMIT %(most)s)
) AS meant
"""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, each once; signs, quotes and operators are no part of any."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))


def learn(texts: Iterable[str]) -> None:
    """Remember the words that articles are called by; known ones stay."""
    words = {word for text in texts for word in words_of(text) if SHORTEST <= len(word) <= LONGEST}
    Word.objects.bulk_create(
        (Word(word=word) for word in sorted(words)), ignore_conflicts=True, batch_size=1000
    )


def meanings_of(typed: Sequence[str]) -> Mapping[str, list[str]]:
    """What each typed word may mean beside itself: longer words that it is a part of; for an unknown one, like ones."""
    worth = [word for word in typed if SHORTEST <= len(word) <= LONGEST]
    meant: dict[str, list[str]] = {word: [] for word in typed}
    if not worth:
        return meant
    values: dict[str, str | float | list[str]] = {
        "typed": worth,
        "part": SHORTEST_PART,
        "alike": ALIKE,
        "most": MOST_MEANINGS,
    }
    for word, other in ask(MEANT, values):
        meant[word].append(other)
    return meant
