"""Every write on a ticket: fetch and lock, ask the rule, store, put on the record, publish.

Each runs in one transaction and takes the moment as `now`. A refusal leaves everything as it was.
"""

from balie.tickets.actions.conditions import NotPlaced, accept, begin_paid, book_payment
from balie.tickets.actions.delivery import tell_undelivered
from balie.tickets.actions.drafting import (
    MOST_DRAFTS,
    attach,
    bring_back_draft,
    clean_up_drafts,
    detach,
    drop_draft,
    end_draft,
    find_draft,
    newest_draft,
    save_draft,
)
from balie.tickets.actions.messages import (
    SUBJECT_LENGTH,
    NothingWritten,
    OpenForm,
    SomebodyWasFirst,
    Upload,
    Writing,
)
from balie.tickets.actions.moving import announce_closing, assign, close_silent, move
from balie.tickets.actions.opening import bring_along, open, take_in
from balie.tickets.actions.reaching import CallWish
from balie.tickets.actions.urgency import drop_urgency
from balie.tickets.actions.writing import decide_reaction, file_automatic, note, receive, reply

__all__ = [
    "MOST_DRAFTS",
    "SUBJECT_LENGTH",
    "CallWish",
    "NotPlaced",
    "NothingWritten",
    "OpenForm",
    "SomebodyWasFirst",
    "Upload",
    "Writing",
    "accept",
    "announce_closing",
    "assign",
    "attach",
    "begin_paid",
    "book_payment",
    "bring_along",
    "bring_back_draft",
    "clean_up_drafts",
    "close_silent",
    "decide_reaction",
    "detach",
    "drop_draft",
    "drop_urgency",
    "end_draft",
    "file_automatic",
    "find_draft",
    "move",
    "newest_draft",
    "note",
    "open",
    "receive",
    "reply",
    "save_draft",
    "take_in",
    "tell_undelivered",
]
