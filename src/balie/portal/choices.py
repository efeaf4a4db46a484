"""How a question could be helped: every way, the possible ones to pick from, the others with why not (IB-15, IB-19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.portal.wording import PRICES
from balie.rules.decision import Decision
from balie.rules.ordering import MayNotOrder
from balie.rules.price_basis import PriceBasis
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Wish

MODES: Mapping[AnswerMode, tuple[str, Any, Any]] = {
    AnswerMode.SITE: (
        "message",
        _("An answer on the site"),
        _("We write back here, and mail you when we do. It is then your move."),
    ),
    AnswerMode.CALLBACK: (
        "phone-call",
        _("Call me back"),
        _("We phone you, and follow up until it is solved."),
    ),
    AnswerMode.ANYDESK: (
        "device-desktop",
        _("Look along with AnyDesk"),
        _("We look along on your computer, and follow up until it is solved."),
    ),
}
BILLINGS: Mapping[BillingMode, tuple[Any, Any]] = {
    BillingMode.PREPAID: (_("Pay beforehand"), _("We begin when the payment or your credit is there.")),
    BillingMode.POSTPAID: (_("Pay afterwards"), _("We begin at once and send an invoice.")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick. What cannot be picked says why, and what would change that."""

    value: str
    label: Any
    hint: Any
    is_chosen: bool
    why_not: Reason | None = None
    ways: Sequence[Reason] = ()
    icon: str = ""
    price: Any = ""

    @property
    def is_possible(self) -> bool:
        return self.why_not is None


class Choices:
    """Every wish about one topic with its decision, and the one of them that comes nearest to what was wanted.

    `may_not_order` answers why this person may not have what was decided, when that is so.
    """

    def __init__(
        self,
        decided: Mapping[Wish, Decision],
        wanted: Wish,
        *,
        may_not_order: Callable[[Decision], MayNotOrder | None],
    ) -> None:
        self.decided, self.wanted, self.may_not_order = decided, wanted, may_not_order

    @cached_property
    def wish(self) -> Wish:
        """What was wanted, as far as it can be had: urgent and the way of paying fall back, how to be helped never."""
        wanted = self.wanted
        for urgent in (True, False) if wanted.urgent else (False,):
            for billing in self._billings(wanted.answer_mode, wanted.billing_mode):
                if self.no(found := self._like(wanted, billing_mode=billing, urgent=urgent)) is None:
                    return found
        return self._like(wanted, billing_mode=BillingMode.NONE, urgent=False)

    def no(self, wish: Wish) -> Reason | None:
        """Why this wish cannot be had."""
        decision = self.decided[wish]
        if decision.refusal is not None:
            return decision.refusal
        refusal = self.may_not_order(decision)
        return refusal.reason if refusal is not None else None

    def ways(self, wish: Wish) -> Sequence[Reason]:
        """What can be done instead."""
        decision = self.decided[wish]
        if decision.refusal is not None:
            return decision.ways_forward
        refusal = self.may_not_order(decision)
        return refusal.ways_forward if refusal is not None else ()

    @property
    def modes(self) -> list[Option]:
        """How to be helped. Greyed when it is not possible however it is paid."""
        return [self._mode(mode) for mode in AnswerMode]

    @property
    def billings(self) -> list[Option]:
        """How to pay for a call-back or AnyDesk; nothing when there is nothing to choose."""
        mode = self.wanted.answer_mode
        called = mode if mode is not AnswerMode.SITE else AnswerMode.CALLBACK
        if not self._is_paid(called):
            return []
        return [self._billing(called, billing) for billing in BILLINGS]

    @property
    def site_can_be_paid(self) -> bool:
        """Whether the free answers are used up, and one on the site can be had paid beforehand (IB-10)."""
        free, paid = (
            self._wish_of(AnswerMode.SITE, billing) for billing in (BillingMode.NONE, BillingMode.PREPAID)
        )
        return self.no(free) is not None and self.no(paid) is None

    @property
    def urgent(self) -> Option:
        """Whether it can go before everything else (IB-11, IB-22)."""
        wish = self._like(self.wish, urgent=True)
        is_asked = self.no(self._like(self.wish, urgent=False)) is None
        ways = [way for way in self.ways(wish) if way.setting]
        return Option(
            "1",
            _("This is urgent"),
            _("Goes before planned work and earlier questions, at a surcharge."),
            self.wish.urgent,
            self.no(wish),
            ways if is_asked else (),
        )

    def _mode(self, mode: AnswerMode) -> Option:
        icon, label, hint = MODES[mode]
        wishes = [self._wish_of(mode, billing) for billing in self._billings(mode, BillingMode.PREPAID)]
        possible = [each for each in wishes if self.no(each) is None]
        best = next(iter(possible), wishes[0])
        prices = dict.fromkeys(price for each in possible if (price := self.decided[each].price) is not None)
        return Option(
            mode.value,
            label,
            hint,
            mode is self.wanted.answer_mode,
            self.no(best),
            self.ways(best),
            icon,
            f" {gettext('or')} ".join(str(PRICES[price]) for price in prices),
        )

    def _billing(self, mode: AnswerMode, billing: BillingMode) -> Option:
        label, hint = BILLINGS[billing]
        wish = self._wish_of(mode, billing)
        ways = [way for way in self.ways(wish) if way.setting]
        chosen = self.wish.billing_mode if self.wish.answer_mode is mode else self.wanted.billing_mode
        return Option(billing.value, label, hint, billing is chosen, self.no(wish), ways)

    def _billings(self, mode: AnswerMode, wanted: BillingMode) -> list[BillingMode]:
        """The ways of paying to try, what was wanted first; an answer on the site is paid for only when it must be."""
        if mode is AnswerMode.SITE:
            return (
                [BillingMode.NONE, BillingMode.PREPAID]
                if wanted is BillingMode.PREPAID
                else [BillingMode.NONE]
            )
        if not self._is_paid(mode):
            return [BillingMode.NONE]
        others = [each for each in BILLINGS if each is not wanted]
        return [wanted, *others] if wanted in BILLINGS else others

    def _is_paid(self, mode: AnswerMode) -> bool:
        """Whether a way of paying is chosen at all: not for what is free, covered, or of a price of its own."""
        decided = (self.decided[self._wish_of(mode, billing)] for billing in BILLINGS)
        return any(each.price in (PriceBasis.PREPAID, PriceBasis.POSTPAID) for each in decided)

    def _wish_of(self, mode: AnswerMode, billing: BillingMode) -> Wish:
        return self._like(self.wanted, answer_mode=mode, billing_mode=billing, urgent=False)

    def _like(self, wish: Wish, **changes: Any) -> Wish:
        return Wish(
            wish.channel,
            wish.topic,
            changes.get("answer_mode", wish.answer_mode),
            changes.get("billing_mode", wish.billing_mode),
            changes.get("urgent", wish.urgent),
        )
