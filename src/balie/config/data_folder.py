"""Where one desk keeps what it must not lose: which folder, its secret, and the address of its database.

Standard library only: `balie --help` and the supervisor of the processes import this before Django.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

import balie

DEFAULT_PRESET = "infobits"
SECRET_NAME = "secret.key"
PRESET_NAME = "preset"


class DataFolderTrouble(Exception):
    """The data folder cannot be used; the text says why and what to do, in one sentence for a person."""


def checkout_root() -> Path | None:
    """The top of the source checkout that this package runs from, or `None` for an installed package."""
    root = Path(balie.__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "src" / "balie").is_dir() else None


def data_folder(preset: str | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the desk: `$BALIE_DATA`, else `var/<preset>` in a checkout, else the user's data folder.

    Without a preset it is the one of `$BALIE_PRESET`, else the only desk there is, else the default one. Two checkouts
    never share data, because the folder lies inside each. The folder is not created here.
    """
    if given := environ.get("BALIE_DATA"):
        return Path(given).expanduser().absolute()
    desks = desks_folder()
    return desks / preset_name(preset or environ.get("BALIE_PRESET") or _only_desk(desks) or DEFAULT_PRESET)


def chosen_preset(environ: Mapping[str, str] = os.environ) -> str:
    """The preset of `$BALIE_PRESET`, else the default one."""
    return environ.get("BALIE_PRESET") or DEFAULT_PRESET


def preset_name(preset: str) -> str:
    """The name of a preset that may be given as the path of a file: `desks/kiosk.toml` is `kiosk`."""
    return Path(preset).stem if preset.endswith(".toml") else preset


def desks_folder() -> Path:
    """Where data folders lie unless `$BALIE_DATA` names one: `var` in a checkout, else the user's data folder."""
    if root := checkout_root():
        return root / "var"
    from platformdirs import user_data_path

    return user_data_path("balie", appauthor=False)


def _only_desk(desks: Path) -> str | None:
    found = [path.parent.name for path in desks.glob(f"*/{PRESET_NAME}")]
    return found[0] if len(found) == 1 else None


def create(folder: Path) -> Path:
    """Make the folder, for its owner only, and answer it.

    An empty folder is made private, too. One that holds something keeps its mode: it may be a volume or a home,
    and all that Balie puts into it is private by itself.
    """
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if folder.stat().st_mode & 0o077 and not any(folder.iterdir()):
            folder.chmod(0o700)
    except PermissionError:
        raise DataFolderTrouble(
            f"{folder} belongs to somebody else; run this as the user whose desk it is, or set BALIE_DATA."
        ) from None
    except (FileExistsError, NotADirectoryError):
        raise DataFolderTrouble(f"{folder} is not a folder; set BALIE_DATA to a folder.") from None
    except OSError as error:
        raise DataFolderTrouble(f"{folder} cannot be made: {error.strerror}.") from None
    return folder


def secret_key(folder: Path) -> str:
    """The secret that signs this desk's cookies and tokens; made on first use, readable by its owner only.

    Two processes that start together agree on one secret: the file appears whole or not at all.
    """
    path = folder / SECRET_NAME
    if not path.exists():
        create(folder)
        write_privately(path, secrets.token_urlsafe(50) + "\n", replace=False)
    try:
        return path.read_text(encoding="ascii").strip()
    except PermissionError:
        raise DataFolderTrouble(f"{path} cannot be read; run this as the user whose desk it is.") from None


def write_privately(path: Path, text: str, *, replace: bool) -> None:
    """Write a file with mode 0600 in one step; with `replace=False` an existing file wins."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            try:
                path.hardlink_to(temporary)
            except FileExistsError:
                return
    finally:
        temporary.unlink(missing_ok=True)


def claim_for_preset(folder: Path, preset: str) -> None:
    """Remember which preset the folder's desk was made from; refuse a folder that holds another desk."""
    path = create(folder) / PRESET_NAME
    if not path.exists():
        write_privately(path, preset + "\n", replace=False)
    held = path.read_text(encoding="utf-8").strip()
    if held != preset:
        raise DataFolderTrouble(
            f"{folder} holds the desk “{held}”, not “{preset}”; give each desk its own BALIE_DATA."
        )


def held_preset(folder: Path) -> str | None:
    """The preset that the folder's desk was made from, or `None` when there is no desk yet."""
    try:
        return (folder / PRESET_NAME).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def database_url(folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """`$DATABASE_URL`, else the address of the embedded server that belongs to this folder.

    The embedded server need not run: `embedded_postgres.running` starts it.
    """
    if given := environ.get("DATABASE_URL"):
        return given
    from balie.config.cluster import Cluster

    return Cluster.of(folder).url
