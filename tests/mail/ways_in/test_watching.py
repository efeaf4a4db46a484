"""Threads that keep mailboxes empty: IDLE, filing, troubles, and one thread for each mailbox in the house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from tests.mail.letters import letter
from tests.mail.ways_in.lmtp_client import database_url
from tests.mail.ways_in.mailboxes import mailbox_on
from tests.servers.daemons import until
from tests.servers.dovecot import USERS, Dovecot

from balie.config.mail_fetch import _of
from balie.mail.models import Fetched, InboundMail, InboundState
from balie.mail.ways_in import watching
from balie.mail.ways_in.emptying import Round
from balie.mail.ways_in.models import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(watching, "SLICE_SECONDS", 1.0)
    monkeypatch.setattr(watching, "FILING_SECONDS", 0.2)
    monkeypatch.setattr(watching, "FIRST_PAUSE_SECONDS", 0.2)
    yield
    watching.stop_watching()


def kept(count: int) -> None:
    until(lambda: InboundMail.objects.count() == count)


@pytest.mark.parametrize("uses_idle", [True, False])
def test_what_comes_while_we_watch_is_kept(dovecot: Dovecot, uses_idle: bool) -> None:
    mailbox = mailbox_on(dovecot, uses_idle=uses_idle, poll_seconds=3600 if uses_idle else 5)
    dovecot.deliver(letter("carla@shop.example"))
    assert watching.keep_watched() == 1
    kept(1)
    InboundMail.objects.update(state=InboundState.DONE)
    until(lambda: not Fetched.objects.exists())

    dovecot.deliver(letter("dario@shop.example"))

    kept(2)
    mailbox.refresh_from_db()
    assert mailbox.looked_at is not None


def test_a_mailbox_that_is_mended_is_emptied_without_anybody_starting_it(dovecot: Dovecot) -> None:
    mailbox = mailbox_on(dovecot, password="wrong")
    dovecot.deliver(letter("carla@shop.example"))
    watching.keep_watched()
    until(lambda: Mailbox.objects.get().unreachable_since is not None)

    mailbox.seal(password=USERS["balie"])
    Mailbox.objects.update(sealed_password=mailbox.sealed_password)

    kept(1)
    until(lambda: Mailbox.objects.get().trouble == {} and Mailbox.objects.get().unreachable_since is None)


def test_a_mailbox_that_is_turned_off_is_left_alone(dovecot: Dovecot) -> None:
    mailbox_on(dovecot)
    watching.keep_watched()
    until(lambda: Mailbox.objects.get().looked_at is not None)
    Mailbox.objects.update(is_on=False)

    until(lambda: watching.keep_watched() == 0)


def test_the_connection_to_the_database_may_be_cut(dovecot: Dovecot) -> None:
    mailbox_on(dovecot, poll_seconds=5)
    watching.keep_watched()
    until(lambda: Mailbox.objects.get().looked_at is not None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    dovecot.deliver(letter("carla@shop.example"))

    kept(1)


def test_two_workers_do_not_empty_one_mailbox_both(dovecot: Dovecot) -> None:
    import psycopg

    mailbox = mailbox_on(dovecot)
    with psycopg.connect(database_url()) as another:
        another.execute("SELECT pg_advisory_lock(%s, %s)", [watching._LOCK, mailbox.pk])
        assert watching.empty_once(mailbox) is None
        assert _of(mailbox) == {"mailbox": "Postbus", "busy": True}

    until(lambda: watching.empty_once(mailbox) == Round())


def test_by_hand_a_mailbox_is_emptied_once_and_its_trouble_is_told(dovecot: Dovecot) -> None:
    dovecot.deliver(letter("carla@shop.example"))
    mailbox = mailbox_on(dovecot)

    assert _of(mailbox) == {"mailbox": "Postbus", "new": 1, "known": 0, "too_large": 0}
    mailbox.folder = "Nergens"
    assert "Nergens" in _of(mailbox)["trouble"]
    assert Mailbox.objects.get().unreachable_since is not None
