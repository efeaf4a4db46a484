"""Where a call goes: forward, menu, announcement or refusal, and why (SW-01 to SW-05, SW-11, IB-01 to IB-04, IB-29).

Whether somebody may phone about something is decided by `entitlement`; this rule adds who is calling, which line was
called, and what the caller hears. That never depends on a customer: caller ID proves nothing about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from balie.rules import entitlement
from balie.rules.case import calendar_of
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision
from balie.rules.desk import FOR_EVERYBODY, Desk, Line, LineKind, PhoneUse
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish

SOMETHING_ELSE = "something-else"
"""What a caller chooses whose topic is not in the menu."""


class UnknownLine(Refusal):
    """The desk has no telephone line of this name."""


@dataclass(frozen=True, slots=True)
class Known:
    """A caller whose number the network gave, as E.164."""

    e164: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A caller who hides its number."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A caller whose number is no telephone number."""

    text: str


Caller = Known | Withheld | Unreadable


class Action(StrEnum):
    """What the exchange does with a call."""

    FORWARD = "forward"
    MENU = "menu"  # ask what it is about, and ask for a route again
    ANNOUNCE = "announce"
    REFUSE = "refuse"


class Announcement(StrEnum):
    """What a caller may hear. Each has a spoken text in every language of the desk."""

    ASK_TOPIC = "ask-topic"
    CLOSED = "closed"
    MAKE_TICKET = "make-ticket"
    SHOW_NUMBER = "show-number"
    NOT_BY_PHONE = "not-by-phone"
    NO_TELEPHONE = "no-telephone"


@dataclass(frozen=True, slots=True)
class Call:
    """One call at one moment.

    `line`: the key of the line that was called, when the network tells. `topic`: what was chosen from the menu.
    `customers`: the facts of every customer that registered this number, none for any other caller.
    """

    caller: Caller
    at: datetime
    line: str | None = None
    topic: str | None = None
    customers: Sequence[CustomerFacts] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """What happens with a call.

    `target`: the key of the line whose people it rings at. `text`: what the caller hears, which names no customer.
    `choices`: the topics of the menu, in the order of the desk. `next_opening`: when this caller can be put through,
    if it cannot now because of the hour. `reasons` are for agents, never for the caller.
    """

    action: Action
    reasons: tuple[Reason, ...]
    target: str | None = None
    announcement: Announcement | None = None
    text: Reason | None = None
    choices: tuple[str, ...] = ()
    next_opening: datetime | None = None


def route(call: Call, desk: Desk) -> Route:
    """Decide about a call. Raises `UnknownLine` for a line that is no telephone line of this desk."""
    lines = _lines_called(call, desk)
    if not lines:
        because = Reason(_("Nobody can phone this desk."), {})
        return _says(Action.REFUSE, Announcement.NO_TELEPHONE, (because,))
    if any(line.phone_use in FOR_EVERYBODY for line in lines):
        return _public(call, desk, lines)
    return _recognised(call, desk, lines)


def _lines_called(call: Call, desk: Desk) -> tuple[Line, ...]:
    """The lines whose hours decide: the one called on a public number, else all that are answered."""
    answered = tuple(line for line in desk.lines.values() if line.phone_use is not PhoneUse.NOBODY)
    if call.line is None:
        return answered
    called = next((line for line in answered if line.key == call.line), None)
    if called is None:
        raise UnknownLine(
            _("“%(line)s” is no telephone line of %(desk)s; write %(known)s."),
            line=call.line,
            desk=desk.name,
            known=", ".join(line.key for line in answered) or "…",
        )
    return (called,) if called.phone_use in FOR_EVERYBODY else answered


# -- A number that anybody may call ------------------------------------------------------------------------


def _public(call: Call, desk: Desk, lines: Sequence[Line]) -> Route:
    now_open = [line for line in lines if _is_open(line, call.at, desk)]
    if not now_open:
        return _closed(call, desk, lines, (_nobody_answers("SW-01"),))
    if call.topic is None or (call.topic != SOMETHING_ELSE and call.topic not in desk.topics):
        return _menu(call, desk, now_open)
    if call.topic == SOMETHING_ELSE:
        because = Reason(_("It is about nothing that may be phoned about in these hours."), {}, "SW-05")
        return _says(Action.ANNOUNCE, Announcement.NOT_BY_PHONE, (because,))
    decision = _decided(CustomerFacts(), call, _only(desk, now_open), topic=call.topic)
    if decision.refusal is not None:
        return _says(Action.ANNOUNCE, Announcement.NOT_BY_PHONE, (decision.refusal,))
    return Route(Action.FORWARD, decision.reasons, target=now_open[0].key)


def _menu(call: Call, desk: Desk, now_open: Sequence[Line]) -> Route:
    """The topics that may be phoned about now; a key that means nothing asks again."""
    through = _only(desk, now_open)
    choices = tuple(key for key in desk.topics if _decided(CustomerFacts(), call, through, topic=key).allowed)
    line = now_open[0]
    because = Reason(
        _("In the hours of %(line)s it depends on the topic whether a call is taken."),
        {"line": dict(line.name)},
        "SW-03" if line.phone_use is PhoneUse.URGENT_INCIDENTS else "SW-04",
        f"lines.{line.key}",
    )
    return replace(_says(Action.MENU, Announcement.ASK_TOPIC, (because,)), choices=choices)


