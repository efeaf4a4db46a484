"""Keeping what a customer writes while it writes: drafts, and files that are sent ahead (IB-15, SW-19)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers.models import Contact
from balie.files.downloads import download
from balie.portal.kept_files import as_upload
from balie.portal.letters import Letter, kept_of
from balie.portal.open_forms import key_in, open_form_of, sealed_writer
from balie.portal.question import Question
from balie.portal.visitors import CustomerVisit, customers_only
from balie.tickets import actions
from balie.tickets.access import ticket_for
from balie.tickets.models import Draft, DraftFile, Ticket
from balie.web.uploads import Uploaded, check_files, too_large

View = Callable[..., HttpResponse]


def restored(request: CustomerVisit, ticket: Ticket | None) -> Draft | None:
    """What this contact was writing: the draft that the address asks for, else the newest."""
    if (key := key_in(request.GET.get("draft"))) is None:
        return actions.newest_draft(request.contact, ticket)
    return Draft.objects.filter(contact=request.contact, ticket=ticket, key=key, dropped_at=None).first()


def keeps_what_was_written(form: type[Letter], *, page: str) -> Callable[[View], View]:
    """Before a form of somebody whose session has ended is led to the login, keep it as a draft.

    After the login the page opens with it. `page` takes the arguments of the view.
    """

    def around(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if (visit := _as_writer(request)) is None:
                return view(request, *args, **kwargs)
            draft = _keep(visit, form, _ticket_of(visit.contact, kwargs.get("number")))
            query = "?" + urlencode({"draft": draft.key}) if draft is not None else ""
            if draft is not None:
                messages.info(
                    request, _("You had been logged out. What you wrote is kept; log in and go on with it.")
                )
            return redirect_to_login(reverse(page, args=args, kwargs=kwargs) + query)

        return door

    return around


def writers_only(view: View) -> View:
    """Let contacts in, and who shows a form that was made for it: it may still put something down, not read."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (visit := _as_writer(request)) is not None:
            return view(visit, *args, **kwargs)
        return customers_only(view)(request, *args, **kwargs)

    return door


def _as_writer(request: HttpRequest) -> CustomerVisit | None:
    """The request of somebody whose session has ended, as the contact to whom its form was shown."""
    if request.method != "POST" or request.user.is_authenticated:
        return None
    if (writer := sealed_writer(request.POST)) is None:
        return None
    visit = cast(CustomerVisit, request)
    visit.contact = writer
    return visit


@writers_only
@require_POST
def save(request: CustomerVisit) -> HttpResponse:
    """Keep what stands in the form now; asked for while the person types, also when the session has ended."""
    draft = _keep(request, _form_of(request), _ticket_of(request.contact, request.POST.get("about")))
    context = {"draft": draft, "is_logged_out": not request.user.is_authenticated, "back": _page_of(draft)}
    return render(request, "portal/draft_state.html", context)


@writers_only
@require_POST
def add_files(request: CustomerVisit) -> HttpResponse:
    """Keep files that were chosen, and answer the list of all of them; one that cannot go along is refused by name."""
    ticket, problem = _ticket_of(request.contact, request.POST.get("about")), ""
    try:
        draft = _attach(request, ticket)
    except ValidationError as trouble:
        draft, problem = actions.find_draft(request.contact, open_form_of(request.POST)), trouble.messages[0]
    context = {"attachments": _files_of(draft), "problem": problem}
    return render(request, "portal/draft_files.html", context, status=422 if problem else 200)


@customers_only
@require_POST
def drop_file(request: CustomerVisit) -> HttpResponse:
    """Leave a file out after all. Without JavaScript the whole form comes along, is kept and shown again."""
    form = open_form_of(request.POST)
    if not request.htmx:
        _keep(request, _form_of(request), _ticket_of(request.contact, request.POST.get("about")))
    actions.detach(request.contact, form, request.POST.get("drop", ""), now=request.now)
    draft = actions.find_draft(request.contact, form)
    if not request.htmx:
        return redirect(_page_of(draft))
    context = {"attachments": _files_of(draft), "problem": ""}
    return render(request, "portal/draft_files.html", context)


