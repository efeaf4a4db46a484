"""How long 10,000 messages that wait in an IMAP folder take: `python -m benchmarks.imap [--mails 10000] [--json]`.

Mails of 5 kB in Dovecot, fetched by `balie mail fetch` over TLS, each with its raw row and its job, on a database
that waits for its disk, while one worker process makes tickets of them. *Raw* ends when the last is committed,
*tickets* when the last has become one; the memory is the most that each of the two processes ever had.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.servers.dovecot import USERS, Dovecot, running_dovecot

from benchmarks.full_desk import running
from benchmarks.mail_intake import letter

LONGEST_SECONDS_A_TEN_THOUSAND = 60.0
TICKETS_SECONDS_A_TEN_THOUSAND = 180.0
LARGEST_MEGABYTES = 200.0
BALIE = [sys.executable, "-m", "balie.config.command_line"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    with running_dovecot() as dovecot, running(tickets=1_000, open_tickets=200) as folder:
        for number in range(arguments.mails):
            dovecot.deliver(letter(number))
        make_mailbox(dovecot)
        begin = time.perf_counter()
        worker = work(folder)
        try:
            peak = fetch(folder, dovecot)
            raw_seconds = time.perf_counter() - begin
            kept = count()
            wait_until_sorted(kept)
            ticket_seconds = time.perf_counter() - begin
            worker_peak = peak_of(worker)
        finally:
            worker.terminate()
            worker.wait(60)
    assert kept == arguments.mails, f"{kept} of {arguments.mails} mails are there"
    figures = {
        "raw_seconds": raw_seconds,
        "ticket_seconds": ticket_seconds,
        "peak_megabytes": peak,
        "worker_peak_megabytes": worker_peak,
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):22} {figure:8.1f}")
    share = arguments.mails / 10_000
    is_fast = raw_seconds <= LONGEST_SECONDS_A_TEN_THOUSAND * share
    is_fast = is_fast and ticket_seconds <= TICKETS_SECONDS_A_TEN_THOUSAND * share
    return 0 if is_fast and max(peak, worker_peak) <= LARGEST_MEGABYTES else 1


def make_mailbox(dovecot: Dovecot) -> None:
    from balie.mail.ways_in.models import BeginsWith, Mailbox

    mailbox = Mailbox(
        name="Postbus", host="127.0.0.1", port=dovecot.tls_port, user="balie", begins_with=BeginsWith.ALL
    )
    mailbox.seal(password=USERS["balie"])
    mailbox.save()


def work(folder: Path) -> subprocess.Popen[bytes]:
    """One worker process, as `balie serve` has it."""
    environment = {**os.environ, "BALIE_DATA": str(folder), "BALIE_PROCESS": "worker"}
    return subprocess.Popen([sys.executable, "-m", "balie.config.worker"], env=environment)


def fetch(folder: Path, dovecot: Dovecot) -> float:
    """Empty the mailbox; answers the most memory that took, in MB."""
    environment = {
        **os.environ,
        "BALIE_DATA": str(folder),
        "SSL_CERT_FILE": str(dovecot.certificate.chain),
    }
    with subprocess.Popen([*BALIE, "mail", "fetch"], env=environment, stdout=sys.stderr) as child:
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_maxrss / 1024


def wait_until_sorted(mails: int) -> None:
    """Until each mail has become a message on a ticket."""
    from balie.mail.models import InboundMail

    while InboundMail.objects.filter(message__isnull=False).count() < mails:
        time.sleep(0.5)


def peak_of(process: subprocess.Popen[bytes]) -> float:
    """The most memory that a running process had, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def count() -> int:
    from balie.mail.models import InboundMail

    return InboundMail.objects.count()


if __name__ == "__main__":
    sys.exit(main())
