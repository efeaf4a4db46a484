"""When we call the customer, on the page of its question; another moment if that does not suit (IB-15, IB-24).

And the time that was worked, for who may see what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, islice

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.customers.access import viewer_of_contact
from balie.customers.models import Contact
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.prepared import Given, Prepared
from balie.rules.call_backs import Span, Standing
from balie.rules.visibility import Reach, Thing
from balie.tickets import actions
from balie.tickets.access import may_read_of, place_of, ticket_for
from balie.tickets.facts import Situation
from balie.tickets.models import CallBack, Ticket, TimeEntry

OFFERED = 12
OF_EACH_PART = 3
NOON = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """A call to come. `others`: free moments to choose from, none for who may not decide about the question."""

    call_back: CallBack
    others: Sequence[tuple[str, Span]]


def planned_calls(ticket: Ticket, contact: Contact, situation: Situation) -> list[Planned]:
    """The calls that are planned, the first one first."""
    calls = _PLANNED.all(ticket=ticket.pk)
    for call in calls:
        call.ticket = ticket
    may_choose = bool(calls) and may_decide(ticket, contact)
    return [Planned(each, _others(each, situation) if may_choose else []) for each in calls]


def time_shown(ticket: Ticket, contact: Contact) -> Sequence[TimeEntry]:
    """The entries that the desk shows the customer, for a contact who may see money (`Thing.TICKET_MONEY`)."""
    if not contact.may_see_money or not may_read_of(viewer_of_contact(contact), Thing.TICKET_MONEY, ticket):
        return []
    return _WORKED.all(ticket=ticket.pk)


def may_decide(ticket: Ticket, contact: Contact) -> bool:
    """About its own question; somebody who sees all of the customer also about a colleague's."""
    if viewer_of_contact(contact).reach is Reach.ALL or contact.pk == ticket.contact_id:
        return True
    return contact.pk in place_of(ticket).on_ticket


_PLANNED = Prepared(
    lambda: CallBack.objects.select_related("owner").filter(ticket=Given("ticket"), standing=Standing.PLANNED)
)
_WORKED = Prepared(
    lambda: TimeEntry.objects.filter(ticket=Given("ticket"), is_visible=True, removed_at=None)[:200]
)


@customers_only
@require_POST
def choose_moment(request: CustomerVisit, number: int, key: int) -> HttpResponse:
    """Let the customer choose another moment that is free."""
    ticket = ticket_for(request.user, number)
    call_back = ticket.call_backs.filter(pk=key).first()
    if call_back is None or not may_decide(ticket, request.contact):
        raise Http404
    chosen = dict(_others(call_back, situation_of(request))).get(request.POST.get("moment", ""))
    if chosen is None:
        messages.error(request, _("Choose one of the moments; that one is not free any more."))
        return redirect("my_ticket", number)
    actions.choose_moment(key, span=chosen, by=request.contact, situation=situation_of(request))
    messages.success(request, _("We call you at the moment that you chose."))
    return redirect("my_ticket", number)


def _others(call_back: CallBack, situation: Situation) -> list[tuple[str, Span]]:
    """Some free moments of each part of the coming days, so that there is something to choose."""
    free = actions.offer(
        call_back.ticket, situation, owner=call_back.owner, but=call_back, most=actions.MOST_OFFERED
    )
    planned = (call_back.planned_from, call_back.planned_until)
    by_part = groupby((each for each in free.moments if each != planned), key=_part_of_day)
    some = chain.from_iterable(islice(moments, OF_EACH_PART) for _part, moments in by_part)
    return [(f"{int(each[0].timestamp())}", each) for each in islice(some, OFFERED)]


def _part_of_day(span: Span) -> tuple[date, bool]:
    """The day of a moment, and whether it is in the afternoon, on the desk's clock."""
    local = timezone.localtime(span[0])
    return local.date(), local.hour >= NOON
