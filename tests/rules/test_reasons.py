"""A reason is kept once and read in every language."""

from __future__ import annotations

from typing import Any

import pytest

from balie.rules.reasons import Reason, in_language

OFFICE = {"nl": "Kantoortijden", "en": "Office hours"}


@pytest.mark.parametrize(
    ("value", "language", "reads"),
    [
        pytest.param(OFFICE, "nl", "Kantoortijden", id="the reader's language"),
        pytest.param(OFFICE, "en", "Office hours", id="another reader's"),
        pytest.param(OFFICE, "fr", "Kantoortijden", id="a language that it has no name in: the first"),
        pytest.param({"nl": "Balie", "en": ""}, "en", "Balie", id="an empty name is none"),
        pytest.param({}, "nl", "", id="no name at all"),
        pytest.param("SLA8", "nl", "SLA8", id="a name that is the same in every language"),
        pytest.param(8, "nl", 8, id="no name"),
    ],
)
def test_a_name_is_read_in_the_language_of_its_reader(value: Any, language: str, reads: Any) -> None:
    assert in_language(value, language) == reads


def test_a_stored_reason_is_read_in_either_language() -> None:
    stored = Reason.from_json(Reason("In the hours of %(line)s.", {"line": OFFICE}).as_json())
    assert stored.render() == "In the hours of Office hours."
    assert stored.render(
        {"In the hours of %(line)s.": "In de uren van %(line)s."}.__getitem__, language="nl"
    ) == ("In de uren van Kantoortijden.")
