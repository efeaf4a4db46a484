"""Nothing lost: a whole desk under mail and answers, while its processes are killed at random moments.

`make test-long` runs two seeds; `BALIE_RELIABILITY=nightly` ten of 2,000 messages each (docs/reliability.md).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.reliability import closing
from tests.reliability.answering import Answering
from tests.reliability.books import Books, by_way, duplicates
from tests.reliability.killing import Killing, schedule
from tests.reliability.letters import plan
from tests.reliability.living_desk import LivingDesk
from tests.reliability.offering import Offered, Offering
from tests.reliability.sink import running_sink
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.long

SHOWN_TROUBLES = 40
WORTH_A_LOOK = ("ended", "ERROR", "Error:", "quarantine", "DETAIL")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a run does, in how many seconds mail comes in, and which seeds are run."""

    messages: int
    answers: int
    seconds: float
    seeds: tuple[int, ...]


EVERY_RUN = Size(messages=600, answers=40, seconds=25, seeds=(1, 2))
NIGHTLY = Size(messages=2_000, answers=120, seconds=80, seeds=tuple(range(1, 11)))


def chosen() -> Size:
    """As the environment has it: `BALIE_RELIABILITY=nightly`, and `BALIE_RELIABILITY_SEED` for one seed alone."""
    size = NIGHTLY if os.environ.get("BALIE_RELIABILITY") == "nightly" else EVERY_RUN
    seed = os.environ.get("BALIE_RELIABILITY_SEED")
    return Size(size.messages, size.answers, size.seconds, (int(seed),)) if seed else size


SIZE = chosen()


@pytest.mark.parametrize("seed", SIZE.seeds)
def test_every_message_and_every_answer_outlives_kill_9(seed: int, dovecot: Dovecot, tmp_path: Path) -> None:
    said = tmp_path / "serve.log"
    began = time.monotonic()
    with running_sink() as sink, LivingDesk.running(sink, said) as desk:
        furnished = desk.furnish(dovecot)
        offering = Offering(plan(seed, SIZE.messages, seconds=SIZE.seconds), dovecot, desk.lmtp_port, sink)
        answering = Answering(desk, furnished, seed, SIZE.answers, SIZE.seconds)
        killing = Killing(schedule(seed, seconds=SIZE.seconds), desk, dovecot)
        work = (offering, answering, killing)
        for each in work:
            each.start()
        for each in work:
            each.join()
        left = closing.drained(desk, dovecot)
        books = closing.books(
            desk,
            dovecot,
            sink,
            offered=list(
                {each.planned.mark: (each.planned, each.letter) for each in offering.accepted}.values()
            ),
            accepted_answers=answering.accepted,
        )
        restarts = desk.restarts
    seconds = time.monotonic() - began
    print(told(seed, books, offering.accepted, killing, answering, restarts=restarts, seconds=seconds))

    troubles = [
        *(f"given up: {each}" for each in (*offering.refused, *answering.refused)),
        *(f"found nobody to kill: {each}" for each in killing.missed),
        *(
            f"{count} {name}, no fewer for {closing.STANDS_STILL_SECONDS:.0f} s"
            for name, count in left.items()
        ),
        *books.troubles(),
    ]
    assert not troubles, failure(seed, killing, troubles, said)


def told(
    seed: int,
    books: Books,
    accepted: list[Offered],
    killing: Killing,
    answering: Answering,
    *,
    restarts: int,
    seconds: float,
) -> str:
    """The figures of a run, a line for docs/reliability.md."""
    again = sum(each.attempts - 1 for each in accepted)
    more = len(books.sent) - len(set(books.sent))
    return (
        f"seed {seed}: {len(books.offered)} messages, rows {by_way(books.inbound)}, of which "
        f"{duplicates(books.inbound)} duplicates; "
        f"{len(books.accepted_answers)} answers, {len(books.outbound)} mails out; {len(killing.done)} kills, "
        f"{restarts} starts of the whole desk, {again} messages and {answering.tried_again} answers offered again, "
        f"{more} mails sent twice under one Message-ID; {seconds:.0f} s"
    )


def failure(seed: int, killing: Killing, troubles: list[str], said: Path) -> str:
    """Everything that somebody needs who runs this seed again."""
    kept = Path(os.environ.get("BALIE_RELIABILITY_LOG", said))
    if kept != said:
        kept.write_text(said.read_text())
    again = "nightly" if SIZE.messages == NIGHTLY.messages else ""
    return "\n".join(
        [
            f"seed {seed}, {SIZE.messages} messages. Again: BALIE_RELIABILITY={again} BALIE_RELIABILITY_SEED={seed} "
            "pytest -m long tests/reliability",
            f"{len(troubles)} troubles:",
            *troubles[:SHOWN_TROUBLES],
            "killed:",
            *killing.done,
            f"what the desk said: {kept}",
            *(line for line in said.read_text().splitlines() if any(word in line for word in WORTH_A_LOOK)),
        ]
    )
