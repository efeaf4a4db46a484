"""The whole decision table of the infobits desk as Markdown, for docs/rules/entitlement-table.md.

Every customer x channel x answer mode x billing mode x urgent x credit is decided by `rules.entitlement`; cells
that come to the same are written as one row. `rows` covers each cell exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

from balie.presets.reading import load
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

DESK = replace(load("infobits").desk, language="en")
AT = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Friday, within all hours
SLA8 = (LicenceFact("infokasv3-l"),)
PHONE = (ContractFact("phone-support"),)
CUSTOMERS: Mapping[str, CustomerFacts] = {
    "Payment status": CustomerFacts(existing_since=date(2015, 1, 1), last_paid_support_on=date(2020, 1, 1)),
    "SLA24": CustomerFacts(),
    "SLA24, its tickets of this month used up": CustomerFacts(tickets_this_month=2),
    "SLA24 of a charity": CustomerFacts(charity_until=date(2026, 12, 31)),
    "SLA24 with phone support": CustomerFacts(contracts=PHONE),
    "SLA8": CustomerFacts(licences=SLA8),
    "SLA8, the system maintained by a third party": CustomerFacts(
        licences=SLA8, maintained_by=MaintainedBy.THIRD_PARTY
    ),
    "SLA8 with phone support": CustomerFacts(licences=SLA8, contracts=PHONE),
    "SLA4": CustomerFacts(
        contracts=(ContractFact("maintenance"),), hardware_from_us=True, existing_since=date(2015, 1, 1)
    ),
}
CREDIT = {"no": 0, "yes": 60}  # minutes
AXES: Mapping[str, Sequence[str]] = {
    "channel": [each.value for each in Channel],
    "answer": [each.value for each in AnswerMode],
    "billing": [each.value for each in BillingMode],
    "urgent": ["no", "yes"],
    "credit": list(CREDIT),
}

Cell = tuple[str, ...]
Box = tuple[frozenset[str], ...]  # for each axis the values that it stands for


@dataclass(frozen=True)
class Outcome:
    """What is told of one decision; equal ones share a row."""

    answer: str
    price: str
    within: str
    waits_for: str
    because: str


def outcome(facts: CustomerFacts, cell: Cell) -> Outcome:
    """What the rules decide for one cell, in the words of the page."""
    channel, answer, billing, urgent, credit = cell
    wish = Wish(Channel(channel), None, AnswerMode(answer), BillingMode(billing), urgent == "yes")
    decision = decide(replace(facts, prepaid_minutes=CREDIT[credit]), wish, DESK, at=AT)
    if decision.refusal is not None:
        rule = decision.refusal.rule or ""
        return Outcome("no", "", "", "", f"{rule}: {decision.refusal.render()}")
    surcharge = " + surcharge" if decision.surcharge else ""
    return Outcome(
        "yes",
        f"{decision.price.value if decision.price else ''}{surcharge}",
        _within(decision),
        ", ".join(each.value for each in decision.waits_for),
        _rules_of(decision),
    )


def _within(decision: Decision) -> str:
    if decision.response_minutes is None:
        return "nothing promised"
    return f"{decision.response_minutes // 60} hours of {decision.hours}"


def _rules_of(decision: Decision) -> str:
    return ", ".join(dict.fromkeys(each.rule for each in decision.reasons if each.rule))


def rows(facts: CustomerFacts) -> list[tuple[Box, Outcome]]:
    """The table of one customer: boxes of cells that come to the same, in the order of the axes."""
    found: dict[Outcome, list[Cell]] = {}
    for cell in product(*AXES.values()):
        found.setdefault(outcome(facts, cell), []).append(cell)
    boxes = [(box, told) for told, cells in found.items() for box in merged(cells)]
    return sorted(boxes, key=lambda row: (row[1].answer != "yes", *_order(row[0])))


def merged(cells: Iterable[Cell]) -> list[Box]:
    """The cells as boxes, two becoming one as long as they differ on one axis only."""
    boxes: list[Box] = [tuple(frozenset({value}) for value in cell) for cell in cells]
    for axis in reversed(range(len(AXES))):
        groups: dict[Box, frozenset[str]] = {}
        for box in boxes:
            rest = (*box[:axis], *box[axis + 1 :])
            groups[rest] = groups.get(rest, frozenset()) | box[axis]
        boxes = [(*rest[:axis], values, *rest[axis:]) for rest, values in groups.items()]
    return boxes


def _order(box: Box) -> Iterator[int]:
    for values, axis in zip(box, AXES.values(), strict=True):
        yield min(axis.index(each) for each in values)


def as_markdown() -> str:
    """One table for each customer."""
    return "\n\n".join(_table(name, facts) for name, facts in CUSTOMERS.items())


def _table(name: str, facts: CustomerFacts) -> str:
    lines = [
        f"### {name}",
        "",
        f"| {' | '.join(AXES)} | allowed | price | response within | waits for | because |",
    ]
    lines.append("|---" * (len(AXES) + 5) + "|")
    for box, told in rows(facts):
        cells = (_values(values, axis) for values, axis in zip(box, AXES.values(), strict=True))
        said = (told.answer, told.price, told.within, told.waits_for, told.because)
        lines.append(f"| {' | '.join([*cells, *said])} |".replace("  ", " "))
    return "\n".join(lines)


def _values(values: frozenset[str], axis: Sequence[str]) -> str:
    return "any" if len(values) == len(axis) else ", ".join(each for each in axis if each in values)
