"""The states of a ticket, as a table of cases and as properties that hold for every state and move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules import lifecycle
from balie.rules.desk import Settings
from balie.rules.lifecycle import (
    ENDED,
    MAKERS,
    MOVES,
    Actor,
    ClosingPlan,
    Initiative,
    Move,
    MoveNotAllowed,
    NewLinkedTicket,
    Outcome,
    State,
)
from balie.rules.wishes import AnswerMode

AMSTERDAM = "Europe/Amsterdam"
TZ = ZoneInfo(AMSTERDAM)
SITE, CALLBACK, ANYDESK = AnswerMode.SITE, AnswerMode.CALLBACK, AnswerMode.ANYDESK
DESK, CUSTOMER = Initiative.DESK, Initiative.CUSTOMER
PAGE = Path(__file__).parents[2] / "docs" / "rules" / "lifecycle.md"


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ, fold=fold)


@pytest.mark.parametrize(
    ("state", "what", "mode", "by", "after", "turn"),
    [
        pytest.param(
            State.NEW, Move.ANSWER, SITE, Actor.AGENT, State.WAITING, CUSTOMER,
            id="IB_23 an answer on the site hands the initiative to the customer",
        ),
        pytest.param(
            State.NEW, Move.ANSWER, CALLBACK, Actor.AGENT, State.OPEN, DESK,
            id="IB_24 a call-back is followed up by us",
        ),
        pytest.param(
            State.OPEN, Move.ANSWER, ANYDESK, Actor.AGENT, State.OPEN, DESK,
            id="IB_24 AnyDesk is followed up by us",
        ),
        pytest.param(
            State.NEW, Move.ASK_BACK, SITE, Actor.AGENT, State.WAITING, CUSTOMER,
            id="IB_23 an unclear question may be asked back",
        ),
        pytest.param(
            State.OPEN, Move.ASK_BACK, CALLBACK, Actor.AGENT, State.WAITING, DESK,
            id="IB_24 we follow up a call-back even while we wait",
        ),
        pytest.param(
            State.WAITING, Move.REPLY, SITE, Actor.CUSTOMER, State.OPEN, DESK,
            id="a reply gives the initiative back to us",
        ),
        pytest.param(
            State.PLANNED, Move.REPLY, SITE, Actor.CUSTOMER, State.PLANNED, DESK,
            id="a remark does not undo what was planned",
        ),
        pytest.param(
            State.AWAITING_ACCEPTANCE, Move.ACCEPT, CALLBACK, Actor.AGENT, State.NEW, DESK,
            id="IB_20 the desk accepts a request",
        ),
        pytest.param(
            State.AWAITING_ACCEPTANCE, Move.ASK_PAYMENT, CALLBACK, Actor.AGENT,
            State.AWAITING_PAYMENT, CUSTOMER,
            id="IB_19 accepted, and to be paid first",
        ),
        pytest.param(
            State.AWAITING_PAYMENT, Move.PAY, CALLBACK, Actor.SYSTEM, State.NEW, DESK,
            id="IB_13 paid, so we begin",
        ),
        pytest.param(
            State.AWAITING_PAYMENT, Move.PAY, CALLBACK, Actor.AGENT, State.NEW, DESK,
            id="an agent books credit by hand",
        ),
        pytest.param(
            State.NEW, Move.DECLINE, SITE, Actor.AGENT, State.DECLINED, CUSTOMER,
            id="IB_09 the desk may decline",
        ),
        pytest.param(
            State.WAITING, Move.CLOSE_BY_ITSELF, SITE, Actor.SYSTEM, State.CLOSED, CUSTOMER,
            id="IB_23 a silent answer on the site closes by itself",
        ),
        pytest.param(
            State.OPEN, Move.CLOSE, SITE, Actor.CUSTOMER, State.CLOSED, CUSTOMER,
            id="a customer closes its own ticket",
        ),
        pytest.param(
            State.CLOSED, Move.REOPEN, SITE, Actor.AGENT, State.OPEN, DESK,
            id="an agent may re-open at any time",
        ),
    ],
)  # fmt: skip
def test_a_move_leads_to_one_state_and_says_whose_turn_it_is(
    state: State, what: Move, mode: AnswerMode, by: Actor, after: State, turn: Initiative
) -> None:
    assert lifecycle.move(state, what, answer_mode=mode, by=by) == Outcome(after, turn)


@pytest.mark.parametrize(
    ("state", "what", "mode", "by", "sentence"),
    [
        pytest.param(
            State.WAITING, Move.CLOSE_BY_ITSELF, CALLBACK, Actor.SYSTEM,
            "This cannot be done while we wait for the customer.",
            id="IB_24 a call-back never closes by itself",
        ),
        pytest.param(
            State.AWAITING_PAYMENT, Move.SOLVE, SITE, Actor.AGENT,
            "This cannot be done now: the ticket waits for the payment.",
            id="nothing is solved before it is paid",
        ),
        pytest.param(
            State.PLANNED, Move.DECLINE, SITE, Actor.AGENT,
            "This cannot be done while the work is planned.",
            id="agreed work is not declined",
        ),
        pytest.param(
            State.AWAITING_ACCEPTANCE, Move.ACCEPT, CALLBACK, Actor.CUSTOMER,
            "Only the helpdesk can do this.",
            id="IB_20 a customer cannot accept its own request",
        ),
        pytest.param(
            State.CLOSED, Move.REOPEN, SITE, Actor.CUSTOMER,
            "Only the helpdesk can do this.",
            id="a customer re-opens by replying in time, not at will",
        ),
        pytest.param(
            State.OPEN, Move.REPLY, SITE, Actor.AGENT,
            "This is not for an agent to do.",
            id="nobody speaks for the customer",
        ),
        pytest.param(
            State.OPEN, Move.SOLVE, SITE, Actor.SYSTEM,
            "This needs a person; it does not happen by itself.",
            id="nothing is solved by itself",
        ),
    ],
)  # fmt: skip
def test_a_move_that_is_not_allowed_is_refused_by_name(
    state: State, what: Move, mode: AnswerMode, by: Actor, sentence: str
) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        lifecycle.move(state, what, answer_mode=mode, by=by)
    assert str(refused.value) == sentence
    assert (refused.value.state, refused.value.move) == (state, what)


def test_a_refused_move_names_what_is_possible_instead() -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        lifecycle.move(State.SOLVED, Move.PLAN, answer_mode=SITE, by=Actor.AGENT)
    assert refused.value.possible == (Move.ANSWER, Move.CLOSE, Move.REOPEN)
    assert [way.render() for way in refused.value.ways_forward] == [
        "Send an answer.",
        "Close the ticket.",
        "Re-open the ticket.",
    ]


def test_who_can_do_nothing_with_a_ticket_is_led_to_a_new_one() -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        lifecycle.move(State.DECLINED, Move.REPLY, answer_mode=SITE, by=Actor.CUSTOMER)
    assert refused.value.possible == ()
    assert [way.render() for way in refused.value.ways_forward] == [
        "Open a new ticket that refers to this one."
    ]


@pytest.mark.parametrize(
    ("must_be_accepted", "must_be_paid", "state"),
    [
        pytest.param(False, False, State.NEW, id="nothing in the way"),
        pytest.param(False, True, State.AWAITING_PAYMENT, id="IB_19 prepaid without credit"),
        pytest.param(True, False, State.AWAITING_ACCEPTANCE, id="IB_20 a request, no right"),
        pytest.param(True, True, State.AWAITING_ACCEPTANCE, id="nobody pays for what may be declined"),
    ],
)
def test_a_ticket_begins_where_its_conditions_put_it(
    must_be_accepted: bool, must_be_paid: bool, state: State
) -> None:
    assert lifecycle.first_state(must_be_accepted=must_be_accepted, must_be_paid=must_be_paid) is state


def reply(state: State, *, mode: AnswerMode = SITE, since: str, now: datetime) -> Outcome | NewLinkedTicket:
    return lifecycle.receive_reply(
        state, answer_mode=mode, since=local(since), zone=AMSTERDAM, settings=Settings(), now=now
    )


@pytest.mark.parametrize(
    ("state", "mode", "now", "after"),
    [
        pytest.param(State.WAITING, SITE, "2026-12-24 09:00", State.OPEN, id="the ticket had not ended"),
        pytest.param(State.CLOSED, SITE, "2026-09-02 09:00", State.OPEN, id="a day after it closed"),
        pytest.param(
            State.CLOSED, SITE, "2026-10-31 09:00", State.OPEN, id="IB_23 the last moment of 60 days"
        ),
        pytest.param(State.SOLVED, CALLBACK, "2026-10-01 09:00", State.OPEN, id="a solved call-back as well"),
    ],
)
def test_a_reply_in_time_continues_the_ticket(state: State, mode: AnswerMode, now: str, after: State) -> None:
    outcome = reply(state, mode=mode, since="2026-09-01 09:00", now=local(now))
    assert outcome == Outcome(after, DESK)


@pytest.mark.parametrize(
    ("state", "now", "sentence"),
    [
        pytest.param(
            State.CLOSED, "2026-10-31 09:01",
            "The ticket ended more than 60 days ago, so this becomes a new ticket.",
            id="IB_23 a minute after 60 days, across the end of summer time",
        ),
        pytest.param(
            State.DECLINED, "2026-09-02 09:00",
            "The request was declined, so this becomes a new ticket.",
            id="IB_09 a no stays a no",
        ),
        pytest.param(
            State.WITHDRAWN, "2026-09-02 09:00",
            "The ticket was withdrawn, so this becomes a new ticket.",
            id="the customer had taken it back",
        ),
    ],
)  # fmt: skip
def test_a_reply_too_late_or_after_a_no_becomes_a_new_linked_ticket(
    state: State, now: str, sentence: str
) -> None:
    outcome = reply(state, since="2026-09-01 09:00", now=local(now))
    assert isinstance(outcome, NewLinkedTicket)
    assert outcome.because.render() == sentence


@pytest.mark.parametrize(
    ("warned", "closes"),
    [
        pytest.param("2026-12-01 16:00", "2026-12-04 16:00", id="warned in time: closes as planned"),
        pytest.param(
            "2026-12-04 16:00", "2026-12-07 16:00", id="warned late: three days to write all the same"
        ),
    ],
)
def test_nobody_is_closed_out_sooner_than_the_warning_said_IB_23(warned: str, closes: str) -> None:
    found = lifecycle.closing_plan(
        State.WAITING,
        answer_mode=SITE,
        silent_since=local("2026-11-20 16:00"),
        zone=AMSTERDAM,
        settings=Settings(),
        warned_at=local(warned),
    )
    assert found == ClosingPlan(warns_at=None, closes_at=local(closes))


def plan(since: datetime, settings: Settings, mode: AnswerMode = SITE) -> ClosingPlan | None:
    return lifecycle.closing_plan(
        State.WAITING, answer_mode=mode, silent_since=since, zone=AMSTERDAM, settings=settings
    )


@pytest.mark.parametrize(
    ("since", "periods", "warns_at", "closes_at"),
    [
        pytest.param(
            local("2026-11-20 16:00"), Settings(), local("2026-12-01 16:00"), local("2026-12-04 16:00"),
            id="IB_23 closes after 14 days, warned 3 days before",
        ),
        pytest.param(
            local("2026-03-20 16:00"), Settings(), local("2026-03-31 16:00"), local("2026-04-03 16:00"),
            id="the same local time after summer time began",
        ),
        pytest.param(
            local("2026-03-15 02:30"), Settings(), local("2026-03-26 02:30"), local("2026-03-29 03:30"),
            id="02:30 does not exist on 29 March: the offset before the change",
        ),
        pytest.param(
            local("2026-10-11 02:30"), Settings(), local("2026-10-22 02:30"), local("2026-10-25 02:30"),
            id="02:30 comes twice on 25 October: the first",
        ),
        pytest.param(
            local("2026-11-20 16:00"), Settings(warns_before_closing_days=0), None, local("2026-12-04 16:00"),
            id="no warning is wanted",
        ),
        pytest.param(
            local("2026-11-20 16:00"),
            Settings(closes_after_silent_days=3, warns_before_closing_days=3),
            None,
            local("2026-11-23 16:00"),
            id="no room for a warning after the answer",
        ),
    ],
)  # fmt: skip
def test_a_silent_answer_on_the_site_closes_by_itself_IB_23(
    since: datetime, periods: Settings, warns_at: datetime | None, closes_at: datetime
) -> None:
    found = plan(since, periods)
    assert found == ClosingPlan(warns_at, closes_at)
    assert found is not None and found.closes_at.astimezone(UTC) == closes_at.astimezone(UTC)


def test_silence_on_a_call_back_closes_nothing_IB_24() -> None:
    assert plan(local("2026-11-20 16:00"), Settings(), CALLBACK) is None


def test_silence_closes_nothing_while_it_is_our_turn_IB_23() -> None:
    assert (
        lifecycle.closing_plan(
            State.OPEN,
            answer_mode=SITE,
            silent_since=local("2026-11-20 16:00"),
            zone=AMSTERDAM,
            settings=Settings(),
        )
        is None
    )


# What holds for every state, move, mode and person.
states, moves = st.sampled_from(State), st.sampled_from(Move)
modes, actors = st.sampled_from(AnswerMode), st.sampled_from(Actor)
moments = st.integers(1_577_836_800, 1_893_456_000).map(lambda epoch: datetime.fromtimestamp(epoch, UTC))


@given(states, moves, modes, actors)
def test_a_move_is_made_exactly_when_it_is_called_possible(
    state: State, what: Move, mode: AnswerMode, by: Actor
) -> None:
    possible = lifecycle.possible_moves(state, answer_mode=mode, by=by)
    try:
        lifecycle.move(state, what, answer_mode=mode, by=by)
    except MoveNotAllowed as refused:
        assert what not in possible
        assert refused.possible == possible
        assert refused.ways_forward
    else:
        assert what in possible


@given(states, modes)
def test_an_agent_is_never_stuck(state: State, mode: AnswerMode) -> None:
    assert lifecycle.possible_moves(state, answer_mode=mode, by=Actor.AGENT)


@given(states, st.sampled_from([CALLBACK, ANYDESK]))
def test_a_call_back_that_we_can_work_on_is_always_our_turn_IB_24(state: State, mode: AnswerMode) -> None:
    turn = lifecycle.initiative_of(state, answer_mode=mode)
    assert (turn is DESK) == (state not in ENDED and state is not State.AWAITING_PAYMENT)


@given(
    moments,
    st.integers(1, 60),
    st.integers(0, 60),
)
def test_a_warning_comes_after_the_answer_and_before_the_end(
    since: datetime, after: int, before: int
) -> None:
    found = plan(since, Settings(closes_after_silent_days=after, warns_before_closing_days=before))
    assert found is not None
    assert abs(found.closes_at - since - timedelta(days=after)) <= timedelta(hours=1)
    assert found.warns_at is None or since < found.warns_at < found.closes_at


@given(moments, st.integers(0, 120))
def test_a_later_reply_never_re_opens_what_an_earlier_one_did_not_IB_23(since: datetime, days: int) -> None:
    def re_opens(now: datetime) -> bool:
        outcome = lifecycle.receive_reply(
            State.CLOSED, answer_mode=SITE, since=since, zone=AMSTERDAM, settings=Settings(), now=now
        )
        return isinstance(outcome, Outcome)

    now = since + timedelta(days=days)
    assert re_opens(now) or not re_opens(now + timedelta(hours=1))


def test_every_state_can_be_reached_and_every_move_is_used() -> None:
    reached = set(lifecycle.FIRST_STATES)
    used = set()
    for ways in MOVES.values():
        for what, way in ways.items():
            used.add(what)
            reached |= {after for after in (way.site, way.calling) if after is not None}
    assert reached == set(State) == set(MOVES)
    assert used == set(Move) == set(MAKERS)


def test_the_page_shows_the_table_and_the_diagram_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert lifecycle.as_markdown() in page
    assert f"```mermaid\n{lifecycle.as_mermaid()}```" in page


def test_an_hour_that_comes_twice_is_not_mixed_up_when_the_60_days_end_in_it() -> None:
    assert isinstance(
        reply(State.CLOSED, since="2026-08-26 02:30", now=local("2026-10-25 02:30")), Outcome
    ), "the first 02:30 is in time"
    assert isinstance(
        reply(State.CLOSED, since="2026-08-26 02:30", now=local("2026-10-25 02:15", fold=1)), NewLinkedTicket
    ), "02:15 in the second hour is later than the first 02:30"
