"""Signals and child processes, as the supervisor needs them.

Every child runs in a session of its own, so that Ctrl-C reaches the supervisor alone, and the kernel stops it when the
supervisor dies.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """What the process was told, readable without a race: a handler writes, the main loop reads."""

    def __init__(self) -> None:
        self.stop_count = 0
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._reader, selectors.EVENT_READ)

    def handle(self, number: int, frame: FrameType | None) -> None:
        if number in STOP_SIGNALS:
            self.stop_count += 1

    def wait(self, seconds: float) -> None:
        """Sleep until a signal comes (also the death of a child), or for so many seconds."""
        if self._selector.select(seconds):
            with contextlib.suppress(BlockingIOError):
                while self._reader.recv(1024):
                    pass

    def close(self) -> None:
        self._selector.close()
        self._reader.close()
        self._writer.close()

    def fileno(self) -> int:
        return self._writer.fileno()


@contextlib.contextmanager
def stop_signals() -> Iterator[Signals]:
    """Catch the signals to stop, and the death of children, for the length of the block."""
    signals = Signals()
    before = {number: signal.signal(number, signals.handle) for number in (*STOP_SIGNALS, signal.SIGCHLD)}
    wakeup = signal.set_wakeup_fd(signals.fileno(), warn_on_full_buffer=False)
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.close()


@dataclass
class Child:
    """One process that the supervisor keeps."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ends_by_itself: bool = False
    waits: bool = False  # it loads, and begins when it reads a line
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE if self.waits else subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),
        )

    def let_begin(self) -> None:
        """Tell a child that `waits` to begin."""
        assert self.process is not None
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(b"begin\n")
            self.process.stdin.close()

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def has_succeeded(self) -> bool:
        return self.process is not None and self.process.poll() == 0

    def tell(self, number: signal.Signals) -> None:
        """Signal the child, or with SIGKILL its whole session."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.runs:
                self.process.send_signal(number)


def end_with_parent(parent: int, how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For the child, between fork and exec: have the kernel send a signal when the parent dies, however it dies.

    It must run after the child changed user, which makes the kernel forget it. "Parent" is the thread that forks.
    """
    prctl = ctypes.CDLL(None).prctl

    def in_the_child() -> None:
        prctl(PR_SET_PDEATHSIG, how, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return in_the_child
