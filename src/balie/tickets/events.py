"""What tickets tell the rest of the house, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules.lifecycle import State
from balie.tickets.models import CallBack, Message, Ticket


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """`people` are all who are on it, so that nobody has to ask again."""

    ticket: Ticket
    message: Message
    people: tuple[Contact, ...]
    desk: Desk
    at: datetime
    confirm: bool = True  # False: the sender gets no automatic mail (a program, or too many)


@dataclass(frozen=True, slots=True)
class AnswerWritten:
    """A public message by an agent."""

    ticket: Ticket
    message: Message
    at: datetime


@dataclass(frozen=True, slots=True)
class StateChanged:
    ticket: Ticket
    before: State
    after: State
    at: datetime
    because: str = ""
    answered: bool = False  # an answer goes out by itself and tells the new state


@dataclass(frozen=True, slots=True)
class UrgencyRaised:
    """An agent made a ticket urgent, so that it costs the customer a surcharge (IB-22)."""

    ticket: Ticket
    at: datetime


@dataclass(frozen=True, slots=True)
class UrgencyTakenBack:
    """An agent let a ticket wait its turn after all: without the surcharge, and no longer before everything else."""

    ticket: Ticket
    at: datetime


@dataclass(frozen=True, slots=True)
class ClosingAnnounced:
    """The customer has been silent; the ticket closes at `ticket.closes_at` (IB-23)."""

    ticket: Ticket
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBackPlanned:
    """We call the customer at `call_back.planned_from` (IB-15, SW-18)."""

    call_back: CallBack
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBackMoved:
    """The call is planned for another moment."""

    call_back: CallBack
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBackReached:
    """`by` talked with the customer."""

    call_back: CallBack
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBackGivenUp:
    """As many attempts failed as the desk makes: the customer hears how to reach us."""

    call_back: CallBack
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBackDue:
    """The owner is told that its call comes soon, or that its time has passed."""

    call_back: CallBack
    is_overdue: bool
    at: datetime
