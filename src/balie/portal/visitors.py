"""The door of the portal: a customer's contact comes in, an agent is shown to the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from balie.accounts.models import User
from balie.customers.access import find_contact
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed
from balie.tickets.facts import Situation


class Visit(HttpRequest):
    """A request of anybody, at a desk, at one moment."""

    user: User
    desk: Desk
    now: datetime
    htmx: HtmxDetails


class CustomerVisit(Visit):
    """A request of a contact of a customer."""

    contact: Contact


class NoCustomer(NotAllowed):
    """Somebody is logged in whom the desk knows neither as an agent nor as a contact."""


View = Callable[..., HttpResponse]


def customers_only(view: View) -> View:
    """Let contacts in. Who is not logged in may do so; an agent goes to the same thing in the workspace."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = cast(CustomerVisit, request)
        if not visit.user.is_authenticated:
            return _to_login(visit)
        if visit.user.active_agent is not None:
            return redirect("ticket", kwargs["number"]) if "number" in kwargs else redirect("queue")
        contact = find_contact(visit.user)
        if contact is None:
            raise NoCustomer(
                _("Your login does not belong to a customer of this desk."),
                Reason(_("Ask the desk to connect your login to your company.")),
            )
        visit.contact = contact
        return view(visit, *args, **kwargs)

    return door


def situation_of(request: Visit) -> Situation:
    """The desk at the moment of the request."""
    return Situation(request.desk, now=request.now)


def _to_login(request: Visit) -> HttpResponse:
    """To the login, and back to the page that was open; a piece of a page takes the whole page along."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or reverse("my_tickets")
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())
