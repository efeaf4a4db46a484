"""Delivering what goes out: each attempt, when there is another, and sending again."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.desk.queries import the_desk
from balie.mail import bounces, jobs, outbox, steps
from balie.mail.models import OutboundKind, OutboundMail, OutboundState, Step
from balie.mail.sending import Attempt, Result, SmtpServer, UnusableSmtpUrl, attempt
from balie.rules.delivery import Trouble, meaning_of, next_attempt
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal

log = logging.getLogger(__name__)

DELIVERED_AT_ONCE = 100


class NotUndelivered(NoLongerSo):
    """The mail is on its way already, or has arrived."""


class StaysInFolder(Refusal):
    """No mail leaves this house."""


@transaction.atomic
def deliver(outbound: int, *, now: datetime) -> Attempt | None:
    """One attempt to deliver a queued mail; `None` when it needs none, or somebody else is at it.

    The row stays locked meanwhile. Killed between the server's "yes" and our commit it is sent once more, under the
    same Message-ID.
    """
    mail = (
        OutboundMail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message", "ticket")
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
    steps.note_outbound(mail, Step.TRIED, words=done.words, result=done.result.value, now=now)
    if mail.state == OutboundState.FAILED:
        _tell_failure(mail, done, now)
    return done


def _attempt(mail: OutboundMail) -> Attempt:
    try:
        server = SmtpServer.read(settings.SMTP_URL)
    except UnusableSmtpUrl as refusal:
        return Attempt(Result.UNREACHABLE, str(refusal), Trouble.NO_SUCH_SERVER)
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
    mail.error = "" if done.result is Result.SENT else bounces.clean(done.words)
    mail.trouble = done.trouble or ""
    mail.next_attempt_at = None
    if done.result is Result.SENT:
        mail.state, mail.sent_at, mail.failed_at = OutboundState.SENT, now, None
        if mail.kind == OutboundKind.ACCOUNT:
            mail.text = mail.html = ""  # it held a way to log in
        return
    if done.result is not Result.REFUSED:
        mail.next_attempt_at = next_attempt(mail.attempts, now=now)
    if mail.next_attempt_at is None:
        mail.state, mail.failed_at = OutboundState.FAILED, now


def _tell_failure(mail: OutboundMail, done: Attempt, now: datetime) -> None:
    """The ticket tells it, and an address that does not exist is marked."""
    meaning = meaning_of(done.words)
    if done.trouble is meaning.trouble:  # about the other side, not about our server or the mail itself
        bounces.mark(mail.recipient, meaning, done.words, now=now)
    bounces.tell_ticket(mail, now=now)


@transaction.atomic
def resend(mail: OutboundMail, *, by: User, now: datetime) -> None:
    """Deliver a mail again that failed, or that stayed in the folder; raises `NotUndelivered`, `StaysInFolder`."""
    if outbox.stays_in_folder(the_desk()):
        raise StaysInFolder(_("Mail stays in the folder here: this is a demo, or no mail server is set."))
    changed = OutboundMail.objects.filter(
        pk=mail.pk, state__in=[OutboundState.FAILED, OutboundState.KEPT]
    ).update(
        state=OutboundState.QUEUED, attempts=0, error="", trouble="", failed_at=None, next_attempt_at=now
    )
    if not changed:
        raise NotUndelivered(_("This mail is on its way already, or has arrived."))
    record("resend", mail, by=by, now=now)
    jobs.defer(jobs.DELIVER, outbound=mail.pk)
