"""Every write on a ticket: fetch and lock, ask the rule, store, put on the record, publish.

Each runs in one transaction and takes the moment as `now`. A refusal leaves everything as it was.
"""

from balie.tickets.actions.conditions import NotPlaced, accept, begin_paid, book_payment
from balie.tickets.actions.copies import NoCopyAnyMore, drop_copy
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
from balie.tickets.actions.holding import (
    HasLeft,
    OfAColleague,
    clean_up_held,
    held_on,
    hold,
    let_due_leave,
    let_leave,
    take_back,
    taken_back,
    throw_away,
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
    "HasLeft",
    "NoCopyAnyMore",
    "NotPlaced",
    "NothingWritten",
    "OfAColleague",
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
    "clean_up_held",
    "close_silent",
    "decide_reaction",
    "detach",
    "drop_copy",
    "drop_draft",
    "drop_urgency",
    "end_draft",
    "file_automatic",
    "find_draft",
    "held_on",
    "hold",
    "let_due_leave",
    "let_leave",
    "move",
    "newest_draft",
    "note",
    "open",
    "receive",
    "reply",
    "save_draft",
    "take_back",
    "take_in",
    "taken_back",
    "tell_undelivered",
    "throw_away",
]
