"""Which folder a desk lives in, and what is private in it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from balie.config import data_folder
from balie.config.data_folder import DataFolderTrouble


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_balie_data_names_the_folder_outright() -> None:
    assert data_folder.data_folder("softwear", {"BALIE_DATA": "/srv/desk"}) == Path("/srv/desk")


def test_in_a_checkout_each_preset_has_its_own_folder_inside_it() -> None:
    root = data_folder.checkout_root()
    assert root is not None
    assert data_folder.data_folder("softwear", {}) == root / "var" / "softwear"
    assert data_folder.data_folder("desks/kiosk.toml", {}) == root / "var" / "kiosk"


def test_an_installed_package_uses_the_folder_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(data_folder, "checkout_root", lambda: None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder.data_folder("softwear", {}) == tmp_path / "balie" / "softwear"


@pytest.mark.parametrize(
    ("desks", "environ", "expected", "why"),
    [
        ([], {}, "infobits", "nothing is there: the default"),
        (["softwear"], {}, "softwear", "the only desk there is"),
        (["example", "softwear"], {}, "infobits", "more than one: the default, not a guess"),
        (["example"], {"BALIE_PRESET": "softwear"}, "softwear", "the environment says it"),
    ],
)
def test_without_a_preset_it_is_the_obvious_desk(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    desks: list[str],
    environ: dict[str, str],
    expected: str,
    why: str,
) -> None:
    monkeypatch.setattr(data_folder, "desks_folder", lambda: tmp_path)
    for desk in desks:
        data_folder.claim_for_preset(tmp_path / desk, desk)
    assert data_folder.data_folder(None, environ).name == expected, why


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    assert mode(data_folder.create(tmp_path / "new" / "desk")) == 0o700


def test_an_empty_folder_is_made_private_and_one_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir(mode=0o755)
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "letter").write_text("mine")
    assert mode(data_folder.create(tmp_path / "empty")) == 0o700
    assert mode(data_folder.create(tmp_path / "home")) == 0o755


def test_a_file_in_the_way_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("")
    with pytest.raises(DataFolderTrouble, match="is not a folder; set BALIE_DATA to a folder"):
        data_folder.create(tmp_path / "desk")


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    secret = data_folder.secret_key(tmp_path / "desk")
    assert len(secret) >= 50
    assert data_folder.secret_key(tmp_path / "desk") == secret
    assert mode(tmp_path / "desk" / "secret.key") == 0o600


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    imports = "import sys; from pathlib import Path; from balie.config.data_folder import secret_key"
    code = f"{imports}; print(secret_key(Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "desk")]
    together = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert len({process.communicate()[0] for process in together}) == 1
    assert sorted(path.name for path in (tmp_path / "desk").iterdir()) == ["secret.key"], (
        "nothing half-made is left"
    )


def test_a_folder_is_claimed_for_one_preset(tmp_path: Path) -> None:
    data_folder.claim_for_preset(tmp_path / "desk", "infobits")
    data_folder.claim_for_preset(tmp_path / "desk", "infobits")
    assert data_folder.held_preset(tmp_path / "desk") == "infobits"
    with pytest.raises(DataFolderTrouble, match="holds the desk “infobits”, not “softwear”"):
        data_folder.claim_for_preset(tmp_path / "desk", "softwear")


def test_your_own_database_comes_before_the_embedded_one(tmp_path: Path) -> None:
    assert (
        data_folder.database_url(tmp_path, {"DATABASE_URL": "postgresql://db/desk"}) == "postgresql://db/desk"
    )
    assert data_folder.database_url(tmp_path, {}).startswith("postgresql://balie@/balie?host=%2F")
