"""Every write about the ways in, other than the messages themselves: how mailboxes stand, alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from balie.desk.models import Desk
from balie.mail import jobs
from balie.mail.administrators import administrators
from balie.mail.ways_in import queries
from balie.mail.ways_in.models import Alarm, AlarmKind, Fetched, Mailbox
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.tickets.facts import Situation


def note_look(mailbox: Mailbox, *, now: datetime) -> None:
    """The mailbox was reached and emptied."""
    Mailbox.objects.filter(pk=mailbox.pk).update(looked_at=now, unreachable_since=None, trouble={})


def note_trouble(mailbox: Mailbox, trouble: Refusal, *, now: datetime) -> None:
    """The mailbox could not be emptied; since when is kept from the first time on."""
    Mailbox.objects.filter(pk=mailbox.pk).update(trouble=trouble.reason.as_json())
    Mailbox.objects.filter(pk=mailbox.pk, unreachable_since=None).update(unreachable_since=now)


def begin_anew(mailbox: Mailbox) -> None:
    """It is another folder now: the next look is the first."""
    Fetched.objects.filter(mailbox=mailbox).delete()
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uid_validity=None, first_uid=0, last_uid=0, looked_at=None, unreachable_since=None, trouble={}
    )


def see_to_it() -> None:
    """Have a worker look at the mailboxes that are on, at once instead of within a minute."""
    jobs.defer(jobs.WATCH, timestamp=0)


def watch(situation: Situation) -> None:
    """Raise the alarms that are due, and end those that are over."""
    _watch_mailboxes(situation)
    _watch_silence(situation)


def _watch_mailboxes(situation: Situation) -> None:
    for mailbox in Mailbox.objects.filter(is_on=True, unreachable_since__isnull=False):
        assert mailbox.unreachable_since is not None
        if situation.now - mailbox.unreachable_since >= timedelta(minutes=mailbox.alarm_after_minutes):
            _raise(AlarmKind.UNREACHABLE, Reason.from_json(mailbox.trouble), situation, mailbox=mailbox)
    over = Alarm.objects.filter(kind=AlarmKind.UNREACHABLE, ended_at=None)
    over = over.filter(mailbox__unreachable_since=None) | over.filter(mailbox__is_on=False)
    over.update(ended_at=situation.now)


def _watch_silence(situation: Situation) -> None:
    silence = queries.unusual_silence(situation)
    if silence is None:
        Alarm.objects.filter(kind=AlarmKind.SILENCE, ended_at=None).update(ended_at=situation.now)
        return
    reason = Reason(
        _("No mail has come in since %(since)s. That is unusual: after %(hours)s open hours you are told."),
        {"since": silence.since.isoformat(), "hours": round(silence.limit / timedelta(hours=1), 1)},
    )
    _raise(AlarmKind.SILENCE, reason, situation)


@transaction.atomic
def _raise(kind: AlarmKind, reason: Reason, situation: Situation, *, mailbox: Mailbox | None = None) -> None:
    """Raise an alarm and mail it, once; while it rings only its reason is kept up to date."""
    alarm, is_new = Alarm.objects.get_or_create(
        kind=kind,
        mailbox=mailbox,
        ended_at=None,
        defaults={"began_at": situation.now, "reason": reason.as_json()},
    )
    if is_new:
        _mail(alarm, situation.row)
    elif alarm.reason != reason.as_json():
        alarm.reason = reason.as_json()
        alarm.save(update_fields=["reason"])


def _mail(alarm: Alarm, desk: Desk) -> None:
    """Tell every administrator in their own language."""
    for person in administrators():
        with translation.override(getattr(person, "language", "") or desk.language):
            send_mail(
                gettext("%(desk)s: look at the mail that comes in") % {"desk": desk.name},
                "\n\n".join(
                    [queries.sentence(alarm, desk=desk), gettext("You are told once until it is over.")]
                ),
                None,
                [person.email],
            )
