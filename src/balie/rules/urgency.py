"""Taking back that a question is urgent: possible until the work has begun (IB-22)."""

from __future__ import annotations

from dataclasses import replace

from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.rates import is_about_urgency
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo

BEFORE_WORK = frozenset({State.AWAITING_ACCEPTANCE, State.AWAITING_PAYMENT, State.NEW})


class WorkHasBegun(NoLongerSo):
    """Somebody is at work on it already, before everything else."""


def may_be_dropped(state: State, *, urgent: bool) -> bool:
    """Whether the urgency can be taken back now."""
    return urgent and state in BEFORE_WORK


def dropped(decision: Decision, state: State) -> Decision:
    """What was decided, now without urgency: no surcharge, and the promise as it was. Raises `WorkHasBegun`."""
    if state not in BEFORE_WORK:
        raise WorkHasBegun(
            Reason(_("The work has begun, so the urgency cannot be taken back."), {}, "IB-22"),
            Reason(_("Write to the desk if the work can wait or stop.")),
        )
    calm = tuple(reason for reason in decision.reasons if not is_about_urgency(reason))
    return replace(decision, surcharge=None, reasons=calm)
