"""Telephones and calls for the tests of the agents' screens, told as an exchange tells them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from balie.accounts.models import User
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Line
from balie.phone.actions import Told, made, take_events
from balie.phone.models import Call, Direction, Exchange, Extension, QueuePlace
from balie.rules.call_progress import Kind

NUMBER = "+31205550101"
WRITTEN = "020 555 01 01"


def telephone_of(user: User, number: str = "201", *, line: str = "helpdesk") -> Extension:
    """A telephone of `user`, in the queue of a line."""
    extension = Extension.objects.create(number=number, user=user)
    QueuePlace.objects.create(line=Line.objects.get(key=line), extension=extension)
    return extension


def registered(customer: Customer, number: str = NUMBER, contact: Contact | None = None) -> PhoneNumber:
    """A number of a customer from which calls are put through."""
    on = timezone.localdate() - timedelta(days=9)
    return PhoneNumber.objects.create(customer=customer, e164=number, contact=contact, registered_on=on)


class Pbx:
    """Tells of calls, whatever the hour is."""

    def __init__(self) -> None:
        self.exchange: Exchange = made("pbx", by=None, now=timezone.now())[0]
        self.told = 0

    def tells(
        self,
        call: str,
        kind: Kind,
        *,
        caller: str | None = NUMBER,
        extension: str = "",
        ago: timedelta = timedelta(0),
        direction: Direction = Direction.IN,
        called: str | None = None,
    ) -> Call:
        self.told += 1
        now: datetime = timezone.now()
        told = Told(
            name=f"event-{self.told}",
            call=call,
            kind=kind,
            at=now - ago,
            extension=extension,
            direction=direction,
            caller=caller,
            called=called,
        )
        taken = take_events(self.exchange, [told], now=now)
        assert not taken.refused
        return Call.objects.get(exchange=self.exchange, name=call)

    def rings(self, call: str = "call-1", *, at: str = "201", **more: object) -> Call:
        return self.tells(call, Kind.RINGING, extension=at, **more)  # type: ignore[arg-type]

    def talks(self, call: str = "call-1", *, at: str = "201", **more: object) -> Call:
        return self.tells(call, Kind.ANSWERED, extension=at, **more)  # type: ignore[arg-type]

    def ends(self, call: str = "call-1", **more: object) -> Call:
        return self.tells(call, Kind.ENDED, **more)  # type: ignore[arg-type]

    def misses(self, call: str = "call-1", *, at: str = "201", **more: object) -> Call:
        self.rings(call, at=at, **more)
        return self.tells(call, Kind.MISSED, extension=at, **more)  # type: ignore[arg-type]
