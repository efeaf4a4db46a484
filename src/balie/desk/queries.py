"""Reading the desk."""

from __future__ import annotations

import json
from copy import copy
from functools import lru_cache
from uuid import UUID

from django.db import connection

from balie.desk.models import Desk
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


class NoDesk(Refusal):
    """This installation has no desk yet."""


def the_desk() -> Desk:
    """The desk of this installation, a copy of your own. Raises `NoDesk` before `balie init` made it.

    Every request asks for it, so only its revision is read each time; the row is remembered by that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision, demo_progress::text FROM desk_desk ORDER BY id LIMIT 1")
        found = cursor.fetchone()
    if found is None:
        raise NoDesk(_("This installation has no desk yet. Make one with: balie init"))
    revision, progress = found
    desk = copy(_row(revision))
    desk.demo_progress = json.loads(progress)
    return desk


@lru_cache(maxsize=64)
def _row(revision: UUID) -> Desk:
    """The row as it was under this revision; no two desks, and no two states of one, share a revision."""
    return Desk.objects.get(revision=revision)
