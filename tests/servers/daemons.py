"""Servers of Debian's that a test starts on loopback: found, started in the foreground, waited for, stopped."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from balie.config.processes import end_with_parent

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30.0
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def program(name: str, *, package: str) -> str:
    """Where the program is; without it the test is left out, but not on a machine that checks everything."""
    path = shutil.which(name, path=PLACES)
    missing = f"There is no {name} here: apt install {package}"
    if path is None and not os.environ.get("CI"):
        pytest.skip(missing)
    assert path, missing
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def public_folder(name: str) -> Iterator[Path]:
    """An empty folder that the servers' own users may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=os.environ.get("BALIE_TEST_RUN")))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(command: Sequence[str], *, ports: Sequence[int], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server for the length of the block, from when it listens at every port."""
    with log.with_suffix(".out").open("wb") as said:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),
        )
    try:
        for port in ports:
            await_port(port, server, log)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def await_port(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    def listens() -> bool:
        assert server.poll() is None, told(log)
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((HOST, port), timeout=5):
            return True
        return False

    until(listens, otherwise=lambda: f"Nobody listens at port {port}: {told(log)}")


def until(
    holds: Callable[[], object],
    *,
    otherwise: Callable[[], str] = lambda: "It did not come true.",
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Wait until it holds, looking twenty times a second; fail with a sentence when it never does."""
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, otherwise()
        time.sleep(0.05)


def told(log: Path) -> str:
    """What the server said, for a test that fails."""
    return "\n".join(
        path.read_text(errors="replace") for path in (log.with_suffix(".out"), log) if path.exists()
    )
