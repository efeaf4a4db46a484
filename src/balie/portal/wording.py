"""The rules' words as a customer reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from balie.rules.desk import ContractType, Line
from balie.rules.lifecycle import State
from balie.rules.price_basis import PriceBasis
from balie.tickets import wording

STATES: Mapping[State, Any] = {**wording.STATES, State.WAITING: _("waiting for you")}

PRICES: Mapping[PriceBasis, Any] = {
    PriceBasis.FREE: _("free"),
    PriceBasis.INCLUDED: _("included"),
    PriceBasis.CONTRACT: _("covered by your contract"),
    PriceBasis.PREPAID: _("paid beforehand"),
    PriceBasis.POSTPAID: _("paid afterwards"),
    PriceBasis.ACTUAL_TIME: _("by the time that it takes"),
    PriceBasis.QUOTE: _("price quote first"),
}


def name_of(named: Line | ContractType) -> str:
    """Its name in the reader's language, else in any."""
    language = (get_language() or "nl")[:2]
    return named.name.get(language) or next(iter(named.name.values()), named.key)


def working_time(minutes: int) -> str:
    """`8 working hours`, or `90 working minutes` when they are no whole hours."""
    hours, rest = divmod(minutes, 60)
    if rest:
        return ngettext("%(num)s working minute", "%(num)s working minutes", minutes) % {"num": minutes}
    return ngettext("%(num)s working hour", "%(num)s working hours", hours) % {"num": hours}
