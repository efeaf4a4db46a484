"""How long a decision about a call takes on the server, and how many a second it makes.

    python -m benchmarks.phone [--tickets 5000] [--requests 500] [--seconds 20] [--json]

The real web process answers `POST /api/phone/route` on loopback, beside 20,000 calls of earlier days. First one client
over one kept connection, each question a new call: the median of forwarded, announced and hidden callers should be at
most 5 ms. Then eight clients at once, as fast as they are answered: at least 50 decisions a second, each of them right.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from benchmarks.full_desk import fill_calls, running
from benchmarks.pages import WARM_UP, serve

MEDIAN_MS, A_SECOND = 5.0, 50.0  # the limits
CLIENTS = 8
REGISTERED = 50
"""Numbers of customers with a phone contract, `+3120555` and four digits."""

OPEN_ALWAYS = "00:00-24:00"


class Pbx:
    """One exchange with one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def asks(self, call: str, number: str | None) -> dict[str, Any]:
        body = json.dumps({"call": call, "from": number, "name": "Winkel", "to": "0850000000"})
        self.connection.request("POST", "/api/phone/route", body, self.headers)
        answer = self.connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        assert answer.status == 200, found
        return found


def furnish() -> str:
    """An exchange, telephones that ring, customers that may phone, and a desk that never closes; answers the token."""
    from django.utils import timezone

    from balie.contracts.models import Contract, ContractType
    from balie.customers.models import Customer, PhoneNumber
    from balie.desk.models import HolidayHours, Line, WeekdayHours
    from balie.phone import actions
    from balie.phone.models import CalledNumber, Extension, QueuePlace

    line = Line.objects.get(key="helpdesk")
    for hours in (*WeekdayHours.objects.filter(line=line), *HolidayHours.objects.filter(line=line)):
        hours.hours = OPEN_ALWAYS
        hours.save()
    kind = ContractType.objects.get(key="phone-support")
    customers = list(Customer.objects.order_by("pk")[:REGISTERED])
    Contract.objects.bulk_create(Contract(customer=each, type=kind) for each in customers)
    PhoneNumber.objects.bulk_create(
        PhoneNumber(customer=each, e164=registered(place), registered_on="2026-01-01")
        for place, each in enumerate(customers)
    )
    CalledNumber.objects.create(number="0850000000", line=line)
    for position, number in enumerate(("201", "202", "203", "204"), start=1):
        telephone = Extension.objects.create(number=number)
        QueuePlace.objects.create(line=line, extension=telephone, position=position)
    exchange, token = actions.made("Benchmark", by=None, now=timezone.now())
    fill_calls(exchange.pk)
    return token


def registered(place: int) -> str:
    return f"+3120555{1000 + place % REGISTERED}"


CALLERS = {
    "a registered number": (registered, "forward"),
    "a number that nobody registered": (lambda place: f"+316123{10_000 + place % 50_000}", "announce"),
    "a hidden number": (lambda _place: None, "announce"),
}


def one_after_the_other(port: int, token: str, requests: int) -> dict[str, float]:
    """The median of each kind of caller, in milliseconds."""
    pbx = Pbx(port, token)
    found = {}
    for name, (number, expected) in CALLERS.items():
        taken = []
        for place in range(WARM_UP + requests):
            begin = time.perf_counter()
            answer = pbx.asks(f"{name} {place}", number(place))
            taken.append((time.perf_counter() - begin) * 1000)
            assert answer["action"] == expected, answer
        found[f"{name}: median, ms"] = round(median(taken[WARM_UP:]), 2)
        found[f"{name}: 99 of 100, ms"] = round(quantiles(taken[WARM_UP:], n=100)[98], 2)
    return found


def all_at_once(port: int, token: str, seconds: float) -> dict[str, float]:
    """How many decisions a second eight clients get, and how long each waits for one."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    def ask(client: int) -> None:
        pbx = Pbx(port, token)
        for place, (number, expected) in zip(itertools.count(), _turns(), strict=False):
            if time.perf_counter() > until:
                return
            begin = time.perf_counter()
            answer = pbx.asks(f"{client} {place}", number(place))
            taken.append((time.perf_counter() - begin) * 1000)
            assert answer["action"] == expected, answer

    clients = [threading.Thread(target=ask, args=[client]) for client in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return {
        "decisions a second": round(len(taken) / seconds, 1),
        "all at once: median, ms": round(median(taken), 2),
        "all at once: 99 of 100, ms": round(quantiles(taken, n=100)[98], 2),
    }


def _turns() -> Iterator[tuple[Any, str]]:
    """Registered and hidden callers in turn: the numbers that nobody registered were asked about before."""
    kinds = [CALLERS["a registered number"], CALLERS["a hidden number"]]
    return itertools.cycle(kinds)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with running(tickets=arguments.tickets, open_tickets=arguments.tickets // 5):
        token = furnish()
        child, port = serve()
        try:
            figures = one_after_the_other(port, token, arguments.requests)
            figures |= all_at_once(port, token, arguments.seconds)
        finally:
            child.terminate()
            child.wait(timeout=30)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"  {name:50} {figure:8.2f}")


if __name__ == "__main__":
    main()
