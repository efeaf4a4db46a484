"""Who a login is to the rules of visibility."""

from __future__ import annotations

from typing import Any

from balie.accounts.models import Role
from balie.customers.models import Contact
from balie.rules import visibility


def find_contact(user: Any) -> Contact | None:
    """The active contact that this login is, or `None`. One query a request, however often it is asked."""
    if not user.is_authenticated:
        return None
    if not hasattr(user, "_active_contact"):
        user._active_contact = (
            Contact.objects.select_related("customer", "site").filter(user=user, is_active=True).first()
        )
    return user._active_contact  # type: ignore[no-any-return]


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
    )
