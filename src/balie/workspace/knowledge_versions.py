"""The versions of a help article: who wrote what when, what differs, and putting one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.knowledge import actions, queries
from balie.knowledge.access import translation_for
from balie.knowledge.models import Translation, Version
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.differences import compare
from balie.workspace.knowledge import find_publication
from balie.workspace.ticket import key_in

PARTS = ("title", "summary", "keywords", "text")


@agents_only
def article_versions(request: AgentRequest, key: int, language: str) -> HttpResponse:
    """All versions, and what differs between two of them: the one that readers see and the newest, at first."""
    translation = translation_for(request.user, key, language)
    before, after = _compared(request, translation)
    names = {
        "title": _("Title"),
        "summary": _("Summary"),
        "keywords": _("Other words for it"),
        "text": _("Text"),
    }
    context = {
        "translation": translation,
        "publication": find_publication(translation),
        "versions": queries.versions_of(translation),
        "before": before,
        "after": after,
        "changes": [
            (names[part], lines)
            for part in PARTS
            if before
            and after
            and (lines := compare(getattr(before, part), getattr(after, part)))
            and getattr(before, part) != getattr(after, part)
        ],
    }
    return render(request, "workspace/article_versions.html", context)


@require_POST
@agents_only
def article_restore(request: AgentRequest, key: int, language: str) -> HttpResponse:
    """Put an earlier version back, as a new draft."""
    translation = translation_for(request.user, key, language)
    number = key_in(request, "version")
    note = _("Version %(number)s put back") % {"number": number}
    actions.restore(translation, number, note=note, by=request.user, now=request.now)
    messages.success(request, _("Version %(number)s is put back as a new one.") % {"number": number})
    return redirect("article_edit", key, language)


def _compared(request: AgentRequest, translation: Translation) -> tuple[Version | None, Version | None]:
    latest = translation.latest
    shown = find_publication(translation)
    assert latest is not None
    after = _numbered(translation, key_in(request, "to")) or latest
    seen = shown.version.number if shown else 0
    first_guess = seen if seen and seen != after.number else after.number - 1
    return _numbered(translation, key_in(request, "from") or first_guess), after


def _numbered(translation: Translation, number: int) -> Version | None:
    return translation.versions.select_related("written_by").filter(number=number).first() if number else None
