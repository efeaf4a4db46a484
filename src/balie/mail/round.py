"""Messages that are sorted together: what several of them need is read once, what they leave is written at once."""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from django.db import connection

from balie.accounts.models import User
from balie.mail import facts as known
from balie.mail import forwards, senders, steps
from balie.mail.forwards import Forwarded
from balie.mail.models import AddressMark, InboundMail, InboundOutcome, InboundState, Step
from balie.mail.opening import Opened
from balie.mail.proof import in_front
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.senders import Author
from balie.rules import mail_matching as rules
from balie.rules.mail_matching import MailFacts, MayAnswer, Proof
from balie.tickets.facts import Situation

_WRITE_RESULTS = """
    UPDATE mail_inboundmail AS mail SET
        state = told.state, fingerprint = told.fingerprint, message_id_header = told.message_id,
        sender = told.sender, subject = told.subject, outcome = told.outcome, reasons = told.reasons, error = '',
        ticket_id = told.ticket, client = told.client, meant_for = told.meant_for,
        message_id = coalesce(
            told.message, (SELECT max(id) FROM tickets_message WHERE ticket_id = told.ticket AND told.is_written)
        ),
        processed_at = %s
    FROM unnest(
        %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[],
        %s::bigint[], %s::boolean[], %s::jsonb[], %s::text[], %s::bigint[]
    ) AS told (
        id, state, fingerprint, message_id, sender, subject, outcome, reasons, ticket, is_written, client, meant_for,
        message
    )
    WHERE mail.id = told.id
"""

HEARD = frozenset(
    {InboundOutcome.NEW_TICKET, InboundOutcome.FOLLOW_UP, InboundOutcome.LINKED, InboundOutcome.POINTER}
)


@dataclass(slots=True)
class Paper:
    """One message of a round, as it was read."""

    read: ReadMail
    author: Author
    forwarded: Forwarded | None = None
    by: User | None = None  # the agent who passed it on


@dataclass(slots=True)
class Arrival:
    """One message on its way to where it belongs."""

    mail: InboundMail
    paper: Paper
    facts: MailFacts
    round: Round
    is_written: bool = (
        False  # it is a message of its ticket, which is locked or new: the newest, or `message`
    )
    message: int | None = None

    @property
    def read(self) -> ReadMail:
        return self.paper.read

    @property
    def is_heard(self) -> bool:
        """Whether somebody wrote, from an address that so exists."""
        return self.is_written and self.mail.outcome in HEARD

    @property
    def situation(self) -> Situation:
        return self.round.situation

    def may_answer(self, address: str, *, on_ticket: int = 0) -> bool:
        """Whether a program may answer to `address`; if not, the mail tells why."""
        may = self.round.may_answer(self.facts, address, on_ticket=on_ticket)
        self.mail.reasons += [reason.as_json() for reason in may.reasons]
        if may.is_capped:
            self.round.cap(self.mail, address)
        return may.allowed


@dataclass(slots=True)
class Left:
    """What a round leaves to be written at its end."""

    arrivals: list[Arrival] = field(default_factory=list)
    capped: list[tuple[InboundMail, str]] = field(default_factory=list)


