"""What the invented shops ask in the three months before a moment, and what happens then: the same every time.

Pure: shops, questions, the desk's rules and calendars in; stories out, in the order in which they began. A story is
only told when the desk's own rules allow it, so nothing is refused when it is played.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from balie.config.demo.data import Question, Shop, SmallTalk
from balie.config.demo.people import BACK_OFFICE, COLLEAGUES, TILL, Colleague, staff_of
from balie.rules import lifecycle
from balie.rules.decision import Condition, Decision
from balie.rules.desk import Desk
from balie.rules.entitlement import decide_received
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.ordering import is_an_order
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.rules.working_time import Calendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRIES = 400


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a ticket. `agent` is the key of a colleague, `None` for the customer and for Balie."""

    at: datetime
    what: str  # "answer", "reply", "note", "assign", "move", "announce", "close_silent"
    agent: str | None = None
    text: str = ""
    move: Move | None = None
    actor: Actor = Actor.AGENT


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket from its question on. `entered_by`: the colleague who took the phone call."""

    ending: str
    shop: Shop
    person: str
    wish: Wish
    subject: str
    text: str
    opened_at: datetime
    has_photo: bool
    entered_by: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a story stands today, how many there are, and how old they are: between two numbers of hours."""

    name: str
    how_many: int
    youngest: float
    oldest: float
    first: State = State.NEW
    calls: bool = False  # only questions that are called about
    urgent: bool = False


ENDINGS = (
    Ending("overdue", 7, 0, 0),
    Ending("due_within_the_hour", 6, 0, 0),
    Ending("new", 22, 0.1, 20),
    Ending("new", 5, 0.1, 5, urgent=True),
    Ending("taken_up", 18, 1, 60),
    Ending("followed_up", 14, 4, 110),
    Ending("asked_back", 22, 6, 250),
    Ending("answered", 12, 10, 300),
    Ending("calling", 11, 5, 120, calls=True),
    Ending("planned", 9, 30, 260),
    Ending("awaiting_payment", 5, 2, 200, first=State.AWAITING_PAYMENT),
    Ending("awaiting_payment", 3, 2, 200, first=State.AWAITING_PAYMENT, calls=True),
    Ending("awaiting_acceptance", 4, 1, 60, first=State.AWAITING_ACCEPTANCE, calls=True),
    Ending("solved", 34, 8, 310),
    Ending("reopened", 5, 60, 250),
    Ending("closed_by_itself", 58, 24 * 18, 24 * 92),
    Ending("closed", 44, 24 * 3, 24 * 90),
    Ending("closed", 5, 24 * 3, 24 * 90, calls=True),
    Ending("closed_by_customer", 6, 24 * 2, 24 * 60),
    Ending("declined", 4, 24 * 2, 24 * 70, first=State.AWAITING_ACCEPTANCE, calls=True),
    Ending("withdrawn", 6, 24, 24 * 80),
)
NEW = Ending("new", 1, 0.1, 48)
DEADLINES = {"overdue", "due_within_the_hour"}
"""Asked at such a moment that the answer was due just now, or is due soon."""

HOW_MANY = sum(each.how_many for each in ENDINGS)

# People ask in shop hours, most of all in the morning; some on Saturday, a few on Sunday.
HOURS_OF_DAY = [
    8,
    *[9] * 6,
    *[10] * 8,
    *[11] * 7,
    *[12] * 4,
    *[13] * 5,
    *[14] * 6,
    *[15] * 5,
    *[16] * 5,
    17,
    17,
    18,
    20,
]
CHANCE_OF_WEEKDAY = (1.0, 0.9, 0.9, 0.9, 1.0, 0.45, 0.08)


def stories(
    desk: Desk,
    calendars: Mapping[str, Calendar],
    shops: Sequence[Shop],
    questions: Sequence[Question],
    small_talk: SmallTalk,
    *,
    now: datetime,
) -> list[Story]:
    """`HOW_MANY` stories, the first question first. `now` is aware; the same moment gives the same stories."""
    author = _Author(desk, calendars, shops, questions, small_talk, now)
    told = [author.story(ending) for ending in ENDINGS for _each in range(ending.how_many)]
    return sorted(told, key=lambda story: story.opened_at)


