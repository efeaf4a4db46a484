"""Every write on mail: working on what came in, delivering what goes out, trying either again."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from balie.accounts.models import User
from balie.audit.actions import gathered as gathered_record
from balie.audit.actions import record
from balie.desk.queries import the_desk
from balie.live.actions import gathered as gathered_events
from balie.mail import jobs, outbox, sorting
from balie.mail.composing import Letter
from balie.mail.delivering import NotUndelivered, StaysInFolder, deliver, deliver_due, resend
from balie.mail.facts import mail_rules
from balie.mail.models import InboundMail, InboundState
from balie.mail.opening import Opened, open_all
from balie.mail.releasing import ATTEMPTS_WHEN_RELEASED
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.tickets.facts import Situation

__all__ = [
    "NotUndelivered",
    "NothingToRetry",
    "StaysInFolder",
    "deliver",
    "deliver_due",
    "process",
    "process_waiting",
    "resend",
    "retry",
]

log = logging.getLogger(__name__)

BATCH = 50
BATCH_BYTES = 10_000_000
ALONE_AFTER_SECONDS = (30, 60, 120, 240)
"""From each attempt on a message that never ended to the next; then the message goes into quarantine."""

# Not the mail's fault: connection lost, deadlock, disk or memory full, shutting down. The others are this mail's.
_PASSING = frozenset({"08", "40", "53", "55", "57"})
_ROUNDS = 0x42414C4D  # the class of the advisory lock


class NothingToRetry(NoLongerSo):
    """The mail is no longer in quarantine."""


class EndsTheWorker(Refusal):
    """The process that worked on a message ended, again and again."""


ENDED_THE_WORKER = EndsTheWorker(_("Each time that Balie worked on this mail, the program itself ended."))


def process(inbound: int, *, now: datetime) -> None:
    """Work on one stored message; a second time changes nothing."""
    _process([inbound], now=now)


def process_waiting(*, now: datetime) -> int:
    """Work on the oldest stored messages, up to `BATCH`; answers how many. Others may do the same beside it.

    Somebody waits for what an agent let through: that goes before all that came in since.

    What cannot be worked on goes into quarantine and stops nobody, also when working on it ends the whole process:
    each attempt is counted before it begins, and after the first the message is tried alone, behind all others.
    """
    taken = _take(now)
    try:
        return _process(taken, now=now)
    except Exception:  # trouble that passes: this was no attempt
        _give_back(taken)
        raise


@transaction.atomic
def _take(now: datetime) -> list[int]:
    """Count an attempt on the messages that are to be worked on now, and answer them."""
    waiting = InboundMail.objects.select_for_update(skip_locked=True).filter(state=InboundState.STORED)
    released = waiting.filter(
        released_by__isnull=False, attempts=ATTEMPTS_WHEN_RELEASED, next_attempt_at__lte=now
    ).order_by("next_attempt_at", "id")
    new = waiting.filter(attempts=0).order_by("id")
    first = list(released.values_list("pk", "size")[:BATCH])
    taken = _as_many_as_fit([*first, *new.values_list("pk", "size")[: BATCH - len(first)]])
    tried = waiting.filter(attempts__gt=0, next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    if not taken and (mail := tried.only("pk", "attempts", "sender", "subject").first()):
        if mail.attempts > len(ALONE_AFTER_SECONDS):
            _quarantine(mail, ENDED_THE_WORKER, now)
            return []
        taken, pause = [mail.pk], ALONE_AFTER_SECONDS[min(mail.attempts, len(ALONE_AFTER_SECONDS) - 1)]
    else:
        pause = ALONE_AFTER_SECONDS[0]
    InboundMail.objects.filter(pk__in=taken).update(
        attempts=F("attempts") + 1, next_attempt_at=now + timedelta(seconds=pause)
    )
    return taken


def _give_back(keys: list[int]) -> None:
    with suppress(DatabaseError):
        InboundMail.objects.filter(pk__in=keys, state=InboundState.STORED, attempts__gt=0).update(
            attempts=F("attempts") - 1, next_attempt_at=None
        )


def _process(keys: list[int], *, now: datetime) -> int:
    """Work on these, all at once; when one of them is in the way, each by itself."""
    opened = _open(keys)
    try:
        with transaction.atomic():
            _one_round_at_a_time()
            return _sort_together(opened, now)
    except Exception as error:
        if _is_passing(error):
            raise
        log.info("Mails %s are worked on one by one: %s", keys, error)
    with transaction.atomic():
        _one_round_at_a_time()
        return _sort_one_by_one(opened, now)


def _open(keys: list[int]) -> Opened:
    """What can be known of these before anything is locked."""
    waiting = InboundMail.objects.filter(pk__in=keys, state=InboundState.STORED)
    return open_all(waiting if keys else (), mail_rules(the_desk()))


def _one_round_at_a_time() -> None:
    """Wait for the round of another worker: two that met on new contacts or on tickets would end in deadlocks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_ROUNDS])


