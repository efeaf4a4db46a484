"""Decisions a second, on one core: what a customer may ask, on what terms, and why.

    python benchmarks/entitlement.py [--json]

Random customers of the infobits desk with up to two licences and two contracts each, every wish of the form and of
the telephone, moments of a whole year, by a seed, so that every run asks the same. All figures of one run are
comparable; those of two runs are not, for machines drift: the loop of additions says how fast the machine was.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from balie.presets.reading import load
from balie.rules.alternatives import choices, what_would_change
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy, Validity
from balie.rules.desk import Desk
from balie.rules.entitlement import decide
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

LIMIT = 20_000  # decisions a second
QUESTIONS = 20_000
SLOW_QUESTIONS = 1_000
ADDITIONS = 5_000_000
BEGIN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))

Question = tuple[CustomerFacts, Wish, datetime]


def questions(desk: Desk, count: int, *, seed: int = 1) -> list[Question]:
    """Customers, wishes and moments as a desk meets them: most ask on the website, some call."""
    chance = random.Random(seed)
    return [(_facts(desk, chance), _wish(desk, chance), _moment(chance)) for _ in range(count)]


def _facts(desk: Desk, chance: random.Random) -> CustomerFacts:
    return CustomerFacts(
        licences=tuple(
            LicenceFact(chance.choice([*desk.products]), _validity(chance))
            for _ in range(chance.randrange(3))
        ),
        contracts=tuple(
            ContractFact(chance.choice([*desk.contract_types]), _validity(chance))
            for _ in range(chance.randrange(3))
        ),
        hardware_from_us=chance.random() < 0.5,
        existing_since=date(chance.randrange(2005, 2026), 6, 1),
        maintained_by=chance.choice([*MaintainedBy]),
        last_paid_support_on=date(chance.randrange(2022, 2026), 6, 1),
        tickets_this_month=chance.randrange(4),
        prepaid_minutes=chance.choice([0, 0, 60]),
    )


def _validity(chance: random.Random) -> Validity:
    return Validity(date(chance.randrange(2018, 2026), 1, 1), date(chance.randrange(2026, 2029), 6, 30))


def _wish(desk: Desk, chance: random.Random) -> Wish:
    return Wish(
        channel=chance.choice([Channel.PORTAL] * 8 + [Channel.MAIL, Channel.PHONE]),
        topic=chance.choice([*desk.topics]),
        answer_mode=chance.choice([*AnswerMode]),
        billing_mode=chance.choice([*BillingMode]),
        urgent=chance.random() < 0.2,
    )


def _moment(chance: random.Random) -> datetime:
    return BEGIN + timedelta(minutes=chance.randrange(365 * 24 * 60))


def per_second(answers: Callable[[], Iterable[object]], count: int) -> float:
    """By processor time, the best of five: others on the machine count as little as can be. No answer is kept."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        deque(answers(), maxlen=0)
        best = min(best, time.process_time() - began)
    return count / best


def _additions() -> tuple[int]:
    total = 0
    for number in range(ADDITIONS):
        total += number
    return (total,)


def measure(desk: Desk) -> dict[str, float]:
    """Answers a second, by what was asked."""
    asked = questions(desk, QUESTIONS)
    few = asked[:SLOW_QUESTIONS]
    first = Wish(Channel.PORTAL)
    nothing = CustomerFacts()
    moments = [at for _facts, _wish, at in asked]
    return {
        "decide, mixed customers and wishes": per_second(
            lambda: (decide(facts, wish, desk, at=at) for facts, wish, at in asked), len(asked)
        ),
        "decide, of whom nothing is known": per_second(
            lambda: (decide(nothing, first, desk, at=at) for at in moments), len(moments)
        ),
        "the 18 choices of the form": per_second(
            lambda: (
                choices(facts, desk, at=at, channel=Channel.PORTAL, topic=wish.topic)
                for facts, wish, at in few
            ),
            len(few),
        ),
        "what would change the answer": per_second(
            lambda: (what_would_change(facts, wish, desk, at=at) for facts, wish, at in few), len(few)
        ),
        "desks worked out for a first decision": per_second(
            lambda: (decide(nothing, first, replace(desk), at=BEGIN),), 1
        ),
        f"seconds for {ADDITIONS:,} additions": 1 / per_second(_additions, 1),
    }


def report(figures: dict[str, float]) -> str:
    lines = ["Answers a second, one core"]
    lines += [
        f"  {what:<42}{figure:>12,.2f}" if figure < 10 else f"  {what:<42}{figure:>12,.0f}"
        for what, figure in figures.items()
    ]
    return "\n".join([*lines, f"Limit: {LIMIT:,} decisions a second"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    figures = measure(load("infobits").desk)
    if arguments.json:
        print(json.dumps({"figures": figures, "limit": LIMIT}))
    else:
        print(report(figures))
    return 0 if figures["decide, mixed customers and wishes"] >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
