"""The door of the workspace: only agents come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from balie.accounts.models import User
from balie.desk.models import Desk
from balie.tickets.facts import Situation


class AgentRequest(HttpRequest):
    """A request of an agent, at a desk, at one moment."""

    user: User
    desk: Desk
    now: datetime
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def agents_only(view: View) -> View:
    """Let agents in. Somebody who is not logged in may do so; for a customer the page does not exist."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        coming = cast(AgentRequest, request)
        if not coming.user.is_authenticated:
            return _to_login(coming)
        if coming.user.active_agent is None:
            raise Http404
        return view(coming, *args, **kwargs)

    return door


def situation_of(request: AgentRequest) -> Situation:
    """The desk at the moment of the request."""
    return Situation(request.desk, now=request.now)


def _to_login(request: AgentRequest) -> HttpResponse:
    """To the login, and back to the page that was open; a piece of a page takes the whole page along."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or reverse("queue")
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("queue"))
