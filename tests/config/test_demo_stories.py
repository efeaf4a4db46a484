"""What the invented shops ask: enough of everything, believable, and never what the desk would refuse."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from tests.cast import moment

from balie.config.demo import data, pictures
from balie.config.demo.stories import ENDINGS, HOW_MANY, Story, stories
from balie.desk.holiday_dates import holiday_dates
from balie.presets.reading import load
from balie.rules.entitlement import assess_plan, decide
from balie.rules.lifecycle import ENDED, Actor, Move, initiative_of, move
from balie.rules.plan_status import StatusKind
from balie.rules.wishes import AnswerMode, Channel
from balie.rules.working_time import Calendar

PRESETS = ["infobits", "softwear"]
FRIDAY = moment("2026-11-20 16:00")
MOMENTS = {
    "in office hours": FRIDAY,
    "Sunday night": moment("2026-11-22 23:40"),
    "Christmas Day": moment("2026-12-25 10:00"),
    "New Year": moment("2027-01-01 00:05"),
    "the day after the clock changed": moment("2026-03-30 08:00"),
}


@lru_cache
def told(preset: str, now: datetime = FRIDAY) -> tuple[Story, ...]:
    read = load(preset)
    first, last = now.date() - timedelta(days=400), now.date() + timedelta(days=200)
    holidays = holiday_dates(read.country, first=first, last=last)
    calendars = {
        key: Calendar.build(
            line.hours, zone=read.desk.zone, holidays=holidays, first=first, last=last, name=key
        )
        for key, line in read.desk.lines.items()
    }
    return tuple(
        stories(
            read.desk,
            calendars,
            data.shops(preset),
            data.questions(preset),
            data.small_talk(),
            now=now,
        )
    )


# The shops


@pytest.mark.parametrize("preset", PRESETS)
def test_there_are_forty_shops_with_names_and_addresses_of_their_own(preset: str) -> None:
    shops = data.shops(preset)
    assert len(shops) == 40
    assert len({shop.name for shop in shops}) == len({shop.domain for shop in shops}) == 40
    assert all(shop.domain.endswith(".example") for shop in shops)
    assert all(re.fullmatch(r"[1-9]\d{3} [A-Z]{2}", shop.postcode) for shop in shops)


def test_every_plan_and_status_occurs_at_the_demo_desk_of_infobits_IB_18() -> None:
    desk = load("infobits").desk
    found = [
        assess_plan(shop.terms.facts(FRIDAY.date(), desk), desk, at=FRIDAY) for shop in data.shops("infobits")
    ]
    assert {each.plan for each in found} == {"SLA4", "SLA8", "SLA24", None}
    assert {each.status.kind for each in found} == set(StatusKind) - {StatusKind.NONE}
    assert any(each.is_charity for each in found)
    assert any(each.status.day == FRIDAY.date() for each in found), "somebody's plan ends today"


def test_the_contracts_of_softwear_occur_SW_14_SW_15() -> None:
    kinds = Counter(contract.key for shop in data.shops("softwear") for contract in shop.terms.contracts)
    assert {"haas", "hardware-sla", "service"} <= set(kinds)
    assert any(not shop.terms.contracts for shop in data.shops("softwear"))


@pytest.mark.parametrize("preset", PRESETS)
def test_everything_that_a_shop_has_is_known_at_its_desk(preset: str) -> None:
    desk = load(preset).desk
    for shop in data.shops(preset):
        assert {each.key for each in shop.terms.licences} <= set(desk.products)
        assert {each.key for each in shop.terms.contracts} <= set(desk.contract_types)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_question_has_a_topic_of_its_desk_and_words_of_its_own(preset: str) -> None:
    questions, topics = data.questions(preset), {each.key for each in load(preset).categories}
    assert len({each.question for each in questions}) >= 60
    assert {each.topic for each in questions} <= topics
    assert all(bool(each.asked_back) == bool(each.follow_up) for each in questions)


@pytest.mark.parametrize("number", ["+31612345600", "+31612345639", "+31205550101", "+31205550140"])
def test_the_phone_numbers_have_the_form_of_numbers(number: str) -> None:
    assert phonenumbers.is_valid_number(phonenumbers.parse(number))


# The stories


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("when", MOMENTS)
def test_there_are_three_hundred_all_in_the_past_in_the_order_of_asking(preset: str, when: str) -> None:
    now = MOMENTS[when]
    found = told(preset, now)
    assert len(found) == HOW_MANY == 300
    assert [each.opened_at for each in found] == sorted(each.opened_at for each in found)
    for story in found:
        moments = [story.opened_at, *(step.at for step in story.steps)]
        assert moments == sorted(moments)
        assert moments[-1] < now
        assert moments[0] > now - timedelta(days=100)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_same_moment_gives_the_same_stories(preset: str) -> None:
    again = told.__wrapped__(preset)
    assert again == told(preset)


def test_a_moment_is_the_same_on_every_clock() -> None:
    """The demo's beginning is stored with an offset; ninety days back lies a clock change."""
    assert told("infobits", FRIDAY.astimezone(UTC)) == told.__wrapped__("infobits", FRIDAY)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_story_is_allowed_by_the_rules_of_its_day_IB_10_IB_11(preset: str) -> None:
    desk, asked = load(preset).desk, Counter[tuple[str, int, int]]()
    for story in told(preset):
        local = story.opened_at.astimezone(ZoneInfo(desk.zone))
        month = (story.shop.number, local.year, local.month)
        facts = story.shop.terms.facts(FRIDAY.date(), desk)
        decision = decide(facts, story.wish, desk, at=story.opened_at)
        assert decision.allowed
        plan = desk.plans.get(decision.plan or "")
        if plan and plan.is_free and not decision.is_charity:
            assert asked[month] < (desk.settings.tickets_per_month or 99)
            assert sum(step.what == "reply" for step in story.steps) <= (
                desk.settings.reactions_per_ticket or 9
            )
        asked[month] += 1


