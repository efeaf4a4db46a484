"""Why a call is taken at this moment: which line is open, and for what it is meant (SW-03, SW-04)."""

from __future__ import annotations

from collections.abc import Mapping

from balie.rules.case import Case, calendar_of
from balie.rules.desk import Line, PhoneUse
from balie.rules.reaching import LETS_IN
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.wishes import Channel

_MAY_PHONE: Mapping[PhoneUse, tuple[str, str]] = {
    PhoneUse.URGENT_INCIDENTS: (_("In the hours of %(line)s urgent incidents may be phoned."), "SW-03"),
    PhoneUse.TILL_INCIDENTS: (_("In the hours of %(line)s incidents at the till may be phoned."), "SW-04"),
}


def says_line(case: Case) -> tuple[Reason, ...]:
    """The line for everybody that takes this call now; nothing for a question that came by another channel."""
    if case.wish.channel is not Channel.PHONE:
        return ()
    lines = (line for line in case.desk.lines.values() if line.phone_use in _MAY_PHONE)
    taken_by = next((line for line in lines if _takes(line, case)), None)
    return () if taken_by is None else (_says(taken_by, case),)


def _takes(line: Line, case: Case) -> bool:
    is_open = calendar_of(line, case.desk, case.day).is_open(case.at)
    return is_open and LETS_IN[line.phone_use](case, line) is None


def _says(line: Line, case: Case) -> Reason:
    message, rule = _MAY_PHONE[line.phone_use]
    return Reason(message, {"line": line.name.get(case.desk.language, line.key)}, rule, f"lines.{line.key}")
