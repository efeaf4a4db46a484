"""Alarms about the ways in: raised when they are due, mailed once, over when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from tests.cast import FRIDAY_AT_FOUR, at, browser_of, moment

from balie.accounts.models import User
from balie.config.health import State, examine_ways_in
from balie.desk.models import Desk
from balie.mail import intake
from balie.mail.models import InboundMail
from balie.mail.ways_in import actions, queries
from balie.mail.ways_in.models import Alarm, Mailbox
from balie.mail.ways_in.troubles import wrong_login

MINUTE = timedelta(minutes=1)


@pytest.fixture
def mailbox(infobits: Desk) -> Mailbox:
    return Mailbox.objects.create(name="Postbus", host="mail.example", user="balie")


def words_to(person: User) -> list[str]:
    return [str(each.body) for each in mail.outbox if each.to == [person.email]]


def test_a_mailbox_rings_after_its_time_and_is_mailed_once(
    infobits: Desk, mailbox: Mailbox, willem: User, anna: User
) -> None:
    actions.note_trouble(mailbox, wrong_login("balie", "no"), now=FRIDAY_AT_FOUR)
    actions.watch(at(infobits, FRIDAY_AT_FOUR + 14 * MINUTE))
    assert not Alarm.objects.exists()

    for minutes in (15, 16, 60):
        actions.note_trouble(mailbox, wrong_login("balie", "no"), now=FRIDAY_AT_FOUR + minutes * MINUTE)
        actions.watch(at(infobits, FRIDAY_AT_FOUR + minutes * MINUTE))

    assert len(queries.ringing()) == len(words_to(willem)) == 1
    assert "Postbus" in words_to(willem)[0]
    assert words_to(anna) == []


@pytest.mark.parametrize("over", ["reached", "turned off"])
def test_an_alarm_ends_and_rings_anew_the_next_time(
    infobits: Desk, mailbox: Mailbox, willem: User, over: str
) -> None:
    actions.note_trouble(mailbox, wrong_login("balie", "no"), now=FRIDAY_AT_FOUR)
    actions.watch(at(infobits, FRIDAY_AT_FOUR + 20 * MINUTE))
    if over == "reached":
        actions.note_look(mailbox, now=FRIDAY_AT_FOUR + 21 * MINUTE)
    else:
        Mailbox.objects.update(is_on=False)
    actions.watch(at(infobits, FRIDAY_AT_FOUR + 22 * MINUTE))
    assert not queries.ringing()

    Mailbox.objects.update(is_on=True, unreachable_since=None)
    actions.note_trouble(mailbox, wrong_login("balie", "no"), now=FRIDAY_AT_FOUR + 30 * MINUTE)
    actions.watch(at(infobits, FRIDAY_AT_FOUR + 50 * MINUTE))

    assert len(words_to(willem)) == 2


def test_the_start_of_the_administration_and_the_check_tell_of_an_alarm(
    infobits: Desk, mailbox: Mailbox, willem: User
) -> None:
    assert examine_ways_in().state is State.GOOD
    actions.note_trouble(mailbox, wrong_login("balie", "no"), now=FRIDAY_AT_FOUR)
    actions.watch(at(infobits, FRIDAY_AT_FOUR + 20 * MINUTE))

    finding = examine_ways_in()
    assert (finding.state, "cannot be emptied" in finding.seen) == (State.BAD, True)
    groups = browser_of(willem).get("/admin/").context["groups"]
    [place] = [each for group in groups for each in group.places if each.address == "/admin/mail/mailbox/"]
    assert place.asks
    assert "Postbus" in place.state


def mails_every(minutes: int, *, until: str, count: int = 30) -> None:
    """Mails at an even pace, the last at a moment of the desk's clock."""
    for number in range(count):
        came_at = moment(until) - timedelta(minutes=minutes * (count - 1 - number))
        intake.store(f"Subject: {number}\r\n\r\n".encode(), now=came_at)


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        pytest.param("2026-11-20 12:30", False, id="an hour and a half: nothing yet"),
        pytest.param(
            "2026-11-20 13:30", True, id="two hours and a half in which somebody should have written"
        ),
        pytest.param("2026-11-21 12:00", True, id="the day after"),
    ],
)
def test_silence_rings_when_it_is_longer_than_this_desk_is_used_to(
    infobits: Desk, willem: User, now: str, rings: bool
) -> None:
    mails_every(10, until="2026-11-20 11:00")
    actions.watch(at(infobits, moment(now)))

    assert bool(queries.ringing()) is rings
    assert bool(words_to(willem)) is rings


def test_a_night_is_no_silence(infobits: Desk, willem: User) -> None:
    mails_every(10, until="2026-11-19 17:00")
    actions.watch(at(infobits, moment("2026-11-20 08:30")))

    assert not queries.ringing()


def test_the_first_mail_ends_the_silence(infobits: Desk, willem: User) -> None:
    mails_every(10, until="2026-11-20 11:00")
    actions.watch(at(infobits, moment("2026-11-20 15:00")))
    assert queries.ringing()

    intake.store(b"Subject: at last\r\n\r\n", now=moment("2026-11-20 15:01"))
    actions.watch(at(infobits, moment("2026-11-20 15:02")))

    assert not queries.ringing()


def test_a_demo_and_a_new_desk_are_never_silent(infobits: Desk, willem: User) -> None:
    mails_every(10, until="2026-11-20 11:00", count=10)
    actions.watch(at(infobits, moment("2026-11-20 16:00")))
    InboundMail.objects.all().delete()
    mails_every(10, until="2026-11-20 11:00")
    Desk.objects.update(is_demo=True)
    actions.watch(at(infobits, moment("2026-11-20 16:00")))

    assert not queries.ringing()
