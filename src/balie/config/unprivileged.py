"""Root may not run PostgreSQL: as whom it runs instead, and what that user must reach."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from balie.config.data_folder import DataFolderTrouble

UNPRIVILEGED_USERS = ("balie", "postgres", "nobody")


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


def open_the_way(folder: Path) -> None:
    """Root's folder stays root's, so that the server's user can plant nothing in it, but that user may pass through.

    In a folder of an ordinary user that root works for, what root makes becomes that user's.
    """
    if os.geteuid() == 0:
        if owner := folder.parent.stat().st_uid:
            os.chown(folder, owner, folder.parent.stat().st_gid, follow_symlinks=False)
        else:
            folder.chmod(folder.stat().st_mode | 0o011)


def leave_to_folder_owner(handle: int, folder: Path) -> None:
    """When root makes a file in somebody's folder, it becomes that person's."""
    if os.geteuid() == 0:
        found = folder.stat()
        os.fchown(handle, found.st_uid, found.st_gid)


def account_for(data: Path) -> Account | None:
    """As whom the PostgreSQL of this data folder runs: `None`, as ourselves, unless we are root, who may not run it.

    For root it is the owner of the data folder, when that is an ordinary user; else who owns the cluster already;
    else the first of `balie`, `postgres` and `nobody` that this machine knows.
    """
    if os.geteuid() != 0:
        return None
    made = data / "database" / "pgdata"
    for owner in (owner_of(data), made.stat().st_uid if made.exists() else 0):
        with contextlib.suppress(KeyError):
            if owner:
                return _account(pwd.getpwuid(owner))
    for name in UNPRIVILEGED_USERS:
        with contextlib.suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise DataFolderTrouble(
        "PostgreSQL does not run as root: add a user for it with “adduser --system balie”."
    )


def _account(found: pwd.struct_passwd) -> Account:
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def owner_of(data: Path) -> int:
    try:
        return data.stat().st_uid
    except FileNotFoundError:
        return os.geteuid()


class RunAs(TypedDict, total=False):
    """Arguments of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(account: Account | None) -> RunAs:
    """For `subprocess`: as this user, in no other group."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def hand_over(path: Path, data: Path) -> None:
    """Give a file or folder to the user who runs the PostgreSQL of this data folder."""
    if account := account_for(data):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
