"""The terms on which a question would be taken, told before it is sent (IB-08 to IB-13)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from balie.customers.models import Contact
from balie.rules import entitlement
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Condition, Decision, deadline
from balie.rules.reasons import Reason
from balie.rules.wishes import Channel, Wish
from balie.tickets.facts import Situation


@dataclass
class Terms:
    """What a wish of a contact comes to at this moment, and whether it could be urgent."""

    contact: Contact
    topic: str | None
    wants_urgent: bool
    situation: Situation

    @cached_property
    def decision(self) -> Decision:
        """About the wish as it can be had: urgent only where that is possible."""
        return self._urgent if self.is_urgent else self._calm

    @property
    def wish(self) -> Wish:
        return self._wish(urgent=self.is_urgent)

    @property
    def is_urgent(self) -> bool:
        return self.wants_urgent and self._urgent.allowed

    @property
    def why_not_urgent(self) -> Reason | None:
        """Why urgent is greyed: only when the question itself is possible."""
        return self._urgent.refusal if self._calm.allowed else None

    @property
    def ways_to_urgent(self) -> Sequence[Reason]:
        """With what it could be urgent: the ways forward that name a plan."""
        return [way for way in self._urgent.ways_forward if way.setting] if self.why_not_urgent else []

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
        plan = self.situation.desk.plans.get(self.decision.plan or "")
        return plan is not None and plan.is_free

    @property
    def seen(self) -> str:
        """A mark of these terms: a form that shows other terms is shown again before it is sent."""
        decision = self.decision
        told = [
            decision.allowed,
            decision.plan,
            decision.hours,
            decision.response_minutes,
            decision.waits_for,
        ]
        text = json.dumps([*told, self.wants_urgent, self.is_urgent], default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def _facts(self) -> CustomerFacts:
        return self.situation.facts(self.contact.customer)

    @cached_property
    def _calm(self) -> Decision:
        return self._decide(urgent=False)

    @cached_property
    def _urgent(self) -> Decision:
        return self._decide(urgent=True)

    def _decide(self, *, urgent: bool) -> Decision:
        return entitlement.decide(
            self._facts, self._wish(urgent=urgent), self.situation.desk, at=self.situation.now
        )

    def _wish(self, *, urgent: bool) -> Wish:
        return Wish(Channel.PORTAL, self.topic, urgent=urgent)
