"""The screens for the privacy law: what we hold of a person, export, erasure, and how long data is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balie.accounts.models import User
from balie.administration.pages import Trail, page
from balie.customers.models import Contact
from balie.files.downloads import download
from balie.privacy import actions, erasing, retention
from balie.privacy.holdings import HOLDINGS, Fate
from balie.privacy.models import Erasure, Export, Retention
from balie.privacy.persons import Person
from balie.rules.refusals import NotAllowed, Refusal

MOST_FOUND = 20
FATES = {
    Fate.DELETED: _("is deleted"),
    Fate.WITHOUT_PERSON: _("stays without the person"),
    Fate.BY_CHOICE: _("is deleted when you say so"),
    Fate.KEPT: _("stays"),
}


class RetentionForm(forms.Form):
    """Days for each kind of data; empty keeps it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, kind in retention.KINDS.items():
            self.fields[key] = forms.IntegerField(
                label=kind.name,
                required=False,
                min_value=1,
                max_value=36_500,
                widget=forms.NumberInput(attrs={"aria-describedby": f"hint-{key}"}),
            )


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Find a person (`?q=`), and see what was exported and erased."""
    text = request.GET.get("q", "").strip()
    return page(
        request,
        "privacy.html",
        gettext("Privacy"),
        q=text,
        contacts=_contacts(text),
        users=_users(text),
        exports=Export.objects.select_related("contact", "user", "asked_by")[:MOST_FOUND],
        erasures=Erasure.objects.select_related("by")[:MOST_FOUND],
    )


@require_GET
def person(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """What we hold of one person."""
    found = _person(kind, key)
    return page(
        request,
        "person.html",
        found.name,
        trail=_trail(),
        person=found,
        kind=kind,
        key=key,
        holdings=[(each, each.rows(found).count()) for each in HOLDINGS],
    )


@require_POST
def export_person(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Let the worker gather everything in one file."""
    export = actions.ask_export(_person(kind, key), by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
    return redirect(reverse("admin:privacy_export", args=[export.pk]))


@require_GET
def export(request: HttpRequest, key: int) -> HttpResponse:
    """How far an export is; for who asked for it."""
    return page(
        request,
        "export.html",
        gettext("Export of a person"),
        trail=_trail(),
        export=_export(request, key),
    )


@require_GET
def export_file(request: HttpRequest, key: int) -> HttpResponse:
    """The file of an export, as long as it may be fetched."""
    try:
        found = actions.file_for(_export(request, key), by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
    except NotAllowed:
        raise Http404
    assert found.file is not None
    response = download(found.file, name=f"person-{found.pk}.zip", content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def erase_person(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """What would go and what would stay; then, with the address typed, let the worker do it."""
    found = _person(kind, key)
    trouble = ""
    if request.method == "POST":
        try:
            order = actions.ask_erasure(
                found,
                typed=request.POST.get("typed", ""),
                with_files="with_files" in request.POST,
                by=request.user,  # type: ignore[arg-type]
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refusal as refusal:
            trouble = refusal.reason.render(gettext)
        else:
            return redirect(reverse("admin:privacy_erasure", args=[order.pk]))
    rows = [(each, FATES[each.fate], each.rows(found).count()) for each in HOLDINGS]
    return page(
        request,
        "erase.html",
        gettext("Erase a person"),
        trail=[*_trail(), (reverse("admin:person", args=[kind, key]), found.name)],
        status=422 if trouble else 200,
        person=found,
        rows=[row for row in rows if row[2]],
        address=(found.contact or found.user).email,  # type: ignore[union-attr]
        trouble=trouble,
    )


@require_GET
def erasure(request: HttpRequest, key: int) -> HttpResponse:
    """How far an erasure is."""
    order = get_object_or_404(Erasure.objects.select_related("by"), pk=key)
    return page(
        request,
        "erasure.html",
        gettext("Erasure of a person"),
        trail=_trail(),
        erasure=order,
        percent=order.percent_of(len(erasing.STEPS)),
        rows=[(each.name, FATES[each.fate], order.counts.get(each.key, 0)) for each in HOLDINGS],
    )


@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    """How long each kind of data is kept. What would go is counted first; only a second step switches it on."""
    rules = {rule.kind: rule for rule in Retention.objects.all()}
    initial = {key: rule.days for key, rule in rules.items()}
    form = RetentionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and "_counted" in request.POST:
        return _keep(request, form)
    counted = request.method == "POST" and form.is_valid()
    days = form.cleaned_data if counted else initial
    return page(
        request,
        "retention.html",
        gettext("How long data is kept"),
        trail=_trail(),
        form=form,
        counted=counted,
        rows=[
            (form[key], kind, rules.get(key), days.get(key), _due(key, days.get(key), request))
            for key, kind in retention.KINDS.items()
        ],
    )


def _keep(request: HttpRequest, form: RetentionForm) -> HttpResponse:
    for kind, days in form.cleaned_data.items():
        actions.keep_for(kind, days, by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
    on = sum(days is not None for days in form.cleaned_data.values())
    message = ngettext(
        "%(num)s kind of data is deleted every night when its time has come.",
        "%(num)s kinds of data are deleted every night when their time has come.",
        on,
    )
    messages.success(request, message % {"num": on} if on else gettext("Nothing is deleted by itself."))
    return redirect(reverse("admin:retention"))


def _due(kind: str, days: int | None, request: HttpRequest) -> int | None:
    return retention.due(kind, days=days, now=request.now).count() if days else None  # type: ignore[attr-defined]


def _contacts(text: str) -> list[Contact]:
    if not text:
        return []
    named = Q(name__icontains=text) | Q(email__icontains=text) | Q(phone_numbers__e164__icontains=text)
    return list(Contact.objects.filter(named).select_related("customer").distinct()[:MOST_FOUND])


def _users(text: str) -> list[User]:
    """Logins without a contact: the people of the desk, and who nobody placed."""
    if not text:
        return []
    named = Q(name__icontains=text) | Q(email__icontains=text)
    return list(User.objects.filter(named, contact=None)[:MOST_FOUND])


def _person(kind: str, key: int) -> Person:
    if kind == "contact":
        return Person.of_contact(get_object_or_404(Contact.objects.select_related("user"), pk=key))
    if kind == "user":
        return Person.of_user(get_object_or_404(User, pk=key))
    raise Http404


def _export(request: HttpRequest, key: int) -> Export:
    return get_object_or_404(Export, pk=key, asked_by=request.user)


def _trail() -> Trail:
    return [(reverse("admin:privacy"), gettext("Privacy"))]
