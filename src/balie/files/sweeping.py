"""Forgetting what nobody refers to: files of forms that were never sent, bytes of transactions that were undone.

What came in less than `LEFT_ALONE` ago may belong to a transaction that still runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from balie.files import actions
from balie.files.models import File

LEFT_ALONE = timedelta(days=1)
BATCH = 500
HALF_WRITTEN = ".new-"


def sweep(*, now: datetime) -> int:
    """Forget every file without a use, row and bytes; answers how many. Safe to run twice."""
    before = now - LEFT_ALONE
    rows = sum(actions.discard(file) for file in unused(before=before).iterator(chunk_size=BATCH))
    return rows + sum(map(_forget_nameless, _batches(_old_paths(before))))


def unused(*, before: datetime) -> QuerySet[File]:
    """Rows stored before this moment to which nothing refers."""
    found = File.objects.filter(stored_at__lt=before)
    for field in File._meta.get_fields(include_hidden=True):
        if field.one_to_many or field.one_to_one:
            users = field.related_model._base_manager.filter(**{field.field.name: OuterRef("pk")})  # type: ignore[union-attr]
            found = found.filter(~Exists(users))
    return found


def _old_paths(before: datetime) -> Iterator[Path]:
    folder = Path(settings.FILES_FOLDER)
    for path in folder.rglob("*") if folder.exists() else ():
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path


def _batches(paths: Iterator[Path]) -> Iterator[list[Path]]:
    while batch := list(islice(paths, BATCH)):
        yield batch


def _forget_nameless(paths: list[Path]) -> int:
    """Delete what has no row, and what a crash left half written; answers how many."""
    known = set(
        File.objects.filter(sha256__in=[path.name for path in paths]).values_list("sha256", flat=True)
    )
    return sum(_forget(path) for path in paths if path.name not in known)


@transaction.atomic
def _forget(path: Path) -> bool:
    """Delete bytes without a row. The row that is made for a moment lets whoever stores the same content wait."""
    if not path.name.startswith(HALF_WRITTEN):
        size = path.stat().st_size
        file, is_new = File.objects.get_or_create(sha256=path.name, defaults={"size": size})
        if not is_new:
            return False
        file.delete()
    path.unlink(missing_ok=True)
    return True
