"""A contact who lets colleagues in changes their roles; `rules.colleagues` decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import Http404

from balie.audit.actions import record
from balie.customers.access import person_of
from balie.customers.models import Contact, Reach, Site
from balie.rules.colleagues import Roles, check_colleague, check_roles


def colleague_of(manager: Contact, key: int) -> Contact:
    """A contact of the same customer, or `Http404`."""
    found = Contact.objects.select_related("site", "user").filter(customer=manager.customer_id, pk=key)
    contact = found.first() if manager.customer_id else None
    if contact is None:
        raise Http404
    return contact


@transaction.atomic
def change_roles(
    colleague: Contact, roles: Roles, *, site: Site | None, by: Contact, now: datetime
) -> Contact:
    """Give a colleague other roles; raises what the rule refuses."""
    manager, colleague = _both(by, colleague)
    had = person_of(colleague).roles
    check_colleague(person_of(manager), person_of(colleague))
    check_roles(person_of(manager), roles, had=had)
    before = _as_told(colleague)
    colleague.site, colleague.reach = site, Reach(roles.reach.value)
    colleague.may_see_money, colleague.may_order = roles.sees_money, roles.orders
    colleague.may_manage = roles.manages
    colleague.save()
    if before != _as_told(colleague):
        record("change_roles", colleague, by=by.user, now=now, before=before, after=_as_told(colleague))
    return colleague


@transaction.atomic
def close_off(colleague: Contact, *, by: Contact, now: datetime) -> None:
    """Let a colleague in no more. What it asked stays."""
    _set_active(colleague, False, by=by, now=now)


@transaction.atomic
def let_in_again(colleague: Contact, *, by: Contact, now: datetime) -> None:
    """Let in a colleague who was closed off."""
    _set_active(colleague, True, by=by, now=now)


def _set_active(colleague: Contact, is_active: bool, *, by: Contact, now: datetime) -> None:
    manager, colleague = _both(by, colleague)
    check_colleague(person_of(manager), person_of(colleague))
    if colleague.is_active == is_active:
        return
    colleague.is_active = is_active
    colleague.save(update_fields=["is_active"])
    record("let_in_again" if is_active else "close_off", colleague, by=by.user, now=now)


def _both(manager: Contact, colleague: Contact) -> tuple[Contact, Contact]:
    """Both as they are now, locked in one order: two managers who close each other off cannot both succeed."""
    keys = {manager.pk, colleague.pk}
    rows = {each.pk: each for each in Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return rows[manager.pk], rows[colleague.pk]


def _as_told(contact: Contact) -> dict[str, object]:
    return {
        "reach": contact.reach,
        "site": str(contact.site or ""),
        "sees_money": contact.may_see_money,
        "orders": contact.may_order,
        "manages": contact.may_manage,
    }
