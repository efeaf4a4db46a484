"""Who is killed when: decided by the seed, done by a thread, and written down."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.reliability.living_desk import LivingDesk, kill
from tests.servers.dovecot import Dovecot

PATIENCE_SECONDS = 90.0
LEAST_GAP_SECONDS = 1.5


class Victim(StrEnum):
    """What is killed. The supervisor starts the first three again; when the database dies it ends, by design."""

    WEB = "web"
    WORKER = "worker"
    LMTP = "LMTP server"
    IMAP = "IMAP connection"
    DATABASE = "database"


OFTEN: Mapping[Victim, int] = {
    Victim.WEB: 3,
    Victim.WORKER: 5,
    Victim.LMTP: 4,
    Victim.IMAP: 4,
    Victim.DATABASE: 2,
}
"""How often each is killed in a minute of mail; each at least once."""


@dataclass(frozen=True, slots=True)
class Kill:
    victim: Victim
    at: float  # seconds after the first mail


def schedule(seed: int, *, seconds: float) -> list[Kill]:
    """The kills of a run, at random moments from when mail comes in until some seconds after its end."""
    chance = random.Random(f"kills {seed}")
    victims = [each for each, often in OFTEN.items() for _ in range(max(1, round(often * seconds / 60)))]
    chance.shuffle(victims)
    moments = sorted(chance.uniform(1, seconds * 1.2) for _ in victims)
    return [Kill(victim, at) for victim, at in zip(victims, moments, strict=True)]


@dataclass
class Killing:
    """The thread. `done`: one line for each kill, with its moment; `missed`: those that found nobody in time."""

    plan: Sequence[Kill]
    desk: LivingDesk
    dovecot: Dovecot
    done: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._kill_on, name="kills")
        self._found: Mapping[Victim, Callable[[], list[int]]] = {
            Victim.WEB: lambda: self.desk.children("web"),
            Victim.WORKER: lambda: self.desk.children("worker"),
            Victim.LMTP: lambda: self.desk.children("mail_lmtp"),
            Victim.IMAP: lambda: sessions_of(self.dovecot),
            Victim.DATABASE: lambda: [pid for pid in [self.desk.postmaster()] if pid],
        }

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def start(self) -> None:
        self._began = time.monotonic()
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def _kill_on(self) -> None:
        for each in self.plan:
            time.sleep(max(LEAST_GAP_SECONDS, self._began + each.at - time.monotonic()))
            pids = self._kill(each.victim)
            line = f"{time.monotonic() - self._began:6.1f} s  {each.victim} {pids}"
            (self.done if pids else self.missed).append(line)

    def _kill(self, victim: Victim) -> list[int]:
        """Kill it as soon as it runs; answers the processes."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            if killed := [pid for pid in self._found[victim]() if kill(pid)]:
                return killed
            time.sleep(0.1)
        return []


def sessions_of(dovecot: Dovecot) -> list[int]:
    """The processes that speak IMAP for this Dovecot: with the desk, and with who puts mail in."""
    found = {pid: _parent(pid) for pid in _named("dovecot/imap")}
    masters = {pid for pid in set(found.values()) if str(dovecot.folder) in _command(pid)}
    return sorted(pid for pid, parent in found.items() if parent in masters)


def _named(name: str) -> list[int]:
    return [
        int(each.name) for each in Path("/proc").glob("[0-9]*") if _command(int(each.name)).strip() == name
    ]


def _command(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
