"""Programs that answer each other come to an end: Balie against autoresponders, against itself, and in its own echo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.cast import FRIDAY_AT_FOUR, at
from tests.mail.letters import arrives, letter

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import queries
from balie.mail.models import InboundOutcome, MailSettings, MailStep, OutboundKind, OutboundMail, Step
from balie.mail.reading.parsing import read_message
from balie.rules.lifecycle import Actor, Move
from balie.rules.mail_matching import (
    DAYS_WORTH,
    Answers,
    Automatic,
    AutomaticKind,
    DeskMail,
    MailFacts,
    NewTicket,
    match,
    may_answer_automatically,
)
from balie.tickets import actions as tickets
from balie.tickets.models import Message, Ticket

PROGRAM = "robot@nowhere.example"
MOST_ROUNDS = 60


def conversation(answer: Callable[[OutboundMail, int], bytes | None], *, apart: timedelta) -> int:
    """Let a program answer each mail that Balie sends it; how many rounds it took until nobody wrote."""
    now, seen = FRIDAY_AT_FOUR, 0
    arrives(letter(PROGRAM, "Kassa 2 is stuk."), now=now)
    for turn in range(1, MOST_ROUNDS):
        now += apart
        sent = list(OutboundMail.objects.filter(recipient=PROGRAM).order_by("pk")[seen:])
        seen += len(sent)
        answers = [raw for each in sent if (raw := answer(each, turn)) is not None]
        if not answers:
            return turn
        for raw in answers:
            arrives(raw, now=now)
    return MOST_ROUNDS


# --- Balie and a naive program --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_program_that_hides_what_it_is_is_answered_ten_times_an_hour_at_most(softwear: Desk) -> None:
    def answer(_sent: OutboundMail, turn: int) -> bytes:
        return letter(PROGRAM, f"Wij zijn er niet. Nummer {turn}.")

    turns = conversation(answer, apart=timedelta(seconds=10))

    assert turns < MOST_ROUNDS
    assert OutboundMail.objects.filter(recipient=PROGRAM).count() == 10
    assert MailStep.objects.filter(step=Step.CAPPED).count() == 1
    assert Entry.objects.filter(action="stop_answering").count() == 1
    [silenced] = queries.silenced(since=FRIDAY_AT_FOUR)
    assert silenced.sender == PROGRAM


@pytest.mark.django_db
def test_a_program_that_answers_in_the_conversation_ends_at_once(softwear: Desk) -> None:
    def answer(sent: OutboundMail, turn: int) -> bytes:
        return letter(PROGRAM, f"Afwezig {turn}", to=sent.reply_to, In_Reply_To=sent.message_id_header)

    assert conversation(answer, apart=timedelta(seconds=10)) <= 3
    assert Ticket.objects.count() == 1
    assert not MailStep.objects.filter(step=Step.CAPPED).exists()


@pytest.mark.django_db
def test_a_program_that_says_what_it_is_gets_no_answer_and_moves_nothing(softwear: Desk, anna: User) -> None:
    def answer(sent: OutboundMail, turn: int) -> bytes:
        return letter(
            PROGRAM,
            f"{turn}",
            to=sent.reply_to,
            In_Reply_To=sent.message_id_header,
            Auto_Submitted="auto-replied",
        )

    assert conversation(answer, apart=timedelta(seconds=10)) == 2
    [filed] = Message.objects.filter(is_automatic=True)
    assert filed.ticket.state == "new"
    assert OutboundMail.objects.count() == 1


@pytest.mark.django_db
def test_the_caps_are_settings(softwear: Desk) -> None:
    MailSettings.objects.create(pk=1, answers_per_hour=3)

    conversation(lambda _sent, turn: letter(PROGRAM, f"Nummer {turn}"), apart=timedelta(seconds=10))

    assert OutboundMail.objects.filter(recipient=PROGRAM).count() == 3


@pytest.mark.django_db
def test_a_ticket_that_goes_to_and_fro_stops_being_told_SW_17(
    softwear: Desk, carla: Contact, anna: User
) -> None:
    MailSettings.objects.create(pk=1, answers_per_ticket=4)
    ticket = arrives(letter("carla@shop.example")).ticket
    assert ticket is not None
    for turn in range(6):
        now = FRIDAY_AT_FOUR + timedelta(minutes=turn)
        move = Move.SOLVE if turn % 2 == 0 else Move.REOPEN
        tickets.move(ticket, move, actor=Actor.AGENT, by=anna, situation=at(softwear, now))

    assert OutboundMail.objects.filter(ticket=ticket).count() == 4
    assert queries.silenced(since=FRIDAY_AT_FOUR)


# --- Two Balies -----------------------------------------------------------------------------------------


@dataclass
class OtherBalie:
    """Another helpdesk with the same program: its rules on what it gets, and the confirmation that it would send."""

    address: str
    secret: bytes
    tickets: int = 0
    hides: bool = False  # a filter on its way takes the headers away that tell what its mail is
    sent_at: list[datetime] = field(default_factory=list)

    def receives(self, sent: OutboundMail, turn: int) -> bytes | None:
        now = FRIDAY_AT_FOUR + timedelta(seconds=turn)
        came = letter(
            sent.sender, sent.text, subject=sent.subject, to=self.address, Message_ID=sent.message_id_header,
            Reply_To=sent.reply_to, **({} if self.hides else {k.replace("-", "_"): v for k, v in sent.headers.items()}),
        )  # fmt: skip
        facts = read_message(came).facts()
        desk = DeskMail(addresses={self.address}, secrets=(self.secret,))
        if not isinstance(match(facts, tickets={}, desk=desk), NewTicket):
            return None
        self.tickets += 1
        if not may_answer_automatically(facts, desk=desk, so_far=lately(self.sent_at, now)).allowed:
            return None
        self.sent_at.append(now)
        told = {} if self.hides else {"Auto_Submitted": "auto-replied"}
        return letter(self.address, f"Wij hebben uw vraag {turn} ontvangen.", **told)


@pytest.mark.django_db
def test_two_balies_write_once_and_stop(softwear: Desk) -> None:
    other = OtherBalie(PROGRAM, b"the secret of the other desk")

    assert conversation(other.receives, apart=timedelta(seconds=1)) == 1
    assert other.tickets == 0, "our confirmation says that a program wrote it"
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_two_balies_between_which_a_filter_takes_the_headers_away_stop_too(softwear: Desk) -> None:
    other = OtherBalie(PROGRAM, b"the secret of the other desk", hides=True)

    assert conversation(other.receives, apart=timedelta(seconds=1)) < MOST_ROUNDS
    assert len(other.sent_at) <= 10
    assert OutboundMail.objects.filter(recipient=PROGRAM).count() <= 10


# --- Lists and echoes -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_comes_through_a_list_gets_no_answer(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("carla@shop.example", List_Id="<winkeliers.shop.example>"))
    assert mail.outcome == InboundOutcome.AUTOMATIC
    assert not OutboundMail.objects.exists() and not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_list_of_our_own_only_passes_on(softwear: Desk, carla: Contact) -> None:
    MailSettings.objects.create(pk=1, own_lists="<help.softwear.nl>")
    mail = arrives(letter("carla@shop.example", List_Id="Hulp <help.softwear.nl>"))
    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert OutboundMail.objects.get().kind == OutboundKind.CONFIRMATION


# --- Any two programs -----------------------------------------------------------------------------------

KINDS = st.none() | st.sampled_from(
    [AutomaticKind.AUTO_REPLY, AutomaticKind.LIST, AutomaticKind.NO_ANSWER_WANTED]
)


@dataclass(frozen=True)
class Responder:
    """A program that answers whatever it gets: as what it shows itself, after how long, under how many names."""

    kind: AutomaticKind | None
    minutes: int
    names: int
    cap: int  # its own limit; the naive ones have none


responders = st.builds(
    Responder,
    kind=KINDS,
    minutes=st.integers(1, 45),
    names=st.integers(1, 3),
    cap=st.sampled_from([1, 5, 10**6]),
)


@settings(max_examples=100, deadline=None)
@given(responder=responders, answers_per_hour=st.integers(10, 20))
def test_any_two_programs_come_to_an_end(responder: Responder, answers_per_hour: int) -> None:
    """Each name of the other program gets at most so many answers; when none is sent, there is nothing to answer.

    One that answers more slowly than the cap of a day goes on, held to that cap (docs/rules/mail-matching.md).
    """
    assume(responder.minutes * DAYS_WORTH * answers_per_hour < 24 * 60)
    desk = DeskMail(
        addresses={"help@desk.example"}, secrets=(b"0123456789abcdef",), answers_per_hour=answers_per_hour
    )
    answers: dict[str, list[datetime]] = {
        f"robot{each}@nowhere.example": [] for each in range(responder.names)
    }
    waiting = [(FRIDAY_AT_FOUR, sender) for sender in answers]
    mails = 0
    while waiting:
        mails += 1
        assert mails <= (responder.names + 1) * (DAYS_WORTH * answers_per_hour + 1), "it goes on and on"
        now, sender = waiting.pop(0)
        automatic = Automatic(responder.kind, "X", "y") if responder.kind else None
        facts = MailFacts(str(mails), sender, answer_to=sender, automatic=automatic)
        if may_answer_automatically(facts, desk=desk, so_far=lately(answers[sender], now)).allowed:
            answers[sender].append(now)
            if len(answers[sender]) <= responder.cap:
                waiting.append((now + timedelta(minutes=responder.minutes), sender))


def lately(sent: list[datetime], now: datetime) -> Answers:
    return Answers(
        sum(now - each < timedelta(hours=1) for each in sent),
        sum(now - each < timedelta(days=1) for each in sent),
    )
