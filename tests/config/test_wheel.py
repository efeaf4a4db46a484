"""The wheel, built and installed as a stranger would, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_a_wheel_works_outside_the_checkout(public_folder: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(public_folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True)
    wheel = next(public_folder.glob("balie-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "balie/web/static/vendor/tabler.min.css" in names
    assert "balie/web/static/vendor/icons.svg" in names
    assert "balie/locale/nl/LC_MESSAGES/django.mo" in names
    assert "balie/presets/softwear.toml" in names
    assert "balie/config/demo/knowledge/make-a-backup.nl.md" in names

    venv.create(public_folder / "venv", with_pip=True)
    python = public_folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)

    def balie(*arguments: str) -> subprocess.CompletedProcess[str]:
        inherited = ("BALIE_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(inherited)}
        return subprocess.run(
            [str(public_folder / "venv" / "bin" / "balie"), *arguments],
            cwd=public_folder,
            env=environment | {"XDG_DATA_HOME": str(public_folder / "share")},
            capture_output=True,
            text=True,
            check=False,
        )

    assert balie("--help").returncode == 0
    explained = balie(
        *("explain", "deadline", "--preset", "infobits", "--plan", "SLA8", "--support-contract"),
        *("--asked", "2026-11-20 16:00", "--json"),
    )
    assert '"2026-11-23T13:00:00+01:00"' in explained.stdout, explained.stderr
    made = balie("init", "--preset", "softwear", "--admin", "willem@desk.example")
    assert made.returncode == 0, made.stderr
    assert (public_folder / "share" / "balie" / "softwear" / "secret.key").exists()
    checked = balie("check")
    assert checked.returncode == 0, checked.stdout
