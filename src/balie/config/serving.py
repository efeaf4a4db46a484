"""`balie serve`: database, web server and worker together, started in order and stopped in order.

The supervisor stays small (standard library only). Stopping goes web, worker, and the database last.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import balie
from balie.config import command_line, data_folder, mail_lmtp, phone_agi
from balie.config.cluster import Cluster
from balie.config.data_folder import DataFolderTrouble
from balie.config.prepare import MORE_TO_COME
from balie.config.processes import Child, Signals, stop_signals

HOST = "127.0.0.1"
PORT = 8000
STOP_SECONDS = 15.0
FIRST_PAGE_SECONDS = 60.0
SHORT_LIFE_SECONDS = 20.0
MOST_SHORT_LIVES = 3
GATE_NAME = ".starting"
SERVER_ERROR = 500


class CannotServe(DataFolderTrouble):
    """Balie cannot start or go on; the text says why in one sentence."""


class ToldToStop(Exception):
    """A person or the system asked for an end while Balie was still starting."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="serve the desk: database, web server and worker together",
        description="Serve the desk until Ctrl-C or SIGTERM. Makes the database and the desk when there is none yet.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "--demo", action="store_true", help="fill a new desk with invented customers and tickets"
    )
    parser.add_argument("--host", default=HOST, help=f"the address to listen at (default: {HOST})")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"default: {PORT}")
    parser.add_argument("--web-processes", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument(
        "--no-worker", action="store_true", help="without the worker, which then runs elsewhere"
    )
    parser.add_argument(
        "--lmtp",
        type=mail_lmtp.address,
        default=os.environ.get("BALIE_LMTP"),
        metavar="ADDRESS",
        help="take mail by LMTP at 127.0.0.1:PORT or unix:/a/path (default: $BALIE_LMTP, else not)",
    )
    parser.add_argument(
        "--agi",
        type=phone_agi.address,
        default=os.environ.get("BALIE_AGI"),
        metavar="ADDRESS",
        help="tell Asterisk where calls go, by FastAGI at 127.0.0.1:PORT (default: $BALIE_AGI, else not)",
    )
    parser.set_defaults(run=run)


def port_number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is no port; give one from 1 to 65535")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; exit code 0 after a stop that was asked for."""
    folder = command_line.desk_folder(arguments)
    held = data_folder.held_preset(folder)
    preset = arguments.preset or held or data_folder.chosen_preset()
    if arguments.preset or not held:
        refuse_unknown_preset(preset)
    refuse_busy_port(arguments.host, arguments.port)
    data_folder.claim_for_preset(folder, data_folder.preset_name(preset))
    shown_host = HOST if arguments.host in {"0.0.0.0", "::"} else arguments.host
    os.environ.setdefault("BALIE_URL", f"http://{shown_host}:{arguments.port}")
    telling = Progress()
    with stop_signals() as signals:
        supervisor = Supervisor(signals, telling, gate=folder / GATE_NAME)
        try:
            supervisor.load(arguments, preset)
            with contextlib.suppress(ToldToStop), database(folder, telling) as database_died:
                supervisor.database_died = database_died
                try:
                    supervisor.bring_up(arguments, shown_host)
                    supervisor.watch()
                finally:
                    supervisor.stop()
        finally:
            supervisor.stop()
        telling("Stopped.")
    return command_line.GOOD


def refuse_unknown_preset(preset: str) -> None:
    """One sentence for a slip of the pen, before anything is made."""
    known = sorted(path.stem for path in (Path(balie.__file__).parent / "presets").glob("*.toml"))
    if preset not in known and not Path(preset).is_file():
        raise CannotServe(
            f"There is no preset “{preset}”; there are {', '.join(known)}, or give the path of a file."
        )


@dataclass
class Progress:
    """Tells what happens, each line with the seconds since the start."""

    began_at: float = field(default_factory=time.monotonic)

    def __call__(self, sentence: str) -> None:
        sys.stdout.write(f"{time.monotonic() - self.began_at:6.1f} s  {sentence}\n")
        sys.stdout.flush()


@contextlib.contextmanager
def database(folder: Path, telling: Progress) -> Iterator[Callable[[], bool]]:
    """The desk's database for as long as it is served, stopped last; answers how to ask whether it died meanwhile."""
    if "DATABASE_URL" in os.environ:
        telling("Using the database of DATABASE_URL.")
        yield lambda: False
        return
    from balie.config import embedded_postgres

    with embedded_postgres.running(folder, purpose="serve", progress=telling) as server:
        telling("The database runs.")
        os.environ["DATABASE_URL"] = server.url
        try:
            yield server.has_died
        finally:
            del os.environ["DATABASE_URL"]
            telling("Stopping the database.")


class Supervisor:
    """Starts the children in order, restarts those that die, stops them in order."""

    def __init__(self, signals: Signals, telling: Progress, *, gate: Path) -> None:
        self.gate = gate
        self.signals = signals
        self.telling = telling
        self.database_died: Callable[[], bool] = lambda: False
        self.children: list[Child] = []

    def load(self, arguments: argparse.Namespace, preset: str) -> None:
        """Let the web server and the step that makes the tables load while the database starts.

        The one answers that Balie is starting as long as the gate is closed, the other waits to be told.
        """
        demo = ["--demo"] if arguments.demo else []
        where = [arguments.host, str(arguments.port), str(arguments.web_processes)]
        self.gate.touch(mode=0o600)
        self.web = self.start(
            "web server", ["balie.config.web", *where], BALIE_PROCESS="web", BALIE_GATE=str(self.gate)
        )
        is_old = "DATABASE_URL" in os.environ or Cluster.of(self.gate.parent).is_made
        look = ["--look-first"] if is_old else []
        self.preparing = self.start(
            "prepare", ["balie.config.prepare", preset, "--when-told", *look, *demo], waits=True
        )

    def bring_up(self, arguments: argparse.Namespace, shown_host: str) -> None:
        """Everything up to the first page that answers."""
        more = self.prepare()
        self.telling("The tables are up to date.")
        self.gate.unlink()
        self.wait_for_first_page(self.web, shown_host, arguments.port)
        self.telling(f"Balie is ready: {os.environ['BALIE_URL']}  (Ctrl-C stops it)")
        if arguments.lmtp:
            self.start("LMTP server", ["balie.config.mail_lmtp", arguments.lmtp], BALIE_PROCESS="lmtp")
        if arguments.agi:
            desk = f"http://{f'[{shown_host}]' if ':' in shown_host else shown_host}:{arguments.port}"
            self.start("FastAGI server", ["balie.config.phone_agi", arguments.agi, desk], BALIE_PROCESS="agi")
        if not arguments.no_worker:
            self.start("worker", ["balie.config.worker"])
        if more:
            self.telling("The tickets of the demo are being made; the pages show how far it is.")
            filling = self.start("demo", ["balie.config.command_line", "demo", "--json"])
            filling.ends_by_itself = True

    def start(self, name: str, module: Sequence[str], *, waits: bool = False, **environment: str) -> Child:
        child = Child(name, [sys.executable, "-m", *module], environment, waits=waits)
        child.start()
        self.children.append(child)
        return child

    def prepare(self) -> bool:
        """Have the tables made; a failure ends everything. Answers whether something is left to be done later."""
        child = self.preparing
        child.let_begin()
        while child.runs:
            self.signals.wait(1.0)
            self.heed()
        self.children.remove(child)
        assert child.process is not None
        if child.process.returncode not in {0, MORE_TO_COME}:
            raise CannotServe("Balie could not prepare its database; what is above says why.")
        return child.process.returncode == MORE_TO_COME

    def wait_for_first_page(self, web: Child, host: str, port: int) -> None:
        give_up_at = time.monotonic() + FIRST_PAGE_SECONDS
        while (status := status_of_first_page(host, port)) is None:
            self.heed()
            if not web.runs:
                raise CannotServe("The web server ended while it was starting; what is above says why.")
            if time.monotonic() > give_up_at:
                raise CannotServe(
                    f"No page came within {FIRST_PAGE_SECONDS:.0f} seconds; what is above says why."
                )
            self.signals.wait(0.05)
        if status >= SERVER_ERROR:
            raise CannotServe(f"The first page is an error ({status}); what is above says why.")

    def watch(self) -> None:
        """Until told to stop: keep every child alive."""
        while True:
            self.signals.wait(60.0)
            try:
                self.heed()
            except ToldToStop:
                return
            for child in [each for each in self.children if not each.runs]:
                if child.ends_by_itself and child.has_succeeded:
                    self.children.remove(child)
                    self.telling(f"The {child.name} is complete.")
                else:
                    self.restart(child)

    def heed(self) -> None:
        """Raise when asked to stop, or when the database is gone."""
        if self.signals.stop_count:
            raise ToldToStop
        if self.database_died():
            raise CannotServe(
                "The database ended unexpectedly, so Balie stops; its log is postgres.log in the data folder."
            )

    def restart(self, child: Child) -> None:
        """Start a dead child again, unless it keeps dying."""
        assert child.process is not None
        code = child.process.returncode
        child.tell(signal.SIGKILL)
        lived = time.monotonic() - child.started_at
        child.short_lives = child.short_lives + 1 if lived < SHORT_LIFE_SECONDS else 0
        if child.short_lives >= MOST_SHORT_LIVES:
            raise CannotServe(
                f"The {child.name} keeps ending (exit code {code}), so Balie stops; what is above says why."
            )
        self.telling(f"The {child.name} ended (exit code {code}); starting it again.")
        child.start()

    def stop(self) -> None:
        """First what lets new things in, then the worker. A second Ctrl-C kills what is left."""
        asked = self.signals.stop_count
        for child in self.children:
            if child.runs:
                self.telling(f"Stopping the {child.name}.")
                self.end(child, asked)

    def end(self, child: Child, asked: int) -> None:
        child.tell(signal.SIGTERM)
        give_up_at = time.monotonic() + STOP_SECONDS
        while child.runs and time.monotonic() < give_up_at and self.signals.stop_count <= max(asked, 1):
            self.signals.wait(0.2)
        child.tell(signal.SIGKILL)
        assert child.process is not None
        child.process.wait()


# The port


def refuse_busy_port(host: str, port: int) -> None:
    """One sentence when somebody else listens there, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotServe(
                f"Port {port} needs rights that this user has not; choose one above 1023."
            ) from None
        except OSError as error:
            why = "is in use" if error.errno == 98 else f"cannot be used ({error.strerror})"
            raise CannotServe(
                f"Port {port} on {host} {why}; choose another: --port {port + 1} (make run PORT={port + 1})."
            ) from None


def status_of_first_page(host: str, port: int) -> int | None:
    """The status of `GET /`, or `None` when nobody answers yet. It also warms up what every page needs."""
    import http.client  # loaded while the children load theirs

    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
