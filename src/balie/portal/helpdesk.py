"""My helpdesk, the page on which customers land: what is open now, what they may expect, and the way to help.

IB-01, IB-02, IB-04, IB-18, IB-25, IB-27, IB-28, SW-01, SW-19.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, QuerySet, Value
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.backups import actions as backups
from balie.backups.models import BackupVideo
from balie.customers.access import viewer_of_contact
from balie.customers.models import Asset, AssetKind, PhoneNumber, Site
from balie.customers.numbers import as_people_write
from balie.portal.listed import listed
from balie.portal.opening_hours import telephone, today
from balie.portal.phone_number_form import NumberForm
from balie.portal.support import knows_recognised_callers, papers_of, support_of
from balie.portal.visitors import CustomerVisit, Visit, customers_only, situation_of
from balie.portal.wording import PRICES, STATES, working_time
from balie.prepared import Given, Prepared
from balie.rules.customer_facts import CustomerFacts
from balie.rules.desk import FOR_EVERYBODY
from balie.rules.refusals import Refusal
from balie.rules.visibility import Place, Thing, may_read
from balie.tickets.facts import Situation

SHOWN_OPEN = 5


@dataclass(slots=True)
class Shop:
    """A site of the customer, with how many pieces of each kind of equipment stand there besides its tills."""

    name: str
    city: str
    tills: int
    equipment: list[tuple[str, int]] = field(default_factory=list)


@customers_only
@require_safe
def my_helpdesk(request: CustomerVisit) -> HttpResponse:
    """The whole page."""
    return page(request)


@require_safe
def hours(request: Visit) -> HttpResponse:
    """Today's hours for a page that stayed open; they are no secret, so a session that ended does not matter."""
    return render(
        request, "portal/helpdesk_today.html", {"today": today(Situation(request.desk, now=request.now))}
    )


@customers_only
@require_POST
def video(request: CustomerVisit) -> HttpResponse:
    """Mail the link to the instruction video to whoever asks (IB-28)."""
    backups.request_video(request.contact, base_url=settings.BALIE_URL, now=request.now)
    messages.success(
        request,
        _("The link to the video is on its way to %(address)s. It works for a week.")
        % {"address": request.contact.email},
    )
    return redirect("my_helpdesk")


def page(
    request: CustomerVisit,
    *,
    number: NumberForm | None = None,
    refusal: Refusal | None = None,
    code_for: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the form for a number as it was typed when it could not be kept."""
    contact, situation = request.contact, situation_of(request)
    facts = situation.facts(contact.customer)
    viewer = viewer_of_contact(contact)
    everywhere = Place(customer=contact.customer_id)
    open_tickets = listed(viewer, situation.desk, is_open=True, limit=SHOWN_OPEN + 1)
    context: dict[str, Any] = {
        "contact": contact,
        "first_name": contact.name.split()[0] if contact.name.strip() else contact.email,
        "today": today(situation),
        "support": support_of(contact, facts, situation),
        "phone": _phone(request, situation),
        "open": open_tickets[:SHOWN_OPEN],
        "has_more": len(open_tickets) > SHOWN_OPEN,
        "states": STATES,
        "prices": PRICES,
        "worked": working_time,
        "has_video": bool(_ANY_VIDEO.all()),
        "form": number or NumberForm(),
        "refusal": refusal,
        "code_for": code_for,
        "keeps_numbers": may_keep_numbers(request),
        **_numbers(request, situation),
        **(
            _belongings(request, facts, situation)
            if may_read(viewer, Thing.CUSTOMER_PAGE, everywhere)
            else {}
        ),
    }
    if may_read(viewer, Thing.CUSTOMER_MONEY, everywhere):
        context["prepaid_minutes"] = facts.prepaid_minutes
    return render(request, "portal/helpdesk.html", context, status=status)


def may_keep_numbers(request: CustomerVisit) -> bool:
    """Who may see all of the customer may say from which numbers it calls."""
    contact = request.contact
    place = Place(customer=contact.customer_id)
    return contact.customer_id is not None and may_read(
        viewer_of_contact(contact), Thing.CUSTOMER_PAGE, place
    )


def _phone(request: CustomerVisit, situation: Situation) -> dict[str, Any]:
    """The desk's number as it is dialled and as people write it, and when who is recognised is put through."""
    desk = request.desk
    lines = [line for line in situation.desk.lines.values() if line.phone_use in FOR_EVERYBODY]
    return {
        "number": desk.phone_number,
        "written": as_people_write(desk.phone_number, country=desk.country) if desk.phone_number else "",
        "is_public": bool(lines),
        "hours": telephone(situation) if not lines else None,
    }


def _numbers(request: CustomerVisit, situation: Situation) -> dict[str, Any]:
    """The customer's numbers, as far as they mean something at this desk (IB-02)."""
    found: Sequence[PhoneNumber] = ()
    if request.contact.customer_id is not None and knows_recognised_callers(situation.desk):
        found = _NUMBERS.all(customer=request.contact.customer_id)
    told = [each for each in found if each.registered_on or each.requested_at]
    return {
        "calls_are_recognised": knows_recognised_callers(situation.desk),
        "numbers": [(each, as_people_write(each.e164, country=request.desk.country)) for each in told],
        "has_registered": any(each.registered_on for each in told),
    }


def _belongings(request: CustomerVisit, facts: CustomerFacts, situation: Situation) -> dict[str, Any]:
    licences, contracts = papers_of(facts, situation)
    customer = request.contact.customer_id
    return {"licences": licences, "contracts": contracts, "shops": _shops(customer) if customer else []}


def _shops(customer: int) -> list[Shop]:
    """All sites with their tills and equipment. One query."""
    shops: dict[int, Shop] = {}
    equipment: list[tuple[int, str, int]] = []
    for site, kind, number, name, city in _STANDING.all(customer=customer):
        if kind:
            equipment.append((site, kind, number))
        else:
            shops[site] = Shop(name, city, number)
    for site, kind, number in sorted(equipment, key=lambda each: list(AssetKind.values).index(each[1])):
        shops[site].equipment.append((str(AssetKind(kind).label), number))
    return sorted(shops.values(), key=lambda shop: shop.name.casefold())


def _standing(customer: Given) -> QuerySet[Any, tuple[Any, ...]]:
    """A site with its tills, name and city; or a site with a kind of equipment and how many there are."""
    sites = Site.objects.filter(customer=customer).order_by()
    pieces = Asset.objects.filter(customer=customer, site__customer=customer).exclude(kind=AssetKind.TILL)
    counted = pieces.order_by().values("site", "kind").annotate(number=Count("*"))
    return sites.values_list("pk", Value(""), F("tills"), F("name"), F("city")).union(
        counted.values_list("site", "kind", "number", Value(""), Value("")), all=True
    )


_STANDING = Prepared(lambda: _standing(Given("customer")))
_NUMBERS = Prepared(
    lambda: PhoneNumber.objects.filter(customer=Given("customer")).order_by(
        F("registered_on").asc(nulls_last=True), "pk"
    )
)
_ANY_VIDEO = Prepared(lambda: BackupVideo.objects.order_by().values_list("pk")[:1])
