"""Files with mail: an administrator hands in a `.eml` or an mbox, and sees how far it is read and what came of it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from balie.mail.models import InboundMail, MailFile
from balie.mail.ways_in import handed_in
from balie.workspace.agents import AgentRequest
from balie.workspace.mail_folder import administrators_only

LARGEST_BYTES = 4 * 1024**3
SHOWN = 50
NEWEST_FILES = 20


class OnDisk(TemporaryFileUploadHandler):
    """A large file goes to the disk while it comes in, up to a limit; what lies beyond passes by."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > LARGEST_BYTES:
            vars(self.request)["has_left_out_files"] = True
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


@csrf_exempt  # checked below: the form may be read only after it is known where a large file goes
@administrators_only
def mail_files(request: AgentRequest) -> HttpResponse:
    """The files so far, and the form for another."""
    if request.method == "POST":
        request.upload_handlers = [OnDisk(request)]
    return _checked(request)


@csrf_protect
def _checked(request: HttpRequest) -> HttpResponse:
    agent_request = cast(AgentRequest, request)
    if request.method == "POST":
        return _hand_in(agent_request)
    files = MailFile.objects.order_by("-id")[:NEWEST_FILES]
    return render(request, "workspace/mail_files.html", {"files": files})


def _hand_in(request: AgentRequest) -> HttpResponse:
    upload: Any = request.FILES.get("file")
    if getattr(request, "has_left_out_files", False):
        messages.error(request, _("The file is larger than 4 GB; hand it in in parts."))
        return redirect("mail_files")
    if upload is None or not upload.size:
        messages.error(request, _("Choose a file with mail: a .eml or an mbox."))
        return redirect("mail_files")
    file = handed_in.hand_in(upload, by=request.user, now=request.now)
    messages.success(request, _("The file is handed in; its mail is read now."))
    return redirect("mail_file", file.pk)


@administrators_only
@require_safe
def mail_file(request: AgentRequest, key: int) -> HttpResponse:
    """How far one file is read, and the newest of its messages; asks again by itself until it is done."""
    file = get_object_or_404(MailFile.objects.select_related("by"), pk=key)
    mails = InboundMail.objects.filter(file=file).defer("raw").select_related("ticket").order_by("-id")
    return render(request, "workspace/mail_file.html", {"file": file, "mails": mails[:SHOWN], "shown": SHOWN})
