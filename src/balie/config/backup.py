"""`balie backup` and `balie restore`: one desk in one file, verified on the way out and on the way in.

The file is a tar: `database.dump` (pg_dump's custom format), everything of the data folder that is not the database,
and last `manifest.json` with the size and SHA-256 of each. It holds the desk's secret: keep it as you keep a password.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import balie
from balie.config import cluster, command_line, data_folder, embedded_postgres
from balie.config.data_folder import DataFolderTrouble

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
DATA = "data/"
NOT_BACKED_UP = ("database", "static")
CHUNK = 1024 * 1024


class BackupTrouble(DataFolderTrouble):
    """The back-up cannot be made, or the file is no sound back-up; the text says why in one sentence."""


@dataclass(frozen=True)
class Member:
    """What the manifest says about one file in the back-up."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The last file in a back-up: what it is and what must be in it."""

    format: int
    balie: str
    preset: str
    made_at: str
    members: Mapping[str, Member]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    making = subparsers.add_parser(
        "backup",
        help="write the whole desk to one file, and verify it",
        description="Write the whole desk (database, files, secret) to one file, also while it is served.",
    )
    command_line.add_desk_options(making)
    making.add_argument("file", type=Path, metavar="FILE")
    making.add_argument("--force", action="store_true", help="replace FILE when it exists")
    making.add_argument("--json", action="store_true", help="one JSON object on standard output")
    making.set_defaults(run=run_backup)
    restoring = subparsers.add_parser(
        "restore",
        help="put a desk back from such a file",
        description="Verify the file, then put its desk into the data folder. Not while the desk is served.",
    )
    command_line.add_desk_options(restoring)
    restoring.add_argument("file", type=Path, metavar="FILE")
    restoring.add_argument("--force", action="store_true", help="replace the desk that is there; it is lost")
    restoring.add_argument("--json", action="store_true", help="one JSON object on standard output")
    restoring.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    folder = command_line.desk_folder(arguments)
    preset = data_folder.held_preset(folder)
    if preset is None and "DATABASE_URL" not in os.environ:
        raise BackupTrouble(f"There is no desk in {folder}; name another with --preset or BALIE_DATA.")
    if arguments.file.exists() and not arguments.force:
        raise BackupTrouble(f"{arguments.file} exists; choose another name, or replace it with --force.")
    with command_line.database(folder) as url:
        manifest = make(arguments.file, folder=folder, url=url, preset=preset or "", now=datetime.now(UTC))
    tell(arguments, f"{arguments.file} holds the desk and was read back without a difference.", manifest)
    return command_line.GOOD


def run_restore(arguments: argparse.Namespace) -> int:
    manifest = verify(arguments.file)
    folder = data_folder.data_folder(arguments.preset or manifest.preset or None)
    os.environ["BALIE_DATA"] = str(folder)
    embedded_postgres.refuse_while_served(folder)
    with command_line.database(folder) as url:
        if has_desk(url) and not arguments.force:
            raise BackupTrouble(
                f"There is a desk in {folder} already; replace it with --force, and it is lost."
            )
        put_back(arguments.file, manifest, folder=folder, url=url)
        bring_up_to_date()
    tell(arguments, f"The desk is back in {folder}.", manifest)
    return command_line.GOOD


def tell(arguments: argparse.Namespace, sentence: str, manifest: Manifest) -> None:
    if arguments.json:
        command_line.show_json(
            {
                "file": str(arguments.file.absolute()),
                "bytes": arguments.file.stat().st_size,
                "preset": manifest.preset,
                "made_at": manifest.made_at,
                "members": len(manifest.members),
                "verified": True,
            }
        )
    else:
        sys.stdout.write(sentence + "\n")


# Making


def make(target: Path, *, folder: Path, url: str, preset: str, now: datetime) -> Manifest:
    """Write the back-up under another name, read it back, and only then give it its name."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".balie-backup-") as scratch:
            dump = Path(scratch) / DUMP
            run_program(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--file={dump}",
                url=url,
            )
            with _private_file(unfinished) as file, tarfile.open(fileobj=file, mode="w") as archive:
                members = {DUMP: _add(archive, dump, DUMP)}
                for path in backed_up_files(folder):
                    name = DATA + path.relative_to(folder).as_posix()
                    members[name] = _add(archive, path, name)
                manifest = Manifest(
                    FORMAT, balie.__version__, preset, now.isoformat(timespec="seconds"), members
                )
                (Path(scratch) / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
                archive.add(Path(scratch) / MANIFEST, MANIFEST)
        verify(unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise BackupTrouble(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def backed_up_files(folder: Path) -> Iterator[Path]:
    """Everything of a data folder but the database, in order; half-written files (a dot in front) are left out.

    The dump is made first and files are never changed once written, so every file that the dump names is here.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        is_kept = inside.parts[0] not in NOT_BACKED_UP and not path.name.startswith(".")
        if is_kept and path.is_file() and not path.is_symlink():
            yield path


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Member:
    """Add a file and answer what was added, reading it once."""
    with path.open("rb") as file:
        info = archive.gettarinfo(arcname=name, fileobj=file)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mode = 0o600
        reading = _Hashing(file)
        archive.addfile(info, reading)
    return Member(reading.size, reading.digest.hexdigest())


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.size += len(chunk)
        self.digest.update(chunk)
        return chunk