class NoStory(Exception):
    """This attempt did not fit the rules or the clock."""


class _Author:
    """Tries until a story fits; remembers how often each shop asked, because free plans have a quota (IB-10)."""

    def __init__(
        self,
        desk: Desk,
        calendars: Mapping[str, Calendar],
        shops: Sequence[Shop],
        questions: Sequence[Question],
        small_talk: SmallTalk,
        now: datetime,
    ) -> None:
        self.desk, self.calendars, self.talk = desk, calendars, small_talk
        self.now = now.astimezone(
            UTC
        )  # hours back from a local time would be off by one across a clock change
        self.zone = ZoneInfo(desk.zone)
        self.today = now.astimezone(self.zone).date()
        self.shops = list(enumerate(shops))
        self.questions = questions
        self.random = Random(f"{desk.key} {self.today}")
        self.asked: Counter[tuple[str, int, int]] = Counter()
        self.limited: set[tuple[str, int, int]] = set()
        self.used: Counter[str] = Counter()
        settings = desk.settings
        key = settings.counts_without_support_contract or next(iter(desk.lines))
        self.hours = calendars[key]

    def story(self, ending: Ending) -> Story:
        """One that ends so; when no customer of this desk fits, a new question instead."""
        if ending.name in DEADLINES and not any(plan.response_minutes for plan in self.desk.plans.values()):
            return self.story(NEW)
        for _try in range(TRIES):
            with contextlib.suppress(NoStory):
                return self._attempt(ending)
        return self.story(NEW)

    def _attempt(self, ending: Ending) -> Story:
        position, shop = self.random.choice(self.shops)
        question = self._question(ending)
        wish = self._wish(ending, question, shop)
        opened_at = self._opened_at(ending, shop, wish)
        decision = self._decision(shop, wish, opened_at)
        self._check_first_state(ending, decision)
        agent = self._agent(question)
        steps = tuple(self._steps(ending, question, shop, opened_at, agent))
        self._check_clock(ending, wish, decision, opened_at, steps)
        self._remember(shop, question, decision, opened_at)
        staff = staff_of(shop, position)
        asks_staff = self.random.random() < 0.3
        person = staff if staff and asks_staff and not is_an_order(decision) else shop.contact
        return Story(
            ending=ending.name,
            shop=shop,
            person=person,
            wish=wish,
            subject=self._filled(question.subject, shop),
            text=self._letter(question.question, shop, person),
            opened_at=opened_at,
            has_photo=question.photo and self.random.random() < 0.75,
            entered_by=agent.key if wish.channel is Channel.PHONE else None,
            steps=tuple(replace(step, text=self._signed(step, shop, person)) for step in steps),
        )

    # -- Who asks what -------------------------------------------------------------------------------------

    def _question(self, ending: Ending) -> Question:
        """One of the fitting questions that were used least."""
        needs_back = ending.name in {"asked_back", "followed_up"}
        fitting = [
            each
            for each in self.questions
            if (not ending.calls or each.calls)
            and (not ending.urgent or each.urgent)
            and (not needs_back or each.asked_back)
        ]
        least = min(self.used[each.subject] for each in fitting)
        return self.random.choice([each for each in fitting if self.used[each.subject] <= least + 1])

    def _wish(self, ending: Ending, question: Question, shop: Shop) -> Wish:
        channel = self.random.choices([Channel.PORTAL, Channel.MAIL], [6, 4])[0]
        if shop.terms.calls_us and question.calls and self.random.random() < 0.5:
            channel = Channel.PHONE
        mode, billing = AnswerMode.SITE, BillingMode.NONE
        if ending.calls:
            channel = Channel.PORTAL
            mode = self.random.choice([AnswerMode.CALLBACK, AnswerMode.ANYDESK])
            if ending.first is State.AWAITING_PAYMENT:
                billing = BillingMode.PREPAID
            elif self.desk.plans:
                billing = BillingMode.POSTPAID
        return Wish(channel, question.topic, mode, billing, urgent=ending.urgent)

    def _decision(self, shop: Shop, wish: Wish, at: datetime) -> Decision:
        month = self._month(shop, at)
        facts = replace(shop.terms.facts(self.today, self.desk), tickets_this_month=self.asked[month])
        decision = decide_received(facts, wish, self.desk, at=at)
        limit = self.desk.settings.tickets_per_month
        if not decision.allowed or (
            month in self.limited and limit is not None and self.asked[month] >= limit
        ):
            raise NoStory
        return decision

    def _check_first_state(self, ending: Ending, decision: Decision) -> None:
        first = lifecycle.first_state(
            must_be_accepted=Condition.ACCEPTANCE in decision.waits_for,
            must_be_paid=Condition.PAYMENT in decision.waits_for,
        )
        if first is not ending.first:
            raise NoStory

    def _remember(self, shop: Shop, question: Question, decision: Decision, at: datetime) -> None:
        month = self._month(shop, at)
        self.asked[month] += 1
        self.used[question.subject] += 1
        plan = self.desk.plans.get(decision.plan or "")
        if plan is not None and plan.is_free and not decision.is_charity:
            self.limited.add(month)

    def _month(self, shop: Shop, at: datetime) -> tuple[str, int, int]:
        local = at.astimezone(self.zone)
        return shop.number, local.year, local.month

    def _agent(self, question: Question) -> Colleague:
        team = TILL if question.topic.startswith("till") or question.calls else BACK_OFFICE
        return self.random.choice([each for each in COLLEAGUES if each.team == team])

    # -- When ----------------------------------------------------------------------------------------------

    def _opened_at(self, ending: Ending, shop: Shop, wish: Wish) -> datetime:
        if ending.name in DEADLINES:
            return self._opened_for_deadline(ending, shop, wish)
        for _try in range(60):
            age = self.random.uniform(ending.youngest, ending.oldest) * HOUR
            local = (self.now - age).astimezone(self.zone)
            if ending.oldest > 24:
                hour, minute = self.random.choice(HOURS_OF_DAY), self.random.randrange(60)
                local = local.replace(hour=hour, minute=minute, second=self.random.randrange(60))
            elif not 7 <= local.hour <= 22:
                continue
            in_range = self.now - ending.oldest * HOUR <= local <= self.now - ending.youngest * HOUR
            if in_range and self.random.random() < CHANCE_OF_WEEKDAY[local.weekday()]:
                return local.astimezone(UTC).replace(microsecond=0)
        return (self.now - self.random.uniform(ending.youngest, ending.oldest) * HOUR).astimezone(UTC)

    def _opened_for_deadline(self, ending: Ending, shop: Shop, wish: Wish) -> datetime:
        """Asked at such a time that the answer is due within an hour of working time, or was due before now."""
        promised = self._decision(shop, wish, self.now)
        if promised.hours is None or promised.response_minutes is None:
            raise NoStory
        calendar = self.calendars[promised.hours]
        if ending.name == "overdue":
            due_at = calendar.subtract(self.now, self.random.randrange(20, 420))
        else:
            due_at = calendar.add(self.now, self.random.randrange(6, 55))
        return calendar.subtract(due_at, promised.response_minutes).astimezone(UTC).replace(microsecond=0)

    def _check_clock(
        self, ending: Ending, wish: Wish, decision: Decision, opened_at: datetime, steps: Sequence[Step]
    ) -> None:
        """Nothing in the future; and only the overdue are overdue."""
        latest = max([opened_at, *(step.at for step in steps)])
        if latest > self.now - timedelta(minutes=2):
            raise NoStory
        waiting_since = self._unanswered_since(ending, opened_at, steps)
        if waiting_since is None or decision.hours is None or decision.response_minutes is None:
            return
        due_at = self.calendars[decision.hours].add(waiting_since, decision.response_minutes)
        if (due_at <= self.now) != (ending.name == "overdue"):
            raise NoStory

    def _unanswered_since(
        self, ending: Ending, opened_at: datetime, steps: Sequence[Step]
    ) -> datetime | None:
        """The customer's question that nobody has answered yet."""
        since: datetime | None = opened_at if ending.first is State.NEW else None
        for step in steps:
            if step.what == "answer":
                since = None
            elif step.what == "reply":
                since = since or step.at
            elif step.move is not None and step.move in {Move.WITHDRAW, Move.DECLINE, Move.CLOSE}:
                since = None
        return since

    def _agent_time(self, after: datetime, fewest: int, most: int) -> datetime:
        """So many working minutes later."""
        return self.hours.add(after, self.random.randrange(fewest, most)).astimezone(UTC) + timedelta(
            seconds=self.random.randrange(60)
        )

    def _customer_time(self, after: datetime) -> datetime:
        """Within a day or so, by daylight."""
        local = (after + self.random.uniform(0.3, 22) * HOUR).astimezone(self.zone)
        if local.hour < 8:
            local = local.replace(hour=8, minute=self.random.randrange(20, 59))
        elif local.hour > 21:
            local = local.replace(hour=21, minute=self.random.randrange(59))
        return max(local.astimezone(UTC), after + timedelta(minutes=9)).replace(microsecond=0)

    # -- What happens --------------------------------------------------------------------------------------

    def _steps(
        self, ending: Ending, question: Question, shop: Shop, opened_at: datetime, agent: Colleague
    ) -> list[Step]:
        telling = _Telling(self, question, agent, opened_at, calls=ending.calls)
        getattr(telling, ending.name)()
        return telling.steps

    def _letter(self, text: str, shop: Shop, person: str) -> str:
        greeting = self.random.choice(self.talk.greetings)
        signature = f"{self.random.choice(self.talk.signatures)}\n{person}"
        parts = (greeting, self._filled(text, shop), signature)
        return "\n\n".join(part for part in parts if part)

    def _signed(self, step: Step, shop: Shop, person: str) -> str:
        text = self._filled(step.text, shop)
        if step.what == "answer" and step.agent is not None:
            greeting = self.random.choice(self.talk.agent_greetings).replace("{voornaam}", person.split()[0])
            return f"{greeting}\n\n{text}\n\n{self.random.choice(self.talk.agent_signatures)}\n{step.agent}"
        return f"{text}\n\n{person}" if step.what == "reply" else text

    def _filled(self, text: str, shop: Shop) -> str:
        colleague = self.random.choice(COLLEAGUES[:5]).key
        till = str(self.random.randint(1, max(1, shop.tills)))
        places = {"{kassa}": till, "{plaats}": shop.city, "{collega}": colleague}
        for place, word in places.items():
            text = text.replace(place, word)
        return text.strip()


