"""Which tickets are counted as free ones (IB-10), for every way in which a ticket can have been decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.customer_facts import CustomerFacts
from balie.rules.decision import Decision
from balie.rules.entitlement import decide
from balie.rules.price_basis import PriceBasis
from balie.rules.quota import is_counted
from balie.rules.wishes import Channel, Wish

NOW = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
FREE = decide(CustomerFacts(), Wish(Channel.PORTAL), load("infobits").desk, at=NOW)
REFUSED = decide(CustomerFacts(tickets_this_month=2), Wish(Channel.MAIL), load("infobits").desk, at=NOW)


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        pytest.param(FREE, True, id="a free one"),
        pytest.param(replace(FREE, price=None), True, id="one of before prices were decided"),
        pytest.param(replace(FREE, price=PriceBasis.PREPAID), False, id="one that is paid for"),
        pytest.param(replace(FREE, price=PriceBasis.CONTRACT), False, id="one that a contract covers"),
        pytest.param(REFUSED, False, id="a mail over the quota, kept without a clock"),
    ],
)
def test_the_quota_counts_what_is_free_IB_10(decision: Decision, counts: bool) -> None:
    assert is_counted(decision) is counts
