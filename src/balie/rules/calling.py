"""Who may phone at this moment, and which line takes the call (IB-01, IB-02, IB-04, IB-21, SW-01, SW-03, SW-04, SW-11).

Whom a line lets in is one row of `LETS_IN`; what everybody else is told in its hours is one row of `TELLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from balie.rules.case import Case, No, calendar_of
from balie.rules.customer_facts import CustomerFacts
from balie.rules.desk import FOR_EVERYBODY, ContractType, Desk, Line, PhoneUse
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.support_plan import PlanAssessment
from balie.rules.topics import CategoryKind, Place

A_TICKET = Reason(_("Make a ticket on the website."), {}, None, "desk.website")
_A_TICKET_FIRST = Reason(
    _("Make a ticket; a call-back or AnyDesk can be asked for there."), {}, "IB-21", "desk.website"
)
_A_CHAT = Reason(_("Ask it in the chat."), {}, None, "settings.offers_chat")


def shows_phone_number(support: PlanAssessment, desk: Desk) -> bool:
    """Whether the desk's number is meant for this customer: everybody's (SW-01), or by contract (IB-01)."""
    return is_public(desk) or not _phone_contracts(desk).keys().isdisjoint(support.contracts)


def is_public(desk: Desk) -> bool:
    """Whether a line is for everybody (SW-01)."""
    found: bool | None = desk.worked_out.get(is_public)
    if found is None:
        found = any(line.phone_use in FOR_EVERYBODY for line in desk.lines.values())
        desk.worked_out[is_public] = found
    return found


def not_by_phone(case: Case) -> No | None:
    """SW-03, SW-04, IB-01: whoever is let in by a line that is open now may phone."""
    lines = _phoned(case.desk)
    welcome = [line for line in lines if LETS_IN[line.phone_use](case)]
    if any(_is_open(line, case) for line in welcome):
        return None
    if not lines:
        return _NOBODY
    no = _no_at_this_moment(case, lines, welcome)
    return No(no.because, (*no.ways_forward, *_opens_at(case, welcome)))


_NOBODY = No(Reason(_("Nobody can phone this desk."), {}, None, "phone"), (A_TICKET,))


def says_line(case: Case) -> tuple[Reason, ...]:
    """The line for everybody that takes this call now (SW-03, SW-04)."""
    for line in _phoned(case.desk):
        if line.phone_use in _MAY_PHONE and LETS_IN[line.phone_use](case) and _is_open(line, case):
            message, rule = _MAY_PHONE[line.phone_use]
            return (Reason(message, {"line": line.name}, rule, f"lines.{line.key}"),)
    return ()


_MAY_PHONE: Mapping[PhoneUse, tuple[str, str]] = {
    PhoneUse.URGENT_INCIDENTS: (_("In the hours of %(line)s urgent incidents may be phoned."), "SW-03"),
    PhoneUse.TILL_INCIDENTS: (_("In the hours of %(line)s incidents at the till may be phoned."), "SW-04"),
}


def says_caller_id(facts: CustomerFacts) -> tuple[Reason, ...]:
    """IB-02: only a registered number that is shown is put through."""
    message = (
        _("Call from a registered number, with the number shown: only then the call is put through.")
        if facts.phone_numbers
        else _(
            "No number is registered yet. As soon as one is, a call from it is put through; no other call is."
        )
    )
    return (Reason(message, {}, "IB-02", "customer.phone_numbers"),)


def _phoned(desk: Desk) -> tuple[Line, ...]:
    """The lines that take calls, in the desk's order."""
    found: tuple[Line, ...] | None = desk.worked_out.get(_phoned)
    if found is None:
        found = tuple(line for line in desk.lines.values() if line.phone_use is not PhoneUse.NOBODY)
        desk.worked_out[_phoned] = found
    return found


def _is_open(line: Line, case: Case) -> bool:
    return calendar_of(line, case.desk, case.day).is_open(case.at)


def _phone_contracts(desk: Desk) -> Mapping[str, ContractType]:
    """The contract types that show the number, by key."""
    found: dict[str, ContractType] | None = desk.worked_out.get(_phone_contracts)
    if found is None:
        found = {key: kind for key, kind in desk.contract_types.items() if kind.gives_phone_number}
        desk.worked_out[_phone_contracts] = found
    return found


# -- Whom a line lets in -----------------------------------------------------------------------------------


def _is_urgent_incident(case: Case) -> bool:
    return case.topic is not None and case.topic.may_phone_in_office_hours


def _is_till_incident(case: Case) -> bool:
    topic = case.topic
    return topic is not None and topic.kind is CategoryKind.INCIDENT and topic.place is Place.TILL


def _has_phone_contract(case: Case) -> bool:
    return not _phone_contracts(case.desk).keys().isdisjoint(case.support.contracts)


LETS_IN: Mapping[PhoneUse, Callable[[Case], bool]] = {
    PhoneUse.URGENT_INCIDENTS: _is_urgent_incident,
    PhoneUse.TILL_INCIDENTS: _is_till_incident,
    PhoneUse.RECOGNISED_CALLERS: _has_phone_contract,
}


# -- What the others are told ------------------------------------------------------------------------------


def _no_at_this_moment(case: Case, lines: Sequence[Line], welcome: Sequence[Line]) -> No:
    """What the line that is open says. When none is: that, unless no hour of the week would help."""
    topic, first = case.topic, lines[0]
    if not welcome and topic is not None and topic.kind is CategoryKind.CHANGE and is_public(case.desk):
        return _never_by_phone(topic.key)
    told_by = next((line for line in lines if _is_open(line, case)), None)
    if told_by is None and not welcome and first.phone_use not in FOR_EVERYBODY:
        told_by = first
    return _closed(case, first) if told_by is None else TELLS[told_by.phone_use](case, told_by)


