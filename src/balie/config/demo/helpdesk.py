"""What the helpdesk pages of a demo desk show besides: credit, phone numbers that wait, the back-up video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from balie.accounts.models import User
from balie.backups.models import BackupVideo
from balie.config.demo.data import Shop
from balie.contracts.models import CreditBooking
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Desk

USED = 30
"""Minutes that were used of a credit, so that its account shows both ways."""


def furnish(
    desk: Desk,
    rows: Sequence[tuple[Shop, Customer]],
    contacts: Mapping[int, Contact],
    *,
    agent: User,
    now: datetime,
) -> None:
    """Add it all; `contacts`: the main contact of each customer by its key."""
    _credit(rows, agent, now)
    _numbers(rows, contacts, now)
    BackupVideo.objects.create(link=f"https://help.{desk.key}.example/back-up", pk=1)


def _credit(rows: Sequence[tuple[Shop, Customer]], agent: User, now: datetime) -> None:
    """How the prepaid minutes of each customer came about: paid some weeks ago, partly used since."""
    CreditBooking.objects.bulk_create(
        CreditBooking(
            customer=customer,
            minutes=minutes,
            balance=balance,
            because=because,
            by=agent,
            booked_at=now - timedelta(days=days),
        )
        for shop, customer in rows
        if (left := shop.terms.prepaid_minutes)
        for minutes, balance, because, days in (
            (left + USED, left + USED, f"Vooruitbetaald, factuur {customer.number[2:]}-07", 40),
            (-USED, left, "Terugbelverzoek: bonprinter ingesteld", 18),
        )
    )


def _numbers(rows: Sequence[tuple[Shop, Customer]], contacts: Mapping[int, Contact], now: datetime) -> None:
    """Who may phone handed in a mobile number, which waits for the desk; and an older one, which was refused."""
    callers = [customer for shop, customer in rows if shop.terms.calls_us]
    PhoneNumber.objects.bulk_create(
        PhoneNumber(
            customer=customer,
            contact=contacts[customer.pk],
            e164=f"+316123457{position:02}",
            label="mobiel van de bedrijfsleider",
            requested_at=now - timedelta(hours=2 + 5 * position),
            requested_by=contacts[customer.pk],
        )
        for position, customer in enumerate(callers)
    )
    PhoneNumber.objects.bulk_create(
        PhoneNumber(
            customer=customer,
            e164=f"+31205559{position:03}",
            label="oude winkel",
            requested_at=now - timedelta(days=30 + position),
            requested_by=contacts[customer.pk],
            refused_because="Dit nummer staat op naam van een ander bedrijf.",
        )
        for position, customer in enumerate(callers)
    )
