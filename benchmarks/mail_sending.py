"""How fast mail leaves: one worker's deliveries to a server that takes everything, over a connection that stays open.

    python -m benchmarks.mail_sending [--mails 300] [--json]

Mails of 5 kB, text and HTML. Each delivery is what the worker does: its row locked, the mail written, signed and given
to the server, the result committed. *Signed* is with a key of 2048 bits; *anew* opens a connection for each mail.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from benchmarks.full_desk import running

LIMITS = {"unsigned_per_second": 40.0, "signed_per_second": 20.0}
SENTENCE = "Sinds vanochtend komt er weer een bon uit de printer van kassa twee, dank u wel. "


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    with running(tickets=10, open_tickets=5), sink() as port:
        figures = measured(arguments.mails, port)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):22} {figure:8.1f}")
    return 0 if all(figures[name] >= limit for name, limit in LIMITS.items()) else 1


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "aiosmtpd",
        "-n",
        "-l",
        f"127.0.0.1:{port}",
        "-c",
        "aiosmtpd.handlers.Sink",
    ]
    with subprocess.Popen(command) as server:
        try:
            await_server(port)
            yield port
        finally:
            server.terminate()


def await_server(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The mail server of the measurement did not start.")


def measured(mails: int, port: int) -> dict[str, float]:
    """Mails a second: unsigned, signed, and signed over a new connection each."""
    from django.conf import settings

    from balie.accounts.models import User
    from balie.desk.queries import the_desk
    from balie.mail import connections, signing
    from balie.mail.facts import domain_of

    settings.SMTP_URL = f"smtp://127.0.0.1:{port}?tls=no"
    now = datetime.now(UTC)
    deliver(20)
    figures = {"unsigned_per_second": deliver(mails)}
    by = User.objects.filter(agent__isnull=False).first()
    assert by is not None
    signing.sign_with(signing.make_key(domain_of(the_desk()), by=by, now=now), by=by, now=now)
    figures["signed_per_second"] = deliver(mails)
    connections.MAILS_PER_CONNECTION = 0
    figures["anew_per_second"] = deliver(mails)
    return figures


def deliver(mails: int) -> float:
    """Queue so many mails, and deliver them; answers how many a second."""
    from balie.mail import actions
    from balie.mail.models import OutboundKind, OutboundMail, OutboundState

    now = datetime.now(UTC)
    text = f"{SENTENCE * 25}\n"
    rows = OutboundMail.objects.bulk_create(
        OutboundMail(
            created_at=now,
            kind=OutboundKind.STATUS,
            message_id_header=f"<{time.time_ns()}.{number}@desk.example>",
            sender="Infobits helpdesk <helpdesk@infobits.example>",
            recipient=f"contact{number}@shop.example",
            subject=f"Uw vraag {number}",
            text=text,
            html=f"<p>{text}</p>",
            state=OutboundState.QUEUED,
            next_attempt_at=now,
        )
        for number in range(mails)
    )
    begin = time.perf_counter()
    for row in rows:
        actions.deliver(row.pk, now=now)
    seconds = time.perf_counter() - begin
    left = OutboundMail.objects.filter(pk__in=[row.pk for row in rows]).exclude(state=OutboundState.SENT)
    assert not left.exists(), left.values_list("state", "error")[:3]
    return mails / seconds


if __name__ == "__main__":
    raise SystemExit(main())
