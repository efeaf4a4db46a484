"""The books of a run: what was offered and answered, against what the desk and the sink have. Pure, so tests try it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.reliability.letters import Kind, Letter, Planned, Way

NEW = frozenset({"new_ticket", "linked", "pointer"})
BECOMES: Mapping[Kind, frozenset[str]] = {
    Kind.QUESTION: frozenset({"new_ticket"}),
    Kind.BROKEN: frozenset({"new_ticket"}),
    Kind.LARGE: frozenset({"new_ticket"}),
    Kind.TWICE: frozenset({"new_ticket"}),
    Kind.FOLLOW_UP: frozenset({"follow_up"}),
    Kind.OUT_OF_OFFICE: frozenset({"automatic"}),
    Kind.AUTOMATIC: frozenset({"automatic"}),
    Kind.OWN: frozenset({"own"}),
}
ON_ITS_TICKET = frozenset({Kind.FOLLOW_UP, Kind.OUT_OF_OFFICE})
"""What must be on the ticket of the mail that it answers."""

WITHOUT_MESSAGE = frozenset({Kind.AUTOMATIC, Kind.OWN})


@dataclass(frozen=True, slots=True)
class Inbound:
    """A row of the desk about mail that came in. `words`: subject of the ticket and text of the message."""

    key: int
    mark: str
    way: str
    state: str
    outcome: str
    ticket: int | None
    message: int | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    message_id: str
    state: str
    kind: str
    recipient: str
    ticket: int | None
    message: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of an agent on a ticket."""

    message: int
    words: str


@dataclass(frozen=True, slots=True)
class Books:
    """Everything at the end. `half_made`: sentences about what the database holds only in part; `sent`: Message-IDs."""

    offered: Sequence[tuple[Planned, Letter]]
    inbound: Sequence[Inbound]
    outbound: Sequence[Outbound]
    accepted_answers: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    sent: Sequence[str] = ()
    left_in_inbox: int = 0
    half_made: Sequence[str] = field(default_factory=tuple)

    def troubles(self) -> list[str]:
        """What is lost, double or half made, a sentence each; none when all is well."""
        return [
            *self._mail_troubles(),
            *self._strangers(),
            *self._answer_troubles(),
            *self._sent_troubles(),
            *self.half_made,
            *([f"{self.left_in_inbox} messages still lie in the inbox"] if self.left_in_inbox else []),
        ]

    # --- What came in -----------------------------------------------------------------------------------

    def _mail_troubles(self) -> Iterator[str]:
        rows = _by_mark(self.inbound)
        tickets = {each.message_id: each.ticket for each in self.outbound}
        for planned, letter in self.offered:
            mine = rows.get(planned.mark, [])
            who = f"{planned.mark} ({planned.kind} by {' and '.join(planned.ways)})"
            yield from (f"{who}: {trouble}" for trouble in _troubles_of(planned, letter, mine, tickets))

    def _strangers(self) -> Iterator[str]:
        """Rows that nobody offered, and messages that two rows claim."""
        known = {planned.mark for planned, _letter in self.offered}
        yield from (
            f"row {row.key} ({row.mark or 'no mark'}) is about mail that nobody offered"
            for row in self.inbound
            if row.mark not in known
        )
        claimed = Counter(row.message for row in self.inbound if row.message is not None)
        yield from (f"message {key} belongs to {count} mails" for key, count in claimed.items() if count > 1)

    # --- What went out ----------------------------------------------------------------------------------

    def _answer_troubles(self) -> Iterator[str]:
        found = Counter(each.words for each in self.answers)
        yield from (
            f"{words}: the web said yes, and it is on {found[words]} messages"
            for words in self.accepted_answers
            if found[words] != 1
        )
        posted = defaultdict(list)
        for row in self.outbound:
            posted[row.message].append(row.recipient)
        for answer in self.answers:
            recipients = posted.get(answer.message, [])
            if not recipients:
                yield f"{answer.words}: no mail was made of it"
            if len(set(recipients)) != len(recipients):
                yield f"{answer.words}: several mails to one person ({', '.join(recipients)})"

    def _sent_troubles(self) -> Iterator[str]:
        ours = Counter(each.message_id for each in self.outbound)
        reached = Counter(self.sent)
        for row in self.outbound:
            if row.state != "sent":
                yield f"{row.message_id} ({row.kind} to {row.recipient}) is {row.state}"
            if not reached[row.message_id]:
                yield f"{row.message_id} ({row.kind} to {row.recipient}) never reached the server"
        yield from (f"{each} is {count} rows" for each, count in ours.items() if count > 1)
        yield from (f"{each} reached the server and is no row" for each in reached if each not in ours)


def _by_mark(rows: Iterable[Inbound]) -> dict[str, list[Inbound]]:
    found: dict[str, list[Inbound]] = defaultdict(list)
    for row in rows:
        found[row.mark].append(row)
    return found


def _troubles_of(
    planned: Planned, letter: Letter, rows: Sequence[Inbound], tickets: Mapping[str, int | None]
) -> Iterator[str]:
    if not rows:
        yield "LOST: no row"
        return
    told = "; ".join(
        f"row {each.key} by {each.way}: {each.state}, {each.outcome or 'nothing'}" for each in rows
    )
    if unfinished := [each for each in rows if each.state != "done"]:
        yield f"not worked on ({len(unfinished)} of: {told})"
        return
    first = [each for each in rows if each.outcome != "duplicate"]
    if len(first) != 1:
        yield f"{'LOST' if not first else 'DOUBLE'}: {told}"
        return
    [row] = first
    if row.outcome not in BECOMES[planned.kind]:
        yield f"became something else: {told}"
    if (row.message is None) != (planned.kind in WITHOUT_MESSAGE):
        yield f"LOST: {'no message' if row.message is None else 'a message'} on ticket {row.ticket}: {told}"
    elif row.message is not None and planned.mark not in row.words:
        yield f"its words are not on ticket {row.ticket}"
    if planned.kind in ON_ITS_TICKET and row.ticket != tickets.get(letter.answers):
        yield f"is on ticket {row.ticket}, and answers mail about ticket {tickets.get(letter.answers)}"


def duplicates(rows: Iterable[Inbound]) -> int:
    return sum(row.outcome == "duplicate" for row in rows)


def by_way(rows: Iterable[Inbound]) -> dict[str, int]:
    counted = Counter(row.way for row in rows)
    return {way.value: counted[way] for way in Way}
