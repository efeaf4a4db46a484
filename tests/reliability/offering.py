"""Mail servers that hand mail to the desk: each offers a message again until it is told that the message is safe."""

from __future__ import annotations

import contextlib
import imaplib
import queue
import random
import smtplib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.reliability.letters import ANSWERS_US, Kind, Letter, Planned, Way, write
from tests.reliability.sink import Received, Sink
from tests.servers.dovecot import USERS, Dovecot

CONNECTIONS = {Way.IMAP: 3, Way.LMTP: 6}
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 180.0
SECONDS_FOR_AN_ANSWER = 30.0
MAILS_PER_CONNECTION = 20


class Line(Protocol):
    """A connection that takes messages; `offer` returns when one is safe, and raises when that is not known."""

    def offer(self, letter: Letter) -> None: ...

    def close(self) -> None: ...


class LmtpLine:
    def __init__(self, port: int) -> None:
        self._client = smtplib.LMTP("127.0.0.1", port, timeout=SECONDS_FOR_AN_ANSWER)

    def offer(self, letter: Letter) -> None:
        self._client.sendmail(letter.sender, [letter.recipient], letter.raw)

    def close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._client.close()


class ImapLine:
    """Puts messages into the mailbox that the desk empties."""

    def __init__(self, dovecot: Dovecot) -> None:
        self._client = imaplib.IMAP4("127.0.0.1", dovecot.port, timeout=SECONDS_FOR_AN_ANSWER)
        self._client.login("balie", USERS["balie"])

    def offer(self, letter: Letter) -> None:
        said, words = self._client.append("INBOX", "", "", letter.raw)
        if said != "OK":
            raise OSError(str(words))

    def close(self) -> None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()


@dataclass(frozen=True, slots=True)
class Offered:
    """A message that one of the ways said yes to, and at which attempt."""

    planned: Planned
    way: Way
    letter: Letter
    attempts: int


@dataclass
class Offering:
    """All mail of a run, offered by several connections each way. `refused`: what was given up, and why."""

    plan: Sequence[Planned]
    dovecot: Dovecot
    lmtp_port: int
    sink: Sink
    accepted: list[Offered] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._come_back: set[str] = set()
        self._at_ours = threading.Lock()
        self._waiting: dict[Way, queue.SimpleQueue[Planned]] = {way: queue.SimpleQueue() for way in Way}
        for planned in self.plan:
            for way in planned.ways:
                self._waiting[way].put(planned)
        self._threads = [
            threading.Thread(target=self._hand_over, args=(way,), name=f"offers by {way}")
            for way, count in CONNECTIONS.items()
            for _ in range(count)
        ]

    @property
    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _hand_over(self, way: Way) -> None:
        line = _Kept(lambda: LmtpLine(self.lmtp_port) if way is Way.LMTP else ImapLine(self.dovecot))
        with contextlib.suppress(queue.Empty):
            while True:
                planned = self._waiting[way].get_nowait()
                time.sleep(max(0.0, self._began + planned.at - time.monotonic()))
                self._offer(planned, way, line)
        line.hang_up()

    def _offer(self, planned: Planned, way: Way, line: _Kept) -> None:
        letter = write(planned, self._ours(planned))
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        attempts = 0
        trouble: Exception | None = None
        while time.monotonic() < give_up_at:
            attempts += 1
            try:
                line.offer(letter)
            except (OSError, smtplib.SMTPException, imaplib.IMAP4.error) as error:
                trouble = error
                line.hang_up()
                time.sleep(PAUSE_SECONDS)
            else:
                self.accepted.append(Offered(planned, way, letter, attempts))
                return
        self.refused.append(f"{planned.mark} ({planned.kind} by {way}): {trouble!r}")

    def _ours(self, planned: Planned) -> Sequence[Received]:
        """Mail of the desk to answer, as soon as there is some; each comes back to the desk at most once."""
        if planned.kind not in ANSWERS_US:
            return ()
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (found := self._not_come_back(planned)):
            assert time.monotonic() < give_up_at, "No confirmation has come out."
            time.sleep(PAUSE_SECONDS)
        return found

    def _not_come_back(self, planned: Planned) -> Sequence[Received]:
        if planned.kind is not Kind.OWN:
            return self.sink.confirmations()
        with self._at_ours:
            left = [each for each in self.sink.confirmations() if each.message_id not in self._come_back]
            chosen = random.Random(planned.mark).sample(left, 1) if left else []
            self._come_back |= {each.message_id for each in chosen}
            return chosen


class _Kept:
    """A connection for several messages, made anew when it broke off or has served enough."""

    def __init__(self, made: Callable[[], Line]) -> None:
        self._made = made
        self._line: Line | None = None
        self._mails = 0

    def offer(self, letter: Letter) -> None:
        if self._line is None or self._mails >= MAILS_PER_CONNECTION:
            self.hang_up()
            self._line = self._made()
        self._mails += 1
        self._line.offer(letter)

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, self._mails = None, 0
