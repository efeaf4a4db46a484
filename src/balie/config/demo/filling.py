"""Filling a demo desk: everybody at once, then their tickets, some at a time, from where it was left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from balie.audit.actions import record
from balie.config.demo import articles, data, follow_ups, mailboxes, people, set_aside, telephone, undelivered
from balie.config.demo.stories import HOW_MANY, Story, stories
from balie.config.demo.telling import Stage, tell
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.live.actions import publish as tell_screens
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.tickets.facts import Situation

TOPIC = "demo"


class NotADemoDesk(Refusal):
    """A desk with real customers gets no invented ones."""


class DeskInUse(Refusal):
    """Somebody works here already."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the demo's tickets are there. `begun_at` fixes what they say and when."""

    begun_at: datetime
    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total

    @classmethod
    def of(cls, desk: Desk) -> Progress | None:
        """The progress that a desk's row tells; `None` when the demo was never begun."""
        stored = desk.demo_progress
        if not stored:
            return None
        return cls(datetime.fromisoformat(stored["begun_at"]), stored["done"], stored["total"])

    def store(self, desk: Desk) -> None:
        desk.demo_progress = {
            "begun_at": self.begun_at.isoformat(),
            "done": self.done,
            "total": self.total,
        }
        desk.save(update_fields=["demo_progress", "demo_logins"])


@transaction.atomic
def begin(desk: Desk, *, now: datetime) -> Progress:
    """Make the people of the demo, in less than a second; their tickets come with `go_on`.

    Safe to run twice. Raises `NotADemoDesk`, and `DeskInUse` when there are customers that the demo did not make.
    """
    if not desk.is_demo:
        raise NotADemoDesk(
            _(
                "This desk was not made as a demo. Make one with “balie init --demo” in a data folder of its own."
            )
        )
    desk = _locked()
    if begun := Progress.of(desk):
        return begun
    if Customer.objects.exists():
        raise DeskInUse(_("This desk has customers already, so no demo is put among them."))
    people.settle(desk, data.shops(desk.key), data.logins(desk.key), now=now)
    mailboxes.settle(desk)
    telephone.settle(desk, now=now)
    progress = Progress(now.replace(microsecond=0), 0, HOW_MANY)
    progress.store(desk)
    record("begin_demo", desk, by=None, now=now)
    return progress


def go_on(at_a_time: int) -> Iterator[Progress]:
    """Add the help articles and the missing tickets with everything that happened to them; tells each time.

    So many tickets in each transaction. Goes on where it was left. Two at once come one after the other, and each
    ticket is made once.
    """
    with transaction.atomic():
        desk = _locked()
        begun = Progress.of(desk)
        if begun is None:
            raise NotADemoDesk(_("The demo was not begun on this desk."))
        articles.write(now=begun.begun_at)
    told = stories_of(desk, begun_at=begun.begun_at)
    progress = begun
    while not progress.is_complete:
        progress = _some_more(told, at_a_time)
        if progress.is_complete:
            undelivered.bring_back()
            set_aside.arrive(desk, now=begun.begun_at)
            telephone.ring(desk, now=begun.begun_at)
            follow_ups.plan(desk, now=begun.begun_at)
        yield progress


@transaction.atomic
def _some_more(told: Sequence[Story], how_many: int) -> Progress:
    desk = _locked()
    before = Progress.of(desk)
    assert before is not None
    stage = Stage.at(desk)
    for story in told[before.done : before.done + how_many]:
        _tell_or_skip(story, stage)
    progress = replace(before, done=min(before.done + how_many, before.total))
    progress.store(desk)
    tell_screens(TOPIC, data={"done": progress.done, "total": progress.total})
    return progress


def stories_of(desk: Desk, *, begun_at: datetime) -> list[Story]:
    """All stories of a demo desk that was begun at this moment: the same each time."""
    situation = Situation(desk, now=begun_at)
    return stories(
        situation.desk,
        situation.calendars,
        data.shops(desk.key),
        data.questions(desk.key),
        data.small_talk(),
        now=begun_at,
    )


def _tell_or_skip(story: Story, stage: Stage) -> None:
    """A visitor may have changed the desk while its demo came in: what no longer fits is left out."""
    try:
        with transaction.atomic():
            tell(story, stage)
    except (Refusal, KeyError):
        return


def _locked() -> Desk:
    return Desk.objects.select_for_update().get()
