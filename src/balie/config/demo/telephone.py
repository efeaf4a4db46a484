"""The telephone of a demo desk: an exchange, agents at the telephones, and the calls of the last days.

The calls come in as they do from a real exchange: each is asked about at its moment, and what became of it is told.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from balie.accounts.models import User
from balie.customers.models import PhoneNumber
from balie.desk.models import Desk, Line
from balie.phone import actions
from balie.phone.actions import Told
from balie.phone.asking import Asked
from balie.phone.models import CalledNumber, Exchange, Extension
from balie.rules.call_progress import Kind
from balie.rules.desk import LineKind, PhoneUse
from balie.rules.routing import Action

HOW_MANY, DAYS = 40, 6
STRANGERS = ("+31612345688", "+31612345689", "+3225550188", None)
"""Callers whom nobody knows; `None` hides its number."""
UNANSWERED, TO_VOICEMAIL = 5, 11
"""Every so many calls nobody picks up, or the voicemail does."""


def settle(desk: Desk, *, now: datetime) -> None:
    """The exchange, and an agent at each telephone of the preset. Nobody has the token."""
    actions.made("Telefooncentrale", by=None, now=now)
    agents = User.objects.filter(agent__team__isnull=False).order_by("pk")
    for telephone, agent in zip(Extension.objects.order_by("number"), agents, strict=False):
        telephone.user = agent
        telephone.save(update_fields=["user"])
    answered = Line.objects.exclude(phone_use=PhoneUse.NOBODY).filter(kind=LineKind.CHANNEL)
    if desk.phone_number and len(answered) == 1:  # of several behind one number the moment decides (SW-01)
        CalledNumber.objects.create(number=desk.phone_number, line=answered[0])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A call of the demo. `seconds`: how long it was talked, 0 when nobody picked up."""

    name: str
    number: str | None
    at: datetime
    telephone: str
    seconds: int
    is_voicemail: bool


def ring(desk: Desk, *, now: datetime) -> None:
    """The calls of the last days: recognised and strange, answered, missed and helped on."""
    exchange = Exchange.objects.earliest("pk")
    dice = random.Random(desk.key)
    known = list(
        PhoneNumber.objects.filter(registered_on__isnull=False).order_by("pk").values_list("e164", flat=True)
    )
    telephones = list(Extension.objects.order_by("number").values_list("number", flat=True))
    calls = _calls(known, telephones, dice, now=now) if telephones else ()  # a preset need not name any
    for call in calls:
        asked = Asked(call.name, number=call.number, called=desk.phone_number or None, at=call.at)
        routed = actions.route_call(exchange, asked, now=now)
        if routed.action is Action.MENU:
            choice = dice.choice(routed.choices)
            asked = Asked(call.name, number=call.number, digit=choice.digit, at=call.at)
            routed = actions.route_call(exchange, asked, now=now)
        if routed.action is Action.FORWARD:
            actions.take_events(exchange, list(_told(call)), now=now)


def _calls(
    known: Sequence[str], telephones: Sequence[str], dice: random.Random, *, now: datetime
) -> Iterator[_Spoken]:
    """In the hours in which people phone: what is closed then hears that it is."""
    for place in range(HOW_MANY):
        at = now - timedelta(days=place * DAYS / HOW_MANY, minutes=dice.randrange(20, 90))
        at = at.replace(hour=dice.randrange(8, 18), minute=dice.randrange(60), second=dice.randrange(60))
        at = min(at, now - timedelta(minutes=20 + place))
        stranger = place % 4 == 3 or not known
        number = dice.choice(STRANGERS) if stranger else dice.choice(known)
        picked_up = place % UNANSWERED != 2
        seconds = dice.randrange(45, 900) if picked_up else 0
        yield _Spoken(
            f"demo-{place}", number, at, dice.choice(telephones), seconds, place % TO_VOICEMAIL == 7
        )


def _told(call: _Spoken) -> Iterator[Told]:
    def told(kind: Kind, seconds: int) -> Told:
        name = f"{call.name}-{kind.value}"
        return Told(name, call.name, kind, call.at + timedelta(seconds=seconds), call.telephone)

    yield told(Kind.RINGING, 1)
    if call.seconds:
        yield told(Kind.ANSWERED, 9)
        yield told(Kind.ENDED, 9 + call.seconds)
    elif call.is_voicemail:
        yield told(Kind.VOICEMAIL, 25)
        yield told(Kind.ENDED, 50)
    else:
        yield told(Kind.MISSED, 25)
