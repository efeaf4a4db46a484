"""Who of a customer may order paid work, and what somebody else is told."""

from __future__ import annotations

from balie.customers.models import Contact
from balie.rules.decision import Decision
from balie.rules.ordering import MayNotOrder, is_an_order, refuse_without_right

MOST_NAMES = 3


def order_refusal(contact: Contact, decision: Decision) -> MayNotOrder | None:
    """Why this contact may not have what was decided; `None` when it may. One query, and only for a refusal."""
    if contact.may_order or not is_an_order(decision):
        return None
    return refuse_without_right(decision, may_order=False, who_can=who_can_order(contact))


def who_can_order(contact: Contact) -> list[str]:
    """The names of colleagues who may order, at most `MOST_NAMES`."""
    if contact.customer_id is None:
        return []
    colleagues = Contact.objects.filter(customer=contact.customer_id, may_order=True, is_active=True)
    return [str(each) for each in colleagues.order_by("name", "email")[:MOST_NAMES]]
