"""What a customer may ask, explained: the decision, what else could be asked, and what would change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from balie.config.explanations import Explanation, due_by, says_deadline, sourced
from balie.config.words import Word
from balie.presets.preset import Preset
from balie.rules.alternatives import Change, Choice, choices_that_matter, what_would_change
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision, Surcharge
from balie.rules.entitlement import decide
from balie.rules.price_basis import CHOSEN_PRICES, PriceBasis
from balie.rules.rates import euros
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
    offers = choices_that_matter(facts, desk, at=at, channel=wish.channel, topic=wish.topic)
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
            "choices": [_choice(each, preset, at) for each in offers if each.decision.allowed],
            "refused_choices": [_choice(each, preset, at) for each in offers if not each.decision.allowed],
            "changes": [_change(each, preset, at) for each in changes],
        },
        reasons=sourced((*decision.reasons, *due.reasons), preset),
        trace=due.trace,
        more={
            CHOICES: tuple(_says_choice(each) for each in offers if _is_said(each)),
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
        **_refusal(decision, preset),
    }


def _refusal(decision: Decision, preset: Preset) -> dict[str, Any]:
    """Why not and what else, as sentences, and beside these the rule and the setting behind each."""
    ways = sourced(decision.ways_forward, preset)
    no = next(iter(sourced((decision.refusal,), preset)), None) if decision.refusal else None
    return {
        "refusal": no,
        "refusal_rule": no.rule if no else None,
        "refusal_setting": no.setting if no else None,
        "ways_forward": list(ways),
        "ways_forward_reasons": [{"text": each, "rule": each.rule, "setting": each.setting} for each in ways],
    }


def _choice(choice: Choice, preset: Preset, at: datetime) -> dict[str, Any]:
    wish, decision = choice.wish, choice.decision
    told = {
        "channel": wish.channel.value,
        "topic": wish.topic,
        "answer": wish.answer_mode.value,
        "billing": wish.billing_mode.value,
        "urgent": wish.urgent,
        "allowed": decision.allowed,
    }
    if not decision.allowed:
        return told | _refusal(decision, preset)
    return told | {
        "price_basis": decision.price,
        "surcharge": decision.surcharge.as_json() if decision.surcharge else None,
        "deadline": _deadline(decision, preset, at),
        "waits_for": [each.value for each in decision.waits_for],
    }


def _deadline(decision: Decision, preset: Preset, at: datetime) -> datetime | None:
    minutes = None if decision.waits_for else decision.response_minutes
    return due_by(preset, decision.hours, minutes, at).at


def _change(change: Change, preset: Preset, at: datetime) -> dict[str, Any]:
    after = change.decision
    return {
        "plan": change.plan,
        "contract": change.contract,
        "monthly_price_cents": change.monthly_price_cents,
        "text": change.reason,
        "allowed": after.allowed,
        "price_basis": after.price,
        "deadline": _deadline(after, preset, at),
    }


def _is_said(choice: Choice) -> bool:
    """Whether it stands in the text, in which one line for each way of payment is enough."""
    made_no_choice = choice.wish.billing_mode is BillingMode.NONE
    return choice.decision.allowed and not (made_no_choice and choice.decision.price in CHOSEN_PRICES)


def _says_choice(choice: Choice) -> Reason:
    wish = choice.wish
    values = {
        "answer": Word(_ANSWERS[wish.answer_mode]),
        "billing": Word(_BILLINGS[wish.billing_mode]),
        "price": Word(_PRICES[choice.decision.price] if choice.decision.price else _NO_PRICE),
        "surcharge": _says_surcharge(choice.decision.surcharge),
    }
    return Reason(_SAYS[wish.billing_mode is not BillingMode.NONE, wish.urgent], values)


def _says_surcharge(surcharge: Surcharge | None) -> Reason | None:
    """What an urgent question costs on top (IB-22)."""
    if surcharge is None:
        return None
    message = _SURCHARGES[surcharge.percent is not None, surcharge.cents is not None]
    return Reason(message, {"percent": surcharge.percent, "amount": euros(surcharge.cents)})


_SURCHARGES: Mapping[tuple[bool, bool], str] = {  # (a percentage, an amount)
    (False, False): _("a surcharge"),
    (True, False): _("a surcharge of %(percent)s%% on the rate"),
    (False, True): _("a surcharge of EUR %(amount)s"),
    (True, True): _("a surcharge of %(percent)s%% on the rate and EUR %(amount)s"),
}

_SAYS: Mapping[tuple[bool, bool], str] = {
    (False, False): _("%(answer)s: %(price)s"),
    (False, True): _("%(answer)s, urgent: %(price)s, and %(surcharge)s"),
    (True, False): _("%(answer)s, %(billing)s: %(price)s"),
    (True, True): _("%(answer)s, %(billing)s, urgent: %(price)s, and %(surcharge)s"),
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
