"""Where the desk's mail goes: a mail server in a process of its own that keeps every message before it says yes.

`python -m tests.reliability.sink FOLDER` listens at a free port, which it writes into `FOLDER/port`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.servers import daemons

from balie.config.processes import end_with_parent

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the sink said yes to. `sender`, `recipient`: of the envelope."""

    raw: bytes
    sender: str
    recipient: str
    message_id: str
    reply_to: str
    is_confirmation: bool


class Sink:
    """The running sink, as the test sees it. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = int((folder / "port").read_text())
        self._received: list[Received] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"

    def received(self) -> list[Received]:
        """Everything so far, in the order in which it came."""
        with self._lock:
            while (path := self.folder / f"{len(self._received):06}.eml").exists():
                self._received.append(_read(path.read_bytes()))
            return list(self._received)

    def confirmations(self) -> list[Received]:
        return [each for each in self.received() if each.is_confirmation]


def _read(kept: bytes) -> Received:
    sender, recipient, raw = kept.split(b"\n", 2)
    headers = message_from_bytes(raw, policy=policy.default)
    return Received(
        raw,
        sender.decode(),
        recipient.decode(),
        str(headers["Message-ID"]),
        str(headers["Reply-To"] or ""),
        is_confirmation=headers["Auto-Submitted"] == "auto-replied" and bool(headers["Reply-To"]),
    )


@contextlib.contextmanager
def running_sink() -> Iterator[Sink]:
    with daemons.public_folder("sink") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.sink", str(folder)],
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),
        )
        try:
            daemons.until((folder / "port").exists, otherwise=lambda: "The sink did not start.")
            yield Sink(folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


# --- The process ----------------------------------------------------------------------------------------


class Keeper:
    """Writes each message into a file of its own, named by the order; whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        for recipient in envelope.rcpt_tos:
            head = f"{envelope.mail_from}\n{recipient}\n".encode()
            self._keep(head + envelope.content)
        return "250 OK"

    def _keep(self, content: bytes) -> None:
        begun = self.folder / "begun"
        begun.write_bytes(content)
        begun.rename(self.folder / f"{self.count:06}.eml")
        self.count += 1


def serve(folder: Path) -> None:
    server = Controller(Keeper(folder), hostname="127.0.0.1", port=daemons.free_port())
    server.start()
    begun = folder / "port.begun"
    begun.write_text(str(server.port))
    begun.rename(folder / "port")
    signal.sigwait({signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    serve(Path(sys.argv[1]))
