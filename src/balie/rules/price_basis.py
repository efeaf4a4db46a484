"""How work is paid, as a desk sets it by plan, contract and status (IB-07, IB-15, IB-19, SW-11, SW-12, SW-16)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PriceBasis(StrEnum):
    """How the work on a question is paid, in the order in which a customer would choose."""

    FREE = "free"
    INCLUDED = "included"  # in the support plan
    CONTRACT = "contract"  # covered by a contract
    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    ACTUAL_TIME = "actual_time"  # by the time that it takes, no estimate beforehand (SW-12)
    QUOTE = "quote"  # a price quote comes first (SW-11)


NOTHING_TO_PAY = frozenset({PriceBasis.FREE, PriceBasis.INCLUDED, PriceBasis.CONTRACT})
"""With one of these the customer pays nothing for the question itself."""

CHOSEN_PRICES = frozenset({PriceBasis.PREPAID, PriceBasis.POSTPAID})
"""Between these the customer chooses (IB-19)."""

SITE_PRICES = (PriceBasis.FREE, PriceBasis.INCLUDED, PriceBasis.CONTRACT, PriceBasis.PREPAID)
CALLBACK_PRICES = (*SITE_PRICES, PriceBasis.POSTPAID)
KIND_PRICES = (PriceBasis.ACTUAL_TIME, PriceBasis.QUOTE)


class PricedStatus(StrEnum):
    """Customers whose price does not follow from a plan or a contract."""

    PAYMENT = "payment-status"  # IB-13
    CHARITY = "charity"  # IB-07
    WITHOUT_PLAN = "without-plan"  # a desk that has no plans


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """How an answer on the site and a call-back or AnyDesk session are paid (IB-15, IB-19).

    `site` is one of `SITE_PRICES`, `callback` the choices of `CALLBACK_PRICES`. Where it says nothing it leaves
    the word to the plan and the other contracts.
    """

    site: PriceBasis | None = None
    callback: tuple[PriceBasis, ...] = ()
