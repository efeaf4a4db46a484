"""Keeping help articles: the list of them, letting readers see them, the sections they stand in (SW-08)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.knowledge import actions, queries, shelving
from balie.knowledge.access import translation_for
from balie.knowledge.models import AUDIENCES, Publication, Section, Translation
from balie.knowledge.queries import PAGE, Tab
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.knowledge_forms import SectionForm
from balie.workspace.ticket import key_in


@dataclass(frozen=True, slots=True)
class TabLink:
    """A part of the list."""

    tab: Tab
    label: str


@agents_only
def articles(request: AgentRequest) -> HttpResponse:
    """All articles with what became of them, the newest work first."""
    tab = _tab(request.GET.get("tab", ""))
    asked, words = request.GET.get("audience", ""), request.GET.get("q", "")[:100]
    audience = asked if asked in dict(AUDIENCES) else ""
    rows = queries.kept(tab, audience=audience, words=words, before=key_in(request, "before") or None)
    found = list(rows[: PAGE + 1])
    context = {
        "tab": tab,
        "tabs": _tabs(),
        "audience": audience,
        "audiences": AUDIENCES,
        "audience_names": dict(AUDIENCES),
        "words": words,
        "rows": [(each, find_publication(each)) for each in found[:PAGE]],
        "next_before": found[PAGE - 1].latest_id if len(found) > PAGE else None,
    }
    return render(request, "workspace/articles.html", context)


@require_POST
@agents_only
def article_publish(request: AgentRequest, key: int, language: str) -> HttpResponse:
    """Let readers see a version, offering the way back."""
    publish(request, translation_for(request.user, key, language), key_in(request, "version"))
    return redirect("article_edit", key, language)


@require_POST
@agents_only
def article_unpublish(request: AgentRequest, key: int, language: str) -> HttpResponse:
    """Take an article from the help site, offering the way back."""
    translation = translation_for(request.user, key, language)
    shown = find_publication(translation)
    actions.unpublish(translation, by=request.user, now=request.now)
    if shown is not None:
        undo.offer(
            request,
            reverse("article_publish", args=[key, language]),
            _("The article is no longer on the help site."),
            _("Undo"),
            {"version": str(shown.version.number)},
        )
    return redirect("article_edit", key, language)


def publish(request: AgentRequest, translation: Translation, number: int) -> None:
    """Publish version `number` and say so, with a button that brings back what readers saw before."""
    shown = find_publication(translation)
    before = shown.version.number if shown else 0
    actions.publish(translation, number=number, by=request.user, now=request.now)
    view = "article_publish" if before else "article_unpublish"
    undo.offer(
        request,
        reverse(view, args=[translation.article_id, translation.language]),
        _("Version %(number)s is on the help site.") % {"number": number},
        _("Undo"),
        {"version": str(before)} if before else {},
    )


def find_publication(translation: Translation) -> Publication | None:
    """What readers see of a translation, or `None` while they see nothing."""
    return getattr(translation, "publication", None)


@agents_only
def article_sections(request: AgentRequest, slug: str = "") -> HttpResponse:
    """The sections, with the form of one of them or of a new one."""
    section = get_object_or_404(Section.objects.select_related("parent"), slug=slug) if slug else None
    form = SectionForm(request.POST or None, initial=SectionForm.begun(section), section=section)
    if request.method == "POST" and form.is_valid():
        shelving.keep(section, **form.cleaned_data, by=request.user, now=request.now)
        messages.success(request, _("The section is kept."))
        return redirect("article_sections")
    context = {"form": form, "section": section, "tops": _tops()}
    return render(request, "workspace/article_sections.html", context, status=422 if form.is_bound else 200)


@require_POST
@agents_only
def article_section_gone(request: AgentRequest, slug: str) -> HttpResponse:
    """Take away an empty section."""
    shelving.take_away(get_object_or_404(Section, slug=slug), by=request.user, now=request.now)
    messages.success(request, _("The section is gone."))
    return redirect("article_sections")


def _tops() -> list[Section]:
    return list(Section.objects.filter(parent=None).prefetch_related("children"))


def _tab(text: str) -> Tab:
    try:
        return Tab(text)
    except ValueError:
        return Tab.ALL


def _tabs() -> list[TabLink]:
    return [
        TabLink(Tab.ALL, _("All")),
        TabLink(Tab.DRAFTS, _("Not published yet")),
        TabLink(Tab.PUBLISHED, _("Published")),
        TabLink(Tab.COMMENTS, _("With comments")),
    ]
