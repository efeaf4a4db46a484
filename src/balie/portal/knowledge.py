"""The help site, for anybody: its tree, search as you type, an article, and whether it was useful (SW-08)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.contracts.models import Product
from balie.customers.access import find_contact, viewer_of
from balie.files.actions import read
from balie.files.downloads import download
from balie.knowledge import markup, queries, voting
from balie.knowledge.access import media_for, publications_for, visible_publications
from balie.knowledge.models import AUDIENCES, Media, Publication, Section
from balie.knowledge.searching import LONGEST_SEARCH, find
from balie.portal.visitors import Visit
from balie.rules.visibility import Nobody

RESULTS = 12
VISITOR = "help-visitor"
"""The cookie by which somebody without a login votes once; it says nothing else."""
VISITOR_SECONDS = 365 * 24 * 3600
VOTES_BY_ADDRESS = "30/h/ip"
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


@require_safe
def help_site(request: Visit) -> HttpResponse:
    """The tree, or what a search found (`q`); for HTMX only the part that changes as somebody types."""
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    viewer, language = viewer_of(request.user), _language()
    product = request.GET.get("product", "").replace("\x00", "")
    context: dict[str, Any] = {
        "words": words,
        "audiences": dict(AUDIENCES),
        "hits": find(words, viewer=viewer, language=language, limit=RESULTS) if words.strip() else [],
        "shelves": [] if words.strip() else queries.tree(viewer=viewer, language=language, product=product),
        "product": product,
        "may_ask": _may_ask(request),
    }
    page = "portal/help_found.html" if request.htmx else "portal/help.html"
    if not request.htmx:
        readable = visible_publications(viewer).values("article")
        context["products"] = list(Product.objects.filter(articles__in=readable).distinct())
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def section(request: Visit, slug: str) -> HttpResponse:
    """Everything in one section. A section without anything for this viewer does not exist for it."""
    viewer, language = viewer_of(request.user), _language()
    found = Section.objects.select_related("parent").filter(slug=slug).first()
    shelf = find_shelf(queries.tree(viewer=viewer, language=language), slug)
    if found is None or shelf is None:
        raise Http404
    context = {
        "section": found,
        "shelf": shelf,
        "entries": queries.articles_of(found, viewer=viewer, language=language),
        "audiences": dict(AUDIENCES),
    }
    return render(request, "portal/help_section.html", context)


@require_safe
def knowledge_suggest(request: Visit) -> HttpResponse:
    """Articles that may answer what somebody is typing (`q`): a piece of a page, empty when nothing fits."""
    words = request.GET.get("q", request.GET.get("subject", "")).replace("\x00", "")
    hits = queries.suggest(words, viewer=viewer_of(request.user), language=_language())
    return render(request, "portal/help_suggestions.html", {"hits": hits})


@require_safe
def article_by_key(request: Visit, key: int) -> HttpResponse:
    """To the article, in the reader's language when it has that."""
    return redirect("article", key, _preferred(publications_for(request.user, key)).slug)


@require_safe
def article(request: Visit, key: int, slug: str) -> HttpResponse:
    """An article. The name in the address tells the language; one that was changed leads to the new one."""
    found = publications_for(request.user, key)
    publication = next((each for each in found if each.slug == slug), None)
    if publication is None:
        return redirect("article", key, _preferred(found).slug)
    return _article_page(request, publication, found)


