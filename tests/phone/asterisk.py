"""The side of Asterisk in FastAGI, as `res/res_agi.c` speaks it, and our server in a thread.

Words are split as `parse_args` does it, the environment is that of `setup_env`, answers are those of the handlers. A
caller presses keys while something is played or waited for, or hangs up at a command.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from balie.phone.agi.conversation import Reception
from balie.phone.agi.desk import Desk
from balie.phone.agi.outbox import Outbox
from balie.phone.agi.server import Networks, listening
from balie.phone.sound_files import SoundFiles

ALLOWED_WHEN_DEAD = {"GET VARIABLE", "SET VARIABLE", "HANGUP"}
COMMANDS = ("ANSWER", "GET VARIABLE", "HANGUP", "SET VARIABLE", "STREAM FILE", "WAIT FOR DIGIT")
PRESENTED, WITHHELD = "0", "32"
SAMPLES = 8000


@dataclass
class Caller:
    """Who phones.

    `presses`: what it presses, one text for each time something is played or waited for (empty: nothing).
    `hangs_up_at`: the number of the command (from 1) at which it is gone.
    """

    number: str = "+31206543210"
    name: str = "unknown"
    presentation: str = PRESENTED
    presses: Sequence[str] = ()
    hangs_up_at: int | None = None
    call: str = "pbx-1763650800.42"
    arguments: Sequence[str] = ()
    variables: dict[str, str] = field(default_factory=dict)


@dataclass
class Heard:
    """What became of a call, as the dialplan and the caller know it."""

    variables: dict[str, str] = field(default_factory=dict)
    played: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_answered: bool = False
    is_hung_up: bool = False

    @property
    def action(self) -> str:
        return self.variables.get("BALIE_ACTION", "")

    @property
    def names(self) -> list[str]:
        """What was played, by name."""
        return [Path(each).name for each in self.played]


class Asterisk:
    """Calls come in here. `script`: what the dialplan asks for, after `agi://host/`."""

    def __init__(self, port: int, script: str) -> None:
        self.port = port
        self.script = script

    def call(self, caller: Caller, *, script: str | None = None) -> Heard:
        """One call, until the server closes the connection."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection,
            connection.makefile("rwb", buffering=0) as wire,
        ):
            wire.write(environment(script or self.script, caller).encode())
            return _Channel(wire, caller).run()


def environment(script: str, caller: Caller) -> str:
    """What `setup_env` sends, in its order."""
    lines = {
        "network": "yes",
        "network_script": script,
        "request": f"agi://127.0.0.1/{script}",
        "channel": "PJSIP/trunk-0000002a",
        "language": "en",
        "type": "PJSIP",
        "uniqueid": caller.call,
        "version": "20.9.2",
        "callerid": caller.number or "unknown",
        "calleridname": caller.name,
        "callingpres": caller.presentation,
        "callingani2": "0",
        "callington": "0",
        "callingtns": "0",
        "dnid": "+31202292929",
        "rdnis": "unknown",
        "context": "balie",
        "extension": "+31202292929",
        "priority": "4",
        "enhanced": "0.0",
        "accountcode": "",
        "threadid": "139872",
        **{f"arg_{number}": value for number, value in enumerate(caller.arguments, 1)},
    }
    return "".join(f"agi_{name}: {value}\n" for name, value in lines.items()) + "\n"


class _Channel:
    def __init__(self, wire: socket.SocketIO, caller: Caller) -> None:
        self.wire = wire
        self.caller = caller
        self.heard = Heard(variables=dict(caller.variables))
        self.presses = iter(caller.presses)
        self.is_dead = False

    def run(self) -> Heard:
        for number, line in enumerate(self.lines(), 1):
            assert len(line) < 2048, "Asterisk cuts a command off"
            words = words_of(line.decode().rstrip("\n"))
            self.heard.commands.append(" ".join(words[:2]) if words[0] != "ANSWER" else "ANSWER")
            if number == self.caller.hangs_up_at:
                self.is_dead = True
                self.say("HANGUP")
            self.say(self.answer(words))
        return self.heard

    def lines(self) -> Iterator[bytes]:
        with contextlib.suppress(ConnectionError):  # a server that closes has nothing more to say
            yield from self.wire

    def say(self, line: str) -> None:
        with contextlib.suppress(ConnectionError):  # nor need it listen to the end
            self.wire.write(f"{line}\n".encode())

    def answer(self, words: list[str]) -> str:
        command = next((each for each in COMMANDS if words[: len(each.split())] == each.split()), None)
        if command is None:
            return "510 Invalid or unknown command"
        if self.is_dead and command not in ALLOWED_WHEN_DEAD:
            return "511 Command Not Permitted on a dead channel or intercept routine"
        arguments = words[len(command.split()) :]
        match command, arguments:
            case "ANSWER", []:
                self.heard.is_answered = True
                return "200 result=0"
            case "GET VARIABLE", [name]:
                value = self.heard.variables.get(name)
                return "200 result=0" if not value else f"200 result=1 ({value})"
            case "SET VARIABLE", [name, value]:
                self.heard.variables[name] = value
                return "200 result=1"
            case "STREAM FILE", [file, keys]:
                return self.stream(file, keys)
            case "WAIT FOR DIGIT", [milliseconds] if milliseconds.isdecimal():
                return f"200 result={self.key('0123456789*#')}"
            case "HANGUP", []:
                self.heard.is_hung_up = True
                return "200 result=1"
        return "520-Invalid command syntax.  Proper usage follows:\nUsage: no\n520 End of proper usage."

    def stream(self, file: str, keys: str) -> str:
        if not Path(f"{file}.wav").is_file():
            self.heard.missing.append(file)
            return "200 result=0 endpos=0"
        assert self.heard.is_answered, "nothing is played to a call that was not answered"
        self.heard.played.append(file)
        return f"200 result={self.key(keys)} endpos={SAMPLES}"

    def key(self, keys: str) -> int:
        pressed = next(self.presses, "")
        return ord(pressed) if pressed and pressed in keys else 0


def words_of(line: str) -> list[str]:
    """The words of a command, as `parse_args` splits them."""
    words: list[str] = []
    is_quoted = is_escaped = False
    is_between = True
    for letter in line:
        if letter == '"' and not is_escaped:
            is_quoted = not is_quoted
            if is_quoted and is_between:
                words.append("")
                is_between = False
        elif letter in " \t" and not is_quoted and not is_escaped:
            is_between = True
        elif letter == "\\" and not is_escaped:
            is_escaped = True
            continue
        else:
            if is_between:
                words.append("")
                is_between = False
            words[-1] += letter
        is_escaped = False
    return words


@contextlib.contextmanager
def running_agi(
    desk_url: str, folder: Path, *, host: str = "127.0.0.1", allowed: Networks = ()
) -> Iterator[int]:
    """Our server, asking the desk at this address; answers its port."""
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        desk = Desk(desk_url)
        reception = Reception(desk, SoundFiles(folder / "sounds"), Outbox(folder / "events", desk))
        async with listening(host, 0, reception, allowed=allowed) as listener:
            ports.append(listener.sockets[0].getsockname()[1])
            ready.set()
            await stop.wait()
        desk.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
