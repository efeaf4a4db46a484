"""The page for anybody: hours, ways to ask, log in; and where a login leads to."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from balie.customers.access import find_contact
from balie.customers.numbers import as_people_write
from balie.desk.models import Line
from balie.portal.demo_logins import demo_logins
from balie.portal.opening_hours import opening_hours
from balie.portal.sign_up import waits
from balie.portal.visitors import Visit, situation_of
from balie.rules.desk import FOR_EVERYBODY
from balie.tickets.facts import Situation
from balie.tickets.models import Category


@require_safe
def start(request: Visit) -> HttpResponse:
    """The desk for anybody (`GET /`), logged in or not."""
    situation = situation_of(request)
    phone = public_phone_number(situation)
    context = {
        "hours": opening_hours(situation),
        "phone": phone,
        "phone_lines": _phone_lines() if phone else [],
        "incidents": _incidents() if phone else [],
        "contact": find_contact(request.user),
        "demo_logins": demo_logins(request.desk),
    }
    return render(request, "portal/start.html", context)


@require_safe
def after_login(request: Visit) -> HttpResponse:
    """An agent begins in the queue, a contact on its helpdesk page."""
    if not request.user.is_authenticated:
        return redirect("start")
    if request.user.active_agent is not None:
        return redirect("queue")
    if waits(request.user):
        return redirect("waiting")
    return redirect("my_helpdesk" if find_contact(request.user) else "start")


def public_phone_number(situation: Situation) -> tuple[str, str] | None:
    """The desk's number in E.164 and as people write it, when anybody may see it.

    A number behind which a line answers everybody is public (SW-01); one for recognised callers only is not (IB-01).
    """
    desk = situation.row
    is_public = any(line.phone_use in FOR_EVERYBODY for line in situation.desk.lines.values())
    if not desk.phone_number or not is_public:
        return None
    return desk.phone_number, as_people_write(desk.phone_number, country=desk.country)


def _phone_lines() -> list[Line]:
    """The lines on which anybody may phone, each with what for (SW-03, SW-04)."""
    return list(Line.objects.filter(phone_use__in=FOR_EVERYBODY))


def _incidents() -> list[tuple[str, list[str]]]:
    """The incidents that may phone in office hours, by part of the shop (SW-03)."""
    found: dict[str, list[str]] = {}
    rows = Category.objects.filter(may_phone_in_office_hours=True, is_active=True).select_related("parent")
    for category in rows:
        found.setdefault(category.parent.name if category.parent else category.name, []).append(category.name)
    return list(found.items())
