"""Letting colleagues in: what a contact who manages its customer's people may do with them.

Nobody gives away what it does not have itself, nobody changes itself (so a customer is never left without somebody who
lets people in), and nobody reaches beyond its own customer.
"""

from __future__ import annotations

from dataclasses import dataclass

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed, Refusal
from balie.rules.visibility import Reach


@dataclass(frozen=True, slots=True)
class Roles:
    """What somebody may do at its customer. `has_site`: a site of its own is known."""

    reach: Reach = Reach.OWN
    sees_money: bool = False
    orders: bool = False
    manages: bool = False
    has_site: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, by the keys of the database."""

    key: int
    customer: int | None
    roles: Roles
    is_active: bool = True


class RolesDoNotFit(Refusal):
    """These roles do not go together."""


def may_manage(person: Person) -> bool:
    """Whether this contact lets colleagues in at all."""
    return person.is_active and person.customer is not None and person.roles.manages


def check_colleague(manager: Person, colleague: Person) -> None:
    """Whether `manager` may change `colleague`; raises `NotAllowed`."""
    _check_manages(manager)
    if colleague.customer != manager.customer:
        raise NotAllowed(_("This is not a colleague of yours."))
    if colleague.key == manager.key:
        raise NotAllowed(
            _("Your own roles are changed by somebody else."),
            Reason(_("Ask a colleague who lets people in, or the desk.")),
        )


def check_roles(manager: Person, wanted: Roles, *, had: Roles | None = None) -> None:
    """Whether `manager` may give somebody these roles, who `had` those; raises `NotAllowed` or `RolesDoNotFit`.

    What the colleague had already it may keep, also when the manager does not have it.
    """
    _check_manages(manager)
    before = had or Roles()
    if wanted.sees_money and not (manager.roles.sees_money or before.sees_money):
        raise NotAllowed(_("You do not see prices yourself, so you cannot let somebody else see them."))
    if wanted.orders and not (manager.roles.orders or before.orders):
        raise NotAllowed(_("You may not order paid work yourself, so you cannot let somebody else."))
    if wanted.reach is Reach.SITE and not wanted.has_site:
        raise RolesDoNotFit(_("Somebody who may read the tickets of a site needs a site."))
    if wanted.manages and wanted.reach is not Reach.ALL:
        raise RolesDoNotFit(_("Somebody who lets colleagues in reads all tickets of the customer."))


def _check_manages(manager: Person) -> None:
    if not may_manage(manager):
        raise NotAllowed(
            _("You may not let colleagues in."), Reason(_("Ask the desk, or a colleague who may."))
        )
