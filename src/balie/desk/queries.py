"""Reading the desk."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from uuid import UUID

from balie.desk.models import Desk
from balie.prepared import Prepared
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

_CHANGING = Prepared(lambda: Desk.objects.order_by("pk").values_list("revision", "demo_progress")[:1])


class NoDesk(Refusal):
    """This installation has no desk yet."""


def the_desk() -> Desk:
    """The desk of this installation, a copy of your own. Raises `NoDesk` before `balie init` made it.

    Every request asks for it, so only its revision is read each time; the row is remembered by that.
    """
    return desk_under(*(_CHANGING.first() or (None, {})))


def desk_under(revision: UUID | None, demo_progress: dict[str, int]) -> Desk:
    """The desk, when what changes about it was read along with something else. Raises `NoDesk` without a revision."""
    if revision is None:
        raise NoDesk(_("This installation has no desk yet. Make one with: balie init"))
    desk = copy(_row(revision))
    desk.demo_progress = demo_progress
    return desk


@lru_cache(maxsize=64)
def _row(revision: UUID) -> Desk:
    """The row as it was under this revision; no two desks, and no two states of one, share a revision."""
    return Desk.objects.get(revision=revision)
