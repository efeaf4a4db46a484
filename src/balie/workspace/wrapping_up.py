"""What did you do? The note and the minutes after a call, which become time worked on its ticket."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from balie.phone import handling
from balie.phone.models import Call
from balie.rules.refusals import Refusal
from balie.tickets import access
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.calls import ON_THE_PAGE, page
from balie.workspace.telephone import WrapUp, after, part


@agents_only
@require_POST
def call_done(request: AgentRequest, key: int) -> HttpResponse:
    """Keep what was done in a call as time on its ticket; tie it to the ticket that was chosen first."""
    call = _ended(request, key)
    auto_id = "id_%s" if request.htmx else ON_THE_PAGE
    form = WrapUp(request.POST, prefix=f"call-{key}", auto_id=auto_id)
    if not form.is_valid():
        return _once_more(request, call, form)
    try:
        if number := form.cleaned_data["ticket"]:
            handling.link(key, access.ticket_for(request.user, number), by=request.user, now=request.now)
        entry = handling.wrap_up(
            key,
            note=form.cleaned_data["note"],
            minutes=form.cleaned_data["minutes"],
            by=request.user,
            now=request.now,
            submission=form.cleaned_data["submission"],
        )
    except Refusal as refusal:
        call.refresh_from_db()
        return _once_more(request, call, form, refusal)
    if request.htmx:
        return _let_it_look_again()
    said = _("%(minutes)s minutes are on ticket #%(number)s.")
    messages.success(request, said % {"minutes": entry.minutes, "number": entry.ticket.number})
    return redirect("call", key)


@agents_only
@require_POST
def call_leave(request: AgentRequest, key: int) -> HttpResponse:
    """Write nothing down of a call."""
    handling.leave(key, by=request.user, now=request.now)
    return _let_it_look_again() if request.htmx else redirect("call", key)


def _let_it_look_again() -> HttpResponse:
    """Nothing to put in the place of the form: it may be gone already, because the page heard of it sooner."""
    return trigger_client_event(HttpResponse(status=204), "calls-changed")


def _ended(request: AgentRequest, key: int) -> Call:
    return get_object_or_404(Call.objects.select_related("ticket", "line", "topic", "contact"), pk=key)


def _once_more(
    request: AgentRequest, call: Call, form: WrapUp, refusal: Refusal | None = None
) -> HttpResponse:
    card = after(call, situation_of(request), form=form, refusal=refusal, is_kept=False)
    if request.htmx:
        return part(request, answered=card, status=422)
    return page(request, call, card=card, status=422)
