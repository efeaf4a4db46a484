"""Everything about one person in one ZIP: JSON of each kind of data, the mails as they came, and the files."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model

from balie.files import actions as files
from balie.files.models import File
from balie.privacy.holdings import HOLDINGS, Holding
from balie.privacy.persons import Person
from balie.tickets.models import Attachment, DraftFile

UNSAFE = re.compile(r"[^\w. \-]")


def parts() -> int:
    """How many steps an export has, for its progress."""
    return len(HOLDINGS)


def write(person: Person, target: IO[bytes], *, desk: str, now: datetime) -> Iterator[str]:
    """Write the ZIP, a kind of data at a time; answers the key of each as it is done."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {
            "person": person.name,
            "desk": desk,
            "made_at": now,
            "kinds": [each.key for each in HOLDINGS],
        }
        archive.writestr("about.json", _json(about))
        for holding in HOLDINGS:
            _write(holding, person, archive)
            yield holding.key


def as_file(target: tempfile.SpooledTemporaryFile[bytes]) -> File:
    """Keep the ZIP with the other files."""
    target.seek(0)
    return files.store(target.read())


def _write(holding: Holding, person: Person, archive: zipfile.ZipFile) -> None:
    rows = []
    for row in holding.rows(person).order_by("pk").iterator():
        rows.append({name: _plain(row, name) for name in holding.fields})
        if holding.key == "mail_in" and row.raw:
            archive.writestr(f"mail/{row.pk}.eml", bytes(row.raw))
        if isinstance(row, (Attachment, DraftFile)):
            _write_file(row, archive)
    archive.writestr(f"{holding.key}.json", _json(rows))


def _write_file(row: Attachment | DraftFile, archive: zipfile.ZipFile) -> None:
    kind = "files" if isinstance(row, Attachment) else "drafts"
    try:
        archive.writestr(f"{kind}/{row.pk}-{UNSAFE.sub('_', row.name)[:100]}", files.read(row.file))
    except FileNotFoundError:
        archive.writestr(f"{kind}/{row.pk}-missing.txt", "This file is not in the data folder any more.")


def _plain(row: Model, name: str) -> Any:
    """A value as people read it: what a reference points to by its name, a choice by its words."""
    field = row._meta.get_field(name)
    if isinstance(field, Field) and field.is_relation:
        found = getattr(row, name)
        return str(found) if found is not None else None
    return getattr(row, name)


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
