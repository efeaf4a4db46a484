"""Debian's Kamailio on loopback, with the configuration that we ship (`integrations/kamailio`).

Every address is 127.0.0.1, so the file of peers is written anew for whoever is to be the trunk, the phones or the media
server: peers are told apart by loopback addresses of their own.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import daemons

SHIPPED = Path(__file__).parents[2] / "integrations" / "kamailio"
TRUNK_HOST, PHONES_HOST, MEDIA_HOST, STRANGER_HOST = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.9"
"""Who sends calls; each is a group of the file of peers, but for the stranger."""
DIAL_SECRET = "a secret of the test"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everybody listens: chosen before anything starts."""

    sip: int = field(default_factory=lambda: free_udp_port(TRUNK_HOST))
    orders: int = field(default_factory=daemons.free_port)
    phones: int = field(default_factory=lambda: free_udp_port(PHONES_HOST))
    media: int = field(default_factory=lambda: free_udp_port(MEDIA_HOST))
    fallback: int = field(default_factory=lambda: free_udp_port(PHONES_HOST))
    voicemail: int = field(default_factory=lambda: free_udp_port(MEDIA_HOST))
    trunk: int = field(default_factory=lambda: free_udp_port(TRUNK_HOST))


@dataclass(frozen=True, slots=True)
class Kamailio:
    """A running Kamailio. `token` is what it shows Balie."""

    folder: Path
    ports: Ports
    token: str

    @property
    def address(self) -> str:
        return f"{TRUNK_HOST}:{self.ports.sip}"

    def kept_events(self) -> int:
        """How many batches of events are on disk because Balie could not be told."""
        with contextlib.closing(sqlite3.connect(self.folder / "events.sqlite")) as spool:
            return int(spool.execute("SELECT count(*) FROM event").fetchone()[0])

    @property
    def orders(self) -> str:
        """Where Balie orders calls (click to dial)."""
        return f"http://{TRUNK_HOST}:{self.ports.orders}/RPC"

    def told(self) -> str:
        """What Kamailio said."""
        return daemons.told(self.folder / "kamailio.log")


@contextlib.contextmanager
def running_kamailio(
    *, balie: str, token: str, settings: Mapping[str, str] | None = None, ports: Ports | None = None
) -> Iterator[Kamailio]:
    """Kamailio asking the Balie at this address; `settings` go over those of the shipped `balie.cfg`."""
    program = daemons.program("kamailio", package="kamailio")
    with daemons.public_folder("kamailio") as folder:
        server = Kamailio(folder, ports or Ports(), token)
        shutil.copy(SHIPPED / "kamailio.cfg", folder)
        values = _settings(server, balie) | dict(settings or {})
        (folder / "balie.cfg").write_text(_set((SHIPPED / "balie.cfg").read_text(), values))
        peers = f"1 {TRUNK_HOST} 32\n2 {PHONES_HOST} 32\n3 {MEDIA_HOST} 32\n"
        (folder / "peers.list").write_text(peers)
        configuration = str(folder / "kamailio.cfg")
        subprocess.run([program, "-c", "-f", configuration], check=True, capture_output=True, cwd=folder)
        command = [program, "-f", configuration, "-DD", "-E", "-m", "64", "-M", "8", "-Y", str(folder)]
        with daemons.running(command, ports=[server.ports.orders], log=folder / "kamailio.log"):
            yield server


def _settings(server: Kamailio, balie: str) -> dict[str, str]:
    ports = server.ports
    return {
        "LISTEN_SIP": f"udp:{server.address}",
        "LISTEN_RPC": f"tcp:{TRUNK_HOST}:{ports.orders}",
        "OWN_ADDRESS": server.address,
        "BALIE_URL": balie,
        "BALIE_TOKEN": server.token,
        "DIAL_SECRET": DIAL_SECRET,
        "PHONES_HOST": f"{PHONES_HOST}:{ports.phones}",
        "MEDIA_HOST": f"{MEDIA_HOST}:{ports.media}",
        "FALLBACK_URI": f"sip:200@{PHONES_HOST}:{ports.fallback}",
        "VOICEMAIL_URI": f"sip:voicemail@{MEDIA_HOST}:{ports.voicemail}",
        "TRUNK_HOST": f"{TRUNK_HOST}:{ports.trunk}",
        "PEERS_FILE": str(server.folder / "peers.list"),
        "SPOOL_FILE": str(server.folder / "events.sqlite"),
        "RING_MILLISECONDS": "2000",
    }


def _set(text: str, values: Mapping[str, str]) -> str:
    """The shipped settings with other values; every name must be there."""
    for name, value in values.items():
        line = re.compile(rf'^#!substdef "!{name}!.*!g"$', re.M)
        assert len(line.findall(text)) == 1, name
        text = line.sub(f'#!substdef "!{name}!{value}!g"', text)
    return text


def free_udp_port(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
