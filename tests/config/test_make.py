"""What `make` says on a machine that lacks something."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def fake_python(folder: Path, script: str) -> Path:
    path = folder / "python3"
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "[[ $1 == --version ]] && echo 'Python 3.9.2'; [[ $1 == -c && $2 == *version_info* ]] && exit 1; exit 0",
            "Python 3.9.2 is too old",
        ),
        ("[[ $2 == *ensurepip* ]] && exit 1; exit 0", "apt install python3-venv"),
    ],
)
def test_each_missing_prerequisite_gives_one_sentence(tmp_path: Path, script: str, sentence: str) -> None:
    command = [str(ROOT / "tools" / "prerequisites"), str(fake_python(tmp_path, script))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_machine_without_python_is_told_what_to_install() -> None:
    done = subprocess.run(
        [str(ROOT / "tools" / "prerequisites"), "python9"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Python 3.11 or newer is missing: apt install python3 python3-venv\n",
    )


def test_an_ordinary_user_is_told_the_one_line_that_installs_what_tests_need(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("#!/bin/bash\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    environment = {"PATH": str(tmp_path)}
    command = ["/bin/bash", str(ROOT / "tools" / "debian_packages")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "sudo apt install chromium" in done.stderr


def test_the_locks_name_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        assert "://" not in "".join(
            line
            for line in (ROOT / name).read_text().splitlines()
            if "funding" not in line and '"url"' not in line
        ), name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    assert (ROOT / "requirements.lock").read_text().count("--hash=sha256:") > 30
