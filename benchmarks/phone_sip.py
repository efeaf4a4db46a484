"""Calls by real SIP: `python -m benchmarks.phone_sip [--calls 3000] [--rate 50] [--json]`.

SIPp calls through Debian's Kamailio, which asks Balie about each call; SIPp takes them too, and says who was reached.
The callers are mixed, and for each it is known beforehand whether it is put through or what it hears. Everything runs
on this machine: callers, telephones, Kamailio, the web server and the database.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.full_desk import fill_calls, running

MOST_MILLISECONDS = 100.0
"""Within which 99 of 100 calls must ring, from the INVITE."""
SCENARIOS = Path(__file__).parents[1] / "tests" / "phone" / "sip" / "scenarios"
EXTENSION = "201"
WARM = 24
"""Calls before those that count: a web server that just started answers its first questions slowly."""
KNOWN, WITHOUT_CONTRACT, STRANGERS = 600, 300, 300
"""Numbers of each kind."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and whom it must reach: an extension, or the announcement that it must hear."""

    sender: str
    header: str
    reaches: str


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--rate", type=int, default=50, help="calls a second")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    with running(tickets=10_000, open_tickets=500), tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), calls=arguments.calls, rate=arguments.rate)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):32} {figure:10,.1f}")
    is_right = figures["right"] == figures["kept_right"] == figures["all_told"] == arguments.calls
    return 0 if is_right and figures["milliseconds_99"] <= MOST_MILLISECONDS else 1


def measured(folder: Path, *, calls: int, rate: int) -> dict[str, float]:
    """Call, and compare what callers and Balie say of it with what should have been."""
    token = prepare()
    mixed = list(itertools.islice(itertools.cycle(callers()), calls))
    with balie() as url, exchange(url, token) as kamailio, taken(kamailio, folder):
        call(kamailio, folder / "warm", mixed[:WARM], rate=5)
        by_balie("warm", WARM)
        before = fallbacks(kamailio)
        began = time.monotonic()
        reached, milliseconds = call(kamailio, folder / "measured", mixed, rate=rate)
        seconds = time.monotonic() - began
        kept, told = by_balie("measured", calls)
        kept_events, to_fallback = kamailio.kept_events(), fallbacks(kamailio) - before
    return {
        "calls": calls,
        "calls_a_second": calls / seconds,
        "right": sum(wanted == got for wanted, got in reached),
        "kept_right": (kept & Counter(each.reaches for each in mixed)).total(),
        "all_told": told,
        "batches_not_told": kept_events,
        "went_to_fallback": to_fallback,
        "milliseconds_median": percentile(milliseconds, 50),
        "milliseconds_99": percentile(milliseconds, 99),
        "milliseconds_most": milliseconds[-1],
    }


def fallbacks(kamailio: Any) -> int:
    """How many calls went elsewhere because Balie did not decide within a second."""
    return int(kamailio.told().count("goes to the fallback"))


def percentile(figures: list[float], of_100: int) -> float:
    return figures[max(0, math.ceil(len(figures) * of_100 / 100) - 1)]


def prepare() -> str:
    """Numbers, contracts, open hours, a telephone and an exchange; answers the token."""
    from datetime import timedelta

    from django.db import connections
    from django.utils import timezone

    from balie.contracts.models import Contract, ContractType
    from balie.customers.models import Customer, PhoneNumber
    from balie.desk.models import DatedHours, Line
    from balie.phone.actions import exchanges
    from balie.phone.models import Extension, QueuePlace

    now = timezone.now()
    customers = list(Customer.objects.order_by("pk")[: KNOWN + WITHOUT_CONTRACT])
    PhoneNumber.objects.bulk_create(
        PhoneNumber(customer=customer, e164=number(place), registered_on=now.date())
        for place, customer in enumerate(customers)
    )
    kind = ContractType.objects.get(key="phone-support")
    Contract.objects.bulk_create(Contract(customer=each, type=kind) for each in customers[:KNOWN])
    for line in Line.objects.all():
        for day in range(-1, 2):
            DatedHours.objects.create(line=line, on=now.date() + timedelta(days=day), hours="00:00-24:00")
    telephone = Extension.objects.create(number=EXTENSION)
    QueuePlace.objects.create(line=Line.objects.get(key="helpdesk"), extension=telephone)
    exchange, token = exchanges.made("Kamailio", by=None, now=now)
    fill_calls(exchange.pk)
    connections.close_all()
    return token


def number(place: int) -> str:
    return f"+316{12_000_000 + place}"


