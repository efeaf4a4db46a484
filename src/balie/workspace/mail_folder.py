"""The mail folder: every mail that came in and goes out, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.mail import actions, queries
from balie.mail.access import inbound_for, outbound_for
from balie.mail.models import InboundState, OutboundState
from balie.mail.outbox import stays_in_folder
from balie.mail.queries import PAGE, Tab
from balie.mail.reading.parsing import ReadMail, read_message
from balie.workspace.agents import AgentRequest, View, agents_only

LONGEST_SHOWN = 20_000  # characters of a text; the whole message can be downloaded


@dataclass(frozen=True, slots=True)
class TabLink:
    """One tab; `count` is empty where nobody needs to do anything."""

    tab: Tab
    label: str
    count: str = ""


def administrators_only(view: View) -> View:
    """Let administrators in; for other agents the page does not exist, either."""

    @wraps(view)
    def door(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    return agents_only(door)


@administrators_only
def mail_folder(request: AgentRequest) -> HttpResponse:
    """One tab of the folder, the newest first; `before` goes on below a mail."""
    tab = _tab(request.GET.get("tab", ""))
    is_inbound = tab in queries.INBOUND_TABS
    mails: Any = queries.inbound(tab) if is_inbound else queries.outbound(tab)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        mails = mails.filter(pk__lt=int(before))
    found = list(mails[: PAGE + 1])
    return render(
        request,
        "workspace/mail_folder.html",
        {
            "tab": tab,
            "tabs": _tabs(),
            "mails": found[:PAGE],
            "is_inbound": is_inbound,
            "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
            "stays_in_folder": stays_in_folder(request.desk),
        },
    )


@administrators_only
def mail_shown(request: AgentRequest, direction: str, key: int) -> HttpResponse:
    """One mail, with what was done with it and why."""
    match direction:
        case "in":
            return _inbound(request, key)
        case "out":
            return _outbound(request, key)
    raise Http404


def _inbound(request: AgentRequest, key: int) -> HttpResponse:
    mail = inbound_for(request.user, key)
    raw = bytes(mail.raw)
    read = _read(raw)
    return render(
        request,
        "workspace/mail_folder_in.html",
        {
            "mail": mail,
            "read": read,
            "text": read.text[:LONGEST_SHOWN],
            "source": raw[:LONGEST_SHOWN].decode(errors="replace"),
            "can_retry": mail.state == InboundState.QUARANTINED,
            "can_take_back": mail.state == InboundState.DROPPED,
        },
    )


def _read(raw: bytes) -> ReadMail:
    """The message as far as it can be read: what is in quarantine may be what no reader gets through."""
    try:
        return read_message(raw)
    except Exception:
        return read_message(b"")


def _outbound(request: AgentRequest, key: int) -> HttpResponse:
    mail = outbound_for(request.user, key)
    can_resend = mail.state in {OutboundState.FAILED, OutboundState.KEPT} and not stays_in_folder(
        request.desk
    )
    return render(request, "workspace/mail_folder_out.html", {"mail": mail, "can_resend": can_resend})


@administrators_only
def mail_raw(request: AgentRequest, key: int) -> HttpResponse:
    """The message as it came in, byte for byte, as a file."""
    mail = inbound_for(request.user, key)
    response = HttpResponse(bytes(mail.raw), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    return response


@require_POST
@administrators_only
def mail_retry(request: AgentRequest, direction: str, key: int) -> HttpResponse:
    """Try a mail again: out of quarantine, or to the server once more."""
    match direction:
        case "in":
            actions.retry(inbound_for(request.user, key), by=request.user, now=request.now)
            messages.success(request, _("The mail is worked on again."))
        case "out":
            actions.resend(outbound_for(request.user, key), by=request.user, now=request.now)
            messages.success(request, _("The mail is on its way again."))
        case _other:
            raise Http404
    return redirect("mail_shown", direction, key)


def _tab(text: str) -> Tab:
    try:
        return Tab(text)
    except ValueError:
        return Tab.OUT


def _tabs() -> list[TabLink]:
    trouble = queries.trouble()
    return [
        TabLink(Tab.OUT, _("Out")),
        TabLink(Tab.FAILED, _("Not delivered"), _capped(trouble[Tab.FAILED])),
        TabLink(Tab.IN, _("In")),
        TabLink(Tab.QUARANTINE, _("Quarantine"), _capped(trouble[Tab.QUARANTINE])),
    ]


def _capped(count: int) -> str:
    return f"{PAGE}+" if count > PAGE else str(count or "")
