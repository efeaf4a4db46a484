"""Reading the desk."""

from __future__ import annotations

from balie.desk.models import Desk
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


class NoDesk(Refusal):
    """This installation has no desk yet."""


def the_desk() -> Desk:
    """The desk of this installation. Raises `NoDesk` before `balie init` made it."""
    desk = Desk.objects.first()
    if desk is None:
        raise NoDesk(_("This installation has no desk yet. Make one with: balie init"))
    return desk
