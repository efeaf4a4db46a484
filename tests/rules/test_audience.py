"""Who may read which help articles."""

from __future__ import annotations

import pytest

from balie.rules.audience import Audience, readable_by
from balie.rules.visibility import Agent, Contact, Nobody, Reach, Viewer

CASES: list[tuple[Viewer, set[Audience], str]] = [
    (Nobody(), {Audience.EVERYBODY}, "not logged in"),
    (
        Contact(1, 7, Reach.OWN),
        {Audience.EVERYBODY, Audience.CUSTOMERS},
        "a customer, however little it sees",
    ),
    (Contact(1, 7, Reach.ALL), {Audience.EVERYBODY, Audience.CUSTOMERS}, "a customer who sees everything"),
    (Contact(1, None, Reach.OWN), {Audience.EVERYBODY}, "whom nobody has placed is no customer yet"),
    (Agent(), set(Audience), "the desk reads everything"),
    (Agent(administers=True), set(Audience), "so does its administrator"),
]


@pytest.mark.parametrize(("viewer", "audiences", "why"), CASES, ids=[why for *_case, why in CASES])
def test_each_reads_what_is_for_them_SW_08(viewer: Viewer, audiences: set[Audience], why: str) -> None:
    assert readable_by(viewer) == audiences, why
