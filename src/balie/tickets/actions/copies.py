"""Whom an answer goes to besides the people on the ticket."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Lower

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo
from balie.tickets.actions.messages import Writing
from balie.tickets.actions.storing import let_screens_look, locked
from balie.tickets.facts import Situation
from balie.tickets.models import Copy, Message, Ticket


class NoCopyAnyMore(NoLongerSo):
    """The address gets no copies already."""


def add_copies(ticket: Ticket, message: Message, writing: Writing) -> None:
    """Put on the ticket who gets a copy, and note who gets this answer blindly.

    A contact of the ticket's customer is on the ticket from then on, as if it had asked along. Anybody else, also a
    contact of another customer, gets answers by mail and nothing more.
    """
    known = {each.lower() for each in addresses_on(ticket)}
    for contact in _contacts(ticket, writing.copies):
        ticket.people.add(contact)
        known.add(contact.email.lower())
    visible = [each for each in _once(writing.copies) if each not in known]
    blind = [each for each in _once(writing.blind_copies) if each not in {*known, *visible}]
    Copy.objects.bulk_create(
        [Copy(ticket=ticket, message=message, email=each) for each in visible]
        + [Copy(ticket=ticket, message=message, email=each, is_blind=True) for each in blind]
    )


def addresses_on(ticket: Ticket) -> list[str]:
    """Everybody who is on the ticket already: its contact, those who follow it, and the visible copies."""
    people = list(ticket.people.values_list("email", flat=True))
    copies = list(ticket.copies.filter(is_blind=False).values_list("email", flat=True))
    return [ticket.contact.email, *people, *copies]


@transaction.atomic
def drop_copy(ticket: Ticket, email: str, *, by: User, situation: Situation) -> None:
    """From now on this address gets no answers, and what it writes is no part of the ticket; raises `NoCopyAnyMore`."""
    ticket = locked(ticket)
    if not ticket.copies.filter(is_blind=False, email__iexact=email).delete()[0]:
        raise NoCopyAnyMore(_("This address gets no copies any more."))
    record("drop_copy", ticket, by=by, now=situation.now, email=email)
    let_screens_look(ticket)


def _contacts(ticket: Ticket, emails: Iterable[str]) -> list[Contact]:
    """Those of the addresses that belong to people of the same customer."""
    if ticket.customer_id is None:
        return []
    found = Contact.objects.alias(key=Lower("email")).filter(
        key__in=_once(emails), customer=ticket.customer_id
    )
    return [each for each in found if each.is_active]


def _once(emails: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each.lower() for each in emails))
