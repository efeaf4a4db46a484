"""How long pages take at a desk of full size, for one client over one kept connection.

    python -m benchmarks.pages [--tickets 50000] [--open 10000] [--requests 300] [--json]

The real server (granian, as `balie serve` starts it) answers on loopback; each figure is the median of the
requests, in milliseconds. Beside the queue page, in turn with it: a bare view with a fixed text through the same
middleware, and the page's own SQL run by itself. The queue page should cost at most 4 times their sum. Then every
page of the portal, in turn, for a contact of a customer with its share of the tickets.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

from benchmarks.full_desk import AGENT, CONTACT, running

WARM_UP = 20
TOPIC = "till-scanner"
QUEUE_MS, ASKING_MS, PORTAL_MS = 20.0, 20.0, 30.0  # the limits
MOST_PORTAL_QUERIES = 12
PORTAL_PAGES = (
    "/",
    "/my/helpdesk/",
    "/my/",
    "/my/?q=bonprinter",
    "/my/ask/",
    f"/my/ask/?topic={TOPIC}",
    "/my/people/",
    "/help/",
    "/help/?q=bonprinter",
)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


class Browser:
    """One logged-in client with one kept connection."""

    def __init__(self, port: int, email: str) -> None:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        from balie.accounts.models import User
        from balie.accounts.sessions import SessionStore

        user = User.objects.get(email=email)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "balie.config.accounts.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookies = f"sessionid={session.session_key}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str) -> str:
        self.connection.request("GET", path, headers={"Cookie": self.cookies, "Accept-Language": "nl"})
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                self.cookies = re.sub(r"; csrftoken=[^;]*", "", self.cookies) + "; " + value.split(";")[0]
        assert answer.status == 200, f"{path} answered {answer.status}"
        return body

    def post(self, path: str, fields: dict[str, str]) -> None:
        headers = {
            "Cookie": self.cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "nl",
        }
        self.connection.request("POST", path, urlencode(fields), headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        assert answer.status == 302, f"{path} answered {answer.status}: {body[:2000]}"


def sql_of(path: str, email: str) -> list[tuple[str, None]]:
    """The statements that a page runs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from balie.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), "balie.config.accounts.AuthenticationBackend")
    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path, headers={"host": "localhost"}).status_code == 200
    return [(query["sql"], None) for query in captured.captured_queries]


def run_sql(statements: list[tuple[str, None]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for sql, _parameters in statements:
            cursor.execute(sql)
            if cursor.description:
                cursor.fetchall()


def serve() -> tuple[subprocess.Popen[bytes], int]:
    """The web process as `balie serve` starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BALIE_PROCESS": "web"}
    child = subprocess.Popen(
        [sys.executable, "-m", "balie.config.web", "127.0.0.1", str(port), "1"], env=environment
    )
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return child, port
    raise SystemExit("The web server did not start.")


def measure(requests: int) -> dict[str, float]:
    child, port = serve()
    try:
        agent, contact = Browser(port, AGENT), Browser(port, CONTACT)
        statements = sql_of("/desk/", AGENT)
        works: dict[str, Callable[[], object]] = {
            "queue page": lambda: agent.get("/desk/"),
            "bare view": lambda: agent.get("/bare/"),
            "bare SQL of the queue page": lambda: run_sql(statements),
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        for number in range(WARM_UP + requests):
            for name, work in works.items():
                took = timed(work)
                if number >= WARM_UP:
                    times[name].append(took)
        asking = [ask(contact) for _ in range(WARM_UP + requests // 3)][WARM_UP:]
        portal = {page: timings(contact, page, requests // 3) for page in portal_pages(contact)}
        figures = {name: round(median(each), 2) for name, each in times.items()}
        floor = figures["bare view"] + figures["bare SQL of the queue page"]
        return figures | {
            "queue page / (bare view + bare SQL)": round(figures["queue page"] / floor, 2),
            "queries of the queue page": float(len(statements)),
            "creating a ticket through the portal": round(median(asking), 2),
            **{f"{page}": round(median(taken), 2) for page, taken in portal.items()},
            "most queries of a portal page": float(max(len(sql_of(page, CONTACT)) for page in portal)),
        }
    finally:
        child.terminate()
        child.wait(timeout=30)


def portal_pages(contact: Browser) -> list[str]:
    """The pages of every contact, and those of its newest ticket."""
    newest = re.findall(r'href="(/my/tickets/\d+/)"', contact.get("/my/"))[0]
    return [*PORTAL_PAGES, newest, f"{newest}print/"]


def timings(browser: Browser, page: str, times: int) -> list[float]:
    return [timed(lambda: browser.get(page)) for _ in range(WARM_UP + times)][WARM_UP:]


def ask(contact: Browser) -> float:
    """Send the portal's form; only the sending is timed."""
    page = contact.get(f"/my/ask/?topic={TOPIC}")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields = hidden | {
        "subject": "Bonprinter print niet",
        "text": "Goedemorgen, sinds vanochtend doet de bonprinter niets meer.",
        "topic": TOPIC,
    }
    return timed(lambda: contact.post("/my/ask/", fields))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with running(tickets=arguments.tickets, open_tickets=arguments.open):
        figures = measure(arguments.requests)
    if arguments.json:
        print(json.dumps({"tickets": arguments.tickets, "open": arguments.open, **figures}))
        return
    print(
        f"{arguments.tickets:,} tickets, {arguments.open:,} open; medians of {arguments.requests} requests, ms"
    )
    for name, figure in figures.items():
        print(f"  {name:45} {figure:8.2f}")


if __name__ == "__main__":
    main()