@pytest.mark.parametrize("preset", PRESETS)
def test_every_move_is_one_that_the_table_of_moves_knows(preset: str) -> None:
    for story in told(preset):
        state = next(each.first for each in ENDINGS if each.name == story.ending)
        for step in story.steps:
            what, by = step.move, step.actor
            if step.what == "reply" and state in ENDED:
                what, by = Move.REOPEN, Actor.SYSTEM
            elif step.what == "reply":
                what, by = Move.REPLY, Actor.CUSTOMER
            elif step.what == "close_silent":
                what, by = Move.CLOSE_BY_ITSELF, Actor.SYSTEM
            if what is not None:
                state = move(state, what, answer_mode=story.wish.answer_mode, by=by).state
        assert initiative_of(state, answer_mode=story.wish.answer_mode)


def test_some_are_overdue_and_some_due_within_the_hour_at_infobits() -> None:
    endings = Counter(story.ending for story in told("infobits"))
    assert endings["overdue"] >= 5
    assert endings["due_within_the_hour"] >= 4
    assert sum(story.wish.urgent for story in told("infobits")) >= 4


@pytest.mark.parametrize("preset", PRESETS)
def test_most_is_asked_in_shop_hours(preset: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    local = [story.opened_at.astimezone(zone) for story in told(preset)]
    assert sum(each.weekday() < 6 and 8 <= each.hour < 18 for each in local) > 0.8 * HOW_MANY


@pytest.mark.parametrize("preset", PRESETS)
def test_the_questions_are_spread_over_shops_agents_channels_and_words(preset: str) -> None:
    found = told(preset)
    assert len({story.shop.number for story in found}) >= 35
    assert max(Counter(story.subject for story in found).values()) <= 12
    assert {story.wish.channel for story in found} >= {Channel.PORTAL, Channel.MAIL}
    assert {story.wish.answer_mode for story in found} == set(AnswerMode)
    assert len({step.agent for story in found for step in story.steps if step.agent}) == 5
    assert any(story.has_photo for story in found)
    assert len({story.text for story in found}) >= 295


@pytest.mark.parametrize("preset", PRESETS)
def test_no_place_is_left_open_in_a_text(preset: str) -> None:
    for story in told(preset):
        assert "{" not in "".join([story.subject, story.text, *(step.text for step in story.steps)])


def test_only_customers_withdraw_and_only_agents_answer() -> None:
    for story in told("infobits"):
        for step in story.steps:
            assert (step.agent is None) == (step.actor is Actor.CUSTOMER or step.what in _BY_NOBODY_OF_US)


_BY_NOBODY_OF_US = {"reply", "announce", "close_silent"}


def test_a_picture_of_a_receipt_is_a_png_that_says_something() -> None:
    picture, other = pictures.receipt(["Bakkerij", "Totaal 7,35"]), pictures.receipt(["Bakkerij"])
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture != other
