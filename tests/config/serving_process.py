"""`balie serve` as a real process, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

BALIE = [sys.executable, "-m", "balie.config.command_line"]


def environment(data: Path) -> dict[str, str]:
    """As of a person who starts Balie on this folder, without what the test run set for itself."""
    ours = ("BALIE_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"BALIE_DATA": str(data), "BALIE_UNSAFE_FAST_DATABASE": "1"}


def balie(
    data: Path, *arguments: str, timeout: float = 60, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `changes` are for its environment."""
    command = [*BALIE, *arguments]
    return subprocess.run(
        command, env=environment(data) | changes, capture_output=True, text=True, timeout=timeout, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(reached: Callable[[], bool], *, seconds: float = 30) -> bool:
    give_up_at = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


class Serving:
    """A running `balie serve`; what it says is kept in `lines`. `changes` are for its environment."""

    def __init__(self, data: Path, *options: str, **changes: str) -> None:
        self.data = data
        self.port = free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*BALIE, "serve", "--port", str(self.port), *options],
            env=environment(data) | changes,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Serving:
        ready = eventually(
            lambda: self.has_said("Balie is ready") or self.process.poll() is not None, seconds=90
        )
        assert ready, self.text
        assert self.process.poll() is None, self.text
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def has_said(self, words: str) -> bool:
        return words in self.text

    def get(self, path: str = "/") -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def answers(self) -> bool:
        try:
            return self.get()[0] == 200
        except OSError:
            return False

    def children(self, name: str) -> list[int]:
        """The processes of this desk whose command names this module: `web`, `worker`."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
                surroundings = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if (
                f"balie.config.{name}".encode() in command
                and f"BALIE_DATA={self.data}".encode() in surroundings
            ):
                found.append(int(entry.name))
        return sorted(found)
