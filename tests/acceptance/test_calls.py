"""Where a telephone call goes, asked as anybody can ask it: `balie explain call … --json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from balie.config.command_line import main

NUMBER = "+31612345678"
WITH_CONTRACT = {"customer": {"contracts": [{"type": "phone-support"}], "phone_numbers": ["06 1234 5678"]}}
WITHOUT = {"customer": {"phone_numbers": [NUMBER]}}


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def ask(*arguments: str, facts: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        more = []
        if facts is not None:
            file = tmp_path / "facts.json"
            file.write_text(json.dumps(facts))
            more = ["--facts", str(file)]
        code = main(["explain", "call", *arguments, *more, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return ask


def infobits(
    call: Any, number: str, at: str = "2026-11-20 16:00", facts: Any = WITH_CONTRACT
) -> dict[str, Any]:
    arguments = ("--preset", "infobits", "--line", "helpdesk", "--at", at, "--from", number)
    code, answer = call(*arguments, facts=facts)
    assert code == 0 and set(answer) == {"result", "reasons", "trace"}
    return dict(answer["result"]) | {"rules": [each["rule"] for each in answer["reasons"]]}


@pytest.mark.parametrize(
    "number",
    [NUMBER, "0612345678", "06-12345678", "0031612345678", "31612345678", f"sip:{NUMBER}@provider.example"],
)
def test_a_registered_number_is_recognised_however_the_network_writes_it_IB_02_IB_03(
    call: Any, number: str
) -> None:
    found = infobits(call, number)
    assert (found["action"], found["target"], found["caller"]) == ("forward", "helpdesk", NUMBER)
    assert found["rules"] == ["IB-02", "IB-03"]


@pytest.mark.parametrize("number", ["", "anonymous", "sip:anonymous@anonymous.invalid"])
def test_a_hidden_number_is_told_to_show_itself_IB_02(call: Any, number: str) -> None:
    found = infobits(call, number)
    assert (found["action"], found["announcement"], found["rules"]) == ("announce", "show-number", ["IB-02"])


@pytest.mark.parametrize(
    "number", ["+31201234567", "1001", "9" * 40, "'; DROP TABLE customers; --", "+999123", "١٢٣"]
)
def test_any_other_number_hears_how_to_make_a_ticket_IB_03_IB_04(call: Any, number: str) -> None:
    found = infobits(call, number)
    assert (found["action"], found["announcement"], found["target"]) == ("announce", "make-ticket", None)
    assert "Make a ticket" in found["text"]


def test_without_a_phone_contract_the_number_reaches_nobody_IB_01(call: Any) -> None:
    assert infobits(call, NUMBER, facts=WITHOUT)["rules"] == ["IB-01"]
    assert infobits(call, NUMBER, facts=None)["rules"] == ["IB-03"]


def test_outside_the_hours_a_recognised_caller_hears_when_to_call_IB_03_IB_29(call: Any) -> None:
    found = infobits(call, NUMBER, "2026-11-22 09:00")
    assert (found["action"], found["next_opening"]) == ("announce", "2026-11-22T10:00:00+01:00")
    assert "Sunday 22-11-2026 10:00" in found["text"]


def test_the_hour_and_the_topic_decide_on_a_public_number_SW_01_SW_03_SW_04_SW_05(call: Any) -> None:
    def softwear(at: str, *more: str) -> tuple[str, str | None]:
        code, answer = call("--preset", "softwear", "--at", at, *more)
        assert code == 0
        return answer["result"]["action"], answer["result"]["target"] or answer["result"]["announcement"]

    assert softwear("2026-11-20 10:00") == ("menu", "ask-topic")
    assert softwear("2026-11-20 10:00", "--topic", "till-scanner") == ("forward", "office")
    assert softwear("2026-11-20 10:00", "--topic", "something-else") == ("announce", "not-by-phone")
    assert softwear("2026-11-20 18:00", "--topic", "till-incident") == ("forward", "till-helpdesk")
    assert softwear("2026-04-05 13:00") == ("announce", "closed")
    assert softwear("2026-11-20 18:00", "--line", "office") == ("announce", "closed")


@pytest.mark.parametrize("wrong", [("--line", "zone-9"), ("--topic", "nonsense"), ("--at", "tomorrow")])
def test_what_is_no_line_topic_or_moment_is_said(call: Any, wrong: tuple[str, str]) -> None:
    code, answer = call("--preset", "softwear", "--at", "2026-11-20 10:00", *wrong)
    assert code == 2 and wrong[1] in answer["error"]
