"""The decision tables of the two desks as Markdown, for docs/rules/entitlement-table.md.

A sheet has axes, and decides every combination of their values by `rules.entitlement`; cells that come to the same
are written as one row. `rows` covers each cell exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

from balie.presets.preset import Preset
from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy, Validity
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

Cell = tuple[str, ...]
Box = tuple[frozenset[str], ...]  # for each axis the values that it stands for
Axes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """One table: its axes, and the decision for a value of each."""

    preset: Preset
    axes: Axes
    decide: Callable[[Cell], Decision]


@dataclass(frozen=True)
class Outcome:
    """What is told of one decision; equal ones share a row."""

    answer: str
    price: str
    within: str
    waits_for: str
    because: str


# -- Infobits: who asks what, and how it is paid -----------------------------------------------------------

INFOBITS = load("infobits")
FRIDAY, EVENING = (
    datetime(2026, 11, 20, hour, tzinfo=ZoneInfo("Europe/Amsterdam")) for hour in (16, 22)
)  # within all hours, and outside every one
SLA8 = (LicenceFact("infokasv3-l"),)
PHONE = (ContractFact("phone-support"),)
SLA4 = CustomerFacts(
    contracts=(ContractFact("maintenance"),), hardware_from_us=True, existing_since=date(2015, 1, 1)
)
CUSTOMERS: Mapping[str, CustomerFacts] = {
    "Payment status": CustomerFacts(existing_since=date(2015, 1, 1), last_paid_support_on=date(2020, 1, 1)),
    "SLA24": CustomerFacts(),
    "SLA24, its free tickets of this month used up": CustomerFacts(tickets_this_month=2),
    "SLA24, writing once more on a ticket whose reactions are used up": CustomerFacts(
        tickets_this_month=1, reactions_on_ticket=3
    ),
    "SLA24, the system maintained by nobody": CustomerFacts(maintained_by=MaintainedBy.NOBODY),
    "SLA24 of a charity": CustomerFacts(charity_until=date(2026, 12, 31)),
    "SLA24 with phone support": CustomerFacts(contracts=PHONE),
    "SLA24, SLA8 expired yesterday": CustomerFacts(
        licences=(LicenceFact("infokasv3-l", Validity(last=date(2026, 11, 19))),)
    ),
    "SLA8": CustomerFacts(licences=SLA8),
    "SLA8, the system maintained by a third party": CustomerFacts(
        licences=SLA8, maintained_by=MaintainedBy.THIRD_PARTY
    ),
    "SLA8 with phone support": CustomerFacts(licences=SLA8, contracts=PHONE),
    "SLA8 with phone support, the system maintained by a third party": CustomerFacts(
        licences=SLA8, contracts=PHONE, maintained_by=MaintainedBy.THIRD_PARTY
    ),
    "SLA4": SLA4,
    "SLA4, the system maintained by a third party": replace(SLA4, maintained_by=MaintainedBy.THIRD_PARTY),
}
LATE: Mapping[str, CustomerFacts] = {
    "SLA24 with phone support, at 22:00": CustomerFacts(contracts=PHONE),
}
CREDIT = {"no": 0, "yes": 60}  # minutes
WISHES: Axes = {
    "channel": [each.value for each in Channel],
    "answer": [each.value for each in AnswerMode],
    "billing": [each.value for each in BillingMode],
    "urgent": ["no", "yes"],
    "credit": list(CREDIT),
}


def _of_customer(facts: CustomerFacts, at: datetime) -> Sheet:
    """Channel x answer mode x billing mode x urgent x credit."""

    def decided(cell: Cell) -> Decision:
        channel, answer, billing, urgent, credit = cell
        wish = Wish(Channel(channel), None, AnswerMode(answer), BillingMode(billing), urgent == "yes")
        return decide(replace(facts, prepaid_minutes=CREDIT[credit]), wish, INFOBITS.desk, at=at)

    return Sheet(INFOBITS, WISHES, decided)


INFOBITS_SHEETS: Mapping[str, Sheet] = {
    **{name: _of_customer(facts, FRIDAY) for name, facts in CUSTOMERS.items()},
    **{name: _of_customer(facts, EVENING) for name, facts in LATE.items()},
}

# -- Softwear: about what, through which channel, and in which hours ---------------------------------------

SOFTWEAR = load("softwear")
TOPICS: Mapping[str, str] = {  # the kind of question -> a topic of it
    "named back office incident": "back-office-cannot-print",
    "other back office incident": "back-office-incident",
    "named till incident": "till-scanner",
    "other till incident": "till-incident",
    "till question": "till-question",
    "back office question": "back-office-question",
    "layout": "layout-invoice",
    "training": "training",
    "consultant": "consultant",
    "research": "research-figures",
    "hardware": "hardware",
    "caused by a third party": "third-party",
    "something else": "other",
}
HOURS: Mapping[str, datetime] = {
    "office": datetime(2026, 11, 19, 10, tzinfo=ZoneInfo("Europe/Amsterdam")),  # a Thursday
    "till helpdesk": datetime(2026, 11, 19, 18, tzinfo=ZoneInfo("Europe/Amsterdam")),
    "closed": datetime(2026, 11, 19, 23, tzinfo=ZoneInfo("Europe/Amsterdam")),
}
QUESTIONS: Axes = {
    "about": list(TOPICS),
    "channel": [each.value for each in Channel],
    "hours": list(HOURS),
    "contract": ["none", "haas"],
}


def _of_softwear(cell: Cell) -> Decision:
    """Kind of question x channel x hours x contract."""
    about, channel, hours, contract = cell
    facts = CustomerFacts(contracts=() if contract == "none" else (ContractFact(contract),))
    return decide(facts, Wish(Channel(channel), TOPICS[about]), SOFTWEAR.desk, at=HOURS[hours])


SOFTWEAR_SHEETS: Mapping[str, Sheet] = {
    "Every customer": Sheet(SOFTWEAR, QUESTIONS, _of_softwear),
}

# -- Rows --------------------------------------------------------------------------------------------------


def outcome(sheet: Sheet, cell: Cell) -> Outcome:
    """What the rules decide for one cell, in the words of the page."""
    decision = sheet.decide(cell)
    if decision.refusal is not None:
        rule = _rule(decision.refusal, sheet.preset)
        return Outcome("no", "", "", "", f"{f'{rule}: ' if rule else ''}{decision.refusal.render()}")
    surcharge = " + surcharge" if decision.surcharge else ""
    return Outcome(
        "yes",
        f"{decision.price.value if decision.price else ''}{surcharge}",
        _within(decision),
        ", ".join(each.value for each in decision.waits_for),
        ", ".join(dict.fromkeys(filter(None, (_rule(each, sheet.preset) for each in decision.reasons)))),
    )


def _within(decision: Decision) -> str:
    if decision.response_minutes is None:
        return "nothing promised"
    return f"{decision.response_minutes // 60} hours of {decision.hours}"


def _rule(reason: Reason, preset: Preset) -> str | None:
    return reason.rule or preset.rule_of(reason.setting or "")


def rows(sheet: Sheet) -> list[tuple[Box, Outcome]]:
    """Boxes of cells that come to the same, in the order of the axes."""
    found: dict[Outcome, list[Cell]] = {}
    for cell in product(*sheet.axes.values()):
        found.setdefault(outcome(sheet, cell), []).append(cell)
    boxes = [(box, told) for told, cells in found.items() for box in merged(cells)]
    return sorted(boxes, key=lambda row: (row[1].answer != "yes", *_order(row[0], sheet.axes)))


def merged(cells: Iterable[Cell]) -> list[Box]:
    """The cells as boxes, two becoming one as long as they differ on one axis only."""
    boxes: list[Box] = [tuple(frozenset({value}) for value in cell) for cell in cells]
    for axis in reversed(range(len(boxes[0]))):
        groups: dict[Box, frozenset[str]] = {}
        for box in boxes:
            rest = (*box[:axis], *box[axis + 1 :])
            groups[rest] = groups.get(rest, frozenset()) | box[axis]
        boxes = [(*rest[:axis], values, *rest[axis:]) for rest, values in groups.items()]
    return boxes


def _order(box: Box, axes: Axes) -> Iterator[int]:
    for values, axis in zip(box, axes.values(), strict=True):
        yield min(axis.index(each) for each in values)


# -- Markdown ----------------------------------------------------------------------------------------------


def as_markdown(sheets: Mapping[str, Sheet]) -> str:
    """One table for each sheet."""
    return "\n\n".join(_table(name, sheet) for name, sheet in sheets.items())


def _table(name: str, sheet: Sheet) -> str:
    axes = sheet.axes
    lines = [
        f"### {name}",
        "",
        f"| {' | '.join(axes)} | allowed | price | response within | waits for | because |",
        "|---" * (len(axes) + 5) + "|",
    ]
    for box, told in rows(sheet):
        cells = (_values(values, axis) for values, axis in zip(box, axes.values(), strict=True))
        said = (told.answer, told.price, told.within, told.waits_for, told.because)
        lines.append(f"| {' | '.join([*cells, *said])} |".replace("  ", " "))
    return "\n".join(lines)


def _values(values: frozenset[str], axis: Sequence[str]) -> str:
    return "any" if len(values) == len(axis) else ", ".join(each for each in axis if each in values)
