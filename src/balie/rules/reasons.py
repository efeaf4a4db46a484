"""Why a decision came out as it did, in words that can be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

AMOUNTS = frozenset({"amount", "price"})
"""Names of values that are euros and cents, as `5.00`; the edge writes them as its reader does."""


Name = Mapping[str, str]
"""What something of the desk is called: language -> name."""


def in_language(value: Any, language: str) -> Any:
    """A name in this language, else in the first that it has; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    return value.get(language) or next(iter(value.values()), "")


def gettext_noop(message: str) -> str:
    """Mark `message` for the translators; it is translated only when a reason is rendered."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation.

    `message` is an English text with `%(name)s` places, filled from `values` (JSON values only, moments as
    ISO 8601, names as `Name`, so that a stored decision can be rendered again in any language). `rule` is an ID
    of docs/rules, `setting` the dotted key of the desk's setting or contract behind it; each may be `None`.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rule: str | None = None
    setting: str | None = None

    def render(self, translate: Callable[[str], str] = str, *, language: str = "en") -> str:
        """The reason as one sentence; `translate` turns the English message into the reader's `language`."""
        values = {name: in_language(value, language) for name, value in self.values.items()}
        return translate(self.message) % values

    def as_json(self) -> dict[str, Any]:
        return {
            "message": self.message,
            "values": {
                name: dict(value) if isinstance(value, Mapping) else value
                for name, value in self.values.items()
            },
            "rule": self.rule,
            "setting": self.setting,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reason:
        return cls(stored["message"], stored["values"], stored["rule"], stored["setting"])
