"""Files with mail that an administrator hands in: kept, read by a worker in bounded batches, and gone when read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.mail import intake, jobs
from balie.mail.ways_in import mbox
from balie.mail.ways_in.mbox import Found
from balie.mail.ways_in.models import MailFile
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.web.uploads import safe_name

MOST_TOGETHER = 100
MOST_BYTES_TOGETHER = 8 * 1024 * 1024


@transaction.atomic
def hand_in(upload: Any, *, by: User, now: datetime) -> MailFile:
    """Keep an uploaded file (Django's `UploadedFile`) and have a worker read it."""
    place = _folder() / uuid4().hex
    with place.open("wb") as kept:
        shutil.copyfileobj(upload, kept, 1024 * 1024)
    place.chmod(0o600)
    file = MailFile.objects.create(
        name=safe_name(upload.name or "")[:200],
        stored_as=place.name,
        size=place.stat().st_size,
        handed_in_at=now,
        by=by,
    )
    record("hand_in", file, by=by, now=now, name=file.name, size=file.size)
    jobs.defer(jobs.READ_FILE, file=file.pk)
    return file


def read_on(key: int, *, now: datetime) -> None:
    """Read a file from where it was left until its end; harmless when somebody else is at it, or done."""
    while _read_some(key, now=now):
        pass


def unfinished() -> list[int]:
    """Files that are not read to their end."""
    return list(MailFile.objects.filter(finished_at=None).values_list("pk", flat=True))


@transaction.atomic
def _read_some(key: int, *, now: datetime) -> bool:
    """One batch, kept together with how far it goes; answers whether there is more."""
    file = MailFile.objects.select_for_update(skip_locked=True).filter(pk=key, finished_at=None).first()
    if file is None:
        return False
    place = _folder() / file.stored_as
    try:
        with place.open("rb") as opened:
            opened.seek(file.read_bytes)
            batch = list(_batch(mbox.messages(opened, largest=intake.LARGEST_BYTES)))
    except OSError as error:
        reason = Reason(_("The file cannot be read: %(words)s."), {"words": error.strerror or str(error)})
        file.trouble, file.finished_at = reason.as_json(), now
        file.save()
        return False
    _keep(file, batch, now=now)
    if not batch or file.read_bytes >= file.size:
        file.read_bytes, file.finished_at = file.size, now
        transaction.on_commit(lambda: place.unlink(missing_ok=True))
    file.save()
    return file.finished_at is None


def _keep(file: MailFile, batch: list[Found], *, now: datetime) -> None:
    raws = [found.raw for found in batch if found.raw is not None]
    if raws:
        stored = intake.store_all(raws, now=now, by=intake.Arrival(intake.FILE, file=file.pk))
        new = sum(each.is_new for each in stored)
        file.kept += new
        file.known += len(stored) - new
    if batch:
        file.left_out += len(batch) - len(raws)
        file.read_bytes = min(batch[-1].ends_at, file.size)


def _batch(found: Iterator[Found]) -> Iterator[Found]:
    size = 0
    for each in islice(found, MOST_TOGETHER):
        yield each
        size += len(each.raw or b"")
        if size >= MOST_BYTES_TOGETHER:
            return


def _folder() -> Path:
    folder = Path(settings.FILES_FOLDER) / "handed-in"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
