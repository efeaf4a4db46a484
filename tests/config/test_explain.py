"""`balie explain`: what it prints, in which form, and with which exit code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from balie.config.command_line import main
from balie.presets.reading import FOLDER

NIGHT_AND_DAY = """\
[desk]
key = "odd"
name = "Odd"
zone = "Europe/Amsterdam"
country = "NL"
languages = ["en"]

[lines.always]
name = "Always"
kind = "channel"
monday = "00:00-24:00"
tuesday = "00:00-24:00"
wednesday = "00:00-24:00"
thursday = "00:00-24:00"
friday = "00:00-24:00"
saturday = "00:00-24:00"
sunday = "00:00-24:00"

[lines.never]
name = "Never"
kind = "channel"

[lines.christmas]
name = "Christmas only"
kind = "channel"

[lines.christmas.holidays]
christmas_day = "12:00-13:00"

[lines.once]
name = "Once"
kind = "channel"

[lines.once.exceptions.2020-01-01]
windows = "12:00-13:00"

[plans.quick]
name = "Quick"
rank = 1
response_minutes = 60
solution_minutes = 120

[plans.slow]
name = "Slow"
rank = 2
response_minutes = 600

[plans.silent]
name = "Silent"
rank = 3

[settings]
default_plan = "quick"
counts_with_support_contract = "christmas"
counts_without_support_contract = "never"
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    @property
    def result(self) -> dict[str, Any]:
        result: dict[str, Any] = self.json["result"]
        return result


Explain = Callable[..., Said]


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Explain:
    def ask(*arguments: str) -> Said:
        try:
            code = main(["explain", *arguments])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return ask


@pytest.fixture
def odd(tmp_path: Path) -> str:
    path = tmp_path / "odd.toml"
    path.write_text(NIGHT_AND_DAY, encoding="utf-8")
    return str(path)


DEADLINE = ("deadline", "--preset", "infobits", "--plan", "SLA8", "--asked", "2026-11-20 16:00")
OPEN = ("open", "--preset", "softwear", "--line", "till-helpdesk", "--at", "2026-04-06 12:30")
ZONES = ("zones", "--preset", "infobits", "--from", "2026-11-20 16:30", "--to", "2026-11-20 17:30")


def test_the_answer_is_sentences_with_reasons_and_the_hours_that_counted(explain: Explain) -> None:
    said = explain(*DEADLINE, "--support-contract")
    assert said.code == 0
    assert said.out.splitlines() == [
        "The response is due on Monday 23-11-2026 13:00.",
        "",
        "Why:",
        "- With SLA8 the response comes within 8 working hours. [IB-16, plans.SLA8.response_minutes]",
        "- With a support contract the hours of Contract zone 1 count. "
        "[IB-30, settings.counts_with_support_contract]",
        "",
        "The hours that counted:",
        "- Friday 20-11-2026 16:00 to Friday 20-11-2026 17:00: 60 minutes. Friday's hours: 09:00-17:00",
        "- Friday 20-11-2026 17:00 to Saturday 21-11-2026 09:00: 0 minutes. Outside the weekly hours",
        "- Saturday 21-11-2026 09:00 to Saturday 21-11-2026 12:00: 180 minutes. Saturday's hours: 09:00-12:00",
        "- Saturday 21-11-2026 12:00 to Monday 23-11-2026 09:00: 0 minutes. Outside the weekly hours",
        "- Monday 23-11-2026 09:00 to Monday 23-11-2026 13:00: 240 minutes. Monday's hours: 09:00-17:00",
    ]


@pytest.mark.parametrize("question", [DEADLINE, OPEN, ZONES], ids=["deadline", "open", "zones"])
def test_json_is_one_object_of_one_shape_and_nothing_else_is_printed(explain: Explain, question: Any) -> None:
    said = explain(*question, "--json")
    assert (said.code, said.err) == (0, "")
    assert set(said.json) == {"result", "reasons", "trace"}
    assert all(set(each) == {"rule", "setting", "text"} for each in said.json["reasons"])
    assert all(set(each) == {"from", "to", "counts", "because"} for each in said.json["trace"])
    assert all(type(each["counts"]) is int for each in said.json["trace"])


def test_the_trace_has_no_holes(explain: Explain) -> None:
    trace = explain(*DEADLINE, "--json").json["trace"]
    assert trace[0]["from"] == "2026-11-20T16:00:00+01:00"
    assert [each["to"] for each in trace[:-1]] == [each["from"] for each in trace[1:]]
    assert trace[-1]["to"] == "2026-11-23T16:00:00+01:00"


def test_seconds_do_not_get_lost_in_whole_minutes(explain: Explain) -> None:
    said = explain(
        "zones",
        "--preset",
        "infobits",
        "--from",
        "2026-11-20 16:58:30",
        "--to",
        "2026-11-20 17:01:30",
        "--json",
    )
    assert said.result["pieces"] == [{"zone": "zone-1", "minutes": 1}, {"zone": "zone-2", "minutes": 2}]


