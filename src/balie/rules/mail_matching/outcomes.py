"""What can become of a message."""

from __future__ import annotations

from dataclasses import dataclass

from balie.rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A question of its own."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next message on `ticket`."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTicketWithPointer:
    """A new ticket; the agent sees that it is about `ticket`, the sender sees nothing of that one."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLinkedTicket:
    """A new ticket linked to `ticket`, which the sender is on but which has been closed for too long."""

    ticket: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FiledAutomatic:
    """Kept in the mail log, with `ticket` when it belongs to one; no ticket, no clock, no answer."""

    ticket: int | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounce:
    """Our mail did not reach `addresses`. Only with a `ticket` is it proven that the mail was ours."""

    ticket: int | None
    addresses: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class AlreadyReceived:
    """The same message once more."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnMail:
    """The desk's own mail that came back to it."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Spam:
    """Kept apart and not answered, because the filter in front of the desk says so; a click makes it a ticket."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An agent says who wrote this: nobody knows the sender, or it is not who it says it is. No answer.

    `ticket`: what it would have been about; the agent is told, the ticket is not touched.
    """

    ticket: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ForAdministrators:
    """Sent to `postmaster@` or `abuse@`: a ticket that no filter swallows, and a mail to the administrators."""

    address: str
    reasons: tuple[Reason, ...] = ()


Outcome = (
    NewTicket
    | FollowUp
    | NewTicketWithPointer
    | NewLinkedTicket
    | FiledAutomatic
    | Bounce
    | AlreadyReceived
    | OwnMail
    | Spam
    | Waiting
    | ForAdministrators
)
