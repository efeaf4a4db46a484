"""The web server process of `balie serve`: `python -m balie.config.web HOST PORT PROCESSES`."""

from __future__ import annotations

import ipaddress
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels

KILL_SECONDS = 10
OPEN_CONNECTIONS = 20_000


def main(host: str, port: int, processes: int) -> None:
    """Serve until SIGTERM. A process that dies is replaced; one that hangs at the end is killed after 10 seconds."""
    Granian(
        "balie.config.asgi:application",
        address=str(ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)),
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        runtime_mode=RuntimeModes.st,
        runtime_blocking_threads=4,
        http=HTTPModes.http1,
        websockets=False,
        backlog=4096,
        backpressure=OPEN_CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
