"""Exchanges and their tokens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.phone.access import digest_of
from balie.phone.models import Exchange
from balie.prepared import ask

HEARD_AGAIN_AFTER = timedelta(minutes=1)
"""How exactly is kept when an exchange was heard: its row is not written for every call."""


@transaction.atomic
def made(name: str, *, by: User | None, now: datetime) -> tuple[Exchange, str]:
    """A new exchange and its token, which is shown this once: only its digest is kept."""
    token = secrets.token_urlsafe(32)
    exchange = Exchange.objects.create(name=name, token_digest=digest_of(token), made_at=now)
    record("make_exchange", exchange, by=by, now=now, name=name)
    return exchange, token


@transaction.atomic
def renew_token(exchange: Exchange, *, by: User, now: datetime) -> str:
    """A new token for an exchange, shown this once; from now on the old one is worth nothing."""
    token = secrets.token_urlsafe(32)
    exchange.token_digest = digest_of(token)
    exchange.save(update_fields=["token_digest"])
    record("renew_exchange_token", exchange, by=by, now=now, name=exchange.name)
    return token


def heard(exchange: Exchange, *, now: datetime) -> None:
    """Keep that the exchange was heard, once a minute."""
    last = exchange.last_heard_at
    if last is None or now - last >= HEARD_AGAIN_AFTER:
        exchange.last_heard_at = now
        ask(_HEARD, {"exchange": exchange.pk, "now": now})


_HEARD = "UPDATE phone_exchange SET last_heard_at = %(now)s WHERE id = %(exchange)s RETURNING 1"
