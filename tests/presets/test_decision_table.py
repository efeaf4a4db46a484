"""The decision tables of the documents: complete, and as the rules decide."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from balie.presets import decision_table
from balie.presets.decision_table import INFOBITS_SHEETS, SOFTWEAR_SHEETS, outcome, rows

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "entitlement-table.md"
SHEETS = {**INFOBITS_SHEETS, **SOFTWEAR_SHEETS}


@pytest.mark.parametrize("name", SHEETS)
def test_each_combination_stands_in_exactly_one_row_as_it_is_decided(name: str) -> None:
    sheet = SHEETS[name]
    table = rows(sheet)
    for cell in product(*sheet.axes.values()):
        told = [
            said
            for box, said in table
            if all(value in values for value, values in zip(cell, box, strict=True))
        ]
        assert told == [outcome(sheet, cell)], cell


@pytest.mark.parametrize("sheets", [INFOBITS_SHEETS, SOFTWEAR_SHEETS], ids=["infobits", "softwear"])
def test_the_page_is_as_the_code_decides(sheets: dict[str, decision_table.Sheet]) -> None:
    assert decision_table.as_markdown(sheets) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sheets", "foreign"),
    [
        pytest.param(INFOBITS_SHEETS, "SW-", id="infobits"),
        pytest.param(SOFTWEAR_SHEETS, "IB-", id="softwear"),
    ],
)
def test_no_desk_names_a_rule_of_the_other(sheets: dict[str, decision_table.Sheet], foreign: str) -> None:
    assert foreign not in decision_table.as_markdown(sheets)
