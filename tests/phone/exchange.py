"""An exchange in front of the desk: it asks and tells as a real one does, over the endpoint."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.test import Client

from balie.customers.models import Customer, PhoneNumber
from balie.desk.models import Line
from balie.phone import actions
from balie.phone.models import CalledNumber, Exchange, Extension, QueuePlace

CARLAS = "+31205550101"
"""Registered by the bakery."""


class Pbx:
    """Asks over HTTP with its token. `now`: what the clock of the desk shows, for those who ask without a moment."""

    def __init__(self, exchange: Exchange, token: str) -> None:
        self.exchange, self.token = exchange, token
        self.client = Client()

    def post(self, path: str, sent: Any, *, token: str | None = None) -> Any:
        body = sent if isinstance(sent, (str, bytes)) else json.dumps(sent)
        return self.client.post(
            f"/api/phone/{path}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token or self.token}"},
        )

    def asks(self, call: str = "call-1", **sent: Any) -> dict[str, Any]:
        """The answer about a call."""
        if (number := sent.pop("number", None)) is not None:
            sent["from"] = number
        answer = self.post("route", {"call": call, **sent})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def tells(self, *events: dict[str, Any]) -> dict[str, Any]:
        answer = self.post("events", {"events": events})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


def pbx(now: datetime) -> Pbx:
    """A new exchange."""
    return Pbx(*actions.made("Centrale", by=None, now=now))


def event(name: str, kind: str, at: datetime, *, call: str = "call-1", **more: Any) -> dict[str, Any]:
    return {"id": name, "call": call, "kind": kind, "at": at.isoformat(), **more}


def registers(customer: Customer, number: str = CARLAS, **fields: Any) -> PhoneNumber:
    """A number that counts."""
    return PhoneNumber.objects.create(customer=customer, e164=number, registered_on="2026-01-01", **fields)


def rings(line: str, *numbers: str, position: int = 1, **fields: Any) -> list[Extension]:
    """Telephones that ring for a line."""
    found = []
    for number in numbers:
        telephone, _made = Extension.objects.get_or_create(number=number, defaults=fields)
        QueuePlace.objects.create(line=Line.objects.get(key=line), extension=telephone, position=position)
        found.append(telephone)
    return found


def is_called(number: str, line: str) -> CalledNumber:
    return CalledNumber.objects.create(number=number, line=Line.objects.get(key=line))
