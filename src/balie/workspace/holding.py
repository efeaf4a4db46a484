"""Taking an answer back before it leaves, and throwing away what was taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.workspace.agents import AgentRequest, agents_only, situation_of


@agents_only
@require_POST
def take_back(request: AgentRequest, number: int, key: int) -> HttpResponse:
    """Put a sent answer into the form again; say so when it has left already."""
    ticket = access.ticket_for(request.user, number)
    try:
        actions.take_back(ticket, key, by=request.user, situation=situation_of(request))
    except Refusal as refusal:
        messages.warning(request, refusal.reason.render(_))
        return redirect("ticket", number)
    messages.success(request, _("Your answer has not left: it stands in the form again."))
    return redirect(reverse("ticket", args=[number]) + "#write")


@agents_only
@require_POST
def throw_away(request: AgentRequest, number: int, key: int) -> HttpResponse:
    """Forget an answer that was taken back."""
    ticket = access.ticket_for(request.user, number)
    if actions.throw_away(ticket, key, by=request.user):
        messages.success(request, _("Your answer is thrown away."))
    return redirect("ticket", number)
