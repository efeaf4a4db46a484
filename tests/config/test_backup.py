"""What a restore leaves behind when it is cut off, and what its programs may be seen to say."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict
from pathlib import Path

import pytest

from balie import __version__
from balie.config import backup
from balie.config.backup import DATA, DUMP, MANIFEST, BackupTrouble, Manifest, Member


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The data folder of a desk with two files and a secret."""
    folder = tmp_path / "desk"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "old").write_text("of the old desk")
    (folder / "files" / "ab" / "both").write_text("of both")
    (folder / "secret.key").write_text("old secret")
    return folder


@pytest.fixture
def back_up(tmp_path: Path) -> tuple[Path, Manifest]:
    """A back-up of another desk, whose dump nobody reads here."""
    contents = {
        DUMP: b"dump",
        DATA + "files/ab/both": b"of both",
        DATA + "files/cd/new": b"of the new desk",
        DATA + "secret.key": b"new secret",
    }
    members = {name: Member(len(content), "") for name, content in contents.items()}
    manifest = Manifest(1, __version__, "infobits", "2026-11-22T12:00:00+00:00", members)
    path = tmp_path / "desk.balie"
    with tarfile.open(path, "w") as archive:
        for name, content in {**contents, MANIFEST: json.dumps(asdict(manifest)).encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path, manifest


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_restore_whose_database_fails_leaves_the_old_desk_whole(
    desk: Path, back_up: tuple[Path, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(dump: Path, url: str) -> None:
        raise BackupTrouble("psql failed: no space left")

    monkeypatch.setattr(backup, "_restore_database", fails)
    before = contents(desk)
    with pytest.raises(BackupTrouble):
        backup.put_back(*back_up, folder=desk, url="")
    assert before.items() <= contents(desk).items()


def test_a_restore_killed_after_the_database_is_finished_by_the_next(
    desk: Path, back_up: tuple[Path, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(dump: Path, url: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "_restore_database", killed)
    with pytest.raises(KeyboardInterrupt):
        backup.put_back(*back_up, folder=desk, url="")
    assert (desk / "files" / "cd" / "new").exists(), "what the new database names is there before it"
    monkeypatch.setattr(backup, "_restore_database", lambda dump, url: None)
    backup.put_back(*back_up, folder=desk, url="")
    assert contents(desk) == {
        "files/ab/both": "of both",
        "files/cd/new": "of the new desk",
        "secret.key": "new secret",
    }


def test_a_password_is_no_argument_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@ / $PGPASSWORD" > {tmp_path / "seen"}\n')
    program.chmod(0o700)
    monkeypatch.setattr(backup.cluster, "program", lambda name: program)
    backup.run_program("pg_dump", "--file=x", url="postgresql://balie:geheim@db.example/desk")
    arguments, _, password = (tmp_path / "seen").read_text().strip().partition(" / ")
    assert "geheim" not in arguments
    assert "host=db.example" in arguments
    assert password == "geheim"