def test_a_plan_is_named_in_any_case(explain: Explain) -> None:
    said = explain(
        "deadline", "--preset", "infobits", "--plan", "sla8", "--asked", "2026-11-20 16:00", "--json"
    )
    assert said.result["plan"] == "SLA8"


MOMENTS = [
    ("2026-11-20 16:00", "2026-11-20T16:00:00+01:00", "no zone: the desk's"),
    ("2026-11-20T16:00", "2026-11-20T16:00:00+01:00", "with a T"),
    ("2026-11-20 16:00:30", "2026-11-20T16:00:30+01:00", "with seconds"),
    ("2026-11-20 15:00Z", "2026-11-20T16:00:00+01:00", "UTC"),
    ("2026-11-20T10:00:00-05:00", "2026-11-20T16:00:00+01:00", "an offset of elsewhere"),
    ("2026-06-01 16:00", "2026-06-01T16:00:00+02:00", "summer time"),
    ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00", "occurs twice: the first"),
    (
        "2026-10-25 02:30+01:00",
        "2026-10-25T02:30:00+01:00",
        "occurs twice: the second, asked for by its offset",
    ),
    ("2026-03-29 02:30", "2026-03-29T03:30:00+02:00", "does not occur: the offset before the change"),
]


@pytest.mark.parametrize(("asked", "understood", "because"), MOMENTS, ids=[row[2] for row in MOMENTS])
def test_a_moment_is_in_the_zone_of_the_desk_and_carries_its_offset(
    explain: Explain, asked: str, understood: str, because: str
) -> None:
    said = explain("deadline", "--preset", "infobits", "--asked", asked, "--json")
    assert said.result["asked_at"] == understood, because


def test_nothing_is_promised_where_the_desk_has_no_plans(explain: Explain) -> None:
    said = explain("deadline", "--preset", "softwear", "--asked", "2026-11-20 16:00", "--json")
    assert said.code == 0
    assert said.result["deadline"] is None
    assert said.json["reasons"][0]["text"] == "Without a support plan no response time is promised."
    assert explain("deadline", "--preset", "softwear", "--asked", "2026-11-20 16:00").out.startswith(
        "No deadline"
    )


def test_nothing_is_promised_by_a_plan_without_a_response_time(explain: Explain, odd: str) -> None:
    said = explain("deadline", "--preset", odd, "--plan", "silent", "--asked", "2026-11-20 16:00", "--json")
    assert (said.code, said.result["deadline"]) == (0, None)
    assert said.json["reasons"]


def test_hours_that_are_never_open_give_no_deadline_and_say_so(explain: Explain, odd: str) -> None:
    said = explain("deadline", "--preset", odd, "--plan", "quick", "--asked", "2026-11-20 16:00", "--json")
    assert (said.code, said.result["deadline"]) == (0, None)
    assert ("lines.never", "These hours are never open.") in [
        (each["setting"], each["text"]) for each in said.json["reasons"]
    ]


def test_a_deadline_may_lie_years_ahead(explain: Explain, odd: str) -> None:
    options = ("--support-contract", "--asked", "2026-11-20 16:00", "--json")
    assert explain("deadline", "--preset", odd, "--plan", "slow", *options).result["deadline"] == (
        "2035-12-25T13:00:00+01:00"
    )


def test_a_promised_solution_has_its_deadline_too(explain: Explain, odd: str) -> None:
    said = explain("deadline", "--preset", odd, "--support-contract", "--asked", "2026-11-20 16:00", "--json")
    assert said.result["deadline"] == "2026-12-25T13:00:00+01:00"
    assert said.result["solution_deadline"] == "2027-12-25T13:00:00+01:00"


NEVER_CHANGES = [("always", True), ("never", False), ("once", False)]


@pytest.mark.parametrize(("line", "is_open"), NEVER_CHANGES)
def test_a_line_that_never_changes_says_null(explain: Explain, odd: str, line: str, is_open: bool) -> None:
    options = ("open", "--preset", odd, "--line", line, "--at", "2026-11-20 16:00")
    said = explain(*options, "--json")
    assert (said.result["open"], said.result["changes_at"], said.json["trace"]) == (is_open, None, [])
    assert "never" in explain(*options).out


def test_a_desk_without_rate_zones_has_one_piece_outside_them(explain: Explain, odd: str) -> None:
    said = explain(
        "zones", "--preset", odd, "--from", "2026-11-20 16:00", "--to", "2026-11-20 17:00", "--json"
    )
    assert said.result["pieces"] == [{"zone": None, "minutes": 60}]


