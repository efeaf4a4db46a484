"""The terms on which a question would be taken, told before it is sent (IB-08 to IB-15, IB-19 to IB-22)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext

from balie.customers.models import Contact
from balie.customers.numbers import as_people_write
from balie.portal.choices import Choices
from balie.portal.money import as_far_as_seen, rates_seen_by
from balie.portal.wording import PRICES, name_of
from balie.rules import alternatives, entitlement
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Condition, Decision, deadline
from balie.rules.desk import PhoneUse
from balie.rules.ordering import MayNotOrder, is_an_order, refuse_without_right
from balie.rules.promises import says_normally
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets.facts import Situation
from balie.tickets.ordering import who_can_order


def wish_in(filled_in: Mapping[str, Any]) -> Wish:
    """The wish that a form holds; what it does not know is left at its default."""
    return Wish(
        Channel.PORTAL,
        filled_in.get("topic") or None,
        _member(AnswerMode, filled_in.get("answer_mode"), AnswerMode.SITE),
        _member(BillingMode, filled_in.get("billing_mode"), BillingMode.NONE),
        urgent=bool(filled_in.get("urgent")),
    )


@dataclass
class Terms:
    """What a wish of a contact comes to at this moment, and what else it could wish."""

    contact: Contact
    wanted: Wish
    situation: Situation

    @cached_property
    def choices(self) -> Choices:
        decided = entitlement.Decisions(self._facts, self.situation.desk, at=self.situation.now)
        return Choices(decided, self.wanted, may_not_order=self._may_not_order)

    def _may_not_order(self, decision: Decision) -> MayNotOrder | None:
        if self.contact.may_order or not is_an_order(decision):
            return None
        return refuse_without_right(decision, may_order=False, who_can=self._who_can_order)

    @cached_property
    def _who_can_order(self) -> list[str]:
        return who_can_order(self.contact)

    @property
    def wish(self) -> Wish:
        """What was wanted, as far as it can be had."""
        return self.choices.wish

    @property
    def decision(self) -> Decision:
        """About `wish`."""
        return self.choices.decided[self.wish]

    @property
    def refusal(self) -> Reason | None:
        """Why it cannot be asked like this, by this person."""
        return self.choices.no(self.wish)

    @cached_property
    def ways_forward(self) -> Sequence[Reason]:
        """What can be done instead, and with which contract it would be possible."""
        if self.refusal is None:
            return ()
        changes = alternatives.what_would_change(
            self._facts, self.wish, self.situation.desk, at=self.situation.now
        )
        return (*self.choices.ways(self.wish), *(each.reason for each in changes))

    @property
    def usual(self) -> Decision:
        """What an answer on the site comes to, told before anything else; refused when the quota is used up (IB-10)."""
        return self.choices.decided[Wish(Channel.PORTAL, self.wanted.topic)]

    @property
    def price(self) -> Any:
        """How the work is paid, in words."""
        return PRICES[self.decision.price] if self.decision.price is not None else None

    @property
    def reasons(self) -> list[Reason]:
        return as_far_as_seen(self.decision.reasons, self.contact)

    @property
    def rate_cents(self) -> int | None:
        """What an hour of this work costs now; only for who may see money, and when it is billed by the hour."""
        rate = self.decision.rate
        if rate is None or not is_an_order(self.decision) or not self.contact.may_see_money:
            return None
        return rate.hourly_cents

    @property
    def rates(self) -> tuple[tuple[str, int], ...]:
        """What an hour costs in each zone, for an order at a moment at which nobody works."""
        if self.decision.rate is not None or not is_an_order(self.decision):
            return ()
        return rates_seen_by(self.contact, self.situation.desk)

    @property
    def zone(self) -> str | None:
        """The rate zone in which work done now falls, in words (IB-29)."""
        rate = self.decision.rate
        if rate is None or rate.zone is None or not is_an_order(self.decision):
            return None
        return name_of(self.situation.desk.lines[rate.zone])

    @property
    def surcharge(self) -> str:
        """What urgent costs on top (IB-22); an amount only for who may see money."""
        surcharge = self.decision.surcharge
        if surcharge is None or not self.contact.may_see_money:
            return gettext("at a surcharge")
        parts = [f"{surcharge.percent}%"] if surcharge.percent is not None else []
        parts += [f"€ {number_format(surcharge.cents / 100, 2)}"] if surcharge.cents is not None else []
        return (
            gettext("a surcharge of %(amount)s") % {"amount": " + ".join(parts)}
            if parts
            else gettext("at a surcharge")
        )

    @property
    def must_be_paid(self) -> bool:
        return Condition.PAYMENT in self.decision.waits_for

    @property
    def must_be_accepted(self) -> bool:
        return Condition.ACCEPTANCE in self.decision.waits_for

    @cached_property
    def answer_by(self) -> datetime | None:
        """When the desk responds at the latest if the question is sent now; `None` when nothing is promised."""
        if not self.decision.allowed or self.decision.hours is None:
            return None
        hours = self.decision.hours
        return deadline(self.decision, self.situation.now, {hours: self.situation.calendar(hours)})

    @property
    def is_normally(self) -> bool:
        """IB-09: what a free plan says is no obligation."""
        return says_normally(self.decision.plan, self.situation.desk)

    @property
    def tickets_left(self) -> int | None:
        """How many free questions are left this month, this one included (IB-10)."""
        quota = self.decision.quota
        return None if quota is None or is_an_order(self.decision) else quota.tickets

    @property
    def seen(self) -> str:
        """A mark of these terms: a form that shows other terms is shown again before it is sent."""
        decision, wish = self.decision, self.wish
        told = [
            self.refusal is None,
            decision.plan,
            decision.hours,
            decision.response_minutes,
            decision.waits_for,
            decision.price,
            decision.rate.zone if decision.rate is not None and is_an_order(decision) else None,
            wish.answer_mode,
            wish.billing_mode,
            self.wanted.urgent,
            wish.urgent,
        ]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]

    @cached_property
    def phone_now(self) -> str | None:
        """The desk's number as people write it, when this may be phoned at this moment (SW-03, SW-04, IB-01)."""
        number = self.situation.row.phone_number
        if not number or self.wanted.topic is None or not self._by_phone.allowed:
            return None
        return as_people_write(number, country=self.situation.row.country)

    @property
    def phone_reasons(self) -> list[Reason]:
        """What is to be known before phoning: from which number, for instance (IB-02)."""
        return [each for each in self._by_phone.reasons if each.rule == "IB-02"]

    @property
    def phone_later(self) -> Reason | None:
        """From when this may be phoned, for who may not phone about it now but will (SW-01, IB-29)."""
        ways = () if self.wanted.topic is None or self._by_phone.allowed else self._by_phone.ways_forward
        return next((way for way in ways if "opens" in way.values), None)

    @property
    def phone_until(self) -> datetime | None:
        """When the telephone is not answered any more."""
        now, lines = self.situation.now, self.situation.desk.lines.values()
        phoned = [
            self.situation.calendar(each.key) for each in lines if each.phone_use is not PhoneUse.NOBODY
        ]
        changes = [each.changes_at(now) for each in phoned if each.is_open(now)]
        return max((each for each in changes if each is not None), default=None)

    @cached_property
    def _by_phone(self) -> Decision:
        wish = Wish(Channel.PHONE, self.wanted.topic)
        return entitlement.decide(self._facts, wish, self.situation.desk, at=self.situation.now)

    @cached_property
    def _facts(self) -> CustomerFacts:
        return self.situation.facts(self.contact.customer)


Named = TypeVar("Named", bound=StrEnum)


def _member(kind: type[Named], text: Any, default: Named) -> Named:
    return next((each for each in kind if each.value == text), default)
