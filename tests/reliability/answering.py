"""Agents who answer in their browsers: who gets no page back presses the button again, with the same form."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from tests.reliability.living_desk import Furnished, LivingDesk

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 180.0
PAGE_SECONDS = 30.0
CSRF = "a" * 32

_SEEN = re.compile(rb'name="reply-seen" value="(\d+)"')
_TICKETS = "SELECT number FROM tickets_ticket WHERE state IN ('new', 'open', 'waiting') ORDER BY number"


@dataclass
class Answering:
    """So many answers by two agents. `accepted`: the words that the web said yes to; `refused`: those given up."""

    desk: LivingDesk
    furnished: Furnished
    seed: int
    count: int
    seconds: float
    accepted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tried_again: int = 0

    def __post_init__(self) -> None:
        self._threads = [
            threading.Thread(target=self._answer_on, args=(number, session), name=f"agent {number}")
            for number, session in enumerate(self.furnished.sessions)
        ]

    @property
    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _answer_on(self, agent: int, session: str) -> None:
        chance = random.Random(f"agent {self.seed} {agent}")
        began, each = time.monotonic(), self.count // len(self._threads)
        moments = sorted(chance.uniform(0, self.seconds) for _ in range(each))
        for number, moment in enumerate(moments):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            words = f"Antwoord-{self.seed}-{agent}-{number:04}"
            if self._send(self._chosen(chance), words, session):
                self.accepted.append(words)
            else:
                self.refused.append(words)

    def _chosen(self, chance: random.Random) -> int:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (numbers := self.desk.ask(_TICKETS)):
            assert time.monotonic() < give_up_at, "No ticket has come in."
            time.sleep(PAUSE_SECONDS)
        return int(chance.choice(numbers)[0])

    def _send(self, ticket: int, words: str, session: str) -> bool:
        """Look at the ticket and send the answer, until the web says that it has it."""
        submission = str(uuid4())
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            try:
                if self._try(ticket, words, submission, session):
                    return True
            except (OSError, http.client.HTTPException):
                pass
            self.tried_again += 1
            time.sleep(PAUSE_SECONDS)
        return False

    def _try(self, ticket: int, words: str, submission: str, session: str) -> bool:
        status, page = self._ask("GET", f"/desk/tickets/{ticket}/", session)
        seen = _SEEN.search(page)
        if status != http.HTTPStatus.OK or seen is None:
            return False
        form = {
            "csrfmiddlewaretoken": CSRF,
            "reply-submission": submission,
            "reply-seen": seen[1].decode(),
            "reply-text": words,
            "reply-move": "answer",
        }
        status, _page = self._ask("POST", f"/desk/tickets/{ticket}/reply/", session, urlencode(form))
        return status == http.HTTPStatus.FOUND

    def _ask(self, method: str, path: str, session: str, body: str | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=PAGE_SECONDS)
        headers = {"Cookie": f"{self.furnished.cookie}={session}; {self.furnished.csrf}={CSRF}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
