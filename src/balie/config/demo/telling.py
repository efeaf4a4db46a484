"""Letting a story happen: every step goes through `tickets.actions` at its own moment, as if it happened then."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from balie.accounts.models import User
from balie.config.demo import pictures
from balie.config.demo.people import COLLEAGUES
from balie.config.demo.stories import Step, Story
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules import desk as rules
from balie.rules.call_backs import Outcome, Standing
from balie.rules.lifecycle import Actor, Move
from balie.rules.wishes import AnswerMode, Channel
from balie.tickets import actions
from balie.tickets.facts import Situation, desk_for_rules
from balie.tickets.models import Ticket, TimeKind

SEEN_EVERYTHING = sys.maxsize


@dataclass
class Stage:
    """The desk with its people, read once for many stories."""

    desk: Desk
    rules: rules.Desk
    contacts: Mapping[str, Contact] = field(default_factory=dict)  # by mail address
    users: Mapping[str, User] = field(default_factory=dict)  # by first name

    @classmethod
    def at(cls, desk: Desk) -> Stage:
        keys = {f"{each.key.lower()}@{desk.key}.example": each.key for each in COLLEAGUES}
        contacts = Contact.objects.select_related("customer", "site")
        return cls(
            desk=desk,
            rules=desk_for_rules(desk),
            contacts={each.email: each for each in contacts},
            users={keys[each.email]: each for each in User.objects.filter(email__in=keys)},
        )

    def situation(self, now: datetime) -> Situation:
        """The desk's rules as they are today: they did not change while the stories happened."""
        situation = Situation(self.desk, now=now)
        situation.desk = self.rules
        return situation


def tell(story: Story, stage: Stage) -> Ticket:
    """Open the ticket of a story and let everything happen to it; raises what the desk refuses by now."""
    contact = stage.contacts[story.shop.mail_address(story.person)]
    situation = stage.situation(story.opened_at)
    writing = actions.Writing(story.text, uploads=_photos(story))
    if story.wish.channel is Channel.MAIL:
        ticket = actions.take_in(
            contact, story.wish, subject=story.subject, writing=writing, situation=situation
        )
    else:
        by = stage.users[story.entered_by] if story.entered_by else contact.user
        ticket = actions.open(
            contact,
            story.wish,
            subject=story.subject,
            writing=writing,
            by=by,
            situation=situation,
            call=_call_wish(story, contact, situation),
        )
    for step in story.steps:
        STEPS[step.what](ticket, contact, step, stage)
    return ticket


def _call_wish(story: Story, contact: Contact, situation: Situation) -> actions.CallWish | None:
    """The number of the shop, or a computer of it; and two hours that suit, from the next opening on."""
    if story.wish.answer_mode is AnswerMode.SITE or contact.customer is None:
        return None
    number = contact.customer.phone_numbers.order_by("pk").values_list("e164", flat=True).first() or ""
    is_anydesk = story.wish.answer_mode is AnswerMode.ANYDESK
    anydesk = f"{story.opened_at:%j%H%M%S}"[:9] if is_anydesk else ""
    key = next(
        (key for key, line in situation.desk.lines.items() if line.kind is rules.LineKind.CHANNEL), None
    )
    if key is None:
        return actions.CallWish(number, anydesk)
    begins = situation.calendar(key).next_opening(situation.now + timedelta(hours=1))
    ends = min(begins + timedelta(hours=2), situation.calendar(key).next_closing(begins))
    return actions.CallWish(number, anydesk, [(begins, ends)])


def _answer(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    _call_and_write_time(ticket, step, stage)
    actions.reply(
        ticket,
        writing=actions.Writing(step.text),
        by=_agent(step, stage),
        seen=SEEN_EVERYTHING,
        situation=stage.situation(step.at),
        move=step.move or Move.ANSWER,
    )


def _call_and_write_time(ticket: Ticket, step: Step, stage: Stage) -> None:
    """Who is called back is reached, and every answer took some minutes."""
    by, minutes = _agent(step, stage), step.at.minute % 14 + 3
    planned = ticket.call_backs.filter(standing=Standing.PLANNED).first()
    if planned is not None:
        situation = stage.situation(step.at)
        actions.tried(planned.pk, outcome=Outcome.REACHED, by=by, situation=situation)
    actions.log_time(
        ticket,
        person=by,
        started_at=step.at - timedelta(minutes=minutes),
        ended_at=step.at,
        kind=TimeKind.CALL if planned is not None else TimeKind.WORK,
        now=step.at,
    )


def _reply(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    channel = Channel(ticket.channel) if ticket.channel != Channel.PHONE else Channel.PORTAL
    actions.receive(
        ticket,
        contact,
        channel=channel,
        writing=actions.Writing(step.text),
        situation=stage.situation(step.at),
    )


def _note(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    writing = actions.Writing(step.text)
    actions.note(ticket, writing=writing, by=_agent(step, stage), situation=stage.situation(step.at))


def _assign(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    agent = _agent(step, stage)
    actions.assign(ticket, to=agent, by=agent, situation=stage.situation(step.at))


def _move(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    assert step.move is not None
    by = contact if step.actor is Actor.CUSTOMER else _agent(step, stage)
    actions.move(
        ticket,
        step.move,
        actor=step.actor,
        by=by,
        situation=stage.situation(step.at),
        because=step.text,
    )


def _announce(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    actions.announce_closing(ticket, situation=stage.situation(step.at))


def _close_silent(ticket: Ticket, contact: Contact, step: Step, stage: Stage) -> None:
    actions.close_silent(ticket, situation=stage.situation(step.at))


STEPS: Mapping[str, Callable[[Ticket, Contact, Step, Stage], None]] = {
    "answer": _answer,
    "reply": _reply,
    "note": _note,
    "assign": _assign,
    "move": _move,
    "announce": _announce,
    "close_silent": _close_silent,
}


def _agent(step: Step, stage: Stage) -> User:
    assert step.agent is not None
    return stage.users[step.agent]


def _photos(story: Story) -> tuple[actions.Upload, ...]:
    if not story.has_photo:
        return ()
    number = story.opened_at.day * 1000 + story.opened_at.minute * 17
    total = f"{story.opened_at.minute % 40 + 3},{story.opened_at.second:02}"
    lines = (
        *_halves(story.shop.name),
        story.shop.city,
        "",
        f"Bon {number}",
        f"{story.opened_at:%d-%m-%Y %H:%M}",
        "-" * 17,
        "1 Artikel",
        f"Totaal {total:>10}",
        f"Pin    {total:>10}",
        "-" * 17,
        "Dank u wel",
    )
    name = f"bon-{number}.png"
    return (actions.Upload(name=name, content_type="image/png", content=pictures.receipt(lines)),)


def _halves(name: str) -> tuple[str, ...]:
    first, _space, rest = name.partition(" ")
    return (first, rest) if rest else (first,)
