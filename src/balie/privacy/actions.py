"""Every write for the privacy law: exports, erasures, retention."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta

from django.db import transaction

from balie.accounts.models import Agent, Role, User
from balie.audit.actions import record
from balie.customers.models import Contact
from balie.desk.queries import the_desk
from balie.mail.jobs import defer
from balie.privacy import erasing, exporting, retention
from balie.privacy.models import Erasure, Export, Retention
from balie.privacy.persons import Person
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed, Refusal

EXPORT = "privacy.export"
ERASE = "privacy.erase"
CAN_BE_FETCHED_FOR = timedelta(days=7)
IN_MEMORY = 20_000_000  # bytes of a ZIP; a larger one is made on disk


class NotTyped(Refusal):
    """What had to be typed to confirm was not typed."""


class OnlyAdministrator(Refusal):
    """The only administrator cannot be erased."""


@transaction.atomic
def ask_export(person: Person, *, by: User, now: datetime) -> Export:
    """Let the worker gather everything about a person, for `by` to fetch within a week."""
    export = Export.objects.create(
        contact=person.contact,
        user=person.user,
        asked_by=by,
        asked_at=now,
        total=exporting.parts(),
        expires_at=now + CAN_BE_FETCHED_FOR,
    )
    record("export_person", _subject(person), by=by, now=now)
    defer(EXPORT, export=export.pk)
    return export


def make_export(key: int, *, now: datetime) -> None:
    """Make the file of an export; safe to run twice. One that was erased meanwhile is left alone."""
    export = Export.objects.select_related("contact__user", "user").filter(pk=key, finished_at=None).first()
    if export is None:
        return
    person = Person.of_contact(export.contact) if export.contact else Person.of_user(_user(export))
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as target:
        for done, _key in enumerate(exporting.write(person, target, desk=the_desk().name, now=now), start=1):
            Export.objects.filter(pk=key).update(done=done)
        with transaction.atomic():
            file = exporting.as_file(target)
            kept = Export.objects.filter(pk=key).update(file=file, finished_at=now)
        if not kept:
            retention.discard_later({file})


def file_for(export: Export, *, by: User, now: datetime) -> Export:
    """The export, when `by` asked for it and its time has not passed; on the record. Raises `NotAllowed`."""
    if export.asked_by_id != by.pk or export.finished_at is None or export.expires_at <= now:
        raise NotAllowed(_("This export cannot be fetched any more, or is for somebody else."))
    record("fetch_export", export, by=by, now=now)
    return export


@transaction.atomic
def ask_erasure(person: Person, *, typed: str, with_files: bool, by: User, now: datetime) -> Erasure:
    """Let the worker take a person out of everything; irreversible. Raises `NotTyped` and `OnlyAdministrator`.

    `typed` must be the address that the person has now. Asked twice is one erasure.
    """
    row = _subject(person)
    if typed.strip().lower() != row.email.lower():
        raise NotTyped(_("Type the mail address of the person to confirm."))
    _refuse_only_administrator(person)
    type(row).objects.select_for_update().get(pk=row.pk)
    keys = {
        "contact_key": person.contact.pk if person.contact else None,
        "user_key": person.user.pk if person.user else None,
    }
    if running := Erasure.objects.filter(**keys, finished_at=None).first():
        return running
    order = Erasure.objects.create(**keys, by=by, at=now, with_files=with_files, counts=erasing.count(person))
    record("ask_erasure", order, by=by, now=now, with_files=with_files)
    defer(ERASE, erasure=order.pk)
    return order


def erase(key: int, *, now: datetime) -> None:
    """Do an erasure, a step in a transaction; safe to run twice, and goes on where a killed one was."""
    while _erase_step(key, now=now):
        pass


@transaction.atomic
def _erase_step(key: int, *, now: datetime) -> bool:
    """Make the next step; answers whether there can be more."""
    order = Erasure.objects.select_for_update().select_related("by").filter(pk=key, finished_at=None).first()
    if order is None:
        return False
    erasing.STEPS[order.done](_person_of(order), with_files=order.with_files)
    order.done += 1
    if order.done == len(erasing.STEPS):
        order.finished_at = now
        record("erase_person", order, by=order.by, now=now, counts=order.counts, with_files=order.with_files)
    order.save(update_fields=["done", "finished_at"])
    return order.finished_at is None


def _person_of(order: Erasure) -> Person:
    """The person as far as it is still there."""
    return Person(
        Contact.objects.select_related("user").filter(pk=order.contact_key or 0).first(),
        User.objects.filter(pk=order.user_key or 0).first(),
    )


@transaction.atomic
def keep_for(kind: str, days: int | None, *, by: User, now: datetime) -> None:
    """Delete data of this kind after so many days from now on; `None`: keep it."""
    before = Retention.objects.select_for_update().filter(kind=kind).first()
    was = before.days if before else None
    if was == days:
        return
    if days is None:
        Retention.objects.filter(kind=kind).delete()
    else:
        Retention.objects.update_or_create(kind=kind, defaults={"days": days, "changed_at": now})
    record("keep_for", the_desk(), by=by, now=now, kind=kind, days=[was, days])


def delete_due(*, now: datetime) -> dict[str, int]:
    """Delete what every switched-on kind says is due, and exports whose time has passed; answers how many of each."""
    done = {}
    for rule in Retention.objects.filter(kind__in=list(retention.KINDS)):
        count = retention.forget(rule.kind, days=rule.days, now=now)
        Retention.objects.filter(pk=rule.pk).update(last_run_at=now, last_count=count)
        if count:
            record("delete_due", rule, by=None, now=now, kind=rule.kind, days=rule.days, count=count)
        done[rule.kind] = count
    done["exports"] = _delete_expired_exports(now)
    return done


@transaction.atomic
def _delete_expired_exports(now: datetime) -> int:
    expired = Export.objects.filter(expires_at__lte=now).select_related("file")
    orphans = {each.file for each in expired if each.file is not None}
    count, _rows = expired.delete()
    retention.discard_later(orphans)
    return count


def _refuse_only_administrator(person: Person) -> None:
    others = Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True, user__is_active=True)
    if (
        person.user
        and others.filter(user=person.user).exists()
        and not others.exclude(user=person.user).exists()
    ):
        raise OnlyAdministrator(_("This is the only administrator; make somebody else one first."))


def _subject(person: Person) -> Contact | User:
    row = person.contact or person.user
    assert row is not None
    return row


def _user(export: Export) -> User:
    assert export.user is not None
    return export.user
