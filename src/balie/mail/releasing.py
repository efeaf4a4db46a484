"""What an agent decides about mail that waits: who wrote it, that it is no spam after all, or that it is not for us.

What was let through is worked on a few moments later, so that a click can be taken back before anybody is answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Customer
from balie.desk.queries import the_desk
from balie.mail import jobs, steps
from balie.mail.facts import mail_rules
from balie.mail.models import ASIDE, InboundMail, InboundOutcome, InboundState, MailStep, Step
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo

SECONDS_TO_TAKE_BACK = 10
ATTEMPTS_WHEN_RELEASED = 1
"""What waits for its moment has this many; `mail.actions` counts on from there."""


class NothingWaits(NoLongerSo):
    """Somebody decided about this mail before, or it is a ticket by now."""


@transaction.atomic
def release(mail: InboundMail, *, at: Customer | None, by: User, now: datetime) -> None:
    """Let a mail through that waited or was spam: it becomes a ticket, of its sender placed `at` this customer.

    Somebody who is a contact already stays where it is. Raises `NothingWaits`.
    """
    mail = _locked(mail, ASIDE)
    due = now + timedelta(seconds=SECONDS_TO_TAKE_BACK)
    _store(
        mail,
        state=InboundState.STORED,
        released_by=by,
        released_to=at,
        attempts=ATTEMPTS_WHEN_RELEASED,
        next_attempt_at=due,
    )
    _say(mail, "release", Step.RELEASED, by, now, customer=at.pk if at else None, was=mail.outcome)
    jobs.defer_at(jobs.PROCESS, due, inbound=mail.pk)


@transaction.atomic
def refuse(mail: InboundMail, *, by: User, now: datetime) -> None:
    """Say that a mail which waited is not for the desk: no ticket, no answer. Raises `NothingWaits`."""
    mail = _locked(mail, ASIDE)
    was = mail.outcome
    _store(mail, state=InboundState.DONE, outcome=InboundOutcome.NOT_OURS, processed_at=now)
    _say(mail, "refuse", Step.REFUSED, by, now, was=was)


@transaction.atomic
def take_back(mail: InboundMail, *, by: User, now: datetime) -> None:
    """Undo `refuse`, and `release` as long as nothing was done: it waits again. Raises `NothingWaits`."""
    mail = _locked(mail, (InboundState.STORED, InboundState.DONE))
    is_released = mail.state == InboundState.STORED and mail.released_by_id is not None
    is_refused = mail.state == InboundState.DONE and mail.outcome == InboundOutcome.NOT_OURS
    if not (is_released or is_refused):
        raise _nothing()
    last = MailStep.objects.filter(inbound=mail.pk, step__in=[Step.RELEASED, Step.REFUSED]).latest("id")
    was = str(last.data["was"])
    _store(
        mail,
        state=InboundState.SPAM if was == InboundOutcome.SPAM else InboundState.WAITING,
        outcome=was,
        released_by=None,
        released_to=None,
        attempts=0,
        next_attempt_at=None,
    )
    _say(mail, "take_back", Step.TAKEN_BACK, by, now)


def forget_spam(*, now: datetime) -> int:
    """Let spam go that was kept long enough; answers how many. That it came stays, not who sent it and what it said."""
    days = mail_rules(the_desk()).settings.spam_kept_days
    old = InboundMail.objects.filter(state=InboundState.SPAM, received_at__lt=now - timedelta(days=days))
    return old.update(state=InboundState.DONE, raw=b"", sender="", subject="", reasons=[])


def _locked(mail: InboundMail, states: tuple[str, ...]) -> InboundMail:
    found = InboundMail.objects.select_for_update(of=("self",)).filter(pk=mail.pk, state__in=states).first()
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NothingWaits:
    return NothingWaits(_("Somebody decided about this mail already."))


def _store(mail: InboundMail, **values: object) -> None:
    InboundMail.objects.filter(pk=mail.pk).update(**values)


def _say(mail: InboundMail, action: str, step: Step, by: User, now: datetime, **data: object) -> None:
    record(action, mail, by=by, now=now, **data)
    steps.note_inbound([(mail.pk, step, {"by": by.pk, **data})], now=now)
