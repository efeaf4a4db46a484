"""Who a login is to the rules of visibility."""

from __future__ import annotations

from typing import Any

from balie.accounts.models import Role
from balie.customers.models import Contact
from balie.rules import colleagues, visibility


def find_contact(user: Any) -> Contact | None:
    """The active contact that this login is, or `None`. A request reads it together with its login."""
    if not user.is_authenticated:
        return None
    contact: Contact | None = getattr(user, "contact", None)
    return contact if contact is not None and contact.is_active else None


def viewer_of(user: Any) -> visibility.Viewer:
    """An agent, a contact or nobody."""
    if not user.is_authenticated:
        return visibility.Nobody()
    if agent := user.active_agent:
        return visibility.Agent(administers=agent.role == Role.ADMINISTRATOR)
    contact = find_contact(user)
    return viewer_of_contact(contact) if contact else visibility.Nobody()


def viewer_of_contact(contact: Contact) -> visibility.Contact:
    """A contact whom nobody has placed at a customer sees its own tickets only."""
    return visibility.Contact(
        key=contact.pk,
        customer=contact.customer_id,
        reach=visibility.Reach(contact.reach if contact.customer_id else visibility.Reach.OWN),
        sites=frozenset({contact.site_id} if contact.site_id else ()),
        sees_money=contact.may_see_money,
        manages=contact.may_manage,
    )


def person_of(contact: Contact) -> colleagues.Person:
    """A contact as the rules about colleagues see it."""
    return colleagues.Person(
        key=contact.pk,
        customer=contact.customer_id,
        roles=colleagues.Roles(
            reach=visibility.Reach(contact.reach),
            sees_money=contact.may_see_money,
            orders=contact.may_order,
            manages=contact.may_manage,
            has_site=contact.site_id is not None,
        ),
        is_active=contact.is_active,
    )
