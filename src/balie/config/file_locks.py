"""Locks on files that the kernel lets go when their holder dies, and waiting with an end."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from balie.config.data_folder import DataFolderTrouble
from balie.config.unprivileged import leave_to_folder_owner


class Lock:
    """A lock on a file (`flock`), which the kernel lets go when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None
        self.is_held = False

    def try_alone(self) -> bool:
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def wait_alone(self, *, seconds: float) -> bool:
        return until(self.try_alone, seconds=seconds)

    def share(self, *, seconds: float) -> bool:
        return until(lambda: self._take(fcntl.LOCK_SH | fcntl.LOCK_NB), seconds=seconds)

    def write(self, text: str) -> None:
        """Leave a note for those who find the lock taken."""
        assert self._handle is not None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text.encode(), 0)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        self.is_held = False

    def _take(self, how: int) -> bool:
        if self._handle is None:
            try:
                self._handle = os.open(
                    self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
                )
                leave_to_folder_owner(self._handle, self.path.parent)
            except PermissionError:
                raise DataFolderTrouble(
                    f"{self.path.parent} belongs to somebody else; run this as the user whose desk it is."
                ) from None
        try:
            fcntl.flock(self._handle, how)
        except BlockingIOError:
            return False
        self.is_held = True
        return True


def until(reached: Callable[[], bool], *, seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    pause = 0.005
    while not reached():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True
