"""What the FastAGI server asks the desk: over HTTP, as any exchange would, with the token of the exchange that called.

So it needs neither Django nor the database, may run beside the exchange, and says within `SECONDS` that nobody answers.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

SECONDS = 1.5
"""How long a caller waits for the desk. Asterisk itself waits 2 s for the connection to us."""
AT_ONCE = 32
LARGEST_ANSWER = 4 * 1024 * 1024

FORWARD, MENU, ANNOUNCE, REFUSE = "forward", "menu", "announce", "refuse"
Asked = Mapping[str, str]
Texts = Mapping[str, Mapping[str, str]]
"""Name of a prompt -> language -> what it says."""


class DeskAway(Exception):
    """The desk does not answer in time, or answers something that is no route."""


class DeskRefuses(Exception):
    """The desk understood, and does not take it: another token, another content."""


class TooManyCalls(Exception):
    """The desk wants no more questions now; it says nothing about this caller (429)."""


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a call goes. `choices`: key of the telephone -> topic."""

    action: str
    target: str = ""
    groups: Sequence[Sequence[str]] = ()
    language: str = "en"
    prompts: Sequence[str] = ()
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer over HTTP."""

    status: int
    body: bytes


class Desk:
    """The desk at an address like `http://127.0.0.1:8000`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="desk")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def route(self, asked: Asked, *, token: str) -> Routed:
        """Where this call goes. Raises `DeskAway`, `DeskRefuses` and `TooManyCalls`."""
        return _routed(await self._json("POST", "/api/phone/route", token=token, sent=asked))

    async def tell(self, event: Asked, *, token: str) -> None:
        """Tell what became of a call. Raises `DeskAway`, `DeskRefuses` and `TooManyCalls`."""
        await self._json("POST", "/api/phone/events", token=token, sent={"events": [event]})

    async def texts(self, *, token: str) -> Texts:
        """What every prompt says. Raises `DeskAway`, `DeskRefuses` and `TooManyCalls`."""
        found = await self._json("GET", "/api/phone/prompts", token=token)
        return {name: said for name, said in found.items() if isinstance(said, dict)}

    async def _json(self, method: str, path: str, *, token: str, sent: object = None) -> dict[str, Any]:
        body = None if sent is None else json.dumps(sent).encode()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(SECONDS):
                heard = await loop.run_in_executor(self._threads, self._ask, method, path, token, body)
        except (OSError, http.client.HTTPException, ValueError) as error:  # a time-out is an OSError
            raise DeskAway(f"{type(error).__name__} {error}".strip()) from error
        return _understood(heard)

    def _ask(self, method: str, path: str, token: str, body: bytes | None) -> Heard:
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=SECONDS)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, self._url.path.rstrip("/") + path, body, headers)
            response = connection.getresponse()
            return Heard(response.status, response.read(LARGEST_ANSWER))
        finally:
            connection.close()


def _understood(heard: Heard) -> dict[str, Any]:
    if heard.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise TooManyCalls
    if 400 <= heard.status < 500:
        raise DeskRefuses(f"the desk answered {heard.status}: {_message(heard.body)}")
    if heard.status != HTTPStatus.OK:
        raise DeskAway(f"the desk answered {heard.status}")
    try:
        found = json.loads(heard.body)
    except (ValueError, RecursionError) as error:
        raise DeskAway("the desk answered no JSON") from error
    if not isinstance(found, dict):
        raise DeskAway("the desk answered no object")
    return found


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])[:200]
    except (ValueError, RecursionError, LookupError, TypeError):
        return "?"


def _routed(found: Mapping[str, Any]) -> Routed:
    if found.get("action") not in {FORWARD, MENU, ANNOUNCE, REFUSE}:
        raise DeskAway(f"the desk answered the action {str(found.get('action'))[:40]!r}")
    try:
        return Routed(
            action=found["action"],
            target=found["target"] or "",
            groups=[[str(each) for each in group] for group in found["groups"]],
            language=found["language"],
            prompts=[str(each) for each in found["prompts"]],
            choices={str(each["digit"]): str(each["topic"]) for each in found["choices"]},
        )
    except (LookupError, TypeError) as error:
        raise DeskAway(f"the answer of the desk lacks something: {error}") from error
