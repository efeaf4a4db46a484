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
def test_a_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True)
    wheel = next(tmp_path.glob("balie-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "balie/web/static/vendor/tabler.min.css" in names
    assert "balie/web/static/vendor/icons.svg" in names
    assert "balie/locale/nl/LC_MESSAGES/django.mo" in names
    assert "balie/presets/softwear.toml" in names

    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)

    def balie(*arguments: str) -> subprocess.CompletedProcess[str]:
        inherited = ("BALIE_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(inherited)}
        return subprocess.run(
            [str(tmp_path / "venv" / "bin" / "balie"), *arguments],
            cwd=tmp_path,
            env=environment | {"XDG_DATA_HOME": str(tmp_path / "share")},
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
    assert (tmp_path / "share" / "balie" / "softwear" / "secret.key").exists()
    checked = balie("check")
    assert checked.returncode == 0, checked.stdout