def _taken(opened: Opened) -> list[InboundMail]:
    """Those that still wait, locked."""
    waiting = InboundMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=InboundState.STORED, pk__in=list(opened.raws)
    )
    together = waiting.select_related("mailbox__category", "released_to").defer("raw").order_by("id")
    taken = list(together) if opened.raws else []
    for mail in taken:
        _lay_beside(mail, opened)
    return taken


def _lay_beside(mail: InboundMail, opened: Opened) -> None:
    """Put on the row what was read of it before."""
    mail.raw = opened.raws[mail.pk]
    if client := opened.clients.get(mail.pk):
        mail.client = {"address": client.address, "helo": client.helo, "sender": client.sender}


def _sort_together(opened: Opened, now: datetime) -> int:
    """Sort the mails; what they write for others to see is written together. Raises what any of them raised."""
    taken = _taken(opened)
    if taken:
        situation = Situation(the_desk(), now=now)
        with gathered_record(), gathered_events():
            together = sorting.Round(taken, situation, opened)
            letters = [letter for mail in taken for letter in sorting.sort(mail, together)]
            together.finish()
        outbox.post(letters, desk=situation.row, now=now)
        jobs.drop(jobs.PROCESS, inbound=[mail.pk for mail in taken])
    return len(taken)


def _sort_one_by_one(opened: Opened, now: datetime) -> int:
    """Sort each mail behind a savepoint of its own: what fails goes into quarantine and takes nothing along."""
    taken = _taken(opened)
    desk = the_desk()
    for mail in taken:
        letters = _work_alone(mail, Situation(desk, now=now), opened)
        outbox.post(letters, desk=desk, now=now)
    jobs.drop(jobs.PROCESS, inbound=[mail.pk for mail in taken])
    return len(taken)


def _as_many_as_fit(mails: list[tuple[int, int]]) -> list[int]:
    """The first ones that together are not too large to hold in memory; one always is."""
    taken: list[int] = []
    size = 0
    for key, bytes_ in mails:
        size += bytes_
        if taken and size > BATCH_BYTES:
            break
        taken.append(key)
    return taken


def _work_alone(mail: InboundMail, situation: Situation, opened: Opened) -> list[Letter]:
    """Sort one mail by itself, once more when another worker was first with something; what fails is quarantined."""
    for may_try_again in (True, False):
        try:
            with transaction.atomic():
                together = sorting.Round([mail], situation, opened)
                letters = sorting.sort(mail, together)
                together.finish()
                return letters
        except Exception as error:
            if _is_passing(error):
                raise
            if may_try_again and isinstance(error, IntegrityError):
                mail = InboundMail.objects.get(pk=mail.pk)
                _lay_beside(mail, opened)
                continue
            _quarantine(mail, error, situation.now)
    return []


def _quarantine(mail: InboundMail, error: Exception, now: datetime) -> None:
    log.error("Mail %s goes into quarantine: %s", mail.pk, error, exc_info=not isinstance(error, Refusal))
    words = str(error).strip().replace("\x00", "") or type(error).__name__
    InboundMail.objects.filter(pk=mail.pk).update(
        state=InboundState.QUARANTINED,
        error=(words if isinstance(error, Refusal) else f"{type(error).__name__}: {words}")[:2000],
        reasons=[error.reason.as_json()] if isinstance(error, Refusal) else [],
        processed_at=now,
        sender=mail.sender,
        subject=mail.subject,
    )


def _is_passing(error: Exception) -> bool:
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "sqlstate", None)
        return code is None or code[:2] in _PASSING
    return isinstance(error, OSError)


@transaction.atomic
def retry(mail: InboundMail, *, by: User, now: datetime) -> None:
    """Take a message out of quarantine and work on it again; raises `NothingToRetry`."""
    changed = InboundMail.objects.filter(pk=mail.pk, state=InboundState.QUARANTINED).update(
        state=InboundState.STORED, error="", processed_at=None, attempts=0, next_attempt_at=None
    )
    if not changed:
        raise NothingToRetry(_("This mail is not in quarantine any more."))
    record("retry", mail, by=by, now=now)
    jobs.defer(jobs.PROCESS, inbound=mail.pk)
