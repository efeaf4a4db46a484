"""When a response time is no obligation, so that “normally” belongs to it (IB-09)."""

from __future__ import annotations

import pytest

from balie.presets.reading import load
from balie.rules.promises import says_normally


@pytest.mark.parametrize(
    ("plan", "normally"),
    [
        pytest.param("SLA24", True, id="free"),
        pytest.param("SLA8", False, id="paid for"),
        pytest.param("gone", False, id="a plan that the desk has no more"),
        pytest.param(None, False, id="no plan"),
    ],
)
def test_normally_is_said_of_a_free_plan_IB_09(plan: str | None, normally: bool) -> None:
    assert says_normally(plan, load("infobits").desk) is normally
