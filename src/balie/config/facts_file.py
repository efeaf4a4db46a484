"""The facts of a customer as a JSON file: one definition, which is the published schema and the check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from balie.presets.preset import Preset, bare
from balie.rules.customer_facts import (
    CharityApplication,
    ContractFact,
    CustomerFacts,
    LicenceFact,
    MaintainedBy,
    Validity,
)
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

Schema = Mapping[str, Any]

_DAY = {"type": ["string", "null"], "format": "date", "description": "YYYY-MM-DD, in the desk's zone"}
_COUNT = {"type": "integer", "minimum": 0, "default": 0}
_PERIOD = {
    "from": {**_DAY, "description": "first day; null or left out: since ever"},
    "until": {**_DAY, "description": "last day, inclusive; null or left out: without end"},
}


def _list_of(noun: str, description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {noun: {"type": "string", "description": description}, **_PERIOD},
            "required": [noun],
            "additionalProperties": False,
        },
    }


FACTS_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What is known about a customer when a decision is made",
    "description": "Everything may be left out.",
    "type": "object",
    "properties": {
        "customer": {
            "type": "object",
            "properties": {
                "licences": _list_of("product", "key or name of a product of the preset"),
                "contracts": _list_of("type", "key or name of a contract type of the preset"),
                "hardware_from_us": {"type": "boolean", "default": False},
                "existing_since": {**_DAY, "description": "the day since which this is a customer"},
                "maintained_by": {
                    "type": "string",
                    "enum": [each.value for each in MaintainedBy],
                    "default": MaintainedBy.DESK.value,
                },
                "charity_until": {**_DAY, "description": "last day of a charity's free support (IB-07)"},
                "charity_application": {
                    "type": "string",
                    "enum": [each.value for each in CharityApplication],
                    "default": CharityApplication.NONE.value,
                    "description": "of a charity licence; until it is checked it gives nothing (IB-07)",
                },
                "last_paid_support_on": _DAY,
                "tickets_this_month": _COUNT,
                "reactions_on_ticket": {**_COUNT, "description": "customer messages after the first"},
                "prepaid_minutes": _COUNT,
                "phone_numbers": {"type": "array", "items": {"type": "string"}},
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}


class BadFacts(Refusal):
    """A facts file is no JSON, or does not follow the schema: all that is wrong, each by its path."""

    def __init__(self, *problems: tuple[str, Reason]) -> None:
        self.problems = problems
        super().__init__("%(problems)s", problems="\n".join(self._lines(str)))

    def render(self, translate: Callable[[str], str] = str) -> str:
        """One line for each problem, in the reader's language."""
        return "\n".join(self._lines(translate))

    def _lines(self, translate: Callable[[str], str]) -> list[str]:
        rendered = ((path, reason.render(translate)) for path, reason in self.problems)
        return [f"{path}: {text}" if path else text for path, text in rendered]


def read_facts(text: str, preset: Preset) -> CustomerFacts:
    """The facts in a JSON text; products and contract types by key or by any name the preset knows.

    One that the preset does not know is kept as it is: the decision says that it does not count. Raises `BadFacts`.
    """
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        message = _("The facts are not JSON: %(what)s at line %(line)s, column %(column)s.")
        values = {"what": error.msg, "line": error.lineno, "column": error.colno}
        raise BadFacts(("", Reason(message, values)))
    except RecursionError:
        message = _("The facts are not JSON that anybody wrote: they are nested too deeply.")
        raise BadFacts(("", Reason(message)))
    problems = [(path or "facts", reason) for path, reason in violations(values, FACTS_SCHEMA)]
    if not problems:
        facts = _facts(values.get("customer", {}), preset)
        problems = list(_reversed_periods(facts))
    if problems:
        raise BadFacts(*problems)
    return facts


