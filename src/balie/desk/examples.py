"""Which settings are our example and not the vendor's word, until an administrator decides on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FIELD_KEYS = {
    "phone_number": "desk.phone_number",
    "mail_address": "desk.mail_address",
    "how_to_pay_nl": "desk.how_to_pay",
    "how_to_pay_en": "desk.how_to_pay",
    "offers_other_urgent": "phone.other_urgent",
    "fair_use_months": "fair_use.months",
    "fair_use_percent": "fair_use.percent_of_revenue",
    "call_back_minutes": "call_backs.minutes",
    "call_back_reminder_minutes": "call_backs.reminder_minutes",
    "call_back_attempts": "call_backs.attempts",
    **{
        name: f"settings.{name}"
        for name in (
            "default_plan",
            "counts_with_support_contract",
            "counts_without_support_contract",
            "free_plan_lapses_after_months",
            "tickets_per_month",
            "reactions_per_ticket",
            "warn_before_minutes",
            "closes_after_silent_days",
            "warns_before_closing_days",
            "reopens_within_days",
            "mail_in",
            "notification",
            "offers_chat",
            "accepts_when_maintained_elsewhere",
            "hourly_rate",
            "urgent_surcharge_percent",
            "urgent_surcharge",
        )
    },
}
"""Field of the desk's row -> dotted key in the preset."""


def is_example(field: str, example_keys: Sequence[str]) -> bool:
    """Whether the value of this field came from a preset that marks it, or the table around it, as our example."""
    key = FIELD_KEYS.get(field, "")
    return any(key == each or key.startswith(f"{each}.") for each in example_keys)


def decided(fields: Iterable[str], example_keys: Sequence[str]) -> list[str]:
    """`example_keys` after an administrator decided on these fields; the rest of a table stays marked."""
    left = set(example_keys)
    for field in fields:
        if not is_example(field, sorted(left)):
            continue
        key = FIELD_KEYS[field]
        table = key.rpartition(".")[0]
        if key not in left:
            left |= {each for each in FIELD_KEYS.values() if each.startswith(f"{table}.")}
        left -= {key, table}
    return sorted(left)
