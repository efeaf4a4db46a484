"""The words of AGI: whatever comes over the wire, a name is said of it and nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.phone.asterisk import Caller, words_of
from tests.phone.asterisk import environment as sent_by_asterisk

from balie.phone.agi.protocol import (
    Answer,
    Gone,
    NotUnderstood,
    Script,
    answer,
    command,
    environment,
    script,
)


def lines_of(text: str) -> list[bytes]:
    return [line.encode() for line in text.splitlines() if line]


def test_the_environment_of_asterisk_is_read_by_name() -> None:
    told = environment(lines_of(sent_by_asterisk("route?token=abc", Caller(number="+31612345678"))))

    assert told["callerid"] == "+31612345678"
    assert told["uniqueid"] == "pbx-1763650800.42"
    assert script(told) == Script("route", {"token": "abc"})


def test_what_is_told_first_counts_so_that_a_value_adds_no_name() -> None:
    told = environment([b"agi_callerid: 0612345678", b"agi_calleridname: x", b"agi_callerid: 0699999999"])

    assert told["callerid"] == "0612345678"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"GET / HTTP/1.1", b"Host: x"], id="a browser"),
        pytest.param([b"\x16\x03\x01\x02"], id="TLS"),
        pytest.param([b"agi_network yes"], id="no colon"),
    ],
)
def test_who_speaks_something_else_is_named(lines: list[bytes]) -> None:
    with pytest.raises(NotUnderstood):
        environment(lines)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        pytest.param(
            {"network_script": "route?token=a%2Bb&line=x"}, Script("route", {"token": "a+b", "line": "x"})
        ),
        pytest.param({"request": "agi://127.0.0.1:4573/event?token=t"}, Script("event", {"token": "t"})),
        pytest.param({"request": "agi://[::1/route"}, Script("", {}), id="no address"),
        pytest.param({}, Script("", {}), id="nothing asked"),
        pytest.param({"network_script": "route?" + "a=b&" * 50}, Script("route", {}), id="too many options"),
    ],
)
def test_the_script_and_its_options_are_read(told: dict[str, str], found: Script) -> None:
    assert script(told) == found


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"200 result=0", Answer(200, 0)),
        (b"200 result=1 (Carla (de) Boer)", Answer(200, 1, "Carla (de) Boer")),
        (b"200 result=1 ()", Answer(200, 1)),
        (b"200 result=53 endpos=4160", Answer(200, 53)),
        (b"200 result=-1 endpos=0", Answer(200, -1)),
        (b"200 result=1 (speech) endpos=7 results=0", Answer(200, 1, "speech")),
        (b"510 Invalid or unknown command", Answer(510)),
        (b"520 End of proper usage.", Answer(520)),
        (b"520-Invalid command syntax.  Proper usage follows:", None),
        (b"Usage: ANSWER", None),
        (b"100 result=0 Trying...", None),
        (b"", None),
        (b"\xff\xfe", None),
    ],
)
def test_an_answer_is_read_as_asterisk_writes_it(line: bytes, read: Answer | None) -> None:
    assert answer(line) == read


@pytest.mark.parametrize(
    "line",
    [
        b"HANGUP",
        b"511 Command Not Permitted on a dead channel",
        b"511 Command Not Permitted on a dead channel or intercept routine",
    ],
)
def test_a_caller_who_is_gone_is_gone(line: bytes) -> None:
    with pytest.raises(Gone):
        answer(line)


@given(line=some.binary(max_size=300) | some.from_regex(rb"\d{3}[ -]result=-?\d{1,30}.*", fullmatch=True))
def test_any_line_is_an_answer_or_none_or_the_end(line: bytes) -> None:
    try:
        assert answer(line) is None or isinstance(answer(line), Answer)
    except Gone:
        assert line.strip() == b"HANGUP" or line.strip().startswith(b"511")


@given(
    lines=some.lists(
        some.binary(max_size=120) | some.builds(lambda rest: b"agi_" + rest, some.binary(max_size=120))
    )
)
def test_any_lines_are_an_environment_or_are_named(lines: list[bytes]) -> None:
    try:
        told = environment(lines)
    except NotUnderstood:
        return
    assert told
    assert isinstance(script(told), Script)


@given(wanted=some.text(max_size=200))
def test_any_script_is_read(wanted: str) -> None:
    assert isinstance(script({"network_script": wanted}), Script)
    assert isinstance(script({"request": wanted}), Script)


@given(value=some.text(max_size=400))
def test_a_word_arrives_as_one_word_on_one_line(value: str) -> None:
    """A value can neither end the command nor add a word to it, whatever a caller is called."""
    line = command("SET VARIABLE", "BALIE_TARGET", value).decode()

    assert line.count("\n") == 1
    words = words_of(line.rstrip("\n"))
    assert words[:3] == ["SET", "VARIABLE", "BALIE_TARGET"]
    assert len(words) == 4
    if value.isprintable():
        assert words[3] == value


def test_a_command_that_asterisk_would_cut_off_is_not_sent() -> None:
    with pytest.raises(NotUnderstood):
        command("SET VARIABLE", "BALIE_TARGET", "x" * 3000)
