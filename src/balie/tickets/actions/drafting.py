"""Keeping what a contact is still writing, with the files that were sent ahead of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from balie.customers.models import Contact
from balie.files import actions as files
from balie.files.models import File
from balie.prepared import Given, Prepared
from balie.tickets.actions.messages import OpenForm, Upload
from balie.tickets.models import Draft, DraftFile, Message, Ticket

MOST_DRAFTS = 20
"""Of one contact; the ones that were not touched for the longest time make room."""
KEPT = timedelta(days=30)
BATCH = 200


@transaction.atomic
def save_draft(
    contact: Contact, form: OpenForm, *, fields: Mapping[str, Any], ticket: Ticket | None, now: datetime
) -> Draft | None:
    """Keep what the form holds now; `None` when it has been sent already.

    When another tab saved the same draft after this form was filled from it, this form gets a draft of its own.
    """
    if Message.objects.filter(submission=form.submission).exists():
        return None
    draft = _own(contact, form, ticket, now)
    draft.fields, draft.saved_at, draft.dropped_at = dict(fields), now, None
    draft.revision, draft.writer = draft.revision + 1, form.submission
    draft.save()
    return draft


@transaction.atomic
def attach(
    contact: Contact, form: OpenForm, upload: Upload, *, ticket: Ticket | None, now: datetime
) -> Draft:
    """Keep a file for the form. The same content twice is one file."""
    draft = _own(contact, form, ticket, now)
    draft.saved_at, draft.dropped_at = now, None
    draft.save(update_fields=["saved_at", "dropped_at"])
    DraftFile.objects.get_or_create(
        draft=draft,
        file=files.store(upload.content),
        defaults={"name": upload.name[:200], "content_type": upload.content_type[:120]},
    )
    return draft


@transaction.atomic
def detach(contact: Contact, form: OpenForm, sha256: str, *, now: datetime) -> None:
    """Leave a file out after all; one that is not there is left out already."""
    if (draft := find_draft(contact, form)) is None:
        return
    draft = _own(contact, form, draft.ticket, now)
    for each in draft.files.filter(file__sha256=sha256).select_related("file"):
        each.delete()
        files.discard(each.file)


def find_draft(contact: Contact, form: OpenForm) -> Draft | None:
    """The draft that belongs to this form: its own, else the one it was filled from unless another tab has it now."""
    rows = _DRAFTS.all(contact=contact.pk, key=form.key, submission=form.submission)
    kept = {each.key: each for each in rows}
    if form.submission in kept:
        return kept[form.submission]
    draft = kept.get(form.key)
    return draft if draft is not None and _is_ours(draft, form) else None


def newest_draft(contact: Contact, ticket: Ticket | None) -> Draft | None:
    """What this contact was writing last: on `ticket`, or as a new question."""
    if ticket is None:
        return _NEWEST.first(contact=contact.pk)
    return _NEWEST_ON.first(contact=contact.pk, ticket=ticket.pk)


def drop_draft(contact: Contact, key: UUID, *, now: datetime) -> bool:
    """Start over: the draft is not offered any more. Until it is cleaned up it can be brought back."""
    return bool(Draft.objects.filter(contact=contact, key=key, dropped_at=None).update(dropped_at=now))


def bring_back_draft(contact: Contact, key: UUID, *, now: datetime) -> bool:
    """Undo `drop_draft`; answers whether it was still there."""
    return bool(Draft.objects.filter(contact=contact, key=key).update(dropped_at=None, saved_at=now))


@transaction.atomic(savepoint=False)
def end_draft(contact: Contact, form: OpenForm) -> None:
    """Forget the draft of a form that has been sent; its files stay with the message."""
    if (draft := find_draft(contact, form)) is not None:
        draft.delete()


def clean_up_drafts(*, now: datetime) -> int:
    """Forget drafts that nobody touched for `KEPT`, with the files that came with nothing else. Safe to run twice."""
    forgotten = 0
    while keys := list(Draft.objects.filter(saved_at__lt=now - KEPT).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            forgotten += _forget(keys)
    return forgotten


def _own(contact: Contact, form: OpenForm, ticket: Ticket | None, now: datetime) -> Draft:
    """The draft of this form, locked; a new one when it has none, with the files that it shows."""
    kept = Draft.objects.select_for_update().filter(contact=contact, key__in=_keys(form))
    by_key = {each.key: each for each in kept}
    shown = by_key.get(form.key)
    if form.submission in by_key:
        return by_key[form.submission]
    if shown is not None and _is_ours(shown, form):
        return shown
    draft, is_new = Draft.objects.get_or_create(
        contact=contact,
        key=form.key if shown is None else form.submission,
        defaults={"ticket": ticket, "saved_at": now, "writer": form.submission},
    )
    if is_new:
        _copy_files(shown, to=draft)
        _make_room(contact)
    return draft


_DRAFTS = Prepared(
    lambda: Draft.objects.filter(Q(key=Given("key")) | Q(key=Given("submission")), contact=Given("contact"))
)


_KEPT = Draft.objects.filter(dropped_at=None).order_by("-saved_at", "-pk")
_NEWEST = Prepared(lambda: _KEPT.filter(contact=Given("contact"), ticket=None)[:1])
_NEWEST_ON = Prepared(lambda: _KEPT.filter(contact=Given("contact"), ticket=Given("ticket"))[:1])


def _keys(form: OpenForm) -> set[UUID]:
    return {form.key, form.submission}


def _is_ours(draft: Draft, form: OpenForm) -> bool:
    return draft.writer == form.submission or draft.revision == form.revision


def _copy_files(shown: Draft | None, *, to: Draft) -> None:
    if shown is not None:
        DraftFile.objects.bulk_create(
            DraftFile(draft=to, file_id=each.file_id, name=each.name, content_type=each.content_type)
            for each in shown.files.all()
        )


def _make_room(contact: Contact) -> None:
    """Forget the oldest drafts over the limit: a thousand forms that were opened and left must not hurt."""
    kept = Draft.objects.filter(contact=contact).order_by("-saved_at", "-pk")
    if too_many := list(kept.values_list("pk", flat=True)[MOST_DRAFTS : MOST_DRAFTS + BATCH]):
        _forget(too_many)


def _forget(keys: Iterable[int]) -> int:
    kept = list(File.objects.filter(pk__in=DraftFile.objects.filter(draft__in=keys).values("file")))
    drafts = Draft.objects.filter(pk__in=keys)
    number = drafts.count()
    drafts.delete()
    for file in kept:
        files.discard(file)
    return number
