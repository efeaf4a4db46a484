"""By which channel a question may reach the desk now (IB-01, IB-02, IB-04, IB-21, SW-01, SW-03 to SW-06, SW-11).

The website takes every question (SW-05, SW-19). A line of the telephone lets in whom its hours are meant for;
a line is one row of `LETS_IN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from balie.rules.case import Case, No, calendar_of
from balie.rules.customer_facts import CustomerFacts
from balie.rules.desk import FOR_EVERYBODY, ContractType, Desk, Line, PhoneUse
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.support_plan import PlanAssessment
from balie.rules.topics import CategoryKind, Place
from balie.rules.wishes import Channel


def not_by_this_channel(case: Case) -> No | None:
    """Why this question may not reach the desk by this channel now; `None` when it may."""
    rule = _BY_CHANNEL.get(case.wish.channel)
    return None if rule is None else rule(case)


def shows_phone_number(support: PlanAssessment, desk: Desk) -> bool:
    """Whether the desk's number is meant for this customer: everybody's (SW-01), or by contract (IB-01)."""
    return _is_public(desk) or not _phone_contracts(desk).isdisjoint(support.contracts)


def _phone_contracts(desk: Desk) -> frozenset[str]:
    """The contract types that show the number."""
    found: frozenset[str] | None = desk.worked_out.get(_phone_contracts)
    if found is None:
        found = frozenset(key for key, kind in desk.contract_types.items() if kind.gives_phone_number)
        desk.worked_out[_phone_contracts] = found
    return found


def _is_public(desk: Desk) -> bool:
    found: bool | None = desk.worked_out.get(_is_public)
    if found is None:
        found = any(line.phone_use in FOR_EVERYBODY for line in desk.lines.values())
        desk.worked_out[_is_public] = found
    return found


# -- Mail and chat -----------------------------------------------------------------------------------------


def _no_mail(case: Case) -> No | None:
    if case.desk.settings.mail_in != "pointer":
        return None
    because = Reason(_("A mail is answered with the way to the website."), {}, None, "settings.mail_in")
    return No(because, (_A_TICKET,))


def _no_chat(case: Case) -> No | None:
    if case.desk.settings.offers_chat:
        return None
    return No(Reason(_("This desk has no chat."), {}, "SW-06", "settings.offers_chat"), (_A_TICKET,))


_A_TICKET = Reason(_("Make a ticket on the website."), {}, "SW-05")
_A_TICKET_FIRST = Reason(_("Make a ticket; a call-back or AnyDesk can be asked for there."), {}, "IB-21")
_A_CHAT = Reason(_("Ask it in the chat."), {}, "SW-06", "settings.offers_chat")


# -- The telephone -----------------------------------------------------------------------------------------


def _no_phone(case: Case) -> No | None:
    """SW-03, SW-04, IB-01: whoever is let in by a line that is open now may phone."""
    lines = [line for line in case.desk.lines.values() if line.phone_use is not PhoneUse.NOBODY]
    refused = {line.key: LETS_IN[line.phone_use](case, line) for line in lines}
    is_open = {line.key: calendar_of(line, case.desk, case.day).is_open(case.at) for line in lines}
    if any(is_open[line.key] and refused[line.key] is None for line in lines):
        return None
    for line in sorted(lines, key=lambda each: not is_open[each.key]):
        no = refused[line.key]
        if no is not None and (is_open[line.key] or all(refused.values())):
            return No(no.because, (*no.ways_forward, *_opens_at(case, lines, refused)))
    if not lines:
        return No(Reason(_("Nobody can phone this desk."), {}, "SW-05"), (_A_TICKET,))
    closed = Reason(
        _("The telephone is not answered at this moment."),
        {},
        lines[0].phone_use and _RULE[lines[0].phone_use],
    )
    return No(closed, (_A_TICKET, *_opens_at(case, lines, refused)))


_RULE: Mapping[PhoneUse, str] = {
    PhoneUse.URGENT_INCIDENTS: "SW-01",
    PhoneUse.TILL_INCIDENTS: "SW-01",
    PhoneUse.RECOGNISED_CALLERS: "IB-29",
}


def _opens_at(case: Case, lines: Iterable[Line], refused: Mapping[str, No | None]) -> Iterator[Reason]:
    """From when a line is open that lets this customer in with this question."""
    opens = [
        moment
        for line in lines
        if refused[line.key] is None and (moment := _next_opening(case, line)) is not None
    ]
    if opens:
        yield Reason(_("From %(opens)s on this may be phoned."), {"opens": min(opens).isoformat()}, "SW-01")


def _next_opening(case: Case, line: Line) -> datetime | None:
    try:
        return calendar_of(line, case.desk, case.day).next_opening(case.at)
    except Refusal:  # never open, or not within the year
        return None


def _unless_urgent_incident(case: Case, line: Line) -> No | None:
    """SW-03: in office hours the phone is for urgent incidents."""
    topic = case.topic
    if topic is not None and topic.may_phone_in_office_hours:
        return None
    if topic is not None and topic.kind is CategoryKind.CHANGE:
        return _never_by_phone()
    because = Reason(
        _("In the hours of %(line)s only urgent incidents are taken by phone."),
        {"line": _name(line, case)},
        "SW-03",
        f"lines.{line.key}",
    )
    ways = [_A_TICKET]
    if topic is not None and topic.kind is CategoryKind.INCIDENT and case.desk.settings.offers_other_urgent:
        message = _("If it cannot wait, choose “other urgent incident” as the topic.")
        ways.append(Reason(message, {}, "SW-03", "phone.other_urgent"))
    return No(because, tuple(ways))


def _unless_till_incident(case: Case, line: Line) -> No | None:
    """SW-04: outside office hours incidents at the till, any of them; a question goes to chat or ticket."""
    topic = case.topic
    if topic is not None and topic.kind is CategoryKind.INCIDENT and topic.place is Place.TILL:
        return None
    if topic is not None and topic.kind is CategoryKind.CHANGE:
        return _never_by_phone()
    because = Reason(
        _("In the hours of %(line)s only incidents at the till are taken by phone."),
        {"line": _name(line, case)},
        "SW-04",
        f"lines.{line.key}",
    )
    is_till_question = topic is not None and topic.place is Place.TILL and case.desk.settings.offers_chat
    return No(because, (_A_CHAT, _A_TICKET) if is_till_question else (_A_TICKET,))


def _never_by_phone() -> No:
    return No(Reason(_("A change is never made in a phone call."), {}, "SW-11"), (_A_TICKET,))


def _unless_by_contract(case: Case, line: Line) -> No | None:
    """IB-01: the number is for customers with a phone support contract; everybody else makes a ticket (IB-04)."""
    keys = _phone_contracts(case.desk)
    if not keys.isdisjoint(case.support.contracts):
        return None
    kinds = [kind for kind in case.desk.contract_types.values() if kind.key in keys]
    because = _ended(case, kinds) or Reason(
        _("Only customers with a phone support contract can phone."), {}, "IB-01", "contract_types"
    )
    with_contract = tuple(
        Reason(
            _("With the contract %(contract)s the desk can be phoned."),
            {"contract": kind.name.get(case.desk.language, kind.key)},
            "IB-01",
            f"contract_types.{kind.key}.gives_phone_number",
        )
        for kind in kinds
    )
    return No(because, (_A_TICKET_FIRST, *with_contract))


def _ended(case: Case, kinds: list[ContractType]) -> Reason | None:
    """The phone contract that ended last (IB-01)."""
    by_key = {kind.key: kind for kind in kinds}
    ended = [
        (each.validity.last, each.type)
        for each in case.facts.contracts
        if each.type in by_key and each.validity.last is not None and each.validity.last < case.day
    ]
    if not ended:
        return None
    last, key = max(ended)
    return Reason(
        _("The contract %(contract)s ended on %(day)s, so the desk cannot be phoned."),
        {"contract": by_key[key].name.get(case.desk.language, key), "day": last.isoformat()},
        "IB-01",
        f"contract_types.{key}.gives_phone_number",
    )


LETS_IN: Mapping[PhoneUse, Callable[[Case, Line], No | None]] = {
    PhoneUse.URGENT_INCIDENTS: _unless_urgent_incident,
    PhoneUse.TILL_INCIDENTS: _unless_till_incident,
    PhoneUse.RECOGNISED_CALLERS: _unless_by_contract,
}

_BY_CHANNEL: Mapping[Channel, Callable[[Case], No | None]] = {
    Channel.MAIL: _no_mail,
    Channel.CHAT: _no_chat,
    Channel.PHONE: _no_phone,
}


def says_channel(case: Case) -> tuple[Reason, ...]:
    """What is to be known of a channel that may be used."""
    if case.wish.channel is Channel.PHONE and not _is_public(case.desk):
        return _says_caller_id(case.facts)
    topic = case.topic
    if case.wish.channel is Channel.CHAT and topic is not None and topic.place is not Place.TILL:
        return (Reason(_("The chat is meant above all for short questions about the till."), {}, "SW-06"),)
    return ()


def _says_caller_id(facts: CustomerFacts) -> tuple[Reason, ...]:
    """IB-02: only a registered number that is shown is put through."""
    message = (
        _("Call from a registered number, with the number shown: only then the call is put through.")
        if facts.phone_numbers
        else _("No number is registered yet; register one first: only a call from it is put through.")
    )
    return (Reason(message, {}, "IB-02", "customer.phone_numbers"),)


def _name(line: Line, case: Case) -> str:
    return line.name.get(case.desk.language, line.key)
