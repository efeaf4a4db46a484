"""The people that the tests know by name, at a desk made from a preset.

Anna and Ben are agents of different teams, Willem administers the desk, Carla is a contact at one customer,
Dario at another (and must see nothing of Carla's). Eve is nobody: a client that never logged in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from balie.accounts.models import Agent, Role, Team, User
from balie.config.desk_setup import make_desk
from balie.contracts.models import Contract, ContractType, Licence, Product
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.presets.reading import load
from balie.tickets.facts import Situation

PASSWORD = "kassa-lade-open"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moment(text: str) -> datetime:
    """`2026-11-20 16:00`, on the clocks of Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


FRIDAY_AT_FOUR = moment("2026-11-20 16:00")


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"


preset_of = cache(load)


@pytest.fixture
def infobits(db) -> Desk:
    return desk_of("infobits")


@pytest.fixture
def softwear(db) -> Desk:
    return desk_of("softwear")


def desk_of(name: str) -> Desk:
    """The desk of a preset, at which answers leave at once; each test puts down the telephones that it needs."""
    preset = preset_of(name)
    return answering_at_once(make_desk(replace(preset, phone=replace(preset.phone, queues={}))))


def answering_at_once(desk: Desk) -> Desk:
    """The desk, at which an answer leaves as soon as it is sent: nobody waits for a worker."""
    desk.undo_seconds = 0
    desk.save(update_fields=["undo_seconds"])
    return desk


def agent(name: str, *, team: str = "Kassa", role: Role = Role.AGENT) -> User:
    user = User.objects.create_user(f"{name.lower()}@desk.example", PASSWORD, name=name)
    Agent.objects.create(user=user, role=role, team=Team.objects.get_or_create(name=team)[0])
    return user


def contact(name: str, customer: Customer | None, **fields: object) -> Contact:
    """A contact with a login."""
    email = f"{name.lower()}@{'shop' if customer else 'nowhere'}.example"
    user = User.objects.create_user(email, PASSWORD, name=name)
    return Contact.objects.create(name=name, email=email, customer=customer, user=user, **fields)


@pytest.fixture
def anna(db) -> User:
    return agent("Anna")


@pytest.fixture
def ben(db) -> User:
    return agent("Ben", team="Backoffice")


@pytest.fixture
def willem(db) -> User:
    return agent("Willem", role=Role.ADMINISTRATOR)


@pytest.fixture
def bakery(db) -> Customer:
    return Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")


@pytest.fixture
def florist(db) -> Customer:
    return Customer.objects.create(number="K-1002", name="Bloemsierkunst Flora")


@pytest.fixture
def carla(bakery: Customer) -> Contact:
    return contact("Carla", bakery, may_order=True)


@pytest.fixture
def dario(florist: Customer) -> Contact:
    return contact("Dario", florist, may_order=True)


@pytest.fixture
def sla8(bakery: Customer, infobits: Desk) -> Customer:
    """The bakery with an InfokasV3 licence, and so with SLA8 (IB-14)."""
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    return bakery


@pytest.fixture
def support_contract(bakery: Customer, infobits: Desk) -> Contract:
    """The bakery with a phone support contract: zone 1 counts (IB-30)."""
    return Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="phone-support"))


def browser_of(user: User | Contact | None) -> Client:
    """A test client, logged in as this person; of Eve (`None`) without a login."""
    client = Client(headers={"Accept-Language": "en"})
    if user is not None:
        client.force_login(user.user if isinstance(user, Contact) else user)
    return client


def at(desk: Desk, now: datetime = FRIDAY_AT_FOUR) -> Situation:
    """The situation of the desk, as it is stored now, at a moment."""
    desk.refresh_from_db()
    return Situation(desk, now=now)