@customers_only
@require_safe
def file(request: CustomerVisit, key: int) -> HttpResponse:
    """A file that was sent ahead, for its sender only: shown when it is a picture."""
    kept = DraftFile.objects.select_related("file").filter(draft__contact=request.contact)
    found = get_object_or_404(kept, pk=key)
    return download(found.file, name=found.name, content_type=found.content_type)


@customers_only
@require_POST
def start_over(request: CustomerVisit, key: UUID) -> HttpResponse:
    """Put a draft away and begin anew; the page that comes then offers to bring it back."""
    draft = get_object_or_404(Draft.objects.select_related("ticket"), contact=request.contact, key=key)
    actions.drop_draft(request.contact, key, now=request.now)
    return redirect(_place_of(draft) + "?" + urlencode({"dropped": key}))


@customers_only
@require_POST
def bring_back(request: CustomerVisit, key: UUID) -> HttpResponse:
    """Undo `start_over`."""
    if not actions.bring_back_draft(request.contact, key, now=request.now):
        raise Http404
    return redirect(_page_of(Draft.objects.select_related("ticket").get(contact=request.contact, key=key)))


def _keep(request: CustomerVisit, form: type[Letter], ticket: Ticket | None) -> Draft | None:
    """Store the fields of the form, and files that came with it; an empty form makes no draft."""
    opened, fields = open_form_of(request.POST), kept_of(form, request.POST)
    if _says_something(fields) or actions.find_draft(request.contact, opened) is not None:
        actions.save_draft(request.contact, opened, fields=fields, ticket=ticket, now=request.now)
    with suppress(ValidationError):  # what cannot go along is told when the form is sent
        return _attach(request, ticket)
    return actions.find_draft(request.contact, opened)


def _attach(request: CustomerVisit, ticket: Ticket | None) -> Draft | None:
    """Keep the files that came with the request; raises `ValidationError` when they cannot go along."""
    opened, uploaded = open_form_of(request.POST), request.FILES.getlist("files")
    draft = actions.find_draft(request.contact, opened)
    if getattr(request, "has_left_out_files", False):
        raise ValidationError(too_large())
    _refuse_halves(uploaded, request.POST.getlist("size"))
    kept = [(each.name, each.file.size) for each in _files_of(draft)]
    check_files(kept + [(each.name or "", each.size or 0) for each in uploaded])
    for each in uploaded:
        draft = actions.attach(request.contact, opened, as_upload(each), ticket=ticket, now=request.now)
    return draft


def _refuse_halves(uploaded: Sequence[Uploaded], sizes: Sequence[str]) -> None:
    """Raise `ValidationError` when not as much came as the browser said before it sent the files."""
    if sizes and [str(each.size) for each in uploaded] != list(sizes):
        raise ValidationError(
            _("The file did not come through whole, and nothing of it is kept. Send it once more.")
        )


def _form_of(request: CustomerVisit) -> type[Letter]:
    return Letter if request.POST.get("about") else Question


def _says_something(fields: dict[str, Any]) -> bool:
    return any(fields.get(name) for name in ("topic", "subject", "text", "phone", "anydesk"))


def _ticket_of(writer: Contact, number: Any) -> Ticket | None:
    if number in (None, ""):
        return None
    if not str(number).isdigit() or len(str(number)) > 18:
        raise Http404
    return ticket_for(writer.user, int(number))


def _files_of(draft: Draft | None) -> list[DraftFile]:
    return [] if draft is None else list(draft.files.select_related("file"))


def _place_of(draft: Draft | None) -> str:
    if draft is None or draft.ticket is None:
        return reverse("ask")
    return reverse("my_ticket", args=[draft.ticket.number])


def _page_of(draft: Draft | None) -> str:
    """The page on which the draft goes on."""
    return _place_of(draft) + ("?" + urlencode({"draft": draft.key}) if draft is not None else "")
