"""Where a telephone call goes, explained from a preset."""

from __future__ import annotations

from datetime import datetime

from balie.config.explanations import Explanation, sourced, topic_named
from balie.customers.numbers import caller_in, to_e164
from balie.presets.preset import Preset
from balie.rules.customer_facts import CustomerFacts
from balie.rules.reasons import Name, Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.routing import SOMETHING_ELSE, Action, Call, Caller, Known, Route, route

_SAYS = {
    Action.FORWARD: _("The call is forwarded to %(line)s."),
    Action.MENU: _("The caller is asked what it is about."),
    Action.ANNOUNCE: _("The caller hears an announcement."),
    Action.REFUSE: _("The call is refused."),
}


def explain_call(
    preset: Preset,
    number: str,
    facts: CustomerFacts | None,
    *,
    line: str | None,
    topic: str | None,
    at: datetime,
) -> Explanation:
    """What happens with a call from `number`, as the network gives it (SW-01 to SW-05, IB-01 to IB-04).

    `facts`: a customer, whose `phone_numbers` are the ones that it registered. Raises `UnknownName` and `UnknownLine`.
    """
    caller = caller_in(number, country=preset.country)
    chosen = topic if topic == SOMETHING_ELSE else topic_named(topic, preset)
    customers = (facts,) if facts is not None and _is_registered(caller, facts, preset) else ()
    found = route(Call(caller, at, line, chosen, customers), preset.desk)
    return Explanation(
        answer=(_outcome(found, preset), *((found.text,) if found.text else ())),
        result={
            "action": found.action.value,
            "target": found.target,
            "text": found.text,
            "announcement": found.announcement.value if found.announcement else None,
            "next_opening": found.next_opening,
            "choices": list(found.choices),
            "caller": caller.e164 if isinstance(caller, Known) else None,
            "recognised": bool(customers),
        },
        reasons=sourced(found.reasons, preset),
    )


def _is_registered(caller: Caller, facts: CustomerFacts, preset: Preset) -> bool:
    registered = {to_e164(each, country=preset.country) for each in facts.phone_numbers}
    return isinstance(caller, Known) and caller.e164 in registered


def _outcome(found: Route, preset: Preset) -> Reason:
    line: Name | str = preset.desk.lines[found.target].name if found.target else ""
    return Reason(_SAYS[found.action], {"line": line})