def violations(value: Any, schema: Schema, path: str = "") -> Iterator[tuple[str, Reason]]:
    """What in `value` does not follow `schema`, each with its path (`customer.licences[0].until`).

    Knows the part of JSON Schema that `FACTS_SCHEMA` uses.
    """
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        message = _SHOULD_BE_ONE if len(kinds) == 1 else _SHOULD_BE_EITHER
        values = {"wanted": kinds[0], "other": kinds[-1], "value": _shown(value)}
        yield path, Reason(message, values)
    elif isinstance(value, dict):
        yield from _object_violations(value, schema, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from violations(item, schema["items"], f"{path}[{index}]")
    elif value is not None:
        yield from _scalar_violations(value, schema, path)


_SHOULD_BE_ONE = _("should be %(wanted)s, not %(value)s")
_SHOULD_BE_EITHER = _("should be %(wanted)s or %(other)s, not %(value)s")


def _object_violations(value: dict[str, Any], schema: Schema, path: str) -> Iterator[tuple[str, Reason]]:
    properties = schema["properties"]
    for key in schema.get("required", ()):
        if key not in value:
            yield _inside(path, key), Reason(_("is missing"))
    for key, inner in value.items():
        if key in properties:
            yield from violations(inner, properties[key], _inside(path, key))
        else:
            known = ", ".join(properties)
            yield _inside(path, key), Reason(_("unknown key; known here: %(known)s"), {"known": known})


def _scalar_violations(value: Any, schema: Schema, path: str) -> Iterator[tuple[str, Reason]]:
    if schema.get("format") == "date" and not _is_day(value):
        yield path, Reason(_("%(value)s is no day; write it as 2026-12-31"), {"value": _shown(value)})
    if value not in schema.get("enum", [value]):
        known = ", ".join(schema["enum"])
        yield (
            path,
            Reason(
                _("%(value)s is not known; write one of %(known)s"), {"value": _shown(value), "known": known}
            ),
        )
    if "minimum" in schema and value < schema["minimum"]:
        values = {"value": value, "least": schema["minimum"]}
        yield path, Reason(_("%(value)s is too small; write at least %(least)s"), values)


_TYPES: Mapping[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _facts(customer: Mapping[str, Any], preset: Preset) -> CustomerFacts:
    licences = customer.get("licences", ())
    contracts = customer.get("contracts", ())
    return CustomerFacts(
        licences=tuple(
            LicenceFact(preset.product_names.get(bare(each["product"]), each["product"]), _validity(each))
            for each in licences
        ),
        contracts=tuple(
            ContractFact(preset.contract_names.get(bare(each["type"]), each["type"]), _validity(each))
            for each in contracts
        ),
        hardware_from_us=customer.get("hardware_from_us", False),
        existing_since=_day(customer.get("existing_since")),
        maintained_by=MaintainedBy(customer.get("maintained_by", MaintainedBy.DESK)),
        charity_until=_day(customer.get("charity_until")),
        charity_application=CharityApplication(customer.get("charity_application", CharityApplication.NONE)),
        last_paid_support_on=_day(customer.get("last_paid_support_on")),
        tickets_this_month=customer.get("tickets_this_month", 0),
        reactions_on_ticket=customer.get("reactions_on_ticket", 0),
        prepaid_minutes=customer.get("prepaid_minutes", 0),
        phone_numbers=tuple(customer.get("phone_numbers", ())),
    )


def _validity(period: Mapping[str, Any]) -> Validity:
    return Validity(_day(period.get("from")), _day(period.get("until")))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _reversed_periods(facts: CustomerFacts) -> Iterator[tuple[str, Reason]]:
    validities = {
        "licences": [each.validity for each in facts.licences],
        "contracts": [each.validity for each in facts.contracts],
    }
    for name, periods in validities.items():
        for index, period in enumerate(periods):
            if period.first is not None and period.last is not None and period.last < period.first:
                values = {"last": str(period.last), "first": str(period.first)}
                message = _("ends on %(last)s, before it begins on %(first)s")
                yield f"customer.{name}[{index}]", Reason(message, values)
