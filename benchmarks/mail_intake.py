"""How fast mail comes in: accepted, turned into tickets by one worker, and through the pipe.

    python -m benchmarks.mail_intake [--mails 1000] [--tickets 10000] [--json]

Mails of 5 kB from known contacts. *Accepted* is the intake function by one client: the raw row and its job committed,
on a database that waits for its disk. *Tickets* is one `balie worker`, from its first mail to its last, each with
ticket, message, decision, events and confirmation. *Pipe* is a whole `balie mail receive`, Python's start included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from statistics import median

from benchmarks.full_desk import running

LIMITS = {"accepted_per_second": 250.0, "tickets_per_second": 80.0}
SLOWEST_PIPE_SECONDS = 0.7
SIZE = 5_000
BALIE = [sys.executable, "-m", "balie.config.command_line"]
SENTENCE = "Sinds vanochtend komt er geen bon meer uit de printer van kassa twee, wat nu? "


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    with running(tickets=arguments.tickets, open_tickets=arguments.tickets // 5) as folder:
        figures = {
            "accepted_per_second": accepted(arguments.mails),
            "tickets_per_second": tickets(folder, arguments.mails),
            "pipe_seconds": pipe(folder, times=10),
        }
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):22} {figure:8.2f}")
    is_fast = all(figures[name] >= limit for name, limit in LIMITS.items())
    return 0 if is_fast and figures["pipe_seconds"] <= SLOWEST_PIPE_SECONDS else 1


def letter(number: int, *, customers: int = 2_000) -> bytes:
    """A question of 5 kB of a known contact, with a quoted mail and HTML, as mail programs send them."""
    message = EmailMessage()
    message["From"] = f"Winkel {number} <contact{1 + number % customers}@shop.example>"
    message["To"] = "helpdesk@infobits.example"
    message["Subject"] = f"Bonprinter {number} print niet"
    message["Date"] = "Fri, 20 Nov 2026 16:00:00 +0100"
    message["Message-ID"] = f"<{number}.{time.time_ns()}@mail.example>"
    text = f"Vraag {number}. {SENTENCE * 12}\n\nGroet, winkel {number}\n"
    message.set_content(text)
    message.add_alternative(f"<html><body><p>{text}</p></body></html>", subtype="html")
    content = message.as_bytes()
    return content.replace(b"</body>", b"<!-- " + b"x" * max(0, SIZE - len(content)) + b" --></body>")


def accepted(mails: int) -> float:
    """Mails a second that the intake function takes from one client."""
    from balie.mail import intake

    letters = [letter(number) for number in range(mails)]
    intake.store(letter(-1), now=datetime.now(UTC))
    begin = time.perf_counter()
    for raw in letters:
        intake.store(raw, now=datetime.now(UTC))
    return mails / (time.perf_counter() - begin)


def tickets(folder: Path, mails: int) -> float:
    """Mails a second that one worker process turns into tickets, from the first that is done to the last."""
    from balie.mail.models import InboundMail, InboundState

    def waiting() -> int:
        return InboundMail.objects.filter(state=InboundState.STORED).count()

    worker = subprocess.Popen([*BALIE, "worker", "--until-done"], env=_environment(folder))
    try:
        total = waiting()
        while (left := waiting()) == total:
            time.sleep(0.01)
        began, at_begin = time.perf_counter(), left
        while (left := waiting()) and worker.poll() is None:
            time.sleep(0.05)
        rate = (at_begin - left) / (time.perf_counter() - began)
        worker.wait(60)
    finally:
        worker.kill()
    quarantined = InboundMail.objects.filter(state=InboundState.QUARANTINED).count()
    assert not left and not quarantined, f"{left} mails are left and {quarantined} in quarantine"
    return rate


def pipe(folder: Path, *, times: int) -> float:
    """Seconds that a whole `balie mail receive` takes, the median."""
    taken = []
    for number in range(times):
        begin = time.perf_counter()
        subprocess.run(
            [*BALIE, "mail", "receive"], input=letter(number), env=_environment(folder), check=True
        )
        taken.append(time.perf_counter() - begin)
    return median(taken)


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "BALIE_DATA": str(folder)}


if __name__ == "__main__":
    sys.exit(main())