class Round:
    """Messages that are sorted together.

    Only what is written through this round is known to it. Begin a new one after a transaction was rolled back.
    `opened`: the messages as they were read beforehand.
    """

    def __init__(self, mails: Sequence[InboundMail], situation: Situation, opened: Opened) -> None:
        self.situation = situation
        self.rules = known.mail_rules(situation.row)
        desk = known.desk_mail(situation.row)
        self.desk = replace(desk, addresses={*desk.addresses, *known.mailbox_addresses()})
        self._checked = opened.checked
        reads = {mail.pk: opened.reads[mail.pk] for mail in mails if mail.pk in opened.reads}
        self._agents = known.agents_at(read.from_.address for read in reads.values() if read.from_)
        self._papers = {key: self._paper(read) for key, read in reads.items()}
        self.contacts = known.contacts_at(
            each for paper in self._papers.values() for each in senders.addresses(paper.read, paper.forwarded)
        )
        self._fingerprints = _received({read.fingerprint for read in reads.values()}, mails)
        self._answers = known.answers_to((each.email for each in self.contacts.values()), now=situation.now)
        situation.read_ahead({each.customer for each in self.contacts.values() if each.customer})
        self.left = Left()

    def _paper(self, read: ReadMail) -> Paper:
        """The message with its author; an agent's that passes something on is that of whoever wrote it at first."""
        author = senders.author(read, self.desk)
        agent = self._agents.get(author.key)
        forwarded = forwards.find(read, zone=self.situation.row.zone) if agent else None
        if forwarded is None or self.desk.owns(forwarded.sender.address):
            return Paper(read, author)
        return Paper(read, author, forwarded, agent)

    def paper(self, mail: InboundMail) -> Paper:
        """The message, read once. Never raises."""
        found = self._papers.get(mail.pk)
        return found or self._paper(read_message(bytes(mail.raw)))

    def proof(self, mail: InboundMail, paper: Paper, headers: in_front.Headers) -> Proof:
        """How far to believe that the message is from whom it says."""
        found = in_front.results(headers, trusted=self.rules.trusted) or self._checked.get(mail.pk, ())
        sender = paper.read.from_.address if paper.read.from_ else None
        return rules.judge(found, sender=sender, care=rules.Care(self.rules.settings.care))

    def claim(self, fingerprint: str) -> bool:
        """Whether this is the first mail with that fingerprint; between two rounds the database decides."""
        is_new = fingerprint not in self._fingerprints
        self._fingerprints.add(fingerprint)
        return is_new

    def may_answer(self, facts: MailFacts, address: str, *, on_ticket: int = 0) -> MayAnswer:
        """Whether a program may answer to `address`."""
        key = address.lower()
        if key not in self._answers:
            self._answers |= known.answers_to([address], now=self.situation.now)
        may = rules.may_answer_automatically(
            facts, desk=self.desk, so_far=self._answers[key], answers_on_ticket=on_ticket
        )
        if may.allowed:
            self._answers[key] = self._answers[key].and_one()
        return may

    def cap(self, mail: InboundMail, address: str) -> None:
        """An answer did not go out because there were too many: administrators see it."""
        self.left.capped.append((mail, address))

    def finish(self) -> None:
        """Write what became of the messages, in one statement, and the step that each of them made."""
        done = [arrival.mail for arrival in self.left.arrivals]
        if not done:
            return
        told = [
            (
                mail.pk,
                mail.state,
                mail.fingerprint,
                mail.message_id_header,
                mail.sender,
                mail.subject,
                mail.outcome,
                json.dumps(mail.reasons),
                mail.ticket_id,
                arrival.is_written,
                json.dumps(mail.client),
                mail.meant_for,
                arrival.message,
            )
            for arrival, mail in zip(self.left.arrivals, done, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE_RESULTS, [self.situation.now, *(list(each) for each in zip(*told, strict=True))]
            )
        now = self.situation.now
        AddressMark.objects.filter(
            email__in={each.paper.author.key for each in self.left.arrivals if each.is_heard}
        ).delete()
        steps.note_inbound([(mail.pk, Step.SORTED, {"outcome": mail.outcome}) for mail in done], now=now)
        steps.note_caps(self.left.capped, now=now)
        self.left = Left()


def state_for(outcome: rules.Outcome) -> InboundState:
    """In which state a message is after this became of it."""
    match outcome:
        case rules.Waiting():
            return InboundState.WAITING
        case rules.Spam():
            return InboundState.SPAM
        case _:
            return InboundState.DONE


def _received(fingerprints: Set[str], mails: Sequence[InboundMail]) -> set[str]:
    """Those of messages that were worked on before; not of these themselves, of which some waited for an agent."""
    before = InboundMail.objects.filter(fingerprint__in=fingerprints).exclude(
        pk__in=[mail.pk for mail in mails]
    )
    return set(before.values_list("fingerprint", flat=True))