def test_asked_outside_the_hours_the_reasons_say_when_the_time_begins(explain: Explain) -> None:
    said = explain("deadline", "--preset", "infobits", "--asked", "2026-11-21 20:00")
    assert "the time begins on Monday 23-11-2026 09:00" in said.out


def test_a_deadline_on_closing_time_says_that_it_is(explain: Explain) -> None:
    said = explain("deadline", "--preset", "infobits", "--plan", "SLA8", "--asked", "2026-06-01 09:00")
    assert "exactly at closing time" in said.out


def test_hours_past_midnight_and_a_lunch_break_of_the_example(explain: Explain) -> None:
    def changes_at(line: str, at: str) -> Any:
        return explain("open", "--preset", "example", "--line", line, "--at", at, "--json").result[
            "changes_at"
        ]

    assert changes_at("night-desk", "2026-06-06 01:00") == "2026-06-06T03:00:00+01:00"
    assert changes_at("office", "2026-06-01 12:45") == "2026-06-01T13:15:00+01:00"
    assert changes_at("office", "2026-12-24 09:00") == "2026-12-24T12:30:00+00:00"


def test_an_example_value_is_marked_in_its_reason(explain: Explain) -> None:
    said = explain("open", "--preset", "infobits", "--line", "helpdesk", "--at", "2026-12-25 10:00", "--json")
    assert said.json["reasons"][0]["text"] == (
        "Christmas Day: closed (Our example: the vendor does not publish this.)"
    )


def test_names_are_in_the_language_that_is_asked_for(explain: Explain) -> None:
    dutch = explain(*DEADLINE, "--support-contract", "--language", "nl", "--json").json
    assert any("Contract tijdzone 1" in each["text"] for each in dutch["reasons"])


def test_a_preset_by_its_path_answers_as_by_its_name(explain: Explain, tmp_path: Path) -> None:
    path = shutil.copy(FOLDER / "infobits.toml", tmp_path / "ours.toml")
    by_path = ["deadline", "--preset", str(path), *DEADLINE[3:], "--json"]
    assert explain(*by_path).json == explain(*DEADLINE, "--json").json


BAD_INPUT = [
    # what is asked, and what the error says
    ((), "the following arguments are required: QUESTION"),
    (("weather",), "invalid choice: 'weather'"),
    (("deadline",), "the following arguments are required: --preset, --asked"),
    (("deadline", "--preset", "infobits"), "the following arguments are required: --asked"),
    (
        ("deadline", "--preset", "infobit", "--asked", "2026-11-20 16:00"),
        "There is no preset “infobit”; write infobits",
    ),
    (("deadline", "--preset", "nowhere.toml", "--asked", "2026-11-20 16:00"), "nowhere.toml cannot be read"),
    ((*DEADLINE[:4], "SLA9", *DEADLINE[5:]), "“SLA9” is no support plan of Infobits helpdesk; write SLA8"),
    (
        ("deadline", "--preset", "softwear", "--plan", "SLA8", "--asked", "2026-11-20 16:00"),
        "has no support plans",
    ),
    ((*DEADLINE[:6], "yesterday"), "“yesterday” is no moment; write it as 2026-11-20 16:00"),
    ((*DEADLINE[:6], "2026-11-20"), "“2026-11-20” is no moment"),
    ((*DEADLINE[:6], "2026-02-30 10:00"), "“2026-02-30 10:00” is no moment"),
    ((*DEADLINE[:6], "2026-11-20 25:00"), "is no moment"),
    ((*DEADLINE[:6], ""), "“” is no moment"),
    ((*DEADLINE[:6], "9999-12-31 23:59"), "outside the years"),
    ((*DEADLINE[:6], "0001-01-01 00:00"), "is no moment"),
    ((*DEADLINE[:6], "1900-01-01 00:00"), "outside the years"),
    ((*DEADLINE, "--urgency"), "unrecognized arguments: --urgency"),
    ((*DEADLINE, "--language", "fr"), "invalid choice: 'fr'"),
    (
        (*OPEN[:4], "till", *OPEN[5:]),
        "“till” is no line of Softwear servicedesk; write office, till-helpdesk",
    ),
    (("open", "--preset", "softwear", "--at", "2026-04-06 12:30"), "required: --line"),
    ((*ZONES[:4], "2026-11-20 18:00", *ZONES[5:]), "before it starts"),
    (
        ("entitlement", "--preset", "infobits", "--facts", "nowhere.json", "--at", "2026-11-20 16:00"),
        "cannot be read",
    ),
    (("mail", "nowhere.eml"), "nowhere.eml cannot be read: No such file or directory"),
    (("mail",), "required: FILE"),
]


