"""The decision table of the documents: complete, and as the rules decide."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from balie.presets import decision_table
from balie.presets.decision_table import AXES, CUSTOMERS, outcome, rows

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "entitlement-table.md"


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_each_combination_stands_in_exactly_one_row_as_it_is_decided(customer: str) -> None:
    facts, table = CUSTOMERS[customer], rows(CUSTOMERS[customer])
    for cell in product(*AXES.values()):
        told = [
            said
            for box, said in table
            if all(value in values for value, values in zip(cell, box, strict=True))
        ]
        assert told == [outcome(facts, cell)], cell


def test_the_page_is_as_the_code_decides() -> None:
    assert decision_table.as_markdown() in PAGE.read_text(encoding="utf-8")
