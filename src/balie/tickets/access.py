"""Tickets *as this person*: what it may not read does not exist for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from balie.customers.access import viewer_of
from balie.prepared import Given, Prepared
from balie.rules import visibility
from balie.rules.visibility import Reach, Thing, may_read
from balie.tickets.models import Attachment, Message, Ticket

Row = TypeVar("Row")


def visible_tickets(viewer: visibility.Viewer) -> QuerySet[Ticket]:
    """All tickets that the viewer may read: `visibility.may_read` for `Thing.TICKET`, as one query."""
    match viewer:
        case visibility.Agent():
            return Ticket.objects.all()
        case visibility.Contact(customer=None):
            return Ticket.objects.filter(_is_on(viewer.key), customer=None)
        case visibility.Contact(reach=Reach.ALL):
            return Ticket.objects.filter(customer=viewer.customer)
        case visibility.Contact(reach=Reach.SITE):
            return Ticket.objects.filter(_is_at(viewer.sites) | _is_on(viewer.key), customer=viewer.customer)
        case visibility.Contact():
            return Ticket.objects.filter(_is_on(viewer.key), customer=viewer.customer)
        case _:
            return Ticket.objects.none()


_BY_NUMBER = Prepared(
    lambda: Ticket.objects.select_related(
        "customer", "contact", "site", "category__parent", "assigned_to", "team", "follows"
    ).filter(number=Given("number"))
)


def ticket_for(user: Any, number: int) -> Ticket:
    """Ticket `number` as this user, or `Http404`."""
    ticket = _BY_NUMBER.first(number=number)
    if ticket is None or not may_read_of(viewer_of(user), Thing.TICKET, ticket):
        raise Http404
    return ticket


def may_read_of(viewer: visibility.Viewer, thing: Thing, ticket: Ticket) -> bool:
    """What the rule says of something of a ticket; who else is on it is read only when that may change the answer."""
    asker_only = visibility.Place(ticket.customer_id, ticket.site_id, frozenset({ticket.contact_id}))
    return may_read(viewer, thing, asker_only) or may_read(viewer, thing, place_of(ticket))


def messages_for(user: Any, ticket: Ticket) -> QuerySet[Message]:
    """The conversation of a ticket that this user may read; internal notes only for the desk."""
    messages = ticket.messages.select_related("agent", "contact").prefetch_related("attachments__file")
    return messages if isinstance(viewer_of(user), visibility.Agent) else messages.filter(is_internal=False)


_PUBLIC = Prepared(
    lambda: Message.objects.select_related("agent", "contact").filter(
        ticket=Given("ticket"), is_internal=False
    )
)


def public_messages(ticket: Ticket) -> list[Message]:
    """The conversation as everybody may read it who may read the ticket: without internal notes."""
    messages = _PUBLIC.all(ticket=ticket.pk)
    for message in messages:
        message.ticket = ticket
    prefetch_related_objects(messages, "attachments__file")
    return messages


def attachment_for(user: Any, key: int) -> Attachment:
    """An attachment as this user, or `Http404`."""
    attachment = Attachment.objects.select_related("file", "message").filter(pk=key).first()
    if attachment is None:
        raise Http404
    thing = Thing.INTERNAL_ATTACHMENT if attachment.message.is_internal else Thing.ATTACHMENT
    if not may_read(viewer_of(user), thing, place_of(attachment.message.ticket)):
        raise Http404
    return attachment


def place_of(ticket: Ticket) -> visibility.Place:
    """Where a ticket lies for the rules of visibility. One query."""
    people = ticket.people.through.objects.filter(ticket=ticket).values_list("contact_id", flat=True)
    return visibility.Place(
        customer=ticket.customer_id,
        site=ticket.site_id,
        on_ticket=frozenset(people) | {ticket.contact_id},
    )


class AsViewer(Generic[Row]):
    """A prepared question about the tickets that somebody may read: `visible_tickets`, written once for each reach.

    `ask` makes the question of the tickets, with `Given` where more values come.
    """

    def __init__(self, ask: Callable[[QuerySet[Ticket]], QuerySet[Any, Row]]) -> None:
        self._ask = ask
        self._written: dict[tuple[object, ...], Prepared[Row]] = {}

    def all(self, viewer: visibility.Viewer, **given: Any) -> list[Row]:
        """The rows that this person may read."""
        if isinstance(viewer, visibility.Nobody):
            return []
        who = _who(viewer)
        kind = (type(viewer), who.get("customer") is not None, getattr(viewer, "reach", None), len(who))
        if kind not in self._written:
            anybody = _anybody_like(viewer, who)
            self._written[kind] = Prepared(lambda: self._ask(visible_tickets(anybody)))
        return self._written[kind].all(**who, **given)


def _who(viewer: visibility.Viewer) -> dict[str, int | None]:
    """What tells a contact from others of its reach, by the name of its place in a question."""
    if not isinstance(viewer, visibility.Contact):
        return {}
    sites = {f"site_{number}": site for number, site in enumerate(sorted(viewer.sites))}
    return {"contact": viewer.key, "customer": viewer.customer, **sites}


def _anybody_like(viewer: visibility.Viewer, who: Mapping[str, int | None]) -> visibility.Viewer:
    """The viewer with places in place of its keys."""
    if not isinstance(viewer, visibility.Contact):
        return viewer
    place: dict[str, Any] = {name: None if key is None else Given(name) for name, key in who.items()}
    return replace(
        viewer,
        key=place.pop("contact"),
        customer=place.pop("customer"),
        sites=frozenset(place.values()),
    )


def _is_at(sites: Iterable[int]) -> Q:
    return reduce(or_, (Q(site=site) for site in sites), Q(pk__in=()))


def _is_on(contact: int) -> Q:
    people = Ticket.people.through.objects.filter(ticket=OuterRef("pk"), contact=contact)
    return Q(contact=contact) | Q(Exists(people))
