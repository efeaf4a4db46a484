"""What a customer may ask, explained: the decision, what else could be asked, and what would change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from balie.config.explanations import Explanation, due_by, says_deadline, sourced
from balie.config.words import Word
from balie.presets.preset import Preset
from balie.rules.alternatives import Change, Choice, choices, what_would_change
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.wishes import AnswerMode, BillingMode, Wish

CHOICES = _("What can be chosen:")
CHANGES = _("What would change it:")


def explain_entitlement(preset: Preset, facts: CustomerFacts, wish: Wish, *, at: datetime) -> Explanation:
    """Whether a customer may ask this now, on what terms, and by when we respond (IB-01 to IB-30, SW-03 to SW-16)."""
    desk = preset.desk
    decision = decide(facts, wish, desk, at=at)
    due = due_by(preset, decision.hours, None if decision.waits_for else decision.response_minutes, at)
    offers = choices(facts, desk, at=at, channel=wish.channel, topic=wish.topic)
    changes = what_would_change(facts, wish, desk, at=at)
    refusal = (Reason(_("This cannot be asked now.")), *decision.ways_forward)
    says_due = (
        Reason(_("No deadline yet: the time begins later.")) if decision.waits_for else says_deadline(due.at)
    )
    outcome = (says_due,) if decision.allowed else refusal
    return Explanation(
        answer=(decision.status.sentence(), *outcome),
        result=_result(preset, decision, due.at)
        | {
            "choices": [_choice(each) for each in offers if each.decision.allowed],
            "refused_choices": [_choice(each) for each in offers if not each.decision.allowed],
            "changes": [_change(each, preset, at) for each in changes],
        },
        reasons=sourced((*decision.reasons, *due.reasons), preset),
        trace=due.trace,
        more={
            CHOICES: tuple(_says_choice(each) for each in offers if each.decision.allowed),
            CHANGES: tuple(each.reason for each in changes),
        },
    )


def _result(preset: Preset, decision: Decision, deadline: datetime | None) -> dict[str, Any]:
    return {
        "allowed": decision.allowed,
        "plan": decision.plan,
        "status": decision.status.kind.value,
        "status_plan": decision.status.plan,
        "status_day": decision.status.day,
        "status_text": decision.status.sentence(),
        "deadline": deadline,
        "hours": decision.hours,
        "response_minutes": decision.response_minutes,
        "has_support_contract": decision.has_support_contract,
        "price_basis": decision.price,
        "rate": decision.rate.as_json() if decision.rate else None,
        "surcharge": decision.surcharge.as_json() if decision.surcharge else None,
        "quota": decision.quota.as_json() if decision.quota else None,
        "shows_phone_number": decision.shows_phone_number,
        "phone_number": preset.phone_number if decision.shows_phone_number else None,
        "waits_for": [each.value for each in decision.waits_for],
        "refusal": decision.refusal,
        "ways_forward": list(decision.ways_forward),
    }


def _choice(choice: Choice) -> dict[str, Any]:
    wish, decision = choice.wish, choice.decision
    told = {
        "answer": wish.answer_mode.value,
        "billing": wish.billing_mode.value,
        "urgent": wish.urgent,
    }
    if decision.refusal is not None:
        return told | {"refusal": decision.refusal, "ways_forward": list(decision.ways_forward)}
    return told | {"price_basis": decision.price, "waits_for": [each.value for each in decision.waits_for]}


def _change(change: Change, preset: Preset, at: datetime) -> dict[str, Any]:
    after = change.decision
    minutes = None if after.waits_for else after.response_minutes
    return {
        "plan": change.plan,
        "contract": change.contract,
        "monthly_price_cents": change.monthly_price_cents,
        "text": change.reason,
        "allowed": after.allowed,
        "price_basis": after.price,
        "deadline": due_by(preset, after.hours, minutes, at).at,
    }


def _says_choice(choice: Choice) -> Reason:
    wish = choice.wish
    values = {
        "answer": Word(_ANSWERS[wish.answer_mode]),
        "billing": Word(_BILLINGS[wish.billing_mode]),
        "price": Word(_PRICES[choice.decision.price] if choice.decision.price else _NO_PRICE),
    }
    return Reason(_SAYS[wish.billing_mode is not BillingMode.NONE, wish.urgent], values)


_SAYS: Mapping[tuple[bool, bool], str] = {
    (False, False): _("%(answer)s: %(price)s"),
    (False, True): _("%(answer)s, urgent: %(price)s"),
    (True, False): _("%(answer)s, %(billing)s: %(price)s"),
    (True, True): _("%(answer)s, %(billing)s, urgent: %(price)s"),
}
_ANSWERS: Mapping[AnswerMode, str] = {
    AnswerMode.SITE: _("answer on the site"),
    AnswerMode.CALLBACK: _("call-back"),
    AnswerMode.ANYDESK: _("AnyDesk"),
}
_BILLINGS: Mapping[BillingMode, str] = {
    BillingMode.NONE: "",
    BillingMode.PREPAID: _("prepaid"),
    BillingMode.POSTPAID: _("postpaid"),
}
_PRICES: Mapping[PriceBasis, str] = {
    PriceBasis.FREE: _("free"),
    PriceBasis.INCLUDED: _("included"),
    PriceBasis.CONTRACT: _("under contract"),
    PriceBasis.PREPAID: _("prepaid"),
    PriceBasis.POSTPAID: _("postpaid"),
    PriceBasis.ACTUAL_TIME: _("on actual time"),
    PriceBasis.QUOTE: _("a price quote first"),
}
_NO_PRICE = _("the desk says nothing of prices")
