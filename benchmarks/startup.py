"""How fast Balie starts and how much memory it takes: `python -m benchmarks.startup [--json]`.

Measures an empty data folder to the first page, the second start, the stop, and the PSS of all its processes when idle.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMITS = {"first_start_seconds": 8.0, "second_start_seconds": 3.0, "idle_megabytes": 350.0}
SETTLE_SECONDS = 10.0
PATIENCE_SECONDS = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument(
        "--demo", action="store_true", help="with the demo, whose tickets load behind the first page"
    )
    parser.add_argument("--preset", default="infobits")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-startup-") as folder:
        Path(folder).chmod(0o755)
        options = ["--preset", arguments.preset, *(["--demo"] if arguments.demo else [])]
        figures = measure(Path(folder) / "desk", options)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            limit = f"   (limit {LIMITS[name]:g})" if name in LIMITS else ""
            print(f"{name.replace('_', ' '):24} {figure:8.1f}{limit}")
    return 0 if all(figures[name] <= limit for name, limit in LIMITS.items()) else 1


def measure(data: Path, options: list[str]) -> dict[str, float]:
    first = Run(data, options)
    first_start = first.seconds_to_first_page()
    first.finish_the_demo()
    first.stop()
    second = Run(data, options)
    second_start = second.seconds_to_first_page()
    time.sleep(SETTLE_SECONDS)
    pss = second.pss_by_kind()
    stop = second.stop()
    return {
        "first_start_seconds": first_start,
        "second_start_seconds": second_start,
        "stop_seconds": stop,
        "idle_megabytes": sum(pss.values()),
        **{f"{kind}_megabytes": figure for kind, figure in pss.items()},
    }


class Run:
    """One `balie serve`, from its start to its stop."""

    def __init__(self, data: Path, options: list[str]) -> None:
        self.data, self.port = data, free_port()
        self.has_demo, self.told = "--demo" in options, data.with_suffix(".log")
        self.began_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "balie.config.command_line", "serve", "--port", str(self.port), *options],
            env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
            | {"BALIE_DATA": str(data)},
            stdout=self.told.open("w"),
        )

    def seconds_to_first_page(self) -> float:
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - self.began_at > PATIENCE_SECONDS:
                sys.exit("Balie did not start.")
            time.sleep(0.02)
        return time.monotonic() - self.began_at

    def finish_the_demo(self) -> None:
        """Until the demo has all its tickets: idle is what comes after that."""
        while self.has_demo and "demo is complete" not in self.told.read_text():
            time.sleep(0.5)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> float:
        began_at = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began_at

    def pss_by_kind(self) -> dict[str, float]:
        """Megabytes of proportional set size, of the supervisor and everything below it."""
        totals = {"supervisor": 0.0, "web": 0.0, "worker": 0.0, "database": 0.0}
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            kinds = {"balie.config.web": "web", "balie.config.worker": "worker", "postgres": "database"}
            kind = next((kind for words, kind in kinds.items() if words in command), "supervisor")
            totals[kind] += pss_kilobytes(pid) / 1024
        return totals


def descendants(pid: int) -> list[int]:
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def pss_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
