"""What the tests of claims share: a shop with people and a registered number, and somebody who lost its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from tests.cast import FRIDAY_AT_FOUR, contact

from balie.customers import claims
from balie.customers.links import Purpose, link
from balie.customers.models import AddressClaim, Contact, Customer, PhoneNumber
from balie.desk.models import Desk
from balie.rules.address_claims import Channel, Verification

REGISTERED = "+31205550101"
NEW = "carla@nieuw.example"
CALLED = Verification(Channel.CALLED_BACK, "Spoke to Marga, who knows Carla.", REGISTERED)


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def marga(bakery: Customer) -> Contact:
    """The owner of Carla's shop."""
    return contact("Marga", bakery, may_see_money=True, may_order=True, may_manage=True)


@pytest.fixture
def registered(bakery: Customer) -> PhoneNumber:
    return PhoneNumber.objects.create(customer=bakery, e164=REGISTERED, registered_on=date(2025, 1, 1))


@pytest.fixture
def ask(infobits: Desk) -> Callable[..., AddressClaim]:
    """Lets somebody claim a login."""

    def claim(old: str = "carla@shop.example", new: str = NEW, *, now=FRIDAY_AT_FOUR) -> AddressClaim:
        asked = claims.Asked("Carla", "Bakkerij", new, old, "+31612345678", "en")
        claims.ask(asked, desk=infobits, now=now)
        return AddressClaim.objects.latest("pk")

    return claim


@pytest.fixture
def verified(ask: Callable[..., AddressClaim], infobits: Desk) -> Callable[..., AddressClaim]:
    """Lets somebody claim a login and follow the link in the mail to the new address."""

    def claim(*args: str, now=FRIDAY_AT_FOUR) -> AddressClaim:
        asked = ask(*args, now=now)
        return claims.verify(token(Purpose.VERIFY_CLAIM, asked.pk), desk=infobits, now=now)

    return claim


@pytest.fixture
def approved(verified, infobits, registered, carla, marga, anna) -> Callable[..., AddressClaim]:
    """A claim of Carla's login that the desk approved."""

    def claim(*args: str, now=FRIDAY_AT_FOUR) -> AddressClaim:
        return claims.approve(verified(*args, now=now), carla, CALLED, desk=infobits, by=anna, now=now)

    return claim


def token(purpose: Purpose, *values: int | str) -> str:
    """What stands at the end of the mailed link."""
    return link(purpose, *values).rstrip("/").rpartition("/")[2]
