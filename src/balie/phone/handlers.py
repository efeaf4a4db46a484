"""What the telephone does when a call changes; `config.wiring` connects it."""

from __future__ import annotations

from balie.desk.queries import the_desk
from balie.phone import missed
from balie.phone.events import CallChanged
from balie.tickets.events import CallBackReached
from balie.tickets.facts import Situation


def on_call_changed(event: CallChanged) -> None:
    """Who phoned in vain is noted, and who was reached is no longer to be phoned back."""
    call = event.call
    if call.answered_at is not None:
        missed.reach(call, now=event.at)
    elif call.state in missed.MISSED:
        missed.note(call, Situation(the_desk(), now=event.at))


def on_call_back_reached(event: CallBackReached) -> None:
    """Who phoned in vain and was reached by a planned call is not phoned a second time."""
    missed.reached(event.call_back.phone, by=event.by, now=event.at)
