"""What tickets do when something happens to a customer; `config.wiring` connects them."""

from __future__ import annotations

from balie.customers.events import ContactPlaced
from balie.tickets import actions


def on_contact_placed(event: ContactPlaced) -> None:
    actions.bring_along(event.contact, by=event.by, now=event.at)
