"""The words of AGI, without a connection: what Asterisk sends first, how it answers, how a command is written.

Checked against `res/res_agi.c` of Asterisk: a command has at most 2,047 bytes and 127 words, a quote or backslash in a
word has a backslash before it; `HANGUP` alone on a line tells a FastAGI server that the caller is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

LONGEST_LINE = 16_384
MOST_LINES = 200
LONGEST_COMMAND = 2000

UNKNOWN_COMMAND, DEAD_CHANNEL, WRONG_SYNTAX = 510, 511, 520

_ANSWER = re.compile(r"(\d{3})(?:[ -]result=(-?\d{1,9}))?(?: \((.*?)\)(?= endpos=|$))?.*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class NotUnderstood(Exception):
    """The other side says something that is no AGI; the text says what."""


class Gone(Exception):
    """The caller hung up, or the exchange closed the connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to. `result`: a number of the command's own, -1 for a failure; `value`: text in brackets."""

    code: int
    result: int = -1
    value: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What the dialplan asked for: `agi://host/route?token=…` is the script `route` with what follows."""

    name: str
    options: Mapping[str, str]


def environment(lines: Iterable[bytes]) -> dict[str, str]:
    """What Asterisk tells of the call, by name without `agi_`. What is told first counts: a value cannot add a name."""
    told: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon or not name.startswith("agi_"):
            raise NotUnderstood(f"{name[:40]!r} is no line of an AGI environment")
        told.setdefault(name.removeprefix("agi_"), value.strip())
    if not told:
        raise NotUnderstood("nothing was told of the call")
    return told


def script(told: Mapping[str, str]) -> Script:
    """Which of our scripts is asked for, and its options. Never raises: a script that is none has an empty name."""
    wanted = told.get("network_script") or _after_host(told.get("request", ""))
    path, _question, query = wanted.partition("?")
    try:
        options = {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError:
        options = {}
    return Script(path.strip("/"), options)


def _after_host(request: str) -> str:
    try:
        parts = urlsplit(request)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


def answer(line: bytes) -> Answer | None:
    """What a line answers; `None` for the lines between, like the usage that a 520 shows. Raises `Gone`."""
    text = line.decode("utf-8", "replace").strip()
    if text == "HANGUP":
        raise Gone("the caller hung up")
    found = _ANSWER.fullmatch(text)
    if found is None or found[1] == "100" or text.startswith(f"{WRONG_SYNTAX}-"):
        return None
    code = int(found[1])
    if code == DEAD_CHANNEL:
        raise Gone("the channel is dead")
    return Answer(code, int(found[2] or -1), found[3] or "")


def command(*words: str | int) -> bytes:
    """A command as Asterisk reads it; what could end the line or the word is taken out or has a backslash before it."""
    verb, *arguments = words
    line = " ".join([str(verb), *(_quoted(str(each)) for each in arguments)]).encode()
    if len(line) > LONGEST_COMMAND:
        raise NotUnderstood(f"{verb} would be {len(line)} bytes long")
    return line + b"\n"


def _quoted(word: str) -> str:
    plain = _CONTROL.sub(" ", word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
