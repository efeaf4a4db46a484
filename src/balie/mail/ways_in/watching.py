"""Threads that keep mailboxes empty, inside the worker: each tries again with back-off, and none stops another."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from datetime import datetime

from django.db import DatabaseError, connection
from django.utils import timezone
from imapclient import IMAPClient

from balie.mail.ways_in import actions, emptying, imap, queries
from balie.mail.ways_in.models import Mailbox
from balie.rules.refusals import Refusal

log = logging.getLogger(__name__)

SLICE_SECONDS = 15.0
"""So often a waiting thread looks whether its mailbox was changed or turned off."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 300.0
FILING_SECONDS = 2.0
_LOCK = 0x42414C49  # “BALI”: the class of our advisory locks; the key of the mailbox is the other half

_threads: dict[int, Watch] = {}
_starting = threading.Lock()


def keep_watched() -> int:
    """See to it that every mailbox that is on has a living thread in some worker; answers how many this one has.

    A mailbox that another worker empties is left to it.
    """
    with _starting:
        for key in [key for key, thread in _threads.items() if not thread.is_alive()]:
            del _threads[key]
        for mailbox in queries.mailboxes_on():
            if mailbox.pk not in _threads:
                _threads[mailbox.pk] = Watch(mailbox)
                _threads[mailbox.pk].start()
        return len(_threads)


def stop_watching() -> None:
    """End all threads of this process, in the middle of a wait; what they are keeping is kept first."""
    with _starting:
        for thread in _threads.values():
            thread.stop.set()
        for thread in _threads.values():
            thread.join(10)
        _threads.clear()


def empty_once(mailbox: Mailbox) -> emptying.Round | None:
    """One look now, by hand; `None` when a worker is at it. Raises `Refusal` with what is wrong."""
    if not _lock(mailbox):
        return None
    try:
        return _empty_once(mailbox)
    finally:
        _unlock(mailbox)


def _empty_once(mailbox: Mailbox) -> emptying.Round:
    try:
        with imap.opened(mailbox) as client:
            emptying.begin(client, mailbox)
            found = emptying.empty(client, mailbox)
            emptying.file_away(client, mailbox)
    except Refusal as trouble:
        actions.note_trouble(mailbox, trouble, now=timezone.now())
        raise
    actions.note_look(mailbox, now=timezone.now())
    return found


class Watch(threading.Thread):
    """One mailbox, emptied until it is turned off or the process ends."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(name=f"mailbox {mailbox.pk}", daemon=True)
        self.mailbox = mailbox
        self.stop = threading.Event()

    def run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        try:
            while not self.stop.is_set():
                began = time.monotonic()
                try:
                    if not self._stay():
                        return
                except Exception as error:
                    self._tell(error, now=timezone.now())
                    with suppress(Exception):
                        connection.close()  # and with it our lock
                if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                self.stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        finally:
            with suppress(Exception):
                connection.close()

    def _stay(self) -> bool:
        """Be connected and empty, until the settings change (`True`) or there is nothing to do for us (`False`)."""
        mailbox = Mailbox.objects.filter(pk=self.mailbox.pk, is_on=True).first()
        if mailbox is None or not _lock(mailbox):
            return False
        self.mailbox = mailbox
        asked = _settings(mailbox)
        with imap.opened(mailbox) as client:
            emptying.begin(client, mailbox)
            while not self.stop.is_set():
                emptying.empty(client, mailbox)
                actions.note_look(mailbox, now=timezone.now())
                if not self._wait(client, mailbox, asked):
                    break
        _unlock(mailbox)
        return True

    def _wait(self, client: IMAPClient, mailbox: Mailbox, asked: object) -> bool:
        """Wait for the next look: until the server tells of mail, or the time is up. `False`: not as it was asked.

        Meanwhile what was worked on is filed, as long as there is something to file.
        """
        until = time.monotonic() + mailbox.poll_seconds
        idles = mailbox.uses_idle and client.has_capability("IDLE")
        while (left := until - time.monotonic()) > 0 and not self.stop.is_set():
            emptying.file_away(client, mailbox)
            seconds = min(left, FILING_SECONDS if emptying.has_unfiled(mailbox) else SLICE_SECONDS)
            if idles and self._idle(client, seconds):
                return True
            if not idles:
                self.stop.wait(seconds)
            if _settings(Mailbox.objects.filter(pk=mailbox.pk).first()) != asked:
                return False
        return True

    def _idle(self, client: IMAPClient, seconds: float) -> bool:
        """Whether the server told of new mail within the time."""
        client.idle()
        try:
            told = client.idle_check(timeout=seconds)
        finally:
            _words, more = client.idle_done()
        return any(len(each) > 1 and each[1] == b"EXISTS" for each in (*told, *more))

    def _tell(self, error: Exception, *, now: datetime) -> None:
        """Keep what is wrong on the mailbox, or in the log when it is no matter of the mailbox."""
        if isinstance(error, Refusal):
            log.warning("Mailbox %s: %s", self.mailbox, error)
            with suppress(DatabaseError):
                actions.note_trouble(self.mailbox, error, now=now)
        elif isinstance(error, DatabaseError):
            log.warning("Mailbox %s waits for the database: %s", self.mailbox, error)
        else:
            log.error("Mailbox %s: %s", self.mailbox, error, exc_info=error)


_STANDING = frozenset(
    {
        "uid_validity",
        "first_uid",
        "last_uid",
        "looked_at",
        "unreachable_since",
        "trouble",
        "sealed_refresh_token",
    }
)


def _settings(mailbox: Mailbox | None) -> object:
    """What was asked for, without how far we are: when it changes the connection is made anew."""
    if mailbox is None:
        return None
    fields = (field.attname for field in mailbox._meta.concrete_fields if field.name not in _STANDING)
    return tuple(getattr(mailbox, name) for name in fields)


def _lock(mailbox: Mailbox) -> bool:
    """Be the only one who empties this mailbox, for as long as this thread's connection to the database lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, mailbox.pk])
        return bool(cursor.fetchone()[0])


def _unlock(mailbox: Mailbox) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, mailbox.pk])
