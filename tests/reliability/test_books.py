"""The long run can fail: what is lost, double or half made is found and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.reliability.books import Answer, Books, Inbound, Outbound
from tests.reliability.killing import OFTEN, schedule
from tests.reliability.letters import SHARES, Kind, Letter, Planned, Way, plan

ASKED = Planned(7, 1, Kind.QUESTION, (Way.LMTP,), 0.0)
ANSWERED = Planned(7, 2, Kind.FOLLOW_UP, (Way.IMAP,), 1.0)
LETTER = Letter(b"", "klant@winkel.example")
FOLLOW_UP = Letter(b"", "klant@winkel.example", answers="<confirmed@desk.example>")
QUESTION = Inbound(1, ASKED.mark, "lmtp", "done", "new_ticket", 10, 100, f"Kassa {ASKED.mark}")
REPLY = Inbound(2, ANSWERED.mark, "imap", "done", "follow_up", 10, 101, f"Kassa {ANSWERED.mark}")
CONFIRMATION = Outbound("<confirmed@desk.example>", "sent", "confirmation", "klant@winkel.example", 10, None)
ANSWER = Outbound("<answer@desk.example>", "sent", "reply", "klant@winkel.example", 10, 102)

BALANCED = Books(
    offered=[(ASKED, LETTER), (ANSWERED, FOLLOW_UP)],
    inbound=[QUESTION, REPLY],
    outbound=[CONFIRMATION, ANSWER],
    accepted_answers=["Antwoord-7-0-0000"],
    answers=[Answer(102, "Antwoord-7-0-0000")],
    sent=["<confirmed@desk.example>", "<answer@desk.example>", "<answer@desk.example>"],
)


def test_nothing_is_wrong_when_everything_is_there_and_a_mail_reached_the_server_twice() -> None:
    assert BALANCED.troubles() == []


def test_a_message_that_came_by_both_ways_is_one_ticket_and_a_duplicate() -> None:
    twice = Planned(7, 3, Kind.TWICE, (Way.IMAP, Way.LMTP), 2.0)
    rows = [
        Inbound(3, twice.mark, "imap", "done", "new_ticket", 11, 103, twice.mark),
        Inbound(4, twice.mark, "lmtp", "done", "duplicate", None, None),
    ]
    assert Books([(twice, LETTER)], rows, []).troubles() == []


@pytest.mark.parametrize(
    ("books", "words"),
    [
        pytest.param(replace(BALANCED, inbound=[REPLY]), "LOST: no row", id="a message is gone"),
        pytest.param(
            replace(BALANCED, inbound=[QUESTION, REPLY, replace(QUESTION, key=3, ticket=11, message=103)]),
            "DOUBLE: row 1 by lmtp: done, new_ticket; row 3",
            id="a message is two tickets",
        ),
        pytest.param(
            replace(BALANCED, inbound=[replace(QUESTION, outcome="duplicate", message=None), REPLY]),
            "LOST: row 1 by lmtp: done, duplicate",
            id="every row says that another one is the first",
        ),
        pytest.param(
            replace(BALANCED, inbound=[replace(QUESTION, message=None), REPLY]),
            "LOST: no message on ticket 10",
            id="the row is done, and the message is not there",
        ),
        pytest.param(
            replace(BALANCED, inbound=[replace(QUESTION, words="Kassa"), REPLY]),
            "its words are not on ticket 10",
            id="the row points to another message",
        ),
        pytest.param(
            replace(BALANCED, inbound=[replace(QUESTION, state="quarantined", outcome=""), REPLY]),
            "not worked on (1 of: row 1 by lmtp: quarantined, nothing)",
            id="a message waits in quarantine",
        ),
        pytest.param(
            replace(BALANCED, inbound=[QUESTION, replace(REPLY, outcome="new_ticket")]),
            "became something else",
            id="a follow-up became a ticket",
        ),
        pytest.param(
            replace(BALANCED, inbound=[QUESTION, replace(REPLY, ticket=12)]),
            "is on ticket 12, and answers mail about ticket 10",
            id="a follow-up is on the ticket of somebody else",
        ),
        pytest.param(
            replace(BALANCED, inbound=[QUESTION, REPLY, Inbound(9, "", "lmtp", "done", "new_ticket", 9, 99)]),
            "row 9 (no mark) is about mail that nobody offered",
            id="a row that came from nowhere",
        ),
        pytest.param(
            replace(BALANCED, inbound=[QUESTION, replace(REPLY, message=100)]),
            "message 100 belongs to 2 mails",
            id="two mails are one message",
        ),
        pytest.param(
            replace(BALANCED, answers=[], outbound=[CONFIRMATION], sent=["<confirmed@desk.example>"]),
            "the web said yes, and it is on 0 messages",
            id="an answer is gone",
        ),
        pytest.param(
            replace(BALANCED, answers=[Answer(102, "Antwoord-7-0-0000"), Answer(103, "Antwoord-7-0-0000")]),
            "the web said yes, and it is on 2 messages",
            id="an answer is there twice",
        ),
        pytest.param(
            replace(BALANCED, outbound=[CONFIRMATION], sent=["<confirmed@desk.example>"]),
            "no mail was made of it",
            id="an answer was not posted",
        ),
        pytest.param(
            replace(
                BALANCED, outbound=[*BALANCED.outbound, replace(ANSWER, message_id="<second@desk.example>")]
            ),
            "several mails to one person (klant@winkel.example, klant@winkel.example)",
            id="an answer was posted twice under two names",
        ),
        pytest.param(
            replace(BALANCED, sent=["<confirmed@desk.example>"]),
            "<answer@desk.example> (reply to klant@winkel.example) never reached the server",
            id="a mail that counts as sent was not",
        ),
        pytest.param(
            replace(BALANCED, outbound=[CONFIRMATION, replace(ANSWER, state="queued")]),
            "(reply to klant@winkel.example) is queued",
            id="a mail is still on its way",
        ),
        pytest.param(
            replace(BALANCED, sent=[*BALANCED.sent, "<nobody@desk.example>"]),
            "<nobody@desk.example> reached the server and is no row",
            id="a mail went out whose row was rolled back",
        ),
        pytest.param(
            replace(BALANCED, left_in_inbox=3),
            "3 messages still lie in the inbox",
            id="the inbox is not empty",
        ),
        pytest.param(
            replace(BALANCED, half_made=["ticket 10 has no event"]), "ticket 10 has no event", id="half made"
        ),
    ],
)
def test_what_is_wrong_is_named(books: Books, words: str) -> None:
    [trouble] = [each for each in books.troubles() if words in each] or [str(books.troubles())]
    assert words in trouble


def test_a_seed_decides_mail_and_kills() -> None:
    assert plan(3, 500, seconds=20) == plan(3, 500, seconds=20) != plan(4, 500, seconds=20)
    assert schedule(3, seconds=20) == schedule(3, seconds=20) != schedule(4, seconds=20)


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_run_has_every_kind_of_mail_and_every_kind_of_kill(seed: int) -> None:
    assert {each.kind for each in plan(seed, 600, seconds=20)} == set(SHARES)
    assert {each.victim for each in schedule(seed, seconds=20)} == set(OFTEN)