@pytest.mark.parametrize(("question", "message"), BAD_INPUT, ids=[row[1][:50] for row in BAD_INPUT])
def test_bad_input_is_exit_code_2_and_a_clear_error(explain: Explain, question: Any, message: str) -> None:
    as_json = explain(*question, "--json")
    assert (as_json.code, as_json.err) == (2, "")
    assert set(as_json.json) == {"error"}
    assert message in as_json.json["error"]

    in_words = explain(*question)
    assert (in_words.code, in_words.out) == (2, "")
    assert message in in_words.err


def test_a_broken_preset_tells_all_its_problems_in_one_error(explain: Explain, odd: str) -> None:
    text = NIGHT_AND_DAY.replace('"Europe/Amsterdam"', '"Mars"').replace("rank = 1", "rank = []")
    Path(odd).write_text(text, encoding="utf-8")
    error = explain("deadline", "--preset", odd, "--asked", "2026-11-20 16:00", "--json").json["error"]
    assert [line.split(": ")[1] for line in error.splitlines()] == ["desk.zone", "plans.quick.rank"]


def test_a_deadline_beyond_every_calendar_is_refused(explain: Explain, odd: str) -> None:
    text = NIGHT_AND_DAY.replace("response_minutes = 600", "response_minutes = 60000")
    Path(odd).write_text(text, encoding="utf-8")
    options = ("--support-contract", "--asked", "2026-11-20 16:00", "--json")
    said = explain("deadline", "--preset", odd, "--plan", "slow", *options)
    assert said.code == 2
    assert "calendar" in said.json["error"]


MAIL = (
    b"From: Carla <carla@shop.example>\r\nTo: help@desk.example\r\nSubject: Kassa \x1b[31m\r\n"
    b"Auto-Submitted: auto-replied\r\n\r\nHallo\r\n\r\nOp 1 mei schreef Anna:\r\n> oud\r\n"
)


def test_a_message_is_explained_with_sender_reply_quote_and_why_it_is_automatic(
    explain: Explain, tmp_path: Path
) -> None:
    path = tmp_path / "message.eml"
    path.write_bytes(MAIL)
    said = explain("mail", str(path), "--json")
    assert said.code == 0
    assert set(said.json) == {"result", "reasons", "trace"}
    assert said.result["from"]["address"] == "carla@shop.example"
    assert (said.result["reply"], said.result["quoted"]) == ("Hallo", "Op 1 mei schreef Anna:\n> oud")
    assert said.result["automatic"] == "auto_reply"
    assert any("Auto-Submitted" in each["text"] for each in said.json["reasons"])


def test_a_message_in_sentences_cannot_command_the_terminal(explain: Explain, tmp_path: Path) -> None:
    path = tmp_path / "message.eml"
    path.write_bytes(MAIL)
    said = explain("mail", str(path))
    assert "address: carla@shop.example" in said.out
    assert "quoted: Op 1 mei schreef Anna:\n  > oud" in said.out
    assert "Why:\n- This is an automatic reply" in said.out
    assert "\x1b" not in said.out


def test_a_file_that_is_too_big_is_refused(explain: Explain, tmp_path: Path) -> None:
    path = tmp_path / "huge.eml"
    with path.open("wb") as file:
        file.truncate(64 * 1024**2 + 1)
    assert "huge.eml is bigger than 64 MB." in explain("mail", str(path), "--json").json["error"]


def test_a_stray_byte_in_an_argument_is_told_back_not_crashed_on(explain: Explain) -> None:
    said = explain("deadline", "--preset", "infobits", "--plan", "SLA\udcff", "--asked", "2026-11-20 16:00")
    assert said.code == 2
    assert "“SLA\\udcff” is no support plan" in said.err


@pytest.mark.parametrize("question", ["deadline", "open", "zones", "entitlement", "mail", "schema"])
def test_every_question_has_help(explain: Explain, question: str) -> None:
    said = explain(question, "--help")
    assert said.code == 0
    assert "--json" in said.out


def test_the_answer_needs_no_django_and_no_database() -> None:
    program = (
        "import sys; from balie.config.command_line import main; "
        f"main(['explain', *{DEADLINE!r}]); sys.exit(any(each.split('.')[0] == 'django' for each in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The response is due")


def test_a_holiday_is_called_what_the_reader_calls_it_SW_02(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["explain", "open", "--preset", "infobits", "--line", "helpdesk", "--at", "2026-04-27 12:00"]
    assert main([*given, "--language", "nl"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Helpdesk is gesloten op maandag 27-04-2026 12:00")
    assert "Koningsdag: gesloten" in said
    assert "Kings Day" not in said


def test_a_line_is_called_by_its_name_SW_01(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["explain", "open", "--preset", "softwear", "--line", "till-helpdesk", "--at", "2026-11-19 18:00"]
    assert main(given) == 0
    assert capsys.readouterr().out.startswith("Till helpdesk is open on Thursday 19-11-2026 18:00")
