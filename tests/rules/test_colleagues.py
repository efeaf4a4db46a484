"""What a contact who lets colleagues in may do with them, and what not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from balie.rules.colleagues import (
    Person,
    Roles,
    RolesDoNotFit,
    check_colleague,
    check_roles,
    may_manage,
)
from balie.rules.refusals import NotAllowed
from balie.rules.visibility import Reach

OWNER = Person(1, 10, Roles(Reach.ALL, sees_money=True, orders=True, manages=True))
POOR = Person(2, 10, Roles(Reach.ALL, manages=True))  # lets people in, sees no prices, orders nothing
BAKER = Person(3, 10, Roles())
STRANGER = Person(4, 11, Roles(Reach.ALL, manages=True))


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (OWNER, True),
        (BAKER, False),
        (replace(OWNER, is_active=False), False),  # closed off
        (replace(OWNER, customer=None), False),  # nobody placed it
    ],
)
def test_who_lets_colleagues_in(person: Person, may: bool) -> None:
    assert may_manage(person) is may


@pytest.mark.parametrize(
    ("manager", "colleague", "allowed"),
    [
        (OWNER, BAKER, True),
        (OWNER, POOR, True),  # another who lets people in
        (OWNER, OWNER, False),  # never itself out
        (OWNER, STRANGER, False),  # never beyond its own customer
        (BAKER, POOR, False),  # may not at all
        (
            replace(OWNER, customer=None),
            replace(BAKER, customer=None),
            False,
        ),  # two unplaced have nothing in common
    ],
)
def test_whom_a_manager_may_change(manager: Person, colleague: Person, allowed: bool) -> None:
    if allowed:
        check_colleague(manager, colleague)
    else:
        with pytest.raises(NotAllowed):
            check_colleague(manager, colleague)


@pytest.mark.parametrize(
    ("manager", "wanted", "had", "refused"),
    [
        (OWNER, Roles(), None, None),
        (OWNER, Roles(Reach.ALL, sees_money=True, orders=True, manages=True), None, None),
        (POOR, Roles(sees_money=True), None, NotAllowed),  # gives away what it does not have
        (POOR, Roles(orders=True), None, NotAllowed),
        (POOR, Roles(sees_money=True), Roles(sees_money=True), None),  # the colleague had it already
        (POOR, Roles(orders=True), Roles(orders=True), None),
        (POOR, Roles(orders=True), Roles(sees_money=True), NotAllowed),  # the one is not the other
        (OWNER, Roles(Reach.SITE), None, RolesDoNotFit),
        (OWNER, Roles(Reach.SITE, has_site=True), None, None),
        (OWNER, Roles(Reach.OWN, manages=True), None, RolesDoNotFit),
        (OWNER, Roles(Reach.SITE, manages=True, has_site=True), None, RolesDoNotFit),
        (BAKER, Roles(), None, NotAllowed),
    ],
)
def test_what_roles_a_manager_may_give(manager, wanted, had, refused) -> None:
    if refused is None:
        check_roles(manager, wanted, had=had)
    else:
        with pytest.raises(refused):
            check_roles(manager, wanted, had=had)
