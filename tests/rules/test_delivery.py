"""When a mail is tried again, and what it means that it did not arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules import delivery
from balie.rules.delivery import Trouble, meaning_of, next_attempt

BEGAN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "pause", "because"),
    [
        (1, timedelta(minutes=1), "grey-listing servers often want a minute"),
        (2, timedelta(minutes=5), "a server that restarts is back by now"),
        (3, timedelta(minutes=15), "the longest grey-listing in use"),
        (4, timedelta(hours=1), "somebody is repairing something"),
        (5, timedelta(hours=4), "it takes the night"),
        (6, timedelta(hours=8), "it takes the weekend"),
        (19, timedelta(hours=8), "the last pause"),
    ],
)
def test_the_pauses_between_attempts_grow(attempts: int, pause: timedelta, because: str) -> None:
    assert next_attempt(attempts, now=BEGAN) == BEGAN + pause, because


def test_after_nearly_five_days_a_mail_has_failed() -> None:
    now, attempts = BEGAN, 1
    while later := next_attempt(attempts, now=now):
        assert later > now
        now, attempts = later, attempts + 1

    assert attempts == 20
    assert timedelta(days=4, hours=20) < now - BEGAN < timedelta(days=5)


@pytest.mark.parametrize(
    ("words", "trouble", "is_final", "marks", "because"),
    [
        ("550 5.1.1 no such user", Trouble.UNKNOWN_ADDRESS, True, True, "the usual one"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", Trouble.UNKNOWN_DOMAIN, True, True, "Exchange Online"),
        ("550 5.2.1 The email account is disabled", Trouble.MAILBOX_CLOSED, True, True, "Gmail"),
        ("452 4.2.2 The email account is over quota", Trouble.MAILBOX_FULL, False, False, "may be emptied"),
        ("552 5.2.2 mailbox full", Trouble.MAILBOX_FULL, True, False, "full today, not for ever"),
        ("552 5.3.4 Message too big", Trouble.TOO_LARGE, True, False, "about the mail, not the address"),
        ("550 5.7.1 SPF check failed", Trouble.NOT_TRUSTED, True, False, "about us"),
        ("451 4.7.1 Greylisted, try again", Trouble.NOT_TRUSTED, False, False, "tried again"),
        ("421 4.3.2 shutting down", Trouble.NOT_NOW, False, False, "tried again"),
        ("450 4.1.1 unverified address", Trouble.UNKNOWN_ADDRESS, False, False, "not sure yet: no mark"),
        ("550 no such user here", Trouble.UNKNOWN_ADDRESS, True, True, "no code, but words"),
        ("554 rejected as spam", Trouble.NOT_TRUSTED, True, False, "no code, but words"),
        ("554 we do not like it", Trouble.OTHER, True, False, "nobody knows why"),
        ("451 something", Trouble.NOT_NOW, False, False, "only the number"),
        ("5.1.2 Host not found", Trouble.UNKNOWN_DOMAIN, True, True, "the status of a report"),
        ("4.4.7 message expired", Trouble.TOO_LATE, False, False, "another server gave up"),
        ("450 5.1.1 contradiction", Trouble.UNKNOWN_ADDRESS, False, False, "the number counts"),
        ("user unknown", Trouble.UNKNOWN_ADDRESS, True, True, "a report without any code"),
        ("", Trouble.OTHER, True, False, "a report without any words"),
        ("550 said 192.5.1.1 is blocked", Trouble.NOT_TRUSTED, True, False, "an IP address is no code"),
        ("550 5.1.7 sender rejected", Trouble.SENDER_REFUSED, True, False, "our address, not theirs"),
    ],
)
def test_what_a_server_says_is_understood(
    words: str, trouble: Trouble, is_final: bool, marks: bool, because: str
) -> None:
    meaning = meaning_of(words)

    assert (meaning.trouble, meaning.is_final, meaning.marks_address) == (trouble, is_final, marks), because


@given(st.text(max_size=300))
def test_any_words_have_a_meaning(words: str) -> None:
    assert meaning_of(words).trouble in Trouble


def test_every_trouble_has_plain_words() -> None:
    assert set(delivery.PLAIN) == set(Trouble)
