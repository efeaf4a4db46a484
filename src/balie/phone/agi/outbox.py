"""What happened to calls, kept in files until the desk took it: nothing is lost while the desk is away."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

from balie.phone.agi.desk import Asked, Desk, DeskAway, DeskRefuses, TooManyCalls

log = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
MOST = 20_000
"""Events that wait; more than some days of a busy desk."""


class Outbox:
    """One folder; each event is a file with the token of its exchange, readable by our own user only."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self._folder = folder
        self._desk = desk
        self._there_is_more = asyncio.Event()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, event: Asked, *, token: str) -> None:
        """Keep an event; when this returns it is on the disk. Its `id` is made here, so that it may be sent twice."""
        waiting = self._waiting()
        if len(waiting) >= MOST:
            log.error("The desk took no events for too long; the oldest is given up.")
            waiting[0].unlink(missing_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}"
        content = json.dumps({"token": token, "event": {"id": name, **event}})
        path = self._folder / f"{name}.part"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
        path.replace(path.with_suffix(".json"))
        self._there_is_more.set()

    async def empty(self) -> None:
        """Send what waits, oldest first, for ever; waits longer each time that the desk is away."""
        wait = FIRST_WAIT_SECONDS
        while True:
            self._there_is_more.clear()
            try:
                await self._send_all()
                wait = FIRST_WAIT_SECONDS
                await self._there_is_more.wait()
            except (DeskAway, TooManyCalls) as trouble:
                log.warning("Events of calls wait for the desk: %s", trouble)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    async def _send_all(self) -> None:
        for path in self._waiting():
            try:
                kept = json.loads(path.read_text("utf-8"))
                await self._desk.tell(kept["event"], token=kept["token"])
            except DeskRefuses as refusal:
                log.error("The desk does not take an event: %s", refusal)
            except (OSError, ValueError, LookupError, TypeError) as error:
                log.error("%s is no event: %s", path.name, error)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _waiting(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))
