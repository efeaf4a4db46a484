"""One call at Asterisk, as a server speaks with it over a connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from balie.phone.agi.protocol import (
    LONGEST_LINE,
    MOST_LINES,
    UNKNOWN_COMMAND,
    WRONG_SYNTAX,
    Answer,
    Gone,
    NotUnderstood,
    answer,
    command,
    environment,
)

ENVIRONMENT_SECONDS = 2.0
COMMAND_SECONDS = 5.0
PLAYING_SECONDS = 120.0
KEYS = "0123456789*#"


class Channel:
    """Every method raises `Gone` when the caller is, and `NotUnderstood` when Asterisk does not know what we mean."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def environment(self) -> dict[str, str]:
        """What is told of the call at the beginning."""
        lines: list[bytes] = []
        async with _at_most(ENVIRONMENT_SECONDS):
            while line := await self._line():
                lines.append(line)
                if len(lines) > MOST_LINES:
                    raise NotUnderstood("the environment has no end")
        return environment(lines)

    async def variable(self, name: str) -> str:
        """A variable of the channel, empty when it is not set."""
        return (await self._ask("GET VARIABLE", name)).value

    async def set(self, name: str, value: str) -> None:
        """A variable for the dialplan."""
        await self._ask("SET VARIABLE", name, value)

    async def take(self) -> None:
        """Answer the call, so that the caller hears us."""
        self._alive(await self._ask("ANSWER", within=20.0))

    async def play(self, file: Path, *, keys: str = "") -> str:
        """Play a file (without its ending); answers the key that ended it, or nothing."""
        return self._key(await self._ask("STREAM FILE", str(file), keys, within=PLAYING_SECONDS))

    async def key(self, *, seconds: float) -> str:
        """The next key that the caller presses within so many seconds, or nothing."""
        milliseconds = round(seconds * 1000)
        return self._key(await self._ask("WAIT FOR DIGIT", milliseconds, within=seconds + COMMAND_SECONDS))

    async def hang_up(self) -> None:
        await self._ask("HANGUP")

    async def _ask(self, *words: str | int, within: float = COMMAND_SECONDS) -> Answer:
        self._writer.write(command(*words))
        async with _at_most(within):
            try:
                await self._writer.drain()
            except ConnectionError as error:
                raise Gone(str(error)) from error
            given = await self._answer()
        if given.code in {UNKNOWN_COMMAND, WRONG_SYNTAX}:
            raise NotUnderstood(f"Asterisk answered {given.code} to {words[0]}")
        return given

    async def _answer(self) -> Answer:
        for _each in range(MOST_LINES):
            if (given := answer(await self._line())) is not None:
                return given
        raise NotUnderstood("an answer has no end")

    async def _line(self) -> bytes:
        try:
            return (await self._reader.readuntil(b"\n")).strip()
        except asyncio.LimitOverrunError as overrun:
            raise NotUnderstood(f"a line is longer than {LONGEST_LINE} bytes") from overrun
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Gone("the connection is closed") from error

    def _key(self, given: Answer) -> str:
        pressed = chr(self._alive(given)) if 0 <= given.result < 128 else ""
        return pressed if pressed in KEYS and given.result else ""

    def _alive(self, given: Answer) -> int:
        if given.result < 0:
            raise Gone("the channel failed")
        return given.result


@contextlib.asynccontextmanager
async def _at_most(seconds: float) -> AsyncIterator[None]:
    """Who is late counts as gone."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Gone("the exchange does not answer") from None