@require_POST
def article_vote(request: Visit, key: int, slug: str) -> HttpResponse:
    """Take in whether an article was useful, and why not; once for each visitor, changed as often as it likes."""
    found = publications_for(request.user, key)
    publication = next((each for each in found if each.slug == slug), None)
    useful = request.POST.get("useful", "")
    if publication is None or useful not in {"yes", "no"}:
        raise Http404
    limited: HttpResponse | None = ratelimit.consume_or_429(
        request, action="knowledge_vote", config={"knowledge_vote": VOTES_BY_ADDRESS}
    )
    if limited is not None:
        return limited
    visitor = _visitor(request) or str(uuid4())
    why = request.POST.get("why", "")
    cast = voting.vote(publication, visitor=visitor, is_useful=useful == "yes", why=why, now=request.now)
    if request.htmx:
        context = {"publication": publication, "vote": cast, "may_ask": _may_ask(request)}
        response: HttpResponse = render(request, "portal/help_vote.html", context)
    else:
        response = redirect(reverse("article", args=[key, slug]) + "#useful")
    if not request.user.is_authenticated:
        response.set_signed_cookie(
            VISITOR,
            visitor,
            max_age=VISITOR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@require_safe
def article_media(request: Visit, key: int, name: str) -> HttpResponse:
    """A picture or a video of an article; of a video also a part, as browsers ask for it."""
    media = media_for(request.user, key, name)
    if media.is_video:
        return _video(request, media)
    return download(media.file, name=media.name, content_type=media.content_type)


@require_safe
def help_sitemap(request: Visit) -> HttpResponse:
    """What search engines may know: published articles for everybody, whoever asks."""
    context = {
        "entries": queries.for_sitemap(Nobody()),
        "site": settings.BALIE_URL,
    }
    return render(request, "portal/help_sitemap.xml", context, content_type="application/xml")


def find_shelf(shelves: list[queries.Shelf], slug: str) -> queries.Shelf | None:
    """The section called `slug` in a tree."""
    for shelf in shelves:
        found = shelf if shelf.section.slug == slug else find_shelf(shelf.parts, slug)
        if found is not None:
            return found
    return None


def media_finder(key: int) -> markup.FindMedia:
    """Finds the pictures and videos of an article by name; one query, and none when it calls none."""
    known: dict[str, Media] = {}

    def find_media(name: str) -> markup.Shown | None:
        if not known:
            known.update({each.name: each for each in Media.objects.filter(article=key)})
        media = known.get(name)
        if media is None:
            return None
        return markup.Shown(reverse("article_media", args=[key, name]), media.description, media.is_video)

    return find_media


def _article_page(request: Visit, publication: Publication, all_languages: list[Publication]) -> HttpResponse:
    rendered = markup.render(publication.text, media_finder(publication.article_id))
    visitor = _visitor(request)
    vote = (
        publication.translation.votes.filter(visitor=voting.digest_of(visitor)).first() if visitor else None
    )
    context = {
        "publication": publication,
        "section": publication.article.section,
        "html": rendered.html,
        "contents": rendered.contents if len(rendered.contents) > 1 else (),
        "related": queries.related(publication, viewer=viewer_of(request.user)),
        "others": [each for each in all_languages if each is not publication],
        "language_names": _language_names(),
        "audiences": dict(AUDIENCES),
        "vote": vote,
        "may_ask": _may_ask(request),
    }
    return render(request, "portal/help_article.html", context)


def _video(request: Visit, media: Media) -> HttpResponse:
    """The bytes that were asked for; without a part in the question, all of them."""
    content = read(media.file)
    headers = {
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
    }
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return HttpResponse(content, content_type=media.content_type, headers=headers)
    begin, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    if begin > end:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return HttpResponse(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {begin}-{end}/{len(content)}"
    return HttpResponse(
        content[begin : end + 1], status=206, content_type=media.content_type, headers=headers
    )


def _visitor(request: Visit) -> str | None:
    """Who votes: the login, or the cookie of somebody who voted before."""
    if request.user.is_authenticated:
        return f"user {request.user.pk}"
    cookie: str | None = request.get_signed_cookie(VISITOR, default=None, max_age=VISITOR_SECONDS)
    return cookie


def _may_ask(request: Visit) -> bool:
    """A contact asks here; anybody else is led to the login first, and an agent has nobody to ask."""
    return not request.user.is_authenticated or find_contact(request.user) is not None


def _language() -> str:
    return (translation.get_language() or "nl")[:2]


def _preferred(publications: list[Publication]) -> Publication:
    own = (each for each in publications if each.language == _language())
    return next(own, publications[0])


def _language_names() -> Mapping[str, str]:
    return {"nl": _("Dutch"), "en": _("English")}
