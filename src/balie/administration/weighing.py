"""A change that can move deadlines is shown with what it does to the open tickets, before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.administration import actions, deadlines
from balie.administration.models import Recount
from balie.administration.pages import page, unsay
from balie.desk.queries import the_desk
from balie.tickets.facts import Situation

CONFIRMED = "_deadlines_seen"
NEW_TERMS = "_new_terms"
_OURS = {CONFIRMED, NEW_TERMS, "csrfmiddlewaretoken"}


def weigh(request: HttpRequest, act: Callable[[], HttpResponseBase], *, because: str) -> HttpResponseBase:
    """Do `act`, which may change the desk, and answer with its answer, or with what it would do to the deadlines.

    It is done first and taken back again, so that what is shown is what the database would hold. Only an answer that
    leads elsewhere (saved) counts as a change. `because`: what was changed, for the tickets' record.
    """
    now = request.now  # type: ignore[attr-defined]
    before = Situation(the_desk(), now=now)
    desk_before = before.desk  # read while it is still so
    with transaction.atomic():
        answer = act()
        after = Situation(the_desk(), now=now)
        if answer.status_code != 302 or after.row.revision == before.row.revision:
            return answer
        counts_otherwise = deadlines.counts_otherwise(before, after)
        other_plans = deadlines.plans_with_other_terms(desk_before, after.desk)
        if not counts_otherwise and not other_plans:
            return answer
        if CONFIRMED in request.POST:
            _order(request, counts_otherwise, [plan.key for plan in other_plans], because=because)
            return answer
        asks = _what_it_does(after, counts_otherwise, other_plans)
        if asks is None:
            if counts_otherwise:  # a question may be on its way in by the hours of before
                actions.order_recount(because=because, by=request.user, now=now)  # type: ignore[arg-type]
            return answer
        transaction.set_rollback(True)
    unsay(request)
    return page(request, "weighing.html", _("Before it is saved"), sent=_sent(request), **asks)


def _what_it_does(
    after: Situation, counts_otherwise: bool, other_plans: tuple[Any, ...]
) -> dict[str, Any] | None:
    """What the page shows; `None` when no open ticket gets another deadline either way."""
    by_hours = deadlines.outlook(after) if counts_otherwise else deadlines.Outlook()
    keys = [plan.key for plan in other_plans]
    by_terms = deadlines.outlook(after, new_terms_of=keys) if keys else None
    if not by_hours.moved and not (by_terms and by_terms.moved):
        return None
    return {
        "by_hours": by_hours if counts_otherwise else None,
        "by_terms": by_terms,
        "plans": other_plans,
        "sample_size": deadlines.LARGEST_SAMPLE,
    }


def _order(request: HttpRequest, counts_otherwise: bool, plans: list[str], *, because: str) -> None:
    new_terms_of = plans if NEW_TERMS in request.POST else []
    if not counts_otherwise and not new_terms_of:
        return
    order = actions.order_recount(
        because=because,
        new_terms_of=new_terms_of,
        by=request.user,  # type: ignore[arg-type]
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.info(request, _says_progress(order))


def _says_progress(order: Recount) -> str:
    text = ngettext(
        "The deadline of %(num)s open ticket is being counted anew.",
        "The deadlines of %(num)s open tickets are being counted anew.",
        order.total,
    ) % {"num": order.total}
    return format_html(
        '{} <a href="{}">{}</a>', text, reverse("admin:recount", args=[order.pk]), _("See how far it is")
    )


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was filled in, to be sent once more."""
    return [(name, value) for name, values in request.POST.lists() if name not in _OURS for value in values]
