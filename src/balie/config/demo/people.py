"""The people of a demo desk as rows: agents, and customers with everything they have. A few dozen statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from balie.accounts.models import Agent, Role, Team, User
from balie.config.demo import newcomers
from balie.config.demo.data import Days, Login, Shop, day_of
from balie.config.demo.helpdesk import furnish
from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers.models import Asset, AssetKind, Contact, Customer, PhoneNumber, PhoneRange, Reach, Site
from balie.desk.models import Desk

PASSWORD = "welkom-bij-balie"  # public: it opens invented data only
KVK_RANGE = 99_990_000
"""Numbers of the chamber of commerce that are not given out."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at the demo desk. `team` is `None` for the administrator."""

    name: str
    team: str | None

    @property
    def key(self) -> str:
        return self.name.split()[0]


TILL, BACK_OFFICE = "Kassa", "Backoffice"
COLLEAGUES = (
    Colleague("Anna de Vries", TILL),
    Colleague("Ben Hoekstra", BACK_OFFICE),
    Colleague("Chantal Meijer", TILL),
    Colleague("Emiel Jacobs", BACK_OFFICE),
    Colleague("Youssef Haddad", TILL),
    Colleague("Willem Prins", None),
)
OF_THE_OWNER = ("may_see_money", "may_order", "may_manage")
STAFF = ("Noor", "Bram", "Lieke", "Sem", "Tess", "Daan", "Iris", "Joost", "Mila", "Ruben")
EQUIPMENT: Sequence[tuple[AssetKind, str]] = (
    (AssetKind.TILL, "AURES Yuno II"),
    (AssetKind.RECEIPT_PRINTER, "Epson TM-T20III"),
    (AssetKind.SCANNER, "Datalogic QuickScan QD2430"),
    (AssetKind.CASH_DRAWER, "APG Minota"),
    (AssetKind.PIN_TERMINAL, "PAX A80"),
)


def settle(desk: Desk, shops: Sequence[Shop], logins: Iterable[Login], *, now: datetime) -> None:
    """Make everybody, and write the logins to try in the desk's row (saved by the caller)."""
    password = make_password(PASSWORD)
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    agents = _agents(desk, password, now)
    rows, contacts = _customers(shops, password, today, now)
    main = {each.customer_id: each for each in reversed(contacts) if each.customer_id is not None}
    anna = next(user for each, user in agents.items() if each.key == "Anna")
    furnish(desk, rows, main, agent=anna, now=now)
    mail_of = {each.key: user.email for each, user in agents.items()} | {
        each.name: each.email for each in contacts
    }
    desk.demo_logins = [
        {
            "name": each.name,
            "email": mail_of[each.name],
            "password": PASSWORD,
            "role": dict(each.role),
            "what_to_try": dict(each.what_to_try),
        }
        for each in logins
    ]


def staff_of(shop: Shop, position: int) -> str | None:
    """The second contact of a shop with several tills; it reads its own tickets or those of its site."""
    return STAFF[position % len(STAFF)] if shop.tills > 1 else None


def _agents(desk: Desk, password: str, now: datetime) -> Mapping[Colleague, User]:
    teams = {name: Team.objects.create(name=name) for name in (TILL, BACK_OFFICE)}
    users = User.objects.bulk_create(
        User(
            email=f"{each.key.lower()}@{desk.key}.example",
            name=each.name,
            language=desk.language,
            password=password,
            created_at=now,
        )
        for each in COLLEAGUES
    )
    Agent.objects.bulk_create(
        Agent(
            user=user,
            role=Role.AGENT if each.team else Role.ADMINISTRATOR,
            team=teams[each.team] if each.team else None,
        )
        for each, user in zip(COLLEAGUES, users, strict=True)
    )
    return dict(zip(COLLEAGUES, users, strict=True))


def _customers(
    shops: Sequence[Shop], password: str, today: date, now: datetime
) -> tuple[Sequence[tuple[Shop, Customer]], list[Contact]]:
    customers = Customer.objects.bulk_create(
        Customer(
            number=shop.number,
            name=shop.name,
            kvk=str(KVK_RANGE + position),
            existing_since=day_of(today, shop.terms.since),
        )
        for position, shop in enumerate(shops, start=1)
    )
    rows = list(zip(shops, customers, strict=True))
    sites = _sites(rows)
    contacts = _contacts(rows, sites, password, now)
    _phones(rows, contacts, today)
    _ranges(rows, now)
    newcomers.arrive(rows, contacts, password, now=now)
    _equipment(rows, sites, today)
    _terms(rows, today)
    return rows, contacts


