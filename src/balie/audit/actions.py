"""Putting things on the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from balie.audit.models import Entry


def record(
    action: str, subject: models.Model, *, by: models.Model | str | None, now: datetime, **data: Any
) -> Entry:
    """Put on the record that `by` did `action` to `subject`.

    `by` is a user, the name of a person without one (a mail's sender), or `None` for Balie itself.
    """
    return Entry.objects.create(
        at=now,
        actor_id=by.pk if isinstance(by, models.Model) else None,
        who=str(by) if by else "Balie",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data,
    )
