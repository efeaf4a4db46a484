"""How long 10,000 messages that wait in an IMAP folder take: `python -m benchmarks.imap [--mails 10000] [--json]`.

Mails of 5 kB in Dovecot, fetched by `balie mail fetch` over TLS, each with its raw row and its job, on a database
that waits for its disk. *Raw* ends when the last is committed; the memory is the most that the process ever had.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from tests.servers.dovecot import USERS, Dovecot, running_dovecot

from benchmarks.full_desk import running
from benchmarks.mail_intake import letter

LONGEST_SECONDS_A_TEN_THOUSAND = 60.0
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
        fetch(folder, dovecot)
        seconds = time.perf_counter() - begin
        kept = count()
    assert kept == arguments.mails, f"{kept} of {arguments.mails} mails are there"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures = {"raw_seconds": seconds, "mails_per_second": kept / seconds, "peak_megabytes": peak}
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):22} {figure:8.1f}")
    is_fast = seconds <= LONGEST_SECONDS_A_TEN_THOUSAND * arguments.mails / 10_000
    return 0 if is_fast and peak <= LARGEST_MEGABYTES else 1


def make_mailbox(dovecot: Dovecot) -> None:
    from balie.mail.ways_in.models import BeginsWith, Mailbox

    mailbox = Mailbox(
        name="Postbus", host="127.0.0.1", port=dovecot.tls_port, user="balie", begins_with=BeginsWith.ALL
    )
    mailbox.seal(password=USERS["balie"])
    mailbox.save()


def fetch(folder: Path, dovecot: Dovecot) -> None:
    environment = {
        **os.environ,
        "BALIE_DATA": str(folder),
        "SSL_CERT_FILE": str(dovecot.certificate.chain),
    }
    subprocess.run([*BALIE, "mail", "fetch"], env=environment, check=True, stdout=sys.stderr)


def count() -> int:
    from balie.mail.models import InboundMail

    return InboundMail.objects.count()


if __name__ == "__main__":
    sys.exit(main())
