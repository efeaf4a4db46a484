"""Making a question urgent afterwards: the customer phones that it cannot wait (IB-11, IB-22)."""

from __future__ import annotations

from dataclasses import replace

from balie.rules.decision import Decision
from balie.rules.lifecycle import ENDED, State
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo


class HasEnded(NoLongerSo):
    """Nothing is urgent any more about a ticket that has ended."""


def may_be_raised(state: State, *, urgent: bool) -> bool:
    """Whether it can be asked to go before everything else now."""
    return not urgent and state not in ENDED


def raised(kept: Decision, state: State, *, calm: Decision, urgent: Decision) -> Decision:
    """What was decided, now with urgency: the surcharge of today, and the promise as it was.

    `calm` and `urgent` are what would be decided today about the same wish without and with it. Raises `NotEntitled`
    when it cannot be had (IB-11), and `HasEnded`.
    """
    if state in ENDED:
        raise HasEnded(
            Reason(_("The ticket has ended, so it cannot become urgent."), {}, "IB-22"),
            Reason(_("Re-open the ticket first.")),
        )
    urgent.demand()
    added = tuple(reason for reason in urgent.reasons if reason not in calm.reasons)
    return replace(kept, surcharge=urgent.surcharge, reasons=(*kept.reasons, *added))
