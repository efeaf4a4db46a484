"""The clocks of a ticket: named stories with what they must come to, and what holds for every story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules import lifecycle, sla
from balie.rules.decision import Condition, Decision
from balie.rules.desk import OpeningHours, Window
from balie.rules.lifecycle import MOVES, Move, State
from balie.rules.moments import NaiveMoment
from balie.rules.plan_status import PlanStatus, StatusKind
from balie.rules.sla import Clock, Clocks, ClockState, EventKind, NothingPromised, SlaEvent, Terms
from balie.rules.working_time import Calendar

TZ = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


def calendar(saturday: tuple[Window, ...]) -> Calendar:
    hours = OpeningHours(((Window(540, 1020),),) * 5 + (saturday, ()))
    first, last = date(2026, 1, 1), date(2028, 12, 31)
    return Calendar.build(hours, zone="Europe/Amsterdam", holidays={}, first=first, last=last)


HELPDESK, ZONE_1 = calendar(()), calendar((Window(540, 720),))
SLA8 = Terms(response_minutes=480, warn_before_minutes=60)
SLA4 = Terms(response_minutes=240, warn_before_minutes=60)
SOLVE_IN_8 = Terms(solution_minutes=480, warn_before_minutes=60)
NO_PROMISE = Terms()

OPENED, ASKED, PAID, ACCEPTED = EventKind.OPENED, EventKind.ASKED, EventKind.PAID, EventKind.ACCEPTED
ANSWERED, WAITING, RESUMED = EventKind.ANSWERED, EventKind.WAITING, EventKind.RESUMED
SOLVED, CLOSED, DECLINED = EventKind.SOLVED, EventKind.CLOSED, EventKind.DECLINED
WITHDRAWN, REOPENED, PAYMENT_ASKED = EventKind.WITHDRAWN, EventKind.REOPENED, EventKind.PAYMENT_ASKED

RUNNING, WARNED, OVERDUE = ClockState.RUNNING, ClockState.WARNED, ClockState.OVERDUE
MET, MISSED, STOPPED = ClockState.MET, ClockState.MISSED, ClockState.STOPPED
NOT_STARTED, PAUSED = ClockState.NOT_STARTED, ClockState.PAUSED

FRIDAY = "2026-11-20 16:00"
Story = Sequence[tuple[EventKind, str]]


def events(story: Story) -> list[SlaEvent]:
    return [SlaEvent(kind, at(moment), number) for number, (kind, moment) in enumerate(story)]


def assess(
    story: Story, terms: Terms = SLA8, *, hours: Calendar | None = HELPDESK, now: str = "2026-11-20 16:30"
) -> Clocks:
    return sla.assess(events(story), terms, hours, now=at(now))


def clock(found: Clock | NothingPromised) -> Clock:
    assert isinstance(found, Clock)
    return found


# -- The response clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "due_at"),
    [
        pytest.param(ZONE_1, at("2026-11-23 13:00"), id="IB_30 the page's example with a support contract"),
        pytest.param(HELPDESK, at("2026-11-23 16:00"), id="IB_30 the page's example without one"),
    ],
)
def test_a_question_on_friday_is_due_on_monday_IB_30(hours: Calendar, due_at: datetime) -> None:
    found = assess([(OPENED, FRIDAY)], hours=hours)
    response = clock(found.response)
    assert (response.state, response.due_at) == (RUNNING, due_at)
    assert response.warn_at == due_at - timedelta(hours=1)
    assert response.asked_at == response.started_at == at(FRIDAY)
    assert found.response_due_at == due_at


@pytest.mark.parametrize(
    ("now", "state", "changes_at"),
    [
        pytest.param("2026-11-23 14:59", RUNNING, "2026-11-23 15:00", id="a minute before the warning"),
        pytest.param("2026-11-23 15:00", WARNED, "2026-11-23 16:00", id="at the warning"),
        pytest.param("2026-11-23 15:59", WARNED, "2026-11-23 16:00", id="a minute before the deadline"),
        pytest.param("2026-11-23 16:00", OVERDUE, None, id="IB_30 at the deadline the 8 hours have passed"),
        pytest.param("2026-11-29 16:00", OVERDUE, None, id="long after"),
    ],
)
def test_a_clock_warns_before_its_deadline_and_is_overdue_from_then_on(
    now: str, state: ClockState, changes_at: str | None
) -> None:
    found = assess([(OPENED, FRIDAY)], now=now)
    assert clock(found.response).state is state
    assert found.changes_at == (at(changes_at) if changes_at else None)


@pytest.mark.parametrize(
    ("story", "state"),
    [
        pytest.param([(ANSWERED, "2026-11-23 16:00")], MET, id="exactly at the deadline"),
        pytest.param([(ANSWERED, "2026-11-23 16:01")], MISSED, id="a minute late"),
        pytest.param([(DECLINED, "2026-11-23 09:00")], MET, id="IB_09 declined with a reason is an answer"),
        pytest.param([(DECLINED, "2026-11-24 09:00")], MISSED, id="IB_09 declined too late"),
        pytest.param([(SOLVED, "2026-11-23 09:00")], STOPPED, id="a status change is no answer"),
        pytest.param([(CLOSED, "2026-11-23 09:00")], STOPPED, id="closed by the customer"),
        pytest.param([(WITHDRAWN, "2026-11-23 09:00")], STOPPED, id="withdrawn by the customer"),
        pytest.param([(SOLVED, "2026-11-23 16:01")], MISSED, id="solved without an answer, too late"),
        pytest.param([(WITHDRAWN, "2026-11-24 09:00")], MISSED, id="withdrawn after waiting in vain"),
        pytest.param([(WAITING, "2026-11-20 16:10")], OVERDUE, id="waiting pauses no response clock"),
        pytest.param([(SOLVED, "2026-11-23 09:00"), (REOPENED, "2026-11-23 10:00")], OVERDUE, id="still unanswered"),
        pytest.param(
            [(WITHDRAWN, "2026-11-23 09:00"), (REOPENED, "2026-11-23 10:00")], STOPPED,
            id="a withdrawn question does not come back",
        ),
    ],
)  # fmt: skip
def test_an_answer_or_an_end_stops_the_response_clock(story: Story, state: ClockState) -> None:
    found = assess([(OPENED, FRIDAY), *story], now="2026-11-30 09:00")
    assert clock(found.response).state is state
    assert clock(found.response).due_at == at("2026-11-23 16:00")
    assert (found.response_due_at is None) == (state is not OVERDUE)


def test_the_oldest_unanswered_question_counts() -> None:
    found = assess(
        [
            (OPENED, "2026-11-16 09:00"),
            (ANSWERED, "2026-11-16 10:00"),
            (ASKED, "2026-11-17 10:00"),
            (ASKED, "2026-11-18 10:00"),
        ],
        now="2026-11-18 11:00",
    )
    assert clock(found.response).asked_at == at("2026-11-17 10:00")
    assert clock(found.response).due_at == at("2026-11-18 10:00")
    assert [clock(each).state for each in found.questions] == [MET, OVERDUE, RUNNING]


def test_an_answer_at_the_very_moment_of_the_question_is_in_time() -> None:
    response = clock(assess([(OPENED, FRIDAY), (ANSWERED, FRIDAY)]).response)
    assert (response.state, response.due_at) == (MET, at("2026-11-23 16:00"))


def test_one_answer_answers_every_question_before_it() -> None:
    found = assess(
        [(OPENED, "2026-11-16 09:00"), (ASKED, "2026-11-18 10:00"), (ANSWERED, "2026-11-18 11:00")],
        now="2026-11-18 12:00",
    )
    assert [clock(each).state for each in found.questions] == [MISSED, MET]
    assert found.response == found.questions[1]
    assert clock(found.response).ended_at == at("2026-11-18 11:00")
    assert found.response_due_at is None


# -- When the clock starts ---------------------------------------------------------------------------------

PREPAID = replace(SLA8, waits_for=(Condition.PAYMENT,))
REQUEST = replace(SLA8, waits_for=(Condition.ACCEPTANCE, Condition.PAYMENT))


@pytest.mark.parametrize(
    ("terms", "story", "state", "started_at", "due_at"),
    [
        pytest.param(
            SLA8, [(OPENED, "2026-11-21 23:00")], RUNNING, "2026-11-21 23:00", "2026-11-23 17:00",
            id="received outside the hours",
        ),
        pytest.param(PREPAID, [(OPENED, FRIDAY)], NOT_STARTED, None, None, id="IB_19 not paid yet"),
        pytest.param(
            PREPAID, [(OPENED, FRIDAY), (PAID, "2026-11-23 10:00")],
            RUNNING, "2026-11-23 10:00", "2026-11-24 10:00",
            id="IB_19 starts when paid",
        ),
        pytest.param(
            PREPAID, [(PAID, "2026-11-19 10:00"), (OPENED, FRIDAY)], RUNNING, FRIDAY, "2026-11-23 16:00",
            id="IB_19 the credit was there before",
        ),
        pytest.param(
            REQUEST, [(OPENED, FRIDAY), (ACCEPTED, "2026-11-20 16:10")], NOT_STARTED, None, None,
            id="IB_20 accepted, not paid yet",
        ),
        pytest.param(
            REQUEST, [(OPENED, FRIDAY), (ACCEPTED, "2026-11-23 10:00"), (PAID, "2026-11-23 11:00")],
            RUNNING, "2026-11-23 11:00", "2026-11-24 11:00",
            id="IB_20 accepted, then paid: the last counts",
        ),
        pytest.param(
            PREPAID, [(OPENED, FRIDAY), (ANSWERED, "2026-11-23 10:00")], MET, None, None,
            id="answered before the clock started",
        ),
        pytest.param(
            PREPAID, [(OPENED, FRIDAY), (ANSWERED, "2026-11-23 10:00"), (PAID, "2026-11-23 11:00")],
            MET, None, None,
            id="answered first, paid afterwards",
        ),
        pytest.param(
            REQUEST, [(OPENED, FRIDAY), (DECLINED, "2026-11-23 10:00")], MET, None, None,
            id="IB_20 declined: answered",
        ),
        pytest.param(
            PREPAID, [(OPENED, FRIDAY), (WITHDRAWN, "2026-11-23 10:00")], STOPPED, None, None,
            id="withdrawn before it was paid",
        ),
        pytest.param(
            SLA8, [(OPENED, FRIDAY), (PAYMENT_ASKED, "2026-11-20 16:10")], NOT_STARTED, None, None,
            id="IB_13 an agent asks for the payment first",
        ),
        pytest.param(
            SLA8, [(OPENED, FRIDAY), (PAYMENT_ASKED, "2026-11-20 16:10"), (PAID, "2026-11-23 10:00")],
            RUNNING, "2026-11-23 10:00", "2026-11-24 10:00",
            id="IB_13 and the customer pays",
        ),
    ],
)  # fmt: skip
def test_the_clock_starts_when_received_paid_or_accepted(
    terms: Terms, story: Story, state: ClockState, started_at: str | None, due_at: str | None
) -> None:
    found = clock(assess(story, terms, now="2026-11-23 11:30").response)
    assert found.state is state
    assert found.started_at == (at(started_at) if started_at else None)
    assert found.due_at == (at(due_at) if due_at else None)


def test_a_clock_says_what_it_waits_for_IB_20() -> None:
    found = clock(assess([(OPENED, FRIDAY), (ACCEPTED, FRIDAY)], REQUEST).response)
    assert found.waits_for == (Condition.PAYMENT,)
    assert found.changes_at is None


def test_asking_twice_for_the_payment_waits_for_it_once() -> None:
    found = clock(assess([(OPENED, FRIDAY), (PAYMENT_ASKED, FRIDAY)], PREPAID).response)
    assert found.waits_for == (Condition.PAYMENT,)


def test_without_a_question_no_clock_starts() -> None:
    found = assess([])
    assert found.response == Clock(NOT_STARTED)
    assert found.questions == ()
    assert assess([], SOLVE_IN_8).solution == Clock(NOT_STARTED)
    assert assess([], NO_PROMISE).solution == NothingPromised(None)


# -- Nothing promised --------------------------------------------------------------------------------------


def test_nothing_promised_is_a_value_of_its_own() -> None:
    found = assess([(OPENED, FRIDAY)], NO_PROMISE, hours=None)
    assert found.response == found.solution == NothingPromised(at(FRIDAY))
    assert (found.response_due_at, found.changes_at) == (None, None)


def test_nothing_promised_still_tells_the_oldest_unanswered_question() -> None:
    story = [(OPENED, "2026-11-16 09:00"), (ANSWERED, "2026-11-16 10:00"), (ASKED, FRIDAY), (ASKED, FRIDAY)]
    assert assess(story, NO_PROMISE, hours=None).response == NothingPromised(at(FRIDAY))
    answered = assess([*story, (ANSWERED, "2026-11-20 16:10")], NO_PROMISE, hours=None)
    assert answered.response == NothingPromised(None)


def test_a_promise_without_a_calendar_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="calendar"):
        assess([(OPENED, FRIDAY)], hours=None)


# -- Changed terms -----------------------------------------------------------------------------------------


def changed(moment: str, terms: Terms, hours: Calendar | None) -> SlaEvent:
    return SlaEvent(EventKind.TERMS_CHANGED, at(moment), 99, terms, hours)


def test_changed_terms_hold_for_the_open_question_but_not_for_the_answered_one() -> None:
    story = events(
        [(OPENED, "2026-11-16 09:00"), (ANSWERED, "2026-11-16 16:00"), (ASKED, "2026-11-17 09:00")]
    )
    found = sla.assess(
        [*story, changed("2026-11-17 10:00", SLA4, ZONE_1)], SLA8, HELPDESK, now=at("2026-11-17 11:00")
    )
    first, second = (clock(each) for each in found.questions)
    assert (first.state, first.due_at) == (MET, at("2026-11-16 17:00"))
    assert (second.state, second.due_at) == (RUNNING, at("2026-11-17 13:00"))


def test_terms_that_change_after_the_end_rewrite_nothing() -> None:
    terms = replace(SLA8, solution_minutes=480)
    story = events([(OPENED, "2026-11-16 09:00"), (SOLVED, "2026-11-16 16:00")])
    before = sla.assess(story, terms, HELPDESK, now=at("2026-11-18 09:00"))
    after = sla.assess(
        [*story, changed("2026-11-17 09:00", NO_PROMISE, None)], terms, HELPDESK, now=at("2026-11-18 09:00")
    )
    assert after == before
    assert clock(after.solution).state is MET


def test_a_promise_may_be_taken_back_for_what_is_still_open() -> None:
    story = [*events([(OPENED, FRIDAY)]), changed("2026-11-20 16:10", NO_PROMISE, None)]
    assert sla.assess(story, SLA8, HELPDESK, now=at("2026-11-20 17:00")).response == NothingPromised(
        at(FRIDAY)
    )


def test_changed_terms_without_terms_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="terms"):
        assess([(OPENED, FRIDAY), (EventKind.TERMS_CHANGED, FRIDAY)])


def test_the_terms_of_a_ticket_are_those_of_its_decision() -> None:
    decision = Decision(
        allowed=True,
        plan="SLA8",
        status=PlanStatus(StatusKind.VALID, None, "SLA8"),
        has_support_contract=False,
        is_charity=False,
        hours="helpdesk",
        response_minutes=480,
        solution_minutes=960,
        waits_for=(Condition.PAYMENT,),
        reasons=(),
    )
    assert Terms.of(decision, warn_before_minutes=30) == Terms(480, 960, 30, (Condition.PAYMENT,))


# -- The warning -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("warn_before", "warn_at"),
    [
        pytest.param(0, "2026-11-23 16:00", id="no warning: the deadline itself"),
        pytest.param(90, "2026-11-23 14:30", id="one and a half hours before"),
        pytest.param(440, "2026-11-20 16:40", id="on the day before the weekend"),
        pytest.param(480, FRIDAY, id="from the start on"),
        pytest.param(9999, FRIDAY, id="never before the start"),
    ],
)
def test_the_warning_comes_working_minutes_before_the_deadline(warn_before: int, warn_at: str) -> None:
    found = clock(assess([(OPENED, FRIDAY)], replace(SLA8, warn_before_minutes=warn_before)).response)
    assert found.warn_at == at(warn_at)


# -- The solution clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "now", "state", "due_at"),
    [
        pytest.param([], "2026-11-20 16:30", RUNNING, "2026-11-23 16:00", id="it runs from the question"),
        pytest.param([], "2026-11-23 15:00", WARNED, "2026-11-23 16:00", id="it warns"),
        pytest.param([], "2026-11-23 16:00", OVERDUE, "2026-11-23 16:00", id="it is overdue"),
        pytest.param(
            [(ANSWERED, "2026-11-20 16:10")], "2026-11-20 16:30", RUNNING, "2026-11-23 16:00",
            id="an answer alone does not stop it",
        ),
        pytest.param([(WAITING, "2026-11-20 16:30")], "2026-11-25 09:00", PAUSED, None, id="waiting pauses it"),
        pytest.param(
            [(WAITING, "2026-11-20 16:30"), (RESUMED, "2026-11-24 09:00")],
            "2026-11-24 10:00", RUNNING, "2026-11-24 16:30",
            id="it goes on after waiting",
        ),
        pytest.param(
            [(WAITING, "2026-11-20 16:30"), (ASKED, "2026-11-24 09:00")],
            "2026-11-24 10:00", RUNNING, "2026-11-24 16:30",
            id="a message of the customer ends the waiting",
        ),
        pytest.param(
            [(WAITING, "2026-11-20 16:30"), (WAITING, "2026-11-20 16:40"), (RESUMED, "2026-11-24 09:00")],
            "2026-11-24 10:00", RUNNING, "2026-11-24 16:30",
            id="waiting twice is waiting since the first",
        ),
        pytest.param(
            [(RESUMED, "2026-11-20 16:30")], "2026-11-20 16:40", RUNNING, "2026-11-23 16:00",
            id="going on without having waited changes nothing",
        ),
        pytest.param(
            [(WAITING, "2026-11-23 18:00")], "2026-11-25 09:00", OVERDUE, "2026-11-23 16:00",
            id="waiting does not undo a deadline that has passed",
        ),
        pytest.param(
            [(WAITING, "2026-11-23 15:30"), (RESUMED, "2026-11-25 09:00")],
            "2026-11-25 09:00", WARNED, "2026-11-25 09:30",
            id="with little left it warns at once",
        ),
        pytest.param([(SOLVED, "2026-11-23 16:00")], "2026-11-30 09:00", MET, "2026-11-23 16:00", id="solved in time"),
        pytest.param([(SOLVED, "2026-11-23 16:01")], "2026-11-30 09:00", MISSED, "2026-11-23 16:00", id="too late"),
        pytest.param([(SOLVED, "2026-11-23 09:00")], "2026-11-30 09:00", MET, None, id="solved early"),
        pytest.param(
            [(SOLVED, "2026-11-23 09:00"), (CLOSED, "2026-11-29 09:00")], "2026-11-30 09:00", MET, None,
            id="closed after it was solved",
        ),
        pytest.param([(CLOSED, "2026-11-23 09:00")], "2026-11-30 09:00", MET, None, id="closed is solved"),
        pytest.param([(DECLINED, "2026-11-23 09:00")], "2026-11-30 09:00", STOPPED, None, id="declined"),
        pytest.param([(WITHDRAWN, "2026-11-23 09:00")], "2026-11-30 09:00", STOPPED, None, id="withdrawn"),
        pytest.param(
            [(WAITING, "2026-11-20 16:30"), (SOLVED, "2026-11-27 09:00")], "2026-11-30 09:00", MET, None,
            id="solved while we waited",
        ),
        pytest.param(
            [(SOLVED, "2026-11-20 16:30"), (REOPENED, "2026-11-24 09:00")],
            "2026-11-24 10:00", RUNNING, "2026-11-24 16:30",
            id="re-opened: the time in between does not count",
        ),
        pytest.param(
            [(SOLVED, "2026-11-20 16:30"), (ASKED, "2026-11-24 09:00"), (REOPENED, "2026-11-24 09:00")],
            "2026-11-24 10:00", RUNNING, "2026-11-24 16:30",
            id="re-opened by a reply",
        ),
        pytest.param(
            [(SOLVED, "2026-11-20 16:30"), (ASKED, "2026-11-24 09:00"), (RESUMED, "2026-11-24 09:10")],
            "2026-11-24 10:00", MET, None,
            id="what ended stays ended until it is re-opened",
        ),
    ],
)  # fmt: skip
def test_the_solution_clock_runs_while_it_is_our_turn(
    story: Story, now: str, state: ClockState, due_at: str | None
) -> None:
    found = assess([(OPENED, FRIDAY), *story], SOLVE_IN_8, now=now)
    solution = clock(found.solution)
    assert (solution.state, solution.due_at) == (state, at(due_at) if due_at else None)
    assert isinstance(found.response, NothingPromised)


def test_after_a_pause_it_never_warns_before_it_goes_on() -> None:
    story = [(OPENED, FRIDAY), (WAITING, "2026-11-23 15:30"), (RESUMED, "2026-11-25 09:00")]
    solution = clock(assess(story, SOLVE_IN_8, now="2026-11-25 09:10").solution)
    assert (solution.warn_at, solution.due_at) == (at("2026-11-25 09:00"), at("2026-11-25 09:30"))


def test_a_paused_clock_tells_what_is_left() -> None:
    found = clock(assess([(OPENED, FRIDAY), (WAITING, "2026-11-20 16:30")], SOLVE_IN_8).solution)
    assert found.left == timedelta(hours=7, minutes=30)
    assert not found.is_running


@pytest.mark.parametrize(
    ("story", "state", "due_at"),
    [
        pytest.param([], NOT_STARTED, None, id="IB_19 waits for the payment"),
        pytest.param([(PAID, "2026-11-23 10:00")], RUNNING, "2026-11-24 10:00", id="IB_19 runs from the payment"),
        pytest.param(
            [(WAITING, "2026-11-20 16:10"), (RESUMED, "2026-11-20 16:20"), (PAID, "2026-11-23 10:00")],
            RUNNING, "2026-11-24 10:00",
            id="IB_19 a pause before the start does not count",
        ),
        pytest.param([(SOLVED, "2026-11-23 09:00")], MET, None, id="solved before the clock started"),
        pytest.param(
            [(SOLVED, "2026-11-23 09:00"), (PAID, "2026-11-23 10:00")], MET, None, id="solved first, paid afterwards"
        ),
    ],
)  # fmt: skip
def test_the_solution_clock_waits_for_the_payment_too(
    story: Story, state: ClockState, due_at: str | None
) -> None:
    terms = replace(SOLVE_IN_8, waits_for=(Condition.PAYMENT,))
    found = clock(assess([(OPENED, FRIDAY), *story], terms, now="2026-11-23 11:00").solution)
    assert (found.state, found.due_at) == (state, at(due_at) if due_at else None)


def test_the_earliest_change_of_both_clocks_counts() -> None:
    found = assess([(OPENED, FRIDAY)], replace(SLA8, solution_minutes=90), now=FRIDAY)
    assert clock(found.solution).warn_at == at("2026-11-20 16:30")
    assert found.changes_at == at("2026-11-20 16:30")


# -- What the moves of the lifecycle mean to the clocks ----------------------------------------------------


@pytest.mark.parametrize(
    ("what", "after", "with_message", "kinds"),
    [
        pytest.param(Move.ANSWER, State.WAITING, True, (ANSWERED, WAITING), id="IB_23 an answer on the site"),
        pytest.param(
            Move.ANSWER, State.OPEN, False, (ANSWERED,), id="IB_24 a call-back that reached the customer"
        ),
        pytest.param(
            Move.ASK_BACK, State.WAITING, True, (ANSWERED, WAITING), id="a question back is a response"
        ),
        pytest.param(Move.ASK_BACK, State.WAITING, False, (WAITING,), id="a status change is none"),
        pytest.param(Move.SOLVE, State.SOLVED, True, (ANSWERED, SOLVED), id="solved with an answer"),
        pytest.param(Move.SOLVE, State.SOLVED, False, (SOLVED,), id="solved without a word"),
        pytest.param(Move.REPLY, State.OPEN, True, (ASKED,), id="the customer writes"),
        pytest.param(Move.REOPEN, State.OPEN, True, (ASKED, REOPENED), id="re-opened by a reply"),
        pytest.param(Move.REOPEN, State.OPEN, False, (REOPENED,), id="re-opened by an agent"),
        pytest.param(
            Move.ASK_PAYMENT, State.AWAITING_PAYMENT, False, (ACCEPTED, PAYMENT_ASKED), id="pay first"
        ),
        pytest.param(Move.PLAN, State.PLANNED, False, (RESUMED,), id="planned is not waiting"),
    ],
)
def test_a_move_is_told_to_the_clocks(
    what: Move, after: State, with_message: bool, kinds: tuple[EventKind, ...]
) -> None:
    assert sla.kinds_of(what, after, with_message=with_message) == kinds


def test_every_move_means_something_to_the_clocks() -> None:
    for ways in MOVES.values():
        for what, way in ways.items():
            for after in {way.site, way.calling} - {None}:
                assert after is not None and sla.kinds_of(what, after, with_message=True)


# -- What holds for every story ----------------------------------------------------------------------------

START = datetime(2026, 11, 2, tzinfo=UTC)
later_kinds = st.sampled_from([kind for kind in EventKind if kind not in (OPENED, EventKind.TERMS_CHANGED)])
minutes = st.integers(0, 30 * 24 * 60)
stories = st.lists(st.tuples(later_kinds, minutes), max_size=12).map(
    lambda pairs: [
        SlaEvent(OPENED, START, 0),
        *(
            SlaEvent(kind, START + timedelta(minutes=offset), number)
            for number, (kind, offset) in enumerate(pairs, start=1)
        ),
    ]
)
all_terms = st.builds(
    Terms,
    response_minutes=st.none() | st.integers(1, 3000),
    solution_minutes=st.none() | st.integers(1, 3000),
    warn_before_minutes=st.integers(0, 600),
    waits_for=st.lists(st.sampled_from(Condition), unique=True).map(tuple),
)
nows = minutes.map(lambda offset: START + timedelta(minutes=offset))


def both(found: Clocks) -> list[Clock]:
    every = [*found.questions, found.response, found.solution]
    return [each for each in every if isinstance(each, Clock)]


@given(stories, all_terms, nows, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(
    story: list[SlaEvent], terms: Terms, now: datetime, random: Random
) -> None:
    shuffled = [*story]
    random.shuffle(shuffled)
    assert sla.assess(shuffled, terms, HELPDESK, now=now) == sla.assess(story, terms, HELPDESK, now=now)


@given(stories, all_terms, nows, nows)
def test_deadlines_do_not_depend_on_when_one_looks(
    story: list[SlaEvent], terms: Terms, now: datetime, other: datetime
) -> None:
    def moments(found: Clocks) -> list[tuple[datetime | None, ...]]:
        return [(each.started_at, each.warn_at, each.due_at, each.ended_at) for each in both(found)]

    assert moments(sla.assess(story, terms, HELPDESK, now=now)) == moments(
        sla.assess(story, terms, HELPDESK, now=other)
    )


@given(stories, all_terms, nows)
def test_the_moments_of_a_clock_come_in_their_order(
    story: list[SlaEvent], terms: Terms, now: datetime
) -> None:
    for each in both(sla.assess(story, terms, HELPDESK, now=now)):
        known = [each.asked_at, each.started_at, each.warn_at, each.due_at]
        for earlier, later in pairwise(moment for moment in known if moment is not None):
            assert earlier <= later


@given(stories, all_terms, nows)
def test_the_state_of_a_clock_says_what_the_moments_say(
    story: list[SlaEvent], terms: Terms, now: datetime
) -> None:
    for each in both(sla.assess(story, terms, HELPDESK, now=now)):
        late = each.due_at is not None and (each.ended_at or now) > each.due_at
        assert (each.state is MISSED) == (late and each.ended_at is not None)
        if each.is_running:
            assert each.due_at is not None and each.ended_at is None
            assert (each.state is OVERDUE) == (now >= each.due_at)
        assert each.changes_at is None or each.changes_at > now


@given(stories, all_terms, nows)
def test_a_response_deadline_is_as_far_away_as_was_promised(
    story: list[SlaEvent], terms: Terms, now: datetime
) -> None:
    for each in sla.assess(story, terms, HELPDESK, now=now).questions:
        if isinstance(each, Clock) and each.started_at is not None:
            assert each.due_at is not None and terms.response_minutes is not None
            assert HELPDESK.measure(each.started_at, each.due_at) == timedelta(minutes=terms.response_minutes)


@given(stories, all_terms, nows, minutes)
def test_one_question_more_never_moves_the_deadline_of_the_oldest(
    story: list[SlaEvent], terms: Terms, now: datetime, offset: int
) -> None:
    before = sla.assess(story, terms, HELPDESK, now=now)
    more = SlaEvent(ASKED, START + timedelta(minutes=30 * 24 * 60 + offset), 99)
    after = sla.assess([*story, more], terms, HELPDESK, now=now)
    if before.response_due_at is not None:
        assert after.response_due_at == before.response_due_at


@given(stories, all_terms, nows, minutes, minutes)
def test_waiting_never_brings_a_solution_deadline_nearer(
    story: list[SlaEvent], terms: Terms, now: datetime, begin: int, length: int
) -> None:
    at_end = [(WAITING, 30 * 24 * 60 + begin), (RESUMED, 30 * 24 * 60 + begin + length)]
    waited = [*story, *(SlaEvent(kind, START + timedelta(minutes=offset), 99) for kind, offset in at_end)]
    before = sla.assess(story, terms, HELPDESK, now=now).solution
    after = sla.assess(waited, terms, HELPDESK, now=now).solution
    if isinstance(before, Clock) and before.due_at is not None:
        assert isinstance(after, Clock) and after.due_at is not None
        assert after.due_at >= before.due_at


@given(stories, nows)
def test_a_moment_without_a_zone_is_refused(story: list[SlaEvent], now: datetime) -> None:
    naive = SlaEvent(ASKED, datetime(2026, 11, 2, 9), 50)  # noqa: DTZ001
    with pytest.raises(NaiveMoment):
        sla.assess([*story, naive], SLA8, HELPDESK, now=now)


def test_the_clocks_know_every_move() -> None:
    assert set(sla._KINDS) == set(lifecycle.Move)
