"""What callers hear: the list, and each text with its sound and the way back to the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from balie.administration.pages import page
from balie.phone import actions
from balie.phone.models import PromptText
from balie.phone.prompt_models import LONGEST_PROMPT
from balie.phone.sound import CannotSpeak
from balie.phone.sound_files import SoundFiles, can_speak
from balie.rules.refusals import Refusal
from balie.rules.spoken_texts import STANDARD


class TextForm(forms.Form):
    """The words; what is wrong with them the action says."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_PROMPT,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Callers wait for its end, so keep it short."),
    )


@require_GET
def texts_of_calls(request: HttpRequest) -> HttpResponse:
    """Every text in each language, with what is said now."""
    own = _own()
    rows = [
        (
            name,
            [(code, label, said(name, code, own), (name, code) in own) for code, label in settings.LANGUAGES],
        )
        for name in STANDARD
    ]
    title = gettext("What callers hear")
    return page(request, "phone_texts.html", title, rows=rows, can_speak=can_speak())


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """One text: kept, or given back to the standard (`_standard`)."""
    _or_not_found(name, language)
    own = _own()
    if request.method == "POST" and "_standard" in request.POST:
        return _back_to_standard(request, name, language)
    initial = {"text": said(name, language, own)}
    form = TextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _is_kept(request, form, name, language):
        messages.success(request, gettext("From now on callers hear these words."))
        return redirect(reverse("admin:phone_text", args=[name, language]))
    return page(
        request,
        "phone_text.html",
        gettext("What callers hear"),
        trail=[(reverse("admin:phone_texts"), gettext("What callers hear"))],
        status=422 if form.errors else 200,
        form=form,
        name=name,
        code=language,
        language=dict(settings.LANGUAGES)[language],
        languages=[(code, label) for code, label in settings.LANGUAGES if code != language],
        is_standard=(name, language) not in own,
        usual=said(name, language, {}),
        can_speak=can_speak(),
        is_recorded=_sounds().recorded(name, language=language) is not None,
    )


@require_GET
def heard(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """The sound as a caller hears it; 503 when nothing can speak here."""
    _or_not_found(name, language)
    words = said(name, language, _own())
    try:
        sound = _sounds().heard(name, words, language=language)
    except CannotSpeak as trouble:
        return HttpResponse(str(trouble), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(sound, content_type="audio/wav", headers={"Cache-Control": "no-store"})


def said(name: str, language: str, own: dict[tuple[str, str], str]) -> str:
    """What is said now: the desk's own words, else the standard."""
    with translation.override(language):
        return own.get((name, language)) or gettext(STANDARD[name])


def _own() -> dict[tuple[str, str], str]:
    return {(row.name, row.language): row.text for row in PromptText.objects.all()}


def _sounds() -> SoundFiles:
    return SoundFiles(Path(settings.DATA_FOLDER) / "sounds")


def _or_not_found(name: str, language: str) -> None:
    if name not in STANDARD or language not in dict(settings.LANGUAGES):
        raise Http404


def _is_kept(request: Any, form: TextForm, name: str, language: str) -> bool:
    try:
        actions.say(name, language, text=form.cleaned_data["text"], by=request.user, now=request.now)
    except Refusal as refusal:
        form.add_error("text", refusal.reason.render(gettext))
        return False
    return True


def _back_to_standard(request: Any, name: str, language: str) -> HttpResponse:
    actions.say_the_standard(name, language, by=request.user, now=request.now)
    messages.success(request, gettext("From now on callers hear the standard text."))
    return redirect(reverse("admin:phone_text", args=[name, language]))
