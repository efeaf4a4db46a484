"""Tickets *as this person*: what it may not read does not exist for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from balie.customers.access import viewer_of
from balie.prepared import Given, Prepared
from balie.rules import visibility
from balie.rules.visibility import Reach, Thing, may_read
from balie.tickets.models import Attachment, Message, Ticket


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
            return Ticket.objects.filter(
                Q(site__in=viewer.sites) | _is_on(viewer.key), customer=viewer.customer
            )
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
    if ticket is None or not _may_read(viewer_of(user), ticket):
        raise Http404
    return ticket


def _may_read(viewer: visibility.Viewer, ticket: Ticket) -> bool:
    """What the rule says of one ticket; who is on it is read only for whom that makes a difference."""
    sees_all = isinstance(viewer, visibility.Agent) or (
        isinstance(viewer, visibility.Contact) and viewer.reach is Reach.ALL and viewer.customer is not None
    )
    place = visibility.Place(ticket.customer_id, ticket.site_id, frozenset({ticket.contact_id}))
    return may_read(viewer, Thing.TICKET, place if sees_all else place_of(ticket))


def messages_for(user: Any, ticket: Ticket) -> QuerySet[Message]:
    """The conversation of a ticket that this user may read; internal notes only for the desk."""
    messages = ticket.messages.select_related("agent", "contact").prefetch_related("attachments__file")
    return messages if isinstance(viewer_of(user), visibility.Agent) else messages.filter(is_internal=False)


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


def _is_on(contact: int) -> Q:
    people = Ticket.people.through.objects.filter(ticket=OuterRef("pk"), contact=contact)
    return Q(contact=contact) | Q(Exists(people))
