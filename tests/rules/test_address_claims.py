"""Forgot login: what may happen to a claim, by whom, and when (IB-06)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from balie.rules import address_claims as rules
from balie.rules.address_claims import (
    MAKERS,
    MOVES,
    Actor,
    Channel,
    Move,
    NotVerified,
    State,
    Target,
    TooEarly,
    Verification,
)
from balie.rules.refusals import NoLongerSo, NotAllowed

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOP = "+31205550101"

# Written out by hand, not read from the rule: who may do what, and where it leads.
ALLOWED = {
    (State.REQUESTED, Move.VERIFY, Actor.CLAIMANT): State.VERIFIED,
    (State.REQUESTED, Move.EXPIRE, Actor.BALIE): State.EXPIRED,
    (State.VERIFIED, Move.APPROVE, Actor.DESK): State.APPROVED,
    (State.VERIFIED, Move.REFUSE, Actor.DESK): State.REFUSED,
    (State.VERIFIED, Move.REFUSE, Actor.BALIE): State.REFUSED,
    (State.VERIFIED, Move.REVOKE, Actor.CUSTOMER): State.REVOKED,
    (State.VERIFIED, Move.REVOKE, Actor.DESK): State.REVOKED,
    (State.VERIFIED, Move.EXPIRE, Actor.BALIE): State.EXPIRED,
    (State.APPROVED, Move.TAKE_EFFECT, Actor.BALIE): State.EFFECTIVE,
    (State.APPROVED, Move.REVOKE, Actor.CUSTOMER): State.REVOKED,
    (State.APPROVED, Move.REVOKE, Actor.DESK): State.REVOKED,
    (State.APPROVED, Move.REFUSE, Actor.DESK): State.REFUSED,
    (State.APPROVED, Move.REFUSE, Actor.BALIE): State.REFUSED,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("actor", Actor)
def test_every_move_in_every_state_by_everybody_IB_06(state: State, move: Move, actor: Actor) -> None:
    expected = ALLOWED.get((state, move, actor))
    if expected is not None:
        assert rules.move(state, move, by=actor) is expected
    else:
        with pytest.raises((NotAllowed, NoLongerSo)):
            rules.move(state, move, by=actor)


def test_who_may_not_hears_that_and_who_is_late_hears_why_IB_06() -> None:
    with pytest.raises(NotAllowed):
        rules.move(State.VERIFIED, Move.APPROVE, by=Actor.CLAIMANT)
    with pytest.raises(NoLongerSo) as late:
        rules.move(State.REVOKED, Move.APPROVE, by=Actor.DESK)
    assert "stopped" in str(late.value)


@pytest.mark.parametrize("state", [State.EFFECTIVE, State.REVOKED, State.REFUSED, State.EXPIRED])
def test_nothing_happens_after_the_end_IB_06(state: State) -> None:
    assert not MOVES[state]


def test_no_way_leads_to_effect_but_by_mail_desk_and_waiting_time_IB_06() -> None:
    leads_to = {target: (state, move) for state, ways in MOVES.items() for move, target in ways.items()}
    assert leads_to[State.EFFECTIVE] == (State.APPROVED, Move.TAKE_EFFECT)
    assert leads_to[State.APPROVED] == (State.VERIFIED, Move.APPROVE)
    assert leads_to[State.VERIFIED] == (State.REQUESTED, Move.VERIFY)
    assert (MAKERS[Move.VERIFY], MAKERS[Move.APPROVE], MAKERS[Move.TAKE_EFFECT]) == (
        {Actor.CLAIMANT},
        {Actor.DESK},
        {Actor.BALIE},
    )


CUSTOMER = Target(customer=1, is_active=True, is_agent=False, registered_numbers=frozenset({SHOP}))


@pytest.mark.parametrize(
    ("verification", "target", "holds"),
    [
        (Verification(Channel.CALLED_BACK, "Spoke to the owner.", SHOP), CUSTOMER, True),
        # what the claimant gave proves nothing
        (Verification(Channel.CALLED_BACK, "Spoke to somebody.", "+31612345678"), CUSTOMER, False),
        (Verification(Channel.CALLED_BACK, "Spoke to somebody."), CUSTOMER, False),
        (Verification(Channel.LETTER, "The letter came back signed."), CUSTOMER, True),
        (Verification(Channel.COLLEAGUE, "The bookkeeper confirmed it."), CUSTOMER, True),
        (Verification(Channel.IN_PERSON, "Came by."), CUSTOMER, True),
        (Verification(Channel.LETTER, "  "), CUSTOMER, False),  # nothing on the record
        (Verification(Channel.LETTER, "x"), Target(1, is_active=False, is_agent=False), False),
        (Verification(Channel.LETTER, "x"), Target(None, is_active=True, is_agent=False), False),
        (
            Verification(Channel.LETTER, "x"),
            Target(1, is_active=True, is_agent=True),
            False,
        ),  # an agent's login
    ],
)
def test_on_what_grounds_the_desk_approves_IB_06(verification, target, holds) -> None:
    if holds:
        rules.check_verification(verification, target)
    else:
        with pytest.raises(NotVerified) as refused:
            rules.check_verification(verification, target)
        assert refused.value.ways_forward


@pytest.mark.parametrize(
    ("passed", "is_due"),
    [(timedelta(hours=72), True), (timedelta(hours=72, microseconds=-1), False), (timedelta(0), False)],
)
def test_it_takes_effect_after_the_waiting_time_and_not_before_IB_06(passed, is_due) -> None:
    due = rules.effective_at(NOON, waiting_hours=72)
    assert due == NOON + timedelta(days=3)
    if is_due:
        rules.check_due(due, now=NOON + passed)
    else:
        with pytest.raises(TooEarly):
            rules.check_due(due, now=NOON + passed)


@pytest.mark.parametrize(
    ("passed", "valid"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)]
)
def test_the_link_that_verifies_works_for_a_day_IB_06(passed, valid) -> None:
    assert rules.is_link_valid(NOON, now=NOON + passed) is valid


@pytest.mark.parametrize(
    ("state", "verified_at", "until"),
    [
        (State.REQUESTED, None, NOON + timedelta(days=1)),
        (State.VERIFIED, NOON + timedelta(hours=1), NOON + timedelta(days=30, hours=1)),
        (State.VERIFIED, None, None),
        (State.APPROVED, NOON, None),  # it has its own moment
        (State.EFFECTIVE, NOON, None),
    ],
)
def test_when_a_claim_that_nobody_decides_about_ends_IB_06(state, verified_at, until) -> None:
    assert rules.expires_at(state, requested_at=NOON, verified_at=verified_at) == until


def test_the_table_says_who_makes_each_move() -> None:
    table = rules.as_markdown()
    assert "| verified | " in table
    assert "approve (desk)" in table
    assert table.count("\n") == len(State) + 2
