"""Deciding about mail in quarantine: dropping a message, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.mail.access import inbound_for
from balie.mail.ways_in import quarantine
from balie.workspace.agents import AgentRequest
from balie.workspace.mail_folder import administrators_only


@require_POST
@administrators_only
def drop(request: AgentRequest, key: int) -> HttpResponse:
    quarantine.drop(inbound_for(request.user, key), by=request.user, now=request.now)
    messages.success(request, _("The mail is dropped. It can be taken back here."))
    return redirect("mail_shown", "in", key)


@require_POST
@administrators_only
def take_back(request: AgentRequest, key: int) -> HttpResponse:
    quarantine.take_back(inbound_for(request.user, key), by=request.user, now=request.now)
    messages.success(request, _("The mail is in quarantine again."))
    return redirect("mail_shown", "in", key)