@contextlib.contextmanager
def _private_file(path: Path) -> Iterator[IO[bytes]]:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


# Verifying


def verify(path: Path) -> Manifest:
    """Read the whole file and compare it with its manifest; raises `BackupTrouble` at the first difference."""
    try:
        with tarfile.open(path, mode="r:") as archive:
            found, last = _read_members(archive)
    except FileNotFoundError:
        raise BackupTrouble(f"{path} does not exist.") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupTrouble(f"{path} is no back-up of Balie, or it is damaged ({error}).") from None
    if last is None:
        raise BackupTrouble(f"{path} is no back-up of Balie, or its end is missing.")
    manifest = _manifest(path, last)
    for name in sorted(manifest.members.keys() | found.keys()):
        if manifest.members.get(name) != found.get(name):
            raise BackupTrouble(f"{path} is damaged: {name} is not what its manifest says.")
    return manifest


def _read_members(archive: tarfile.TarFile) -> tuple[dict[str, Member], bytes | None]:
    found: dict[str, Member] = {}
    last = None
    for info in archive:
        content = archive.extractfile(info)
        if content is None:
            raise tarfile.ReadError(f"{info.name} is no file")
        if info.name == MANIFEST:
            last = content.read()
            continue
        reading = _Hashing(content)
        while reading.read(CHUNK):
            pass
        found[info.name] = Member(reading.size, reading.digest.hexdigest())
    return found, last


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        read: dict[str, Any] = json.loads(text)
        if read["format"] != FORMAT or _version(read["balie"]) > _version(balie.__version__):
            raise BackupTrouble(
                f"{path} was made by a newer Balie ({read['balie']}); restore it with that one."
            )
        members = {name: Member(**each) for name, each in read.pop("members").items()}
        manifest = Manifest(**read, members=members)
    except (ValueError, KeyError, TypeError):
        raise BackupTrouble(f"{path} is damaged: its manifest cannot be read.") from None
    for name in manifest.members:
        parts = PurePosixPath(name).parts
        if name != DUMP and (not name.startswith(DATA) or ".." in parts or parts[1] in NOT_BACKED_UP):
            raise BackupTrouble(f"{path} is no back-up of Balie: it holds {name}.")
    return manifest


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3])


# Restoring


def has_desk(url: str) -> bool:
    """Whether the database holds a desk."""
    import psycopg

    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('desk_desk')").fetchone() == (None,):
            return False
        return connection.execute("SELECT count(*) > 0 FROM desk_desk").fetchone() == (True,)


def put_back(path: Path, manifest: Manifest, *, folder: Path, url: str) -> None:
    """Put files and database in their places so that a kill at any moment leaves a desk, the old one or the new one.

    First the files that are not there yet (files are named by their content: none of the old is touched), then the
    database in one transaction, then the rest. Doing it again finishes what was cut off.
    """
    data_folder.create(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as name:
        scratch = Path(name)
        with tarfile.open(path, mode="r:") as archive:
            for member in manifest.members:
                archive.extract(member, scratch, filter="data")
        incoming = {name: scratch / name for name in manifest.members if name.startswith(DATA)}
        places = {folder / name.removeprefix(DATA): path for name, path in incoming.items()}
        for place, path in places.items():
            if not place.exists():
                _move(path, place)
        _restore_database(scratch / DUMP, url)
        for place, path in places.items():
            if path.exists():
                _move(path, place)
        for old in set(backed_up_files(folder)) - places.keys():
            old.unlink()


def _move(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(place)


def _restore_database(dump: Path, url: str) -> None:
    """The dump as SQL into psql, after emptying the schema, all in one transaction."""
    sql = dump.with_suffix(".sql")
    with sql.open("w") as file:
        file.write("SET client_min_messages = warning;\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
    with sql.open("a") as file:
        run_program("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump), output=file)
    run_program(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--file={sql}",
        url=url,
    )


def bring_up_to_date() -> None:
    """Run the migrations that are newer than the back-up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    from balie.config.prepare import migrate

    django.setup()
    migrate()


def run_program(name: str, *arguments: str, url: str = "", output: IO[str] | None = None) -> None:
    """Run one of PostgreSQL's programs to its end; what it says when it fails becomes the trouble.

    A password in `url` goes by the environment: everybody on the machine can read the arguments of a program.
    """
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    database = [f"--dbname={make_conninfo('', **parts)}"] if url else []
    done = subprocess.run(
        [str(cluster.program(name)), *arguments, *database],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupTrouble(f"{name} failed: {done.stderr.strip()}")