Rows = Sequence[tuple[Shop, Customer]]


def _sites(rows: Rows) -> dict[int, Site]:
    """All sites; answers the first of each customer by its key."""
    first = Site.objects.bulk_create(
        Site(
            customer=customer,
            name=shop.city,
            street=shop.street,
            postcode=shop.postcode,
            city=shop.city,
            tills=shop.tills,
        )
        for shop, customer in rows
    )
    Site.objects.bulk_create(
        Site(customer=customer, name=town, city=town, tills=2)
        for shop, customer in rows
        for town in shop.sites
    )
    return {site.customer_id: site for site in first}


def _contacts(rows: Rows, sites: Mapping[int, Site], password: str, now: datetime) -> list[Contact]:
    people: list[tuple[Shop, Customer, str, dict[str, Any]]] = []
    for position, (shop, customer) in enumerate(rows):
        people.append((shop, customer, shop.contact, dict.fromkeys(OF_THE_OWNER, True)))
        if staff := staff_of(shop, position):
            people.append((shop, customer, staff, {"reach": Reach.SITE if shop.sites else Reach.OWN}))
    users = User.objects.bulk_create(
        User(
            email=shop.mail_address(name),
            name=name,
            language=shop.language,
            password=password,
            created_at=now,
        )
        for shop, _customer, name, _fields in people
    )
    return Contact.objects.bulk_create(
        Contact(
            customer=customer,
            user=user,
            site=sites[customer.pk],
            name=name,
            email=user.email,
            language=shop.language,
            **fields,
        )
        for (shop, customer, name, fields), user in zip(people, users, strict=True)
    )


def _phones(rows: Rows, contacts: Sequence[Contact], today: date) -> None:
    """06 1234 56xx for people and 020 555 0xxx for shops: valid in form, and nobody's in particular."""
    main = {each.customer_id: each for each in reversed(contacts)}
    PhoneNumber.objects.bulk_create(
        number
        for position, (shop, customer) in enumerate(rows)
        for number in (
            PhoneNumber(
                customer=customer,
                e164=f"+31205550{position + 101:03}",
                label=shop.city,
                registered_on=today - timedelta(days=200) if shop.terms.calls_us else None,
            ),
            PhoneNumber(
                customer=customer, contact=main[customer.pk], e164=f"+316123456{position:02}", label="mobiel"
            ),
        )
    )


def _ranges(rows: Rows, now: datetime) -> None:
    """The first shop has an exchange of its own with a hundred numbers."""
    for _shop, customer in rows[:1]:
        PhoneRange.objects.create(
            customer=customer,
            first="+31205551000",
            last="+31205551099",
            label="telefooncentrale",
            registered_at=now,
        )


def _equipment(rows: Rows, sites: Mapping[int, Site], today: date) -> None:
    Asset.objects.bulk_create(
        Asset(
            customer=customer,
            site=sites[customer.pk],
            kind=kind,
            name=name,
            serial=f"{kind.value[:2].upper()}{customer.number[2:]}{till:02}",
            supplied_by_us=shop.terms.our_hardware,
            supplied_on=day_of(today, shop.terms.since + 30) if shop.terms.our_hardware else None,
            warranty_until=day_of(today, shop.terms.since + 30 + 730) if shop.terms.our_hardware else None,
        )
        for shop, customer in rows
        for till in range(1, shop.tills + 1)
        for kind, name in EQUIPMENT[: 5 if shop.terms.our_hardware else 3]
    )


def _terms(rows: Rows, today: date) -> None:
    products = {each.key: each for each in Product.objects.all()}
    types = {each.key: each for each in ContractType.objects.all()}
    Licence.objects.bulk_create(
        Licence(customer=customer, product=products[each.key], **_dates(each, today))
        for shop, customer in rows
        for each in shop.terms.licences
        if each.key in products
    )
    Contract.objects.bulk_create(
        Contract(customer=customer, type=types[each.key], **_dates(each, today))
        for shop, customer in rows
        for each in shop.terms.contracts
        if each.key in types
    )
    CustomerTerms.objects.bulk_create(
        CustomerTerms(
            customer=customer,
            maintained_by=shop.terms.maintained_by.value,
            charity_until=day_of(today, shop.terms.charity_until),
            last_paid_support_on=day_of(today, shop.terms.last_paid),
            prepaid_minutes=shop.terms.prepaid_minutes,
        )
        for shop, customer in rows
    )


def _dates(days: Days, today: date) -> dict[str, date | None]:
    validity = days.validity(today)
    return {"valid_from": validity.first, "valid_until": validity.last}
