"""Every write on mail: working on what came in, delivering what goes out, trying either again."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F

from balie.accounts.models import User
from balie.audit.actions import record
from balie.desk.queries import the_desk
from balie.mail import jobs, outbox, sorting
from balie.mail.composing import Letter
from balie.mail.delivering import NotUndelivered, StaysInFolder, deliver, deliver_due, resend
from balie.mail.models import InboundMail, InboundState
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

BATCH = 20
BATCH_BYTES = 10_000_000
ALONE_AFTER_SECONDS = (30, 60, 120, 240)
"""From each attempt on a message that never ended to the next; then the message goes into quarantine."""

# Not the mail's fault: connection lost, deadlock, disk or memory full, shutting down. The others are this mail's.
_PASSING = frozenset({"08", "40", "53", "55", "57"})


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
    new = waiting.filter(attempts=0).order_by("id").values_list("pk", "size")[:BATCH]
    taken = _as_many_as_fit(list(new))
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


@transaction.atomic
def _process(keys: list[int], *, now: datetime) -> int:
    waiting = InboundMail.objects.select_for_update(skip_locked=True).filter(state=InboundState.STORED)
    taken = list(waiting.filter(pk__in=keys).order_by("id")) if keys else []
    if taken:
        situation = Situation(the_desk(), now=now)
        outbox.post(_sort_all(taken, situation), desk=situation.row, now=now)
        jobs.drop(jobs.PROCESS, inbound=[mail.pk for mail in taken])
    return len(taken)


def _sort_all(mails: list[InboundMail], situation: Situation) -> list[Letter]:
    """Sort the mails one after the other, and answer what is to be posted.

    What one of them rolled back is not remembered for the next.
    """
    letters: list[Letter] = []
    together = sorting.Round(mails, situation)
    for place, mail in enumerate(mails):
        found = _work_on(mail, together)
        if found is None:
            letters += _work_alone(InboundMail.objects.get(pk=mail.pk), situation)
            together = sorting.Round(mails[place + 1 :], situation)
        else:
            letters += found
    return letters


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


def _work_on(mail: InboundMail, together: sorting.Round) -> list[Letter] | None:
    """Sort one mail; `None` when it could not be done like this and everything was rolled back."""
    try:
        with transaction.atomic():
            return sorting.sort(mail, together)
    except Exception as error:
        if _is_passing(error):
            raise
        return None


def _work_alone(mail: InboundMail, situation: Situation) -> list[Letter]:
    """Sort one mail by itself, after another worker was in the way; what fails now goes into quarantine."""
    try:
        with transaction.atomic():
            return sorting.sort(mail, sorting.Round([mail], situation))
    except Exception as error:
        if _is_passing(error):
            raise
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
