"""Reasons as sentences: days and moments are written as people write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from balie.rules.reasons import Reason
from balie.web.jinja import explained


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2026-12-31", "31-12-2026"),
        ("2026-11-23T13:00:00+01:00", "Mon 23 Nov 2026 13:00"),
        ("2026-11-23T12:00:00+00:00", "Mon 23 Nov 2026 13:00"),
        ("SLA8", "SLA8"),
        (24, "24"),
        ("2026", "2026"),
    ],
)
def test_values_are_written_as_people_do_IB_18(value, says):
    with translation.override("en"):
        assert explained(Reason("%(value)s", {"value": value})) == says


def test_a_stored_reason_is_told_as_well():
    stored = Reason("Until %(day)s.", {"day": "2026-12-31"}, "IB-18").as_json()
    with translation.override("en"):
        assert explained(stored) == "Until 31-12-2026."
