"""The dialplan that we give away says what our server says: the same variables, scripts and events."""

from __future__ import annotations

import re
from pathlib import Path

from balie.phone.agi import conversation

DIALPLAN = Path("integrations/asterisk/extensions.conf").read_text("utf-8")
LINES = [line.strip() for line in DIALPLAN.splitlines() if line.strip() and not line.startswith(";")]
SERVER = Path(conversation.__file__).read_text("utf-8")


def test_what_the_server_sets_is_what_the_dialplan_reads() -> None:
    set_by_us = set(re.findall(r'set\(f?"(BALIE_[A-Z_]+)', SERVER))
    read = set(re.findall(r"\$\{(BALIE_[A-Z_]+)", DIALPLAN))

    assert {"BALIE_ACTION", "BALIE_GROUPS", "BALIE_GROUP_"} <= set_by_us & read


def test_what_the_server_asks_for_is_what_the_dialplan_sets() -> None:
    asked = set(re.findall(r'variable\("(BALIE_[A-Z_]+)"\)', SERVER)) - {"BALIE_LINE"}  # for other lines
    told = set(re.findall(r"Set\((BALIE_[A-Z_]+)=", DIALPLAN))

    assert asked == {"BALIE_TO", "BALIE_ASSERTED", "BALIE_PRIVACY"} <= told


def test_the_events_are_those_that_the_server_takes() -> None:
    told = re.findall(r"/event\?token=\$\{BALIE_TOKEN\},([a-z]+),\$\{BALIE_CALL\}", DIALPLAN)

    assert set(told) == {"ringing", "answered", "ended", "transferred", "voicemail"} <= conversation.KINDS


def test_every_step_that_is_gone_to_is_there() -> None:
    labels = set(re.findall(r"n\(([a-z]+)\)", DIALPLAN))
    assert set(re.findall(r"\?([a-z]+)\)", DIALPLAN)) <= labels

    contexts = set(re.findall(r"^\[([a-z-]+)\]$", DIALPLAN, re.MULTILINE))
    assert {
        "balie-ringing",
        "balie-answered",
        "balie-ended",
        "balie-transferred",
        "balie-incoming",
    } <= contexts


def test_every_subroutine_returns() -> None:
    for name in ("balie-ringing", "balie-answered", "balie-ended"):
        steps = DIALPLAN.partition(f"[{name}]")[2].partition("\n[")[0].strip().splitlines()
        assert "Return()" in steps[1]
