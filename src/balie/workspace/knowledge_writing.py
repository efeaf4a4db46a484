"""The editor of help articles: writing, its preview, pictures; two writers at once lose nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation as languages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from balie.knowledge import actions, markup, queries
from balie.knowledge.models import TEXT_LENGTH, Article, Media, Section, Translation, Version
from balie.rules.refusals import Refusal
from balie.tickets.models import Message
from balie.web.uploads import too_large
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.differences import compare
from balie.workspace.knowledge import find_publication, publish
from balie.workspace.knowledge_forms import LANGUAGES, ArticleForm, as_written
from balie.workspace.ticket import key_in


@agents_only
def article_new(request: AgentRequest) -> HttpResponse:
    """A new article; `message` begins it with an answer from a ticket."""
    if not Section.objects.exists():
        messages.info(request, _("An article stands in a section. Make the first one."))
        return redirect("article_sections")
    if request.method != "POST":
        begun = as_written(None, None) | _from_answer(request)
        return _editor(request, ArticleForm(initial=begun), language=_reader_language())
    form = ArticleForm(request.POST, request.FILES)
    language = _known(request.POST.get("language", ""))
    if not form.is_valid() or request.POST.get("do") == "preview":
        return _editor(request, form, language=language)
    try:
        made = actions.begin(form.placing(), language, form.draft(), by=request.user, now=request.now)
    except Refusal as refusal:
        return _editor(request, form, language=language, refusal=refusal)
    return _kept(request, made, form)


@agents_only
def article_edit(request: AgentRequest, key: int, language: str) -> HttpResponse:
    """An article in one language; one that it is not written in yet begins with the text of the other."""
    article = get_object_or_404(Article.objects.select_related("section__parent"), pk=key)
    found = _find_translation(article, _known(language))
    if request.method != "POST":
        version = found.latest if found else _in_another_language(article)
        begun = as_written(article, version) | ({} if found else {"seen": 0})
        return _editor(request, ArticleForm(initial=begun), article=article, found=found, language=language)
    form = ArticleForm(request.POST, request.FILES)
    if request.POST.get("do") == "upload":
        return _upload(request, article, form, found, language)
    if not form.is_valid() or request.POST.get("do") == "preview":
        return _editor(request, form, article=article, found=found, language=language)
    try:
        kept = _save(request, article, found, form, language)
    except Refusal as refusal:
        now_found = _find_translation(article, language)
        return _editor(request, form, article=article, found=now_found, language=language, refusal=refusal)
    return _kept(request, kept, form)


@require_POST
@agents_only
def article_preview(request: AgentRequest) -> HttpResponse:
    """What a text looks like; nothing is kept."""
    rendered = markup.render(request.POST.get("text", ""), _media_finder(key_in(request, "article")))
    return render(request, "workspace/article_preview.html", {"html": rendered.html})


def _save(
    request: AgentRequest, article: Article, found: Translation | None, form: ArticleForm, language: str
) -> Translation:
    """Keep the words first: where they are refused, the place stays what it was, too."""
    if found is None:
        found = actions.translate(article, language, form.draft(), by=request.user, now=request.now)
    else:
        seen = form.cleaned_data["seen"]
        actions.save(found, form.draft(), seen=seen, by=request.user, now=request.now)
    actions.place(article, form.placing(), by=request.user, now=request.now)
    return found


def _kept(request: AgentRequest, translation: Translation, form: ArticleForm) -> HttpResponse:
    """After saving: published as well when that was the button, or a sentence that says where it stands."""
    translation = Translation.objects.select_related("latest", "publication__version").get(pk=translation.pk)
    assert translation.latest is not None
    if request.POST.get("do") == "publish":
        try:
            publish(request, translation, translation.latest.number)
        except Refusal as refusal:
            form.begin_from(translation.latest)
            article, language = translation.article, translation.language
            return _editor(
                request, form, article=article, found=translation, language=language, refusal=refusal
            )
    else:
        messages.success(
            request,
            _("Version %(number)s is kept. Readers do not see it yet.")
            % {"number": translation.latest.number},
        )
    return redirect("article_edit", translation.article_id, translation.language)


def _upload(
    request: AgentRequest, article: Article, form: ArticleForm, found: Translation | None, language: str
) -> HttpResponse:
    """Keep a picture or a video; what was typed meanwhile stays on the screen."""
    form.is_valid()
    problem: Refusal | str = ""
    chosen = request.FILES.get("file")
    if getattr(request, "has_left_out_files", False):
        problem = too_large()
    elif chosen is None:
        problem = _("Choose a picture or a video.")
    else:
        try:
            actions.add_media(
                article,
                name=chosen.name or "",
                content=chosen.read(),
                description=request.POST.get("description", ""),
                by=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            problem = refusal
    if request.htmx:
        context = {
            "form": form,
            "media": _media_of(article),
            "article": article,
            "written_language": language,
            "problem": problem,
        }
        response = render(request, "workspace/article_media.html", context, status=422 if problem else 200)
        return response if problem else trigger_client_event(response, "media-kept")
    return _editor(request, form, article=article, found=found, language=language, problem=problem)


def _editor(
    request: AgentRequest,
    form: ArticleForm,
    *,
    language: str,
    article: Article | None = None,
    found: Translation | None = None,
    refusal: Refusal | None = None,
    problem: Refusal | str = "",
) -> HttpResponse:
    """The page with what was typed. After somebody else saved: what differs, and the right to save again."""
    theirs = found.latest if found and isinstance(refusal, actions.WrittenMeanwhile) else None
    if theirs is not None:
        form.begin_from(theirs)
    text = str(form["text"].value() or "")
    key = article.pk if article else 0
    has_trouble = form.is_bound and bool(form.errors or refusal or problem)
    context: dict[str, Any] = {
        "form": form,
        "article": article,
        "translation": found,
        "publication": find_publication(found) if found else None,
        "latest": found.latest if found else None,
        "written_language": language,
        "written_in": set(article.translations.values_list("language", flat=True)) if article else set(),
        "media": _media_of(article) if article else [],
        "comments": queries.comments_on(found) if found else [],
        "refusal": refusal,
        "problem": problem,
        "theirs": compare(text, theirs.text) if theirs else [],
        "theirs_version": theirs,
        "html": markup.render(text, _media_finder(key)).html if len(text) <= TEXT_LENGTH else "",
    }
    return render(request, "workspace/article_edit.html", context, status=422 if has_trouble else 200)


def _media_finder(key: int) -> markup.FindMedia:
    known = {each.name: each for each in Media.objects.filter(article=key)} if key else {}

    def find_media(name: str) -> markup.Shown | None:
        if name not in known:
            return None
        address = reverse("article_media", args=[key, name])
        return markup.Shown(address, known[name].description, known[name].is_video)

    return find_media


def _media_of(article: Article) -> list[Media]:
    return list(article.media.all())


def _find_translation(article: Article, language: str) -> Translation | None:
    return (
        article.translations.select_related("latest__written_by", "publication__version")
        .filter(language=language)
        .first()
    )


def _in_another_language(article: Article) -> Version | None:
    other = article.translations.select_related("latest").first()
    return other.latest if other else None


def _from_answer(request: AgentRequest) -> dict[str, Any]:
    """The words of an answer on a ticket: the subject is the title until the writer finds a better one."""
    key = key_in(request, "message")
    answer = (
        Message.objects.select_related("ticket").filter(pk=key, agent__isnull=False).first() if key else None
    )
    return {"title": answer.ticket.subject[:150], "text": answer.text} if answer else {}


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def _reader_language() -> str:
    return (languages.get_language() or "nl")[:2]
