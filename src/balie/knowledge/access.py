"""Articles *as this person*: what it may not read does not exist for it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from balie.customers.access import viewer_of
from balie.knowledge import markup
from balie.knowledge.media_kinds import NAME
from balie.knowledge.models import Media, Publication, Translation
from balie.rules.audience import readable_by
from balie.rules.visibility import Agent, Viewer


def visible_publications(viewer: Viewer) -> QuerySet[Publication]:
    """All published articles that the viewer may read, each in every language that it has."""
    audiences = [each.value for each in readable_by(viewer)]
    return Publication.objects.filter(article__audience__in=audiences)


def publications_for(user: Any, key: int) -> list[Publication]:
    """Article `key` in the languages in which this user may read it, or `Http404`."""
    found = list(
        visible_publications(viewer_of(user))
        .filter(article=key)
        .select_related("translation", "article__section__parent")
        .defer("search", "names")
        .order_by("-language")
    )
    if not found:
        raise Http404
    return found


def media_for(user: Any, key: int, name: str) -> Media:
    """A picture or video that this user may see, or `Http404`: it stands in a text that the user may read.

    Agents also see those of drafts.
    """
    is_a_name = NAME.fullmatch(name) is not None
    media = Media.objects.select_related("file").filter(article=key, name=name).first() if is_a_name else None
    if media is None:
        raise Http404
    viewer = viewer_of(user)
    if isinstance(viewer, Agent):
        return media
    texts = visible_publications(viewer).filter(article=key).values_list("text", flat=True)
    if not any(name in markup.media_in(text) for text in texts):
        raise Http404
    return media


def translation_for(user: Any, key: int, language: str) -> Translation:
    """A translation with its newest version, to be worked on by an agent, or `Http404`."""
    if not isinstance(viewer_of(user), Agent):
        raise Http404
    translation = (
        Translation.objects.select_related(
            "article__section__parent", "latest__written_by", "publication__version"
        )
        .filter(article=key, language=language)
        .first()
    )
    if translation is None:
        raise Http404
    return translation
