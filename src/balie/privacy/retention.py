"""How long each kind of data is kept: a table of kinds, each with what is due and how it goes, a batch at a time.

Nothing of a kind without days is deleted. What is due is counted before a kind is switched on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from balie.audit import actions as audit
from balie.audit.models import Entry
from balie.customers.models import AddressClaim, Invitation
from balie.files import actions as files
from balie.files.models import File
from balie.mail.models import InboundMail, InboundState, OutboundMail, OutboundState
from balie.phone.models import Call
from balie.rules.lifecycle import ENDED
from balie.tickets.models import Attachment, Draft

BATCH = 200
_ENDED = [state.value for state in ENDED]

Due = Callable[[datetime], QuerySet[Any]]
Forget = Callable[[Sequence[int]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data. `due`: what is older than a moment. `forget`: what happens to rows with these keys.

    `hint`: what the law or good sense says. `proposed`: days to begin with.
    """

    name: Any
    hint: Any
    proposed: int
    due: Due
    forget: Forget


def due(kind: str, *, days: int, now: datetime) -> QuerySet[Any]:
    """The rows of a kind that would go now."""
    return KINDS[kind].due(now - timedelta(days=days))


def forget(kind: str, *, days: int, now: datetime) -> int:
    """Delete everything of a kind that is due, in batches of their own transaction; answers how many.

    Safe to run twice and to be killed: what is gone is gone, the rest is due again.
    """
    done = 0
    while keys := list(due(kind, days=days, now=now).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            KINDS[kind].forget(keys)
        done += len(keys)
    return done


def _raw_mail(before: datetime) -> QuerySet[InboundMail]:
    done = InboundMail.objects.filter(state=InboundState.DONE, received_at__lt=before)
    return done.exclude(raw=b"")


def _empty_raw_mail(keys: Sequence[int]) -> None:
    InboundMail.objects.filter(pk__in=keys).update(raw=b"")


def _letters(before: datetime) -> QuerySet[OutboundMail]:
    return OutboundMail.objects.filter(created_at__lt=before).exclude(state=OutboundState.QUEUED)


def _attachments(before: datetime) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__ticket__state__in=_ENDED, message__ticket__closed_at__lt=before)


def _forget_attachments(keys: Sequence[int]) -> None:
    rows = Attachment.objects.filter(pk__in=keys).select_related("file")
    orphans = {each.file for each in rows}
    rows.delete()
    discard_later(orphans)


def _drafts(before: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(saved_at__lt=before)


def _forget_drafts(keys: Sequence[int]) -> None:
    rows = Draft.objects.filter(pk__in=keys)
    orphans = {each.file for row in rows.prefetch_related("files__file") for each in row.files.all()}
    rows.delete()
    discard_later(orphans)


def _deleted(model: Any) -> Forget:
    def delete(keys: Sequence[int]) -> None:
        model._default_manager.filter(pk__in=keys).delete()

    return delete


def discard_later(orphans: set[File]) -> None:
    """Forget files that nothing refers to any more, once the running transaction is committed."""
    for file in orphans:
        transaction.on_commit(lambda file=file: files.discard(file))  # type: ignore[misc]


KINDS: Mapping[str, Kind] = {
    "raw_mail": Kind(
        _("Mail as it came in"),
        _(
            "The message and its files are on the ticket; the raw mail is only needed to look something up. "
            "A quarter is enough for most."
        ),
        90,
        _raw_mail,
        _empty_raw_mail,
    ),
    "letters": Kind(
        _("Mail that we sent"),
        _("Its text is on the ticket too. Keep it as long as somebody can say not to have had it."),
        730,
        _letters,
        _deleted(OutboundMail),
    ),
    "attachments": Kind(
        _("Files of closed tickets"),
        _("Pictures and documents often show more persons than needed. The conversation itself stays."),
        730,
        _attachments,
        _forget_attachments,
    ),
    "calls": Kind(
        _("Telephone calls"),
        _(
            "Who called when, and what became of it. What was agreed is on the ticket. Two years are enough for most."
        ),
        730,
        lambda before: Call.objects.filter(ended_at__lt=before),
        _deleted(Call),
    ),
    "drafts": Kind(
        _("Drafts that were not sent"),
        _("Nobody handed them in: keep them only as long as somebody may want to go on."),
        30,
        _drafts,
        _forget_drafts,
    ),
    "claims": Kind(
        _("Claims of a login that ended"),
        _("Proof of who got access to an account. A year is usual."),
        365,
        lambda before: AddressClaim.objects.filter(ended_at__lt=before),
        _deleted(AddressClaim),
    ),
    "invitations": Kind(
        _("Invitations"),
        _("Names and addresses of people who may never have come. They work for a week."),
        90,
        lambda before: Invitation.objects.filter(invited_at__lt=before),
        _deleted(Invitation),
    ),
    "sessions": Kind(
        _("Logins that ran out"),
        _("They let nobody in any more."),
        1,
        lambda before: Session.objects.filter(expire_date__lt=before),
        _deleted(Session),
    ),
    "record": Kind(
        _("The record"),
        _(
            "Who did what. Bookkeeping must be provable for seven years; without a reason do not make this shorter."
        ),
        2557,
        lambda before: Entry.objects.filter(at__lt=before),
        audit.forget,
    ),
}
