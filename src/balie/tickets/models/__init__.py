"""The tables of tickets: the question and its conversation, how to reach the customer, what is still being written."""

from balie.tickets.models.call_backs import CallAttempt, CallBack
from balie.tickets.models.drafts import Draft, DraftFile
from balie.tickets.models.held import Copy, HeldAnswer, HeldFile
from balie.tickets.models.reaching import CallRequest, PreferredTime
from balie.tickets.models.ticket import (
    IS_OPEN,
    OPEN_STATES,
    QUEUE_AT,
    QUEUE_RANK,
    Attachment,
    Category,
    CategoryKind,
    Message,
    NextTicketNumber,
    Ticket,
    TicketEvent,
)
from balie.tickets.models.time_worked import Stopwatch, TimeEntry, TimeKind

__all__ = [
    "IS_OPEN",
    "OPEN_STATES",
    "QUEUE_AT",
    "QUEUE_RANK",
    "Attachment",
    "CallAttempt",
    "CallBack",
    "CallRequest",
    "Category",
    "CategoryKind",
    "Copy",
    "Draft",
    "DraftFile",
    "HeldAnswer",
    "HeldFile",
    "Message",
    "NextTicketNumber",
    "PreferredTime",
    "Stopwatch",
    "Ticket",
    "TicketEvent",
    "TimeEntry",
    "TimeKind",
]
