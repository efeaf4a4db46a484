"""Keeping bytes: on disk and flushed before the row that names them is committed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from balie.files.models import File


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_FOLDER) / sha256[:2] / sha256[2:4] / sha256


def store(content: bytes) -> File:
    """Keep `content` and return its row; the same content twice is one file.

    The bytes are on disk (fsync, then an atomic rename) before this returns: a transaction that is rolled back
    leaves an unnamed file behind, never a row without its bytes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        _write(path, content)
    file, is_new = File.objects.get_or_create(sha256=sha256, defaults={"size": len(content)})
    if is_new and not path.exists():  # `discard` was at work between the look and the row
        _write(path, content)
    return file


def discard(file: File) -> bool:
    """Forget a file that nothing refers to, bytes and row; answers whether it did.

    The row is locked meanwhile: whoever wants to refer to it waits, and then stores the content anew.
    """
    with transaction.atomic():
        locked = File.objects.select_for_update().filter(pk=file.pk).first()
        if locked is None:
            return False
        try:
            locked.delete()
        except ProtectedError:
            return False
        path_of(file.sha256).unlink(missing_ok=True)
        return True


def read(file: File) -> bytes:
    return path_of(file.sha256).read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    Path(name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