# -- A number for customers with a phone contract ----------------------------------------------------------


def _recognised(call: Call, desk: Desk, lines: Sequence[Line]) -> Route:
    if (unknown := _unknown(call)) is not None:
        return unknown
    decisions = [_decided(facts, call, desk) for facts in call.customers]
    if not any(each.shows_phone_number for each in decisions):
        because = tuple(each.refusal for each in decisions if each.refusal is not None)
        return _says(Action.ANNOUNCE, Announcement.MAKE_TICKET, because)
    if not any(_is_open(line, call.at, desk) for line in lines):
        return _closed(call, desk, lines, (_RECOGNISED, _nobody_answers("IB-03")))
    return Route(Action.FORWARD, (_RECOGNISED, _PUT_THROUGH), target=_helpdesk(lines).key)


def _unknown(call: Call) -> Route | None:
    """IB-02, IB-03: a number that is hidden, unreadable or not registered is not put through."""
    match call.caller:
        case Withheld():
            because = Reason(_("The caller hides its number, so nobody can be recognised."), {}, "IB-02")
            return _says(Action.ANNOUNCE, Announcement.SHOW_NUMBER, (because,))
        case Unreadable(text):
            message = _("“%(number)s” is no telephone number.")
            because = Reason(message, {"number": text[:40]}, "IB-03")
            return _says(Action.ANNOUNCE, Announcement.MAKE_TICKET, (because,))
        case Known(e164) if not call.customers:
            because = Reason(_("No customer registered the number %(number)s."), {"number": e164}, "IB-03")
            return _says(Action.ANNOUNCE, Announcement.MAKE_TICKET, (because,))
    return None


_RECOGNISED = Reason(_("The number is registered by a customer with a phone contract."), {}, "IB-02")
_PUT_THROUGH = Reason(_("A recognised number is put through to the helpdesk."), {}, "IB-03")


def _helpdesk(lines: Sequence[Line]) -> Line:
    """Where recognised callers are put through: the line that is no rate zone."""
    return next((line for line in lines if line.kind is LineKind.CHANNEL), lines[0])


# -- What both share ---------------------------------------------------------------------------------------

_TEXTS: Mapping[Announcement, str] = {
    Announcement.ASK_TOPIC: _("What is your call about? Choose from the menu."),
    Announcement.CLOSED: _(
        "We are closed now. We can be reached again from %(opens)s. You can make a ticket on our website."
    ),
    Announcement.MAKE_TICKET: _(
        "We cannot put this call through. Make a ticket on our website; there you can ask to be called back, too."
    ),
    Announcement.SHOW_NUMBER: _(
        "We cannot see your number, so we cannot put this call through. Call again with your number shown, or make a "
        "ticket on our website."
    ),
    Announcement.NOT_BY_PHONE: _(
        "We do not take this by telephone now. Make a ticket on our website and we will help you there."
    ),
    Announcement.NO_TELEPHONE: _("We are not reached by telephone. Make a ticket on our website."),
}
_CLOSED_FOR_GOOD = _("We are closed now. You can make a ticket on our website.")


def _says(action: Action, announcement: Announcement, reasons: tuple[Reason, ...]) -> Route:
    return Route(action, reasons, announcement=announcement, text=Reason(_TEXTS[announcement]))


def _closed(call: Call, desk: Desk, lines: Iterable[Line], reasons: tuple[Reason, ...]) -> Route:
    opens = min(
        (at for line in lines if (at := _next_opening(line, call.at, desk)) is not None), default=None
    )
    text = Reason(_CLOSED_FOR_GOOD)
    if opens is not None:
        text = Reason(_TEXTS[Announcement.CLOSED], {"opens": opens.isoformat()})
    return Route(Action.ANNOUNCE, reasons, announcement=Announcement.CLOSED, text=text, next_opening=opens)


def _nobody_answers(rule: str) -> Reason:
    return Reason(_("The telephone is not answered at this moment."), {}, rule)


def _decided(facts: CustomerFacts, call: Call, desk: Desk, *, topic: str | None = None) -> Decision:
    return entitlement.decide(facts, Wish(Channel.PHONE, topic), desk, at=call.at)


def _only(desk: Desk, lines: Sequence[Line]) -> Desk:
    """The desk as if these lines alone were answered; worked out once for each set of lines."""
    keys = frozenset(line.key for line in lines)
    found: Desk | None = desk.worked_out.get((_only, keys))
    if found is None:
        quiet = {
            key: line if key in keys else replace(line, phone_use=PhoneUse.NOBODY)
            for key, line in desk.lines.items()
        }
        found = replace(desk, lines=quiet)
        desk.worked_out[_only, keys] = found
    return found


def _is_open(line: Line, at: datetime, desk: Desk) -> bool:
    return calendar_of(line, desk, _day(at, desk)).is_open(at)


def _next_opening(line: Line, at: datetime, desk: Desk) -> datetime | None:
    try:
        return calendar_of(line, desk, _day(at, desk)).next_opening(at)
    except Refusal:  # never open, or not within the year
        return None


def _day(at: datetime, desk: Desk) -> date:
    return at.astimezone(ZoneInfo(desk.zone)).date()
