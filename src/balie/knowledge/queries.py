"""Reading the help site: its tree, what is like something, and what agents keep an eye on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from balie.knowledge.access import visible_publications
from balie.knowledge.models import Publication, Section, Translation, Version, Vote
from balie.knowledge.searching import Hit, alike
from balie.rules.audience import readable_by
from balie.rules.visibility import Viewer

SHOWN_OF_A_SECTION = 5
MOST_OF_A_SECTION = 300
MOST_IN_SITEMAP = 5_000
PAGE = 50
WORTH_A_LINK = 0.1
WORTH_SUGGESTING = 0.4
"""Of the points of the best: what is less like it is noise beside a question."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list of the help site."""

    article: int
    slug: str
    language: str
    title: str
    summary: str
    audience: str

    @classmethod
    def of(cls, hit: Hit) -> Entry:
        return cls(hit.article, hit.slug, hit.language, hit.title, hit.summary, hit.audience)


@dataclass(slots=True)
class Shelf:
    """A section with the first of its articles, whether there are more, and the sections below it."""

    section: Section
    entries: list[Entry] = field(default_factory=list)
    has_more: bool = False
    parts: list[Shelf] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.entries and all(part.is_empty for part in self.parts)

    def put(self, entry: Entry) -> None:
        """Take in one more article, as far as they are shown."""
        if len(self.entries) < SHOWN_OF_A_SECTION:
            self.entries.append(entry)
        else:
            self.has_more = True


def suggest(text: str, *, viewer: Viewer, language: str, limit: int = 5) -> list[Hit]:
    """Articles that may answer what somebody is typing or asked, best first, of what the viewer may read."""
    return alike(text, viewer=viewer, language=language, limit=limit, share_of_best=WORTH_SUGGESTING)


def related(publication: Publication, *, viewer: Viewer, limit: int = 4) -> list[Entry]:
    """Other articles about the same: like its title first, then its neighbours in the section."""
    hits = alike(
        publication.title,
        viewer=viewer,
        language=publication.language,
        limit=limit + 1,
        share_of_best=WORTH_A_LINK,
    )
    found = [Entry.of(hit) for hit in hits]
    if len(found) <= limit:
        section = publication.article.section
        found += articles_of(section, viewer=viewer, language=publication.language, most=limit + 1)
    others = {each.article: each for each in found if each.article != publication.article_id}
    return list(others.values())[:limit]


TREE = """
SELECT section.id, found.* FROM knowledge_section section
CROSS JOIN LATERAL (
    SELECT article.id, publication.slug, publication.language, publication.title, publication.summary,
        article.audience
    FROM knowledge_article article JOIN knowledge_publication publication ON publication.article_id = article.id
    WHERE article.section_id = section.id AND article.audience = ANY(%(audiences)s)
        AND (publication.language = %(language)s OR NOT EXISTS (
            SELECT FROM knowledge_publication own
            WHERE own.article_id = article.id AND own.language = %(language)s))
        AND (%(product)s = '' OR EXISTS (
            SELECT FROM knowledge_article_products about JOIN contracts_product product
                ON product.id = about.product_id
            WHERE about.article_id = article.id AND product.key = %(product)s))
    ORDER BY article.position, article.id
    LIMIT %(most)s
) AS found
"""


def tree(*, viewer: Viewer, language: str, product: str = "") -> list[Shelf]:
    """The sections that have something for this viewer, each with the first of its articles. Two statements.

    Written out: with a window over all articles, as Django has it, it took ten times as long.
    """
    shelves = {section.pk: Shelf(section) for section in Section.objects.all()}
    audiences = [each.value for each in readable_by(viewer)]
    most = SHOWN_OF_A_SECTION + 1
    values: dict[str, str | int | list[str]] = {
        "audiences": audiences,
        "language": language,
        "product": product[:40],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(TREE, values)
        for section, *columns in cursor.fetchall():
            shelves[section].put(Entry(*columns))
    tops: list[Shelf] = []
    for shelf in shelves.values():
        above = shelves.get(shelf.section.parent_id or 0)
        (above.parts if above else tops).append(shelf)
    return [_without_empty(shelf) for shelf in tops if not shelf.is_empty]


def articles_of(
    section: Section, *, viewer: Viewer, language: str, most: int = MOST_OF_A_SECTION
) -> list[Entry]:
    """What stands in one section, in its order."""
    rows = _entries(viewer, language).filter(article__section=section)
    ordered = rows.order_by("article__position", "article_id")
    return [_entry(row) for row in ordered.values(*_COLUMNS, "article__audience")[:most]]


def for_sitemap(viewer: Viewer) -> list[tuple[int, str, datetime]]:
    """Key, name in the address and moment of everything that the viewer may read."""
    rows = visible_publications(viewer).order_by("-published_at")
    return list(rows.values_list("article_id", "slug", "published_at")[:MOST_IN_SITEMAP])


_COLUMNS = ("article_id", "slug", "language", "title", "summary")


def _entries(viewer: Viewer, language: str) -> QuerySet[Publication]:
    """One publication of each article: the reader's language, or the other one where that is missing."""
    own = Publication.objects.filter(article=OuterRef("article"), language=language)
    return visible_publications(viewer).filter(Q(language=language) | ~Exists(own))


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        article=row["article_id"],
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        summary=row["summary"],
        audience=row["article__audience"],
    )


def _without_empty(shelf: Shelf) -> Shelf:
    shelf.parts = [part for part in shelf.parts if not part.is_empty]
    return shelf


# --- For agents -----------------------------------------------------------------------------------------


class Tab(StrEnum):
    """The parts of the agents' list."""

    ALL = "all"
    DRAFTS = "drafts"  # something was written that readers do not see yet
    PUBLISHED = "published"
    COMMENTS = "comments"  # readers said why it did not help


def kept(
    tab: Tab, *, audience: str = "", words: str = "", before: int | None = None
) -> QuerySet[Translation]:
    """The agents' list, the newest work first; `before` goes on below a version's key."""
    rows = Translation.objects.select_related(
        "article__section", "latest__written_by", "publication"
    ).order_by("-latest_id")
    unseen = Q(publication=None) | ~Q(publication__version=F("latest"))
    conditions = {
        Tab.ALL: Q(),
        Tab.DRAFTS: unseen,
        Tab.PUBLISHED: Q(publication__isnull=False),
        Tab.COMMENTS: Exists(Vote.objects.filter(translation=OuterRef("pk")).exclude(why="")),
    }
    rows = rows.filter(conditions[tab])
    if audience:
        rows = rows.filter(article__audience=audience)
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(Q(latest__title__icontains=word) | Q(latest__keywords__icontains=word))
    return rows.filter(latest__lt=before) if before else rows


def versions_of(translation: Translation) -> Sequence[Version]:
    """All versions without their text, the newest first, at most two hundred."""
    return list(translation.versions.select_related("written_by").defer("text")[:200])


def comments_on(translation: Translation) -> Sequence[Vote]:
    """Why readers were not helped, the newest first."""
    return list(translation.votes.exclude(why="")[:100])
