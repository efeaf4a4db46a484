"""Opening hours and response times, asked as anybody can ask them: `balie explain … --json`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from balie.config.command_line import main


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(*arguments: str) -> dict[str, Any]:
        assert main(["explain", *arguments, "--json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert set(answer) == {"result", "reasons", "trace"}
        return answer

    return ask


def rules(answer: dict[str, Any]) -> set[str | None]:
    return {reason["rule"] for reason in answer["reasons"]}


SOFTWEAR_LINES = [
    # a moment, and which lines are open then
    ("2026-06-01 08:59", set(), "Monday before nine"),
    ("2026-06-01 09:00", {"office"}, "Monday, opening"),
    ("2026-06-01 16:59", {"office"}, "Monday, the last minute"),
    ("2026-06-01 17:00", {"till-helpdesk"}, "Monday, the office has closed and the till helpdesk opens"),
    ("2026-06-01 18:00", set(), "Monday evening"),
    ("2026-06-02 17:30", {"till-helpdesk"}, "Tuesday"),
    ("2026-06-03 09:15", set(), "Wednesday starts at half past nine"),
    ("2026-06-03 09:30", {"office"}, "Wednesday, opening"),
    ("2026-06-04 20:59", {"till-helpdesk"}, "Thursday, late shopping"),
    ("2026-06-05 20:59", {"till-helpdesk"}, "Friday, late shopping"),
    ("2026-06-05 21:00", set(), "Friday, closing"),
    ("2026-06-06 09:00", {"till-helpdesk"}, "Saturday"),
    ("2026-06-06 17:00", set(), "Saturday, closing"),
    ("2026-06-07 11:59", set(), "Sunday morning"),
    ("2026-06-07 12:00", {"till-helpdesk"}, "Sunday, opening"),
]


@pytest.mark.parametrize(
    ("moment", "open_lines", "because"), SOFTWEAR_LINES, ids=[row[2] for row in SOFTWEAR_LINES]
)
def test_two_lines_with_their_own_hours_stand_behind_one_number_SW_01(
    explain: Any, moment: str, open_lines: set[str], because: str
) -> None:
    for line in ("office", "till-helpdesk"):
        answer = explain("open", "--preset", "softwear", "--line", line, "--at", moment)
        assert answer["result"]["open"] is (line in open_lines), because
        assert rules(answer) == {"SW-01"}


SOFTWEAR_HOLIDAYS = [
    # a moment, whether office and till helpdesk are open, and why
    ("2026-01-01 12:30", False, False, "New Year's Day"),
    ("2026-04-05 12:30", False, False, "Easter Sunday"),
    ("2026-05-24 12:30", False, False, "Whit Sunday"),
    ("2026-12-25 12:30", False, False, "Christmas Day, a Friday"),
    ("2026-05-14 12:30", False, False, "Ascension Day"),
    ("2026-04-27 12:30", False, False, "King's Day, a Monday"),
    ("2025-04-26 12:30", False, False, "King's Day on 26 April, because the 27th is a Sunday"),
    ("2026-04-06 12:30", False, True, "Easter Monday"),
    ("2026-05-25 12:30", False, True, "Whit Monday"),
    ("2026-12-26 12:30", False, True, "Boxing Day, a Saturday"),
    ("2026-12-26 09:30", False, False, "the Saturday hours are replaced, not added to"),
    ("2024-12-26 17:30", False, False, "Boxing Day on a Thursday: no evening"),
    ("2026-04-06 17:00", False, False, "Easter Monday at five"),
]


@pytest.mark.parametrize(
    ("moment", "office", "till_helpdesk", "because"),
    SOFTWEAR_HOLIDAYS,
    ids=[row[3] for row in SOFTWEAR_HOLIDAYS],
)
def test_holidays_close_or_replace_the_hours_of_the_day_SW_02(
    explain: Any, moment: str, office: bool, till_helpdesk: bool, because: str
) -> None:
    for line, is_open in (("office", office), ("till-helpdesk", till_helpdesk)):
        answer = explain("open", "--preset", "softwear", "--line", line, "--at", moment)
        assert answer["result"]["open"] is is_open, because
        assert rules(answer) == {"SW-02"}


def test_the_sunday_of_the_moved_kings_day_is_an_ordinary_sunday_SW_02(explain: Any) -> None:
    answer = explain("open", "--preset", "softwear", "--line", "till-helpdesk", "--at", "2025-04-27 12:30")
    assert answer["result"]["open"] is True
    assert rules(answer) == {"SW-01"}


def test_the_till_helpdesk_says_until_when_it_is_open_on_easter_monday_SW_02(explain: Any) -> None:
    answer = explain("open", "--preset", "softwear", "--line", "till-helpdesk", "--at", "2026-04-06 12:30")
    assert answer["result"]["changes_at"] == "2026-04-06T17:00:00+02:00"
    assert answer["reasons"][0]["setting"] == "lines.till-helpdesk.holidays.easter_monday"


URGENT = [
    "back-office-cannot-log-in",
    "back-office-cannot-print",
    "back-office-program-error",
    "till-cannot-log-in",
    "till-receipt-not-printed",
    "till-cash-drawer",
    "till-scanner",
    "till-pin-payment",
    "till-other-urgent",
]


@pytest.mark.parametrize("topic", URGENT)
def test_every_urgent_incident_is_a_topic_that_can_be_asked_about_SW_03(
    explain: Any, topic: str, tmp_path: Any
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    options = ("--facts", str(facts), "--at", "2026-06-01 10:00", "--topic", topic, "--channel", "phone")
    assert explain("entitlement", "--preset", "softwear", *options)["result"]["allowed"] is True


def deadline(explain: Any, *options: str) -> dict[str, Any]:
    answer: dict[str, Any] = explain("deadline", "--preset", "infobits", *options)
    return answer


def test_the_published_example_with_a_support_contract_IB_30(explain: Any) -> None:
    answer = deadline(explain, "--plan", "SLA8", "--support-contract", "--asked", "2026-11-20 16:00")
    assert answer["result"]["deadline"] == "2026-11-23T13:00:00+01:00"
    counted = [(step["from"], step["counts"]) for step in answer["trace"] if step["counts"]]
    assert counted == [
        ("2026-11-20T16:00:00+01:00", 60),
        ("2026-11-21T09:00:00+01:00", 180),
        ("2026-11-23T09:00:00+01:00", 240),
    ]
    assert "IB-30" in rules(answer)


def test_the_published_example_without_a_support_contract_IB_30(explain: Any) -> None:
    answer = deadline(explain, "--plan", "SLA8", "--asked", "2026-11-20 16:00")
    assert answer["result"]["deadline"] == "2026-11-23T16:00:00+01:00"
    assert sum(step["counts"] for step in answer["trace"]) == 8 * 60


def test_the_response_depends_on_the_plan_IB_08(explain: Any) -> None:
    asked = ("--asked", "2026-06-01 09:00")
    deadlines = {
        plan: deadline(explain, "--plan", plan, *asked)["result"]["deadline"]
        for plan in ("SLA24", "SLA8", "SLA4")
    }
    assert deadlines == {
        "SLA24": "2026-06-03T17:00:00+02:00",
        "SLA8": "2026-06-01T17:00:00+02:00",
        "SLA4": "2026-06-01T13:00:00+02:00",
    }


def test_SLA24_is_24_working_hours_and_the_plan_without_asking_IB_09(explain: Any) -> None:
    answer = deadline(explain, "--asked", "2026-06-05 12:00")
    assert answer["result"]["plan"] == "SLA24"
    assert answer["result"]["deadline"] == "2026-06-10T12:00:00+02:00"
    assert "IB-09" in rules(answer)
    assert "normally" in answer["reasons"][0]["text"]


def test_SLA8_ends_exactly_at_closing_time_IB_16(explain: Any) -> None:
    answer = deadline(explain, "--plan", "SLA8", "--asked", "2026-06-01 09:00")
    assert answer["result"]["deadline"] == "2026-06-01T17:00:00+02:00"
    assert "IB-16" in rules(answer)


def test_SLA4_implies_a_support_contract_so_saturday_counts_IB_17(explain: Any) -> None:
    answer = deadline(explain, "--plan", "SLA4", "--asked", "2026-11-20 16:00")
    assert answer["result"]["deadline"] == "2026-11-21T12:00:00+01:00"
    assert answer["result"]["hours"] == "zone-1"
    assert "IB-17" in rules(answer)


INFOBITS_LINES = [
    # a line, a moment, open, until
    ("helpdesk", "2026-06-01 09:00", True, "2026-06-01T17:00:00+02:00"),
    ("helpdesk", "2026-06-06 10:00", False, "2026-06-08T09:00:00+02:00"),
    ("zone-1", "2026-06-06 10:00", True, "2026-06-06T12:00:00+02:00"),
    ("zone-1", "2026-06-06 12:00", False, "2026-06-08T09:00:00+02:00"),
    ("zone-2", "2026-06-05 17:00", True, "2026-06-05T21:00:00+02:00"),
    ("zone-2", "2026-06-06 12:00", True, "2026-06-06T17:00:00+02:00"),
    ("zone-2", "2026-06-07 09:59", False, "2026-06-07T10:00:00+02:00"),
    ("zone-2", "2026-06-07 10:00", True, "2026-06-07T17:00:00+02:00"),
]


@pytest.mark.parametrize(("line", "moment", "is_open", "changes_at"), INFOBITS_LINES)
def test_helpdesk_and_zones_have_the_published_hours_IB_29(
    explain: Any, line: str, moment: str, is_open: bool, changes_at: str
) -> None:
    answer = explain("open", "--preset", "infobits", "--line", line, "--at", moment)
    assert (answer["result"]["open"], answer["result"]["changes_at"]) == (is_open, changes_at)
    assert rules(answer) == {"IB-29"}


ZONES = [
    ("2026-11-20 16:30", "2026-11-20 17:30", [("zone-1", 30), ("zone-2", 30)], "a call over closing time"),
    ("2026-11-20 20:00", "2026-11-20 22:00", [("zone-2", 60), (None, 60)], "into the night"),
    ("2026-11-21 11:00", "2026-11-21 13:00", [("zone-1", 60), ("zone-2", 60)], "Saturday at noon"),
    ("2026-12-25 10:00", "2026-12-25 11:00", [(None, 60)], "Christmas Day is outside both zones"),
    ("2026-11-20 10:00", "2026-11-20 10:00", [], "no time at all"),
    (
        "2026-11-20 16:00",
        "2026-11-22 11:00",
        [
            ("zone-1", 60),
            ("zone-2", 240),
            (None, 720),
            ("zone-1", 180),
            ("zone-2", 300),
            (None, 1020),
            ("zone-2", 60),
        ],
        "a weekend",
    ),
]


@pytest.mark.parametrize(("start", "end", "pieces", "because"), ZONES, ids=[row[3] for row in ZONES])
def test_work_divides_over_the_rate_zones_by_the_minute_IB_29(
    explain: Any, start: str, end: str, pieces: list[tuple[str | None, int]], because: str
) -> None:
    answer = explain("zones", "--preset", "infobits", "--from", start, "--to", end)
    assert answer["result"]["pieces"] == [{"zone": zone, "minutes": minutes} for zone, minutes in pieces], (
        because
    )
