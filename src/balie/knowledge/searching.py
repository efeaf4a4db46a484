"""Searching the help site in Dutch and English: stems, beginnings of words, parts of words, and typing errors.

One ranked list, capped everywhere, of what the viewer may read. Three statements, whatever is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from balie.knowledge import vocabulary
from balie.knowledge.access import visible_publications
from balie.knowledge.models import Publication
from balie.prepared import ask
from balie.rules.audience import readable_by
from balie.rules.visibility import Viewer

LONGEST_SEARCH = 300  # characters
MOST_WORDS = 12
CANDIDATES = 500  # of each way of finding
FEWEST_POINTS = 0.2  # of one word in many, which says little
SNIPPET_FROM = 4_000  # characters of a text in which the words are looked for
BEGIN, END = "\x02", "\x03"
"""Around a word in a snippet; no article has them (control characters are not kept)."""

SCORES = """
WITH wanted AS MATERIALIZED (
    SELECT 'nl' AS language, to_tsquery('dutch', %(every)s) AS every, to_tsquery('dutch', %(either)s) AS either,
        to_tsquery('dutch', %(typed)s) AS typed
    UNION ALL
    SELECT 'en', to_tsquery('english', %(every)s), to_tsquery('english', %(either)s),
        to_tsquery('english', %(typed)s)
), points AS (
    (SELECT translation_id, 1 + ts_rank(search, every) AS score
    FROM knowledge_publication JOIN wanted USING (language)
    WHERE search @@ every LIMIT %(most)s)
    UNION ALL
    (SELECT translation_id, 1 + 3 * ts_rank('{0.1, 0.2, 0.5, 1}', names, every)
    FROM knowledge_publication JOIN wanted USING (language)
    WHERE names @@ every LIMIT %(most)s)
    UNION ALL
    (SELECT translation_id, 2 * ts_rank('{0.1, 0.2, 0.5, 1}', names, either) + ts_rank(names, typed)
    FROM knowledge_publication JOIN wanted USING (language)
    WHERE names @@ either LIMIT %(most)s)
)
SELECT publication.article_id, publication.translation_id, publication.language, sum(points.score) AS score
FROM points JOIN knowledge_publication publication USING (translation_id)
JOIN knowledge_article article ON article.id = publication.article_id
WHERE article.audience = ANY(%(audiences)s)
GROUP BY publication.translation_id
HAVING sum(points.score) >= %(fewest)s
ORDER BY score DESC, publication.translation_id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. `snippet`: pieces of its text, each with whether it is one of the words."""

    article: int
    slug: str
    language: str
    title: str
    summary: str
    section: str
    audience: str
    plain: str
    snippet: tuple[tuple[str, bool], ...] = ()


def find(text: str, *, viewer: Viewer, language: str, limit: int = 10) -> list[Hit]:
    """What the viewer may read about `text`, best first, each with the words marked in a piece of its text.

    An article comes once, in the reader's language if it was found in that.
    """
    groups = _groups(text)
    keys = _once_each(_scored(groups, viewer=viewer, limit=limit), language)[:limit]
    return _hits(_with_snippets(visible_publications(viewer), _any_of(groups)), keys) if keys else []


def alike(text: str, *, viewer: Viewer, language: str, limit: int, share_of_best: float) -> list[Hit]:
    """As `find`, without pieces of texts; what has fewer points than `share_of_best` of the best one's is left out."""
    scored = _scored(_groups(text), viewer=viewer, limit=limit)
    fewest = share_of_best * scored[0][3] if scored else 0
    keys = _once_each((row for row in scored if row[3] >= fewest), language)[:limit]
    return _hits(visible_publications(viewer), keys) if keys else []


def _groups(text: str) -> dict[str, str]:
    """Each word that was typed, with the query for it: itself, what begins with it, and what it may mean."""
    words = [word for word in vocabulary.words_of(text[:LONGEST_SEARCH]) if len(word) > 1][:MOST_WORDS]
    meanings = vocabulary.meanings_of(words)
    return {word: _any_of([f"'{word}':*", *(f"'{each}'" for each in meanings[word])]) for word in words}


def _any_of(queries: Iterable[str]) -> str:
    return f"({' | '.join(queries)})"


def _scored(groups: Mapping[str, str], *, viewer: Viewer, limit: int) -> list[tuple[int, int, str, float]]:
    """Article, translation, language and points, best first. A whole word says more than the beginning of one."""
    if not groups:
        return []
    values: dict[str, str | float | list[str]] = {
        "every": " & ".join(groups.values()),
        "either": _any_of(groups.values()),
        "typed": _any_of(f"'{word}'" for word in groups),
        "most": CANDIDATES,
        "fewest": FEWEST_POINTS,
        "limit": 3 * limit,
        "audiences": [each.value for each in readable_by(viewer)],
    }
    found: list[Any] = ask(SCORES, values)
    return found


def _once_each(found: Iterable[tuple[int, int, str, float]], language: str) -> list[int]:
    """One translation of each article, at the place of its best one: the reader's language where it was found."""
    chosen: dict[int, int] = {}
    for article, translation, written_in, _points in found:
        if article not in chosen or written_in == language:
            chosen[article] = translation
    return list(chosen.values())


def _with_snippets(rows: QuerySet[Publication], either: str) -> QuerySet[Publication]:
    query = SearchQuery(either, config="dutch", search_type="raw") | SearchQuery(
        either, config="english", search_type="raw"
    )
    headline = SearchHeadline(
        Left("plain", SNIPPET_FROM),
        query,
        config="dutch",
        start_sel=BEGIN,
        stop_sel=END,
        min_words=12,
        max_words=28,
    )
    return rows.annotate(headline=headline)


def _hits(rows: QuerySet[Publication], keys: Sequence[int]) -> list[Hit]:
    """The publications with these keys, in their order."""
    found = (
        rows.filter(pk__in=keys)
        .select_related("article__section")
        .annotate(beginning=Left(F("plain"), SNIPPET_FROM))
        .defer("search", "names", "text", "plain", "keywords")
    )
    by_key = {row.pk: row for row in found}
    return [_hit(by_key[key]) for key in keys if key in by_key]


def _hit(row: Publication) -> Hit:
    headline: str = getattr(row, "headline", "")
    return Hit(
        article=row.article_id,
        slug=row.slug,
        language=row.language,
        title=row.title,
        summary=row.summary,
        section=row.article.section.name,
        audience=row.article.audience,
        plain=row.beginning,  # type: ignore[attr-defined]
        snippet=pieces(headline) if BEGIN in headline else (),
    )


def pieces(headline: str) -> tuple[tuple[str, bool], ...]:
    """A snippet with its marks as pieces of text, each with whether it is one of the words that were searched for."""
    parts = re.split(f"({BEGIN}[^{END}]*{END})", headline)
    return tuple((part.strip(BEGIN + END), part.startswith(BEGIN)) for part in parts if part)
