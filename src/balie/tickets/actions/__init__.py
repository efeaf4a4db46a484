"""Every write on a ticket: fetch and lock, ask the rule, store, put on the record, publish.

Each runs in one transaction and takes the moment as `now`. A refusal leaves everything as it was.
"""

from balie.tickets.actions.messages import (
    SUBJECT_LENGTH,
    NothingWritten,
    SomebodyWasFirst,
    Upload,
    Writing,
)
from balie.tickets.actions.moving import announce_closing, assign, close_silent, move
from balie.tickets.actions.opening import bring_along, open, take_in
from balie.tickets.actions.writing import decide_reaction, file_automatic, note, receive, reply

__all__ = [
    "SUBJECT_LENGTH",
    "NothingWritten",
    "SomebodyWasFirst",
    "Upload",
    "Writing",
    "announce_closing",
    "assign",
    "bring_along",
    "close_silent",
    "decide_reaction",
    "file_automatic",
    "move",
    "note",
    "open",
    "receive",
    "reply",
    "take_in",
]
