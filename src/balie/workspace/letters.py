"""What came with a message: its files, and a mail as its sender formatted it, in a frame where nothing runs."""

from __future__ import annotations

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from balie.files.downloads import download
from balie.mail.reading.html import show_remote_images
from balie.tickets import access
from balie.web.security import policy
from balie.workspace.agents import AgentRequest, agents_only

logger = logging.getLogger(__name__)

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""No scripts and no forms; links open in a tab of their own. Same origin, so that the page can measure the frame."""


@agents_only
def attachment(request: AgentRequest, key: int) -> HttpResponse:
    """A file of a message."""
    found = access.attachment_for(request.user, key)
    try:
        return download(found.file, name=found.name, content_type=found.content_type)
    except FileNotFoundError:
        logger.error("The file %s of attachment %s is not in the data folder.", found.file.sha256, found.pk)
        raise Http404


@agents_only
@xframe_options_sameorigin
def letter(request: AgentRequest, number: int, key: int) -> HttpResponse:
    """A mail as it was formatted. `?pictures=show` fetches pictures from elsewhere, which tells their server."""
    ticket = access.ticket_for(request.user, number)
    message = access.messages_for(request.user, ticket).filter(pk=key).exclude(html="").first()
    if message is None:
        raise Http404
    shows_pictures = request.GET.get("pictures") == "show"
    html = show_remote_images(message.html) if shows_pictures else message.html
    response = render(request, "workspace/letter.html", {"message": message, "html": html})
    response.headers["Content-Security-Policy"] = policy(
        default_src="'none'",
        img_src="'self' data: https:" if shows_pictures else "'self' data:",
        style_src="'self' 'unsafe-inline'",
        form_action="'none'",
        frame_ancestors="'self'",
        sandbox=SANDBOX,
    )
    return response
