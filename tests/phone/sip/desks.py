"""A desk with telephones: Balie's real web server on a database of its own, and Kamailio that asks it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone
from tests.cast import desk_of
from tests.journeys.serving import database_of_our_own, free_port, wait_for
from tests.servers import daemons
from tests.servers.kamailio import PHONES_HOST, Kamailio, Ports, free_udp_port, running_kamailio

from balie.config.processes import end_with_parent
from balie.contracts.models import Contract, ContractType
from balie.customers.models import Customer, PhoneNumber
from balie.desk.models import DatedHours, Desk, Line
from balie.phone.actions import exchanges
from balie.phone.models import Call, CallEvent, Exchange, Extension, QueuePlace

ALL_DAY = "00:00-24:00"


@dataclass(slots=True)
class Balie:
    """The web server of a desk, which can be killed and started again at the same address."""

    database: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "balie.config.settings",
            "DATABASE_URL": self.database,
            "BALIE_URL": self.url,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "balie.config.web", "127.0.0.1", str(self.port), "1"],
            env=environment,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),
        )
        wait_for(f"{self.url}/")

    def signal(self, number: signal.Signals) -> None:
        """To the server and its workers alike: SIGKILL, or SIGSTOP for one that hangs."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()


@dataclass(slots=True)
class Telephony:
    """A desk, its exchange and its folder of messages; in the block Django works on its database."""

    desk: Desk
    balie: Balie
    kamailio: Kamailio
    exchange: Exchange
    folder: Path
    taken: set[str] = field(default_factory=set)

    @property
    def ports(self) -> Ports:
        return self.kamailio.ports

    def open(self, *keys: str) -> None:
        """These lines are open around now, whatever day it is, and all others closed."""
        open_today(self.desk, *keys)

    def ring(self, line: str, *groups: Sequence[str]) -> None:
        """The telephones of a line, group after group."""
        QueuePlace.objects.filter(line__key=line).delete()
        for position, group in enumerate(groups, 1):
            for number in group:
                extension, _made = Extension.objects.get_or_create(number=number)
                QueuePlace.objects.create(
                    line=Line.objects.get(key=line), extension=extension, position=position
                )

    def await_call(self, *, state: str, kinds: Sequence[str] | None = None) -> Call:
        """The last call as soon as it stands so."""

        def found() -> Call | None:
            call = Call.objects.order_by("-pk").first()
            return call if call is not None and call.state == state else None

        def otherwise() -> str:
            calls = list(Call.objects.values("name", "state", "action", "announcement"))
            events = list(CallEvent.objects.values_list("kind", "extension"))
            return f"No call is {state}: {calls} {events} {self.kamailio.told()}"

        daemons.until(lambda: found() is not None, otherwise=otherwise)
        call = found()
        assert call is not None
        if kinds is not None:
            assert [each.kind for each in call.events.all()] == list(kinds)
        return call


def open_today(desk: Desk, *keys: str) -> None:
    """These lines are open from yesterday until the day after tomorrow, and all others closed."""
    today = timezone.now().astimezone(ZoneInfo(desk.zone)).date()
    for line in Line.objects.all():
        for day in range(-1, 3):
            DatedHours.objects.update_or_create(
                line=line,
                on=today + timedelta(days=day),
                defaults={"hours": ALL_DAY if line.key in keys else "", "because": "A test"},
            )


def customer_with(
    *numbers: str, name: str, phone_contract: bool = True, number: str | None = None
) -> Customer:
    """A customer that registered these numbers."""
    customer = Customer.objects.create(number=number or f"K-{Customer.objects.count() + 1}", name=name)
    for each in numbers:
        PhoneNumber.objects.create(customer=customer, e164=each, registered_on=timezone.now().date())
    if phone_contract:
        kind = ContractType.objects.get(key="phone-support")
        Contract.objects.create(customer=customer, type=kind)
    return customer


@contextlib.contextmanager
def telephony(preset: str, folder: Path, **settings: str) -> Iterator[Telephony]:
    """A new desk of this preset that can be phoned through Kamailio, with other settings of `balie.cfg` if need be."""
    with contextlib.ExitStack() as running:
        database = running.enter_context(database_of_our_own())
        desk = desk_of(preset)
        exchange, token = exchanges.made("Kamailio", by=None, now=timezone.now())
        balie = Balie(database, free_port())
        balie.start()
        running.callback(balie.kill)
        kamailio = running.enter_context(running_kamailio(balie=balie.url, token=token, settings=settings))
        yield Telephony(desk, balie, kamailio, exchange, folder)


def address_of(number: str) -> tuple[str, int]:
    """An extension with a port of its own on the host of the phones, as Balie names it."""
    port = free_udp_port(PHONES_HOST)
    return f"sip:{number}@{PHONES_HOST}:{port}", port