def callers() -> Iterator[Caller]:
    """Every kind of caller in turn: known by what the network asserts or by the From, without a contract, nobody…"""
    for place in range(KNOWN):
        known, without = number(place), number(KNOWN + place % WITHOUT_CONTRACT)
        stranger = number(KNOWN + WITHOUT_CONTRACT + place % STRANGERS)
        yield Caller("<sip:0201111111@provider.example>", asserts(known), EXTENSION)
        yield Caller(f"<sip:{known}@provider.example>", "Subject: none", EXTENSION)
        yield Caller(f'"x\') OR 1=1 --" <sip:{known}@provider.example>', "Subject: none", EXTENSION)
        yield Caller(f"<sip:{known}@provider.example>", asserts(without), "make-ticket")
        yield Caller(f"<sip:{stranger}@provider.example>", "Subject: none", "make-ticket")
        yield Caller("<sip:anonymous@anonymous.invalid>", "Subject: none", "show-number")
        yield Caller(f"<sip:{known}@provider.example>", "Privacy: id", "show-number")
        yield Caller(f"<sip:{'9' * 40}@provider.example>", "Subject: none", "make-ticket")


def asserts(who: str) -> str:
    return f"P-Asserted-Identity: <sip:{who}@provider.example>"


@contextlib.contextmanager
def balie() -> Iterator[str]:
    """The web server as `balie serve` starts it."""
    from tests.servers.daemons import free_port, running

    port = free_port()
    arguments = ["-m", "balie.config.web", "127.0.0.1", str(port), "1"]
    os.environ["BALIE_URL"] = f"http://127.0.0.1:{port}"
    with (
        tempfile.TemporaryDirectory() as folder,
        running([sys.executable, *arguments], ports=[port], log=Path(folder) / "web.log"),
    ):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def exchange(url: str, token: str) -> Iterator[Any]:
    from tests.servers.kamailio import running_kamailio

    with running_kamailio(balie=url, token=token) as kamailio:
        yield kamailio


@contextlib.contextmanager
def taken(kamailio: Any, folder: Path) -> Iterator[None]:
    """The telephones and the media server: two SIPps that take every call."""
    from tests.servers.kamailio import MEDIA_HOST, PHONES_HOST

    with contextlib.ExitStack() as stack:
        for host, port in ((PHONES_HOST, kamailio.ports.phones), (MEDIA_HOST, kamailio.ports.media)):
            command = [
                "sipp",
                host,
                "-sf",
                str(SCENARIOS / "takes.xml"),
                "-i",
                host,
                "-p",
                str(port),
                "-nostdin",
            ]
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
        time.sleep(1)
        yield


def call(
    kamailio: Any, folder: Path, mixed: list[Caller], *, rate: int
) -> tuple[list[tuple[str, str]], list[float]]:
    """Let them all call; whom each should have reached and did, and the milliseconds until it rang, least first."""
    folder.mkdir()
    rows = [f"{each.sender};{each.header};{each.reaches}" for each in mixed]
    (folder / "callers.csv").write_text("\n".join(["SEQUENTIAL", *rows]) + "\n")
    command = [
        "sipp",
        kamailio.address,
        "-sf",
        str(SCENARIOS / "load.xml"),
        "-i",
        "127.0.0.1",
        "-s",
        "31201234567",
    ]
    command += ["-inf", "callers.csv", "-m", str(len(mixed)), "-r", str(rate), "-d", "500", "-nostdin"]
    command += ["-trace_logs", "-log_file", "reached", "-trace_rtt", "-rtt_freq", "1"]
    command += ["-cid_str", f"{folder.name}-%u-%p@%s"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    reached = [tuple(line.split()) for line in (folder / "reached").read_text().splitlines() if line.strip()]
    [times] = folder.glob("load_*_rtt.csv")
    rows_of_times = (line.split(";") for line in times.read_text().splitlines()[1:])
    milliseconds = sorted(float(row[1]) for row in rows_of_times if len(row) > 1)
    return [(each[0], each[-1]) for each in reached], milliseconds


def by_balie(name: str, calls: int) -> tuple[Counter[str], int]:
    """Whom Balie's own log says each call reached, and how many calls it knows to be over within ten seconds."""
    from balie.phone.models import Call

    ours = Call.objects.filter(name__startswith=f"{name}-")
    over = ours.filter(state__in=("ended", "helped_on"))
    give_up_at = time.monotonic() + 10
    while over.count() < calls and time.monotonic() < give_up_at:
        time.sleep(0.2)
    reached = Counter(
        EXTENSION if action == "forward" else announcement
        for action, announcement in ours.values_list("action", "announcement")
    )
    return reached, over.count()


if __name__ == "__main__":
    sys.exit(main())