def _closed(case: Case, first: Line) -> No:
    because = Reason(_("The telephone is not answered at this moment."), {}, None, f"lines.{first.key}")
    return No(because, _in_writing(case))


def _in_writing(case: Case) -> tuple[Reason, ...]:
    """A ticket always (SW-05); the chat is meant for short questions about the till (SW-06)."""
    topic = case.topic
    is_till_question = topic is not None and topic.kind is CategoryKind.QUESTION and topic.place is Place.TILL
    return (_A_CHAT, A_TICKET) if is_till_question and case.desk.settings.offers_chat else (A_TICKET,)


def _opens_at(case: Case, welcome: Iterable[Line]) -> Iterator[Reason]:
    """From when a line is open that lets this customer in with this question."""
    opens = [(moment, line.key) for line in welcome if (moment := _next_opening(case, line)) is not None]
    if opens:
        moment, key = min(opens)
        message = _("From %(opens)s on this may be phoned.")
        yield Reason(message, {"opens": moment.isoformat()}, None, f"lines.{key}")


def _next_opening(case: Case, line: Line) -> datetime | None:
    try:
        return calendar_of(line, case.desk, case.day).next_opening(case.at)
    except Refusal:  # never open, or not within the year
        return None


def _only_urgent_incidents(case: Case, line: Line) -> No:
    """SW-03: in office hours the phone is for urgent incidents."""
    because = Reason(
        _("In the hours of %(line)s only urgent incidents are taken by phone."),
        {"line": line.name},
        "SW-03",
        f"lines.{line.key}",
    )
    topic = case.topic
    is_incident = topic is not None and topic.kind is CategoryKind.INCIDENT
    may_be_urgent = is_incident and case.desk.settings.offers_other_urgent
    return No(because, (*_in_writing(case), *((_OTHER_URGENT,) if may_be_urgent else ())))


_OTHER_URGENT = Reason(
    _("If it cannot wait, choose “other urgent incident” as the topic."), {}, "SW-03", "phone.other_urgent"
)


def _only_till_incidents(case: Case, line: Line) -> No:
    """SW-04: outside office hours incidents at the till, any of them; a question goes to chat or ticket."""
    because = Reason(
        _("In the hours of %(line)s only incidents at the till are taken by phone."),
        {"line": line.name},
        "SW-04",
        f"lines.{line.key}",
    )
    return No(because, _in_writing(case))


def _never_by_phone(topic: str) -> No:
    """SW-11: what is changed, or agreed on, begins in writing."""
    message = _("This is not done in a phone call: it begins with a ticket.")
    return No(Reason(message, {}, "SW-11", f"categories.{topic}.kind"), (A_TICKET,))


def _only_by_contract(case: Case, _line: Line) -> No:
    """IB-01: the number is for customers with a phone support contract; everybody else makes a ticket (IB-04)."""
    kinds = _phone_contracts(case.desk)
    because = _ended(case, kinds) or _ONLY_BY_CONTRACT
    return No(because, (_A_TICKET_FIRST, *(_begins(case, kinds) or _with_contract(case.desk))))


_ONLY_BY_CONTRACT = Reason(
    _("Only customers with a phone support contract can phone."), {}, "IB-01", "contract_types"
)


def _with_contract(desk: Desk) -> tuple[Reason, ...]:
    """With which contracts the desk can be phoned."""
    found: tuple[Reason, ...] | None = desk.worked_out.get(_with_contract)
    if found is None:
        message = _("With the contract %(contract)s the desk can be phoned.")
        found = desk.worked_out[_with_contract] = tuple(
            Reason(message, {"contract": kind.name}, "IB-01", _shows_number(kind))
            for kind in _phone_contracts(desk).values()
        )
    return found


def _ended(case: Case, kinds: Mapping[str, ContractType]) -> Reason | None:
    """The phone contract that ended last (IB-01)."""
    ended: list[tuple[date, str]] = [
        (each.validity.last, each.type)
        for each in case.facts.contracts
        if each.type in kinds and each.validity.last is not None and each.validity.last < case.day
    ]
    if not ended:
        return None
    last, key = max(ended)
    message = _("The contract %(contract)s ended on %(day)s, so the desk cannot be phoned.")
    values = {"contract": kinds[key].name, "day": last.isoformat()}
    return Reason(message, values, "IB-01", _shows_number(kinds[key]))


def _begins(case: Case, kinds: Mapping[str, ContractType]) -> tuple[Reason, ...]:
    """The phone contract that begins first of those to come: nobody needs another one (IB-01)."""
    to_come: list[tuple[date, str]] = [
        (each.validity.first, each.type)
        for each in case.facts.contracts
        if each.type in kinds and each.validity.first is not None and each.validity.first > case.day
    ]
    if not to_come:
        return ()
    first, key = min(to_come)
    message = _("The contract %(contract)s begins on %(day)s; from then on the desk can be phoned.")
    values = {"contract": kinds[key].name, "day": first.isoformat()}
    return (Reason(message, values, "IB-01", _shows_number(kinds[key])),)


def _shows_number(kind: ContractType) -> str:
    return f"contract_types.{kind.key}.gives_phone_number"


TELLS: Mapping[PhoneUse, Callable[[Case, Line], No]] = {
    PhoneUse.URGENT_INCIDENTS: _only_urgent_incidents,
    PhoneUse.TILL_INCIDENTS: _only_till_incidents,
    PhoneUse.RECOGNISED_CALLERS: _only_by_contract,
}
