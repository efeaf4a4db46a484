"""Every write on mail: working on what came in, delivering what goes out, trying either again."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F

from balie.accounts.models import User
from balie.audit.actions import record
from balie.desk.queries import the_desk
from balie.mail import jobs, outbox, sorting
from balie.mail.composing import Letter
from balie.mail.models import InboundMail, InboundState, OutboundKind, OutboundMail, OutboundState
from balie.mail.sending import Attempt, Result, SmtpServer, UnusableSmtpUrl, attempt
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.tickets.facts import Situation

log = logging.getLogger(__name__)

BATCH = 20
BATCH_BYTES = 10_000_000
DELIVERED_AT_ONCE = 100
TRIED_AFTER_MINUTES = (1, 5, 15, 60, 120, 240, 480, 480, 480, 480, 480, 480, 480)
"""From each attempt to the next; after the last the mail has failed, within three days."""

ALONE_AFTER_SECONDS = (30, 60, 120, 240)
"""From each attempt on a message that never ended to the next; then the message goes into quarantine."""

# Not the mail's fault: connection lost, deadlock, disk or memory full, shutting down. The others are this mail's.
_PASSING = frozenset({"08", "40", "53", "55", "57"})


class NothingToRetry(NoLongerSo):
    """The mail is no longer in quarantine, or not undelivered."""


class StaysInFolder(Refusal):
    """No mail leaves this house."""


class EndsTheWorker(Refusal):
    """The process that worked on a message ended, again and again."""


ENDED_THE_WORKER = EndsTheWorker(_("Each time that Balie worked on this mail, the program itself ended."))


# Mail that came in


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


# Mail that goes out


@transaction.atomic
def deliver(outbound: int, *, now: datetime) -> Attempt | None:
    """One attempt to deliver a queued mail; `None` when it needs none, or somebody else is at it.

    The row stays locked meanwhile. Killed between the server's "yes" and our commit it is sent once more, under the
    same Message-ID.
    """
    mail = (
        OutboundMail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message")
        .filter(pk=outbound, state=OutboundState.QUEUED)
        .first()
    )
    if mail is None:
        return None
    if outbox.stays_in_folder(the_desk()):
        mail.state, mail.next_attempt_at = OutboundState.KEPT, None
        mail.save(update_fields=["state", "next_attempt_at"])
        return None
    done = _attempt(mail)
    _note(mail, done, now)
    mail.save()
    return done


def _attempt(mail: OutboundMail) -> Attempt:
    try:
        server = SmtpServer.read(settings.SMTP_URL)
    except UnusableSmtpUrl as refusal:
        return Attempt(Result.UNREACHABLE, str(refusal))
    return attempt(mail, server)


def deliver_due(*, now: datetime) -> int:
    """Deliver the mails whose moment has come, oldest first, until the server proves unreachable; answers how many.

    This is how a mail is tried again, and how one is delivered whose job was lost. A mail that cannot be tried at all
    is logged and stops no other.
    """
    due = OutboundMail.objects.filter(state=OutboundState.QUEUED, next_attempt_at__lte=now)
    tried = 0
    for key in list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:DELIVERED_AT_ONCE]):
        try:
            done = deliver(key, now=now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("Mail with key %s cannot be tried.", key)
            continue
        tried += done is not None
        if done is not None and done.result is Result.UNREACHABLE:
            break
    return tried


def _note(mail: OutboundMail, done: Attempt, now: datetime) -> None:
    """Put on the row what the attempt came to, and when there is another."""
    mail.attempts += 1
    mail.error = done.words.replace("\x00", "")[:2000]
    mail.next_attempt_at = None
    if done.result is Result.SENT:
        mail.state, mail.sent_at = OutboundState.SENT, now
        if mail.kind == OutboundKind.ACCOUNT:
            mail.text = mail.html = ""  # it held a way to log in
    elif done.result is Result.REFUSED or mail.attempts > len(TRIED_AFTER_MINUTES):
        mail.state = OutboundState.FAILED
    else:
        mail.next_attempt_at = now + timedelta(minutes=TRIED_AFTER_MINUTES[mail.attempts - 1])


@transaction.atomic
def resend(mail: OutboundMail, *, by: User, now: datetime) -> None:
    """Deliver a mail again that failed, or that stayed in the folder; raises `NothingToRetry`, `StaysInFolder`."""
    if outbox.stays_in_folder(the_desk()):
        raise StaysInFolder(_("Mail stays in the folder here: this is a demo, or no mail server is set."))
    changed = OutboundMail.objects.filter(
        pk=mail.pk, state__in=[OutboundState.FAILED, OutboundState.KEPT]
    ).update(state=OutboundState.QUEUED, attempts=0, error="", next_attempt_at=now)
    if not changed:
        raise NothingToRetry(_("This mail is on its way already, or has arrived."))
    record("resend", mail, by=by, now=now)
    jobs.defer(jobs.DELIVER, outbound=mail.pk)