class _Telling:
    """The steps of one story; a method for each ending."""

    def __init__(
        self, author: _Author, question: Question, agent: Colleague, opened_at: datetime, *, calls: bool
    ) -> None:
        self.author, self.question, self.agent, self.at, self.calls = (
            author,
            question,
            agent,
            opened_at,
            calls,
        )
        self.random, self.talk = author.random, author.talk
        self.steps: list[Step] = []

    # Endings

    def new(self) -> None:
        """Nobody has looked yet."""

    overdue = due_within_the_hour = awaiting_payment = awaiting_acceptance = new

    def taken_up(self) -> None:
        self._takes_it()
        self._moves(Move.TAKE_UP)
        if self.random.random() < 0.7:
            self._notes(self.random.choice(self.talk.looking))

    def asked_back(self) -> None:
        if self.random.random() < 0.5:
            self._takes_it()
        self._answers(self.question.asked_back, Move.ASK_BACK)

    def followed_up(self) -> None:
        self.asked_back()
        self._replies(self.question.follow_up)

    def answered(self) -> None:
        self._takes_it()
        self._answers(self.question.answer, Move.ANSWER)

    def calling(self) -> None:
        self._takes_it()
        self._moves(Move.TAKE_UP)
        self._answers(self.random.choice(self.talk.called), Move.ANSWER)

    def planned(self) -> None:
        self._takes_it()
        self._answers(self.question.answer, Move.ANSWER)
        if self.question.note:
            self._notes(self.question.note)
        self._replies(self.random.choice(["Akkoord, plan het maar in.", "Is goed, graag voor het weekend."]))
        self._moves(Move.PLAN)
        self._answers(self.random.choice(self.talk.planned), Move.ANSWER)

    def solved(self) -> None:
        if self.question.asked_back and self.random.random() < 0.4:
            self.followed_up()
        elif self.random.random() < 0.6:
            self._takes_it()
        if self.question.note and self.random.random() < 0.6:
            self._notes(self.question.note)
        self._answers(self.question.answer, Move.SOLVE)

    def reopened(self) -> None:
        self.solved()
        self._replies(self.random.choice(self.talk.still_not))
        self._notes(self.random.choice(self.talk.looking))
        self._answers(
            "Vervelend dat het terug is. We zoeken het verder uit; u hoort vandaag nog van ons.", Move.ANSWER
        )

    def closed_by_itself(self) -> None:
        """Solved or answered, and then silence: warned after eleven days, closed after fourteen (IB-23)."""
        answered_only = not self.question.asked_back and self.random.random() < 0.3
        self.answered() if answered_only else self.solved()
        state = State.WAITING if answered_only else State.SOLVED
        silent_since = self.at
        plan = self._closing_plan(state, silent_since)
        if plan.warns_at is not None:
            self._by_itself("announce", plan.warns_at)
            plan = self._closing_plan(state, silent_since, warned_at=self.at)
        self._by_itself("close_silent", plan.closes_at)

    def _closing_plan(
        self, state: State, silent_since: datetime, *, warned_at: datetime | None = None
    ) -> lifecycle.ClosingPlan:
        plan = lifecycle.closing_plan(
            state,
            answer_mode=AnswerMode.SITE,
            silent_since=silent_since,
            zone=self.author.desk.zone,
            settings=self.author.desk.settings,
            warned_at=warned_at,
        )
        if plan is None:
            raise NoStory
        return plan

    def closed(self) -> None:
        self.solved()
        if self.random.random() < 0.5:
            self._replies(self.random.choice(self.talk.thanks))
            self._answers(self.random.choice(self.talk.you_are_welcome), Move.SOLVE)
        self._moves(Move.CLOSE)

    def closed_by_customer(self) -> None:
        self.answered()
        self.at = self.author._customer_time(self.at)
        self._add("move", move=Move.CLOSE, actor=Actor.CUSTOMER)

    def declined(self) -> None:
        self._moves(Move.DECLINE, self.random.choice(self.talk.declined))

    def withdrawn(self) -> None:
        self.at = self.author._customer_time(self.at)
        reason = self.random.choice(self.talk.withdrawn)
        self._add("move", text=reason, move=Move.WITHDRAW, actor=Actor.CUSTOMER)

    # Steps

    def _add(self, what: str, **fields: object) -> None:
        self.steps.append(Step(self.at, what, **fields))  # type: ignore[arg-type]

    def _takes_it(self) -> None:
        self.at = self.author._agent_time(self.at, 3, 60)
        self._add("assign", agent=self.agent.key)

    def _answers(self, text: str, move: Move) -> None:
        self.at = self.author._agent_time(self.at, 8, 150)
        self._add("answer", agent=self.agent.key, text=text, move=move)

    def _notes(self, text: str) -> None:
        self.at = self.author._agent_time(self.at, 2, 30)
        self._add("note", agent=self.agent.key, text=text)

    def _moves(self, move: Move, because: str = "") -> None:
        self.at = self.author._agent_time(self.at, 2, 25)
        self._add("move", agent=self.agent.key, text=because, move=move)

    def _replies(self, text: str) -> None:
        self.at = self.author._customer_time(self.at)
        self._add("reply", text=text)

    def _by_itself(self, what: str, at: datetime) -> None:
        """The hourly look finds it some minutes after the moment."""
        self.at = at.astimezone(UTC) + timedelta(minutes=self.random.randrange(1, 15))
        self._add(what)
