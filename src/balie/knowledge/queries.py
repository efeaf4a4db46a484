"""Reading the help site: its tree, what is like something, and what agents keep an eye on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from balie.knowledge.access import visible_publications
from balie.knowledge.models import Publication, Section, Translation, Version, Vote
from balie.knowledge.searching import Hit, find
from balie.rules.visibility import Viewer

SHOWN_OF_A_SECTION = 5
MOST_OF_A_SECTION = 300
MOST_IN_SITEMAP = 5_000
PAGE = 50
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


@dataclass(slots=True)
class Shelf:
    """A section with the first of its articles, how many there are in all, and the sections below it."""

    section: Section
    entries: list[Entry] = field(default_factory=list)
    count: int = 0
    parts: list[Shelf] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.count and all(part.is_empty for part in self.parts)


def suggest(text: str, *, viewer: Viewer, language: str, limit: int = 5) -> list[Hit]:
    """Articles that may answer what somebody is typing or asked, best first, of what the viewer may read."""
    return find(text, viewer=viewer, language=language, limit=limit, share_of_best=WORTH_SUGGESTING)


def related(publication: Publication, *, viewer: Viewer, limit: int = 4) -> list[Hit]:
    """Other articles about the same."""
    about = f"{publication.title} {publication.keywords}"
    found = find(about, viewer=viewer, language=publication.language, limit=limit + 1, share_of_best=0.1)
    return [each for each in found if each.article != publication.article_id][:limit]


def tree(*, viewer: Viewer, language: str, product: str = "") -> list[Shelf]:
    """The sections that have something for this viewer, each with the first of its articles. Two queries."""
    shelves = {section.pk: Shelf(section) for section in Section.objects.all()}
    ranked = (
        _entries(viewer, language, product)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("article__section"),
                order_by=(F("article__position"), F("article_id")),
            ),
            shelf_count=Window(Count("*"), partition_by=F("article__section")),
        )
        .filter(place__lte=SHOWN_OF_A_SECTION)
        .order_by("article__section", "place")
    )
    for row in ranked.values(*_COLUMNS, "article__section", "article__audience", "shelf_count"):
        shelf = shelves[row["article__section"]]
        shelf.entries.append(_entry(row))
        shelf.count = row["shelf_count"]
    tops: list[Shelf] = []
    for shelf in shelves.values():
        above = shelves.get(shelf.section.parent_id or 0)
        (above.parts if above else tops).append(shelf)
    return [_without_empty(shelf) for shelf in tops if not shelf.is_empty]


def articles_of(section: Section, *, viewer: Viewer, language: str) -> list[Entry]:
    """What stands in one section, in its order."""
    rows = _entries(viewer, language).filter(article__section=section)
    ordered = rows.order_by("article__position", "article_id")
    return [_entry(row) for row in ordered.values(*_COLUMNS, "article__audience")[:MOST_OF_A_SECTION]]


def for_sitemap(viewer: Viewer) -> list[tuple[int, str, datetime]]:
    """Key, name in the address and moment of everything that the viewer may read."""
    rows = visible_publications(viewer).order_by("-published_at")
    return list(rows.values_list("article_id", "slug", "published_at")[:MOST_IN_SITEMAP])


_COLUMNS = ("article_id", "slug", "language", "title", "summary")


def _entries(viewer: Viewer, language: str, product: str = "") -> QuerySet[Publication]:
    """One publication of each article: the reader's language, or the other one where that is missing."""
    own = Publication.objects.filter(article=OuterRef("article"), language=language)
    rows = visible_publications(viewer).filter(Q(language=language) | ~Exists(own))
    return rows.filter(article__products__key=product) if product else rows


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
