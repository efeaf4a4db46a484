"""Somebody lost its mail address and claims its login with a new one (IB-06).

An attacker must not be able to take an account over this way. So a claim passes four doors: the new address is
verified by mail; the desk verifies the person by a channel that the claimant did not choose; everybody at the customer
is told; and a waiting time passes in which any of them stops it with one click. `MOVES` is the whole story.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, NotAllowed, Refusal

LINK_VALID_FOR = timedelta(hours=24)
"""How long the mailed link that verifies the new address works."""
DESK_DECIDES_WITHIN = timedelta(days=30)
"""After this, a claim that the desk did not decide about ends by itself."""


class State(StrEnum):
    """Where a claim stands."""

    REQUESTED = "requested"
    VERIFIED = "verified"  # the claimant reads the mail of the new address
    APPROVED = "approved"  # the desk verified the person; the waiting time runs
    EFFECTIVE = "effective"
    REVOKED = "revoked"
    REFUSED = "refused"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a claim."""

    VERIFY = "verify"
    APPROVE = "approve"
    REFUSE = "refuse"
    REVOKE = "revoke"
    TAKE_EFFECT = "take_effect"
    EXPIRE = "expire"


class Actor(StrEnum):
    """Who makes a move."""

    CLAIMANT = "claimant"  # by the link that was mailed to the new address
    CUSTOMER = "customer"  # the old address, or any contact, by the link that was mailed to it
    DESK = "desk"
    BALIE = "balie"  # when its time has come


MOVES: Mapping[State, Mapping[Move, State]] = MappingProxyType(
    {
        State.REQUESTED: {Move.VERIFY: State.VERIFIED, Move.EXPIRE: State.EXPIRED},
        State.VERIFIED: {
            Move.APPROVE: State.APPROVED,
            Move.REFUSE: State.REFUSED,
            Move.REVOKE: State.REVOKED,
            Move.EXPIRE: State.EXPIRED,
        },
        State.APPROVED: {
            Move.TAKE_EFFECT: State.EFFECTIVE,
            Move.REVOKE: State.REVOKED,
            Move.REFUSE: State.REFUSED,  # the address was taken meanwhile
        },
        State.EFFECTIVE: {},
        State.REVOKED: {},
        State.REFUSED: {},
        State.EXPIRED: {},
    }
)

MAKERS: Mapping[Move, frozenset[Actor]] = MappingProxyType(
    {
        Move.VERIFY: frozenset({Actor.CLAIMANT}),
        Move.APPROVE: frozenset({Actor.DESK}),
        Move.REFUSE: frozenset({Actor.DESK, Actor.BALIE}),
        Move.REVOKE: frozenset({Actor.CUSTOMER, Actor.DESK}),
        Move.TAKE_EFFECT: frozenset({Actor.BALIE}),
        Move.EXPIRE: frozenset({Actor.BALIE}),
    }
)


class Channel(StrEnum):
    """How the desk verified the person: never by what the claimant gave."""

    CALLED_BACK = "called_back"  # on a number that was registered before
    LETTER = "letter"  # to the address that we knew
    COLLEAGUE = "colleague"  # another contact of the customer confirmed it
    IN_PERSON = "in_person"


class NotVerified(Refusal):
    """The desk cannot approve on these grounds."""


class TooEarly(NoLongerSo):
    """The moment has not come."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How the desk verified the person. `number` (E.164) is the one that was called."""

    channel: Channel
    note: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The contact whose login is claimed. `registered_numbers`: the customer's, in E.164, registered beforehand."""

    customer: int | None
    is_active: bool
    is_agent: bool
    registered_numbers: frozenset[str] = frozenset()


def move(state: State, wanted: Move, *, by: Actor) -> State:
    """Where this move leads; raises `NotAllowed` or `NoLongerSo`."""
    if by not in MAKERS[wanted]:
        raise NotAllowed(_("This is not up to you."))
    if wanted not in MOVES[state]:
        raise NoLongerSo(_ENDED[state], Reason(_("Look at the page again.")))
    return MOVES[state][wanted]


_ENDED: Mapping[State, str] = MappingProxyType(
    {
        State.REQUESTED: _("The new address has not been verified yet."),
        State.VERIFIED: _("The desk has not decided yet."),
        State.APPROVED: _("The desk has approved this already."),
        State.EFFECTIVE: _("The new address is in use already."),
        State.REVOKED: _("This was stopped."),
        State.REFUSED: _("The desk refused this."),
        State.EXPIRED: _("This ended by itself: it took too long."),
    }
)


def check_verification(verification: Verification, target: Target) -> None:
    """Whether the desk may approve on these grounds; raises `NotVerified`.

    A number that the claimant gave proves nothing, unless the customer registered it before.
    """
    if target.is_agent:
        raise NotVerified(
            _("This login is an agent's."), Reason(_("An administrator can change its address."))
        )
    if target.customer is None or not target.is_active:
        raise NotVerified(
            _("This contact may not log in."), Reason(_("Place it at its customer or make it active first."))
        )
    if not verification.note.strip():
        raise NotVerified(
            _("It must be on the record what was verified."), Reason(_("Write whom you spoke, and when."))
        )
    if verification.channel is Channel.CALLED_BACK and verification.number not in target.registered_numbers:
        raise NotVerified(
            _("Only a number that the customer registered before proves something."),
            Reason(_("Call a registered number, or verify by letter, a colleague or in person.")),
        )


def effective_at(approved_at: datetime, *, waiting_hours: int) -> datetime:
    """When an approved claim takes effect: a waiting time in which everybody can still stop it."""
    return approved_at + timedelta(hours=waiting_hours)


def check_due(takes_effect_at: datetime, *, now: datetime) -> None:
    """Raises `TooEarly` before the waiting time has passed."""
    if now < takes_effect_at:
        raise TooEarly(_("The waiting time has not passed yet."))


def is_link_valid(requested_at: datetime, *, now: datetime) -> bool:
    """Whether the link that verifies the new address still works."""
    return now - requested_at <= LINK_VALID_FOR


def expires_at(state: State, *, requested_at: datetime, verified_at: datetime | None) -> datetime | None:
    """When a claim that nobody decides about ends by itself; `None` when it does not."""
    if state is State.REQUESTED:
        return requested_at + LINK_VALID_FOR
    if state is State.VERIFIED and verified_at is not None:
        return verified_at + DESK_DECIDES_WITHIN
    return None


def as_markdown() -> str:
    """The table as Markdown: one row per state, one column per move, with who may make it."""
    heads = [f"{each} ({', '.join(sorted(MAKERS[each]))})" for each in Move]
    lines = ["| state | " + " | ".join(heads) + " |", "|---" * (len(Move) + 1) + "|"]
    for state, ways in MOVES.items():
        lines.append(f"| {state} | " + " | ".join(ways.get(each, "") for each in Move) + " |")
    return "\n".join(lines) + "\n"
