"""Every write on the telephone: what an exchange asks and tells, and exchanges themselves.

Each runs in one transaction and takes the moment as `now`. A refusal leaves everything as it was.
"""

from balie.phone.actions.exchanges import made, renew_token
from balie.phone.actions.forgotten import end_forgotten
from balie.phone.actions.prompt_texts import say, say_the_standard
from balie.phone.actions.routing import route_call
from balie.phone.actions.telling import MOST_EVENTS, Refused, Taken, Told, take_events

__all__ = [
    "MOST_EVENTS",
    "Refused",
    "Taken",
    "Told",
    "end_forgotten",
    "made",
    "renew_token",
    "route_call",
    "say",
    "say_the_standard",
    "take_events",
]
