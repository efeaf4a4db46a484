"""Taking a person out of everything that we keep, step by step; nothing brings it back.

`actions.erase` makes each of the `STEPS` in a transaction of its own and goes on where it stopped. The order matters:
the door is shut first, what is deleted goes last but for the names, because until then it says what to look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from balie.accounts.models import User
from balie.audit import actions as audit
from balie.customers.models import Contact, Invitation, PhoneNumber
from balie.files.models import File
from balie.knowledge.models import Vote
from balie.mail.models import InboundState, OutboundMail
from balie.phone.models import Call, CallEvent, DialOrder, Extension, MissedCaller
from balie.privacy import holdings, retention
from balie.privacy.holdings import HOLDINGS, Fate
from balie.privacy.models import Export
from balie.privacy.persons import Person
from balie.tickets.models import (
    Attachment,
    CallRequest,
    DraftFile,
    Message,
    Ticket,
    TicketEvent,
    TimeEntry,
)

BATCH = 500
_NOT_SIMPLY_DELETED = {"login", "mail_in", "draft_files"}


def count(person: Person) -> dict[str, int]:
    """How many rows of each kind there are of a person."""
    return {each.key: each.rows(person).count() for each in HOLDINGS}


def _shut_the_door(person: Person, *, with_files: bool) -> None:
    """Nobody logs in or writes as this person while it is erased."""
    if person.contact is not None:
        Contact.objects.filter(pk=person.contact.pk).update(is_active=False)
    if person.user is not None:
        User.objects.filter(pk=person.user.pk).update(is_active=False)
        _end_sessions(person.user)


def _redact_messages(person: Person, *, with_files: bool) -> None:
    """What others wrote to the person names it too: whole tickets, not only its own messages."""
    messages = Message.objects.filter(_theirs(person) | Q(agent=person.user or 0))
    own = messages.filter(contact=person.contact or 0)
    own.update(quoted="", html="", has_remote_images=False)  # signatures, addresses, pictures of the person
    _redact_rows(Message, messages, ("text", "quoted", "html"), person)


def _redact_tickets(person: Person, *, with_files: bool) -> None:
    _redact_rows(Ticket, _conversations(person), ("subject", "decision"), person)
    attached = Attachment.objects.filter(message__ticket__in=_keys(person))
    _redact_rows(Attachment, attached, ("name",), person)
    CallRequest.objects.filter(ticket__contact=person.contact or 0).delete()
    _redact_rows(TimeEntry, TimeEntry.objects.filter(ticket__in=_keys(person)), ("note",), person)


def _redact_events(person: Person, *, with_files: bool) -> None:
    events = TicketEvent.objects.filter(_theirs(person) | Q(who__in=holdings.called(person)))
    _redact_rows(TicketEvent, events, ("who", "data"), person)


def _redact_letters(person: Person, *, with_files: bool) -> None:
    others = OutboundMail.objects.filter(_theirs(person)).exclude(person.is_sender("recipient"))
    _redact_rows(OutboundMail, others, ("subject", "text", "html"), person)
    invited = holdings.of_contact(Invitation, "invited_by")(person)
    _redact_rows(Invitation, invited, ("name",), person)


def _redact_record(person: Person, *, with_files: bool) -> None:
    """Who did what stays provable; the names and addresses in it go, also where others did something to the person."""
    mentioned = holdings.record(person)
    for name in (*person.names, *person.emails, *person.phones):
        mentioned = mentioned.model.objects.filter(
            Q(pk__in=mentioned.values("pk")) | Q(data__icontains=name) | Q(who__icontains=name)
        )
    audit.redact(mentioned, person.redact)


def _redact_votes(person: Person, *, with_files: bool) -> None:
    for vote in holdings.votes(person):
        Vote.objects.filter(pk=vote.pk).update(visitor=uuid4().hex * 2, why=person.redact(vote.why))


def _forget_mail(person: Person, *, with_files: bool) -> None:
    """What was worked on stays as a row without content, so that the same mail does not come in twice."""
    received = holdings.received(person)
    received.exclude(state=InboundState.DONE).delete()
    received.update(raw=b"", size=0, sender="", subject="", message_id_header="", error="", reasons=[])
    holdings.sent(person).delete()


def _forget_calls(person: Person, *, with_files: bool) -> None:
    """That a customer called stays, and what was decided; who called and from which number goes."""
    theirs = Call.objects.filter(Q(contact=person.contact or 0) | Q(caller__in=person.phones))
    CallEvent.objects.filter(call__in=theirs.values("pk")).update(data={})
    theirs.update(caller="", caller_text="", called="", contact=None)
    MissedCaller.objects.filter(caller__in=person.phones).delete()
    DialOrder.objects.filter(number__in=person.phones).delete()
    Extension.objects.filter(user=person.user or 0).update(user=None)


def _delete(person: Person, *, with_files: bool) -> None:
    """What goes as a whole, with the files that only it had."""
    orphans = set(_files(person, with_files=with_files))
    rows = [each.rows(person) for each in HOLDINGS if _is_simply_deleted(each)]
    if with_files:
        rows.append(holdings.attachments(person))
    for each in rows:
        each.delete()
    PhoneNumber.objects.filter(requested_by=person.contact or 0).update(requested_by=None)
    _exports(person).delete()
    retention.discard_later(orphans)


def _forget_login(person: Person, *, with_files: bool) -> None:
    user = person.user
    if user is None:
        return
    _end_sessions(user)
    if not person.is_agent:
        Contact.objects.filter(user=user).update(user=None)
        User.objects.filter(pk=user.pk).delete()
        return
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.name, user.email, user.is_active, user.last_login = person.pseudonym, person.new_email, False, None
    user.save()
    user.agent.is_active = False
    user.agent.save(update_fields=["is_active"])


def _forget_names(person: Person, *, with_files: bool) -> None:
    if person.contact is None:
        return
    Contact.objects.filter(pk=person.contact.pk).update(
        name=person.pseudonym,
        email=person.new_email,
        user=None,
        is_active=False,
        may_see_money=False,
        may_order=False,
        may_manage=False,
    )


Step = Callable[..., None]
STEPS: tuple[Step, ...] = (
    _shut_the_door,
    _redact_messages,
    _redact_tickets,
    _redact_events,
    _redact_letters,
    _redact_record,
    _redact_votes,
    _forget_mail,
    _forget_calls,
    _delete,
    _forget_login,
    _forget_names,
)
"""Each is called as `step(person, with_files=…)`, and may be called again for a person of whom it found everything."""


def _files(person: Person, *, with_files: bool) -> Iterable[File]:
    drafts = DraftFile.objects.filter(draft__contact=person.contact or 0)
    yield from (each.file for each in drafts.select_related("file"))
    exports = _exports(person).filter(file__isnull=False).select_related("file")
    yield from (each.file for each in exports if each.file is not None)
    if with_files:
        yield from (each.file for each in holdings.attachments(person).select_related("file"))


def _exports(person: Person) -> QuerySet[Export]:
    return Export.objects.filter(Q(contact=person.contact or 0) | Q(user=person.user or 0))


def _is_simply_deleted(holding: holdings.Holding) -> bool:
    return holding.fate is Fate.DELETED and holding.key not in _NOT_SIMPLY_DELETED


def _conversations(person: Person) -> QuerySet[Ticket]:
    """Where the person can be named: its own tickets, and those on which it worked."""
    at_work = Q(assigned_to=person.user or 0) | Q(messages__agent=person.user or 0)
    return Ticket.objects.filter(Q(pk__in=holdings.tickets_of(person).values("pk")) | at_work).distinct()


def _keys(person: Person) -> list[int]:
    return list(_conversations(person).values_list("pk", flat=True))


def _theirs(person: Person) -> Q:
    return Q(ticket__in=_keys(person))


def _end_sessions(user: User) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _redact_rows(model: type[Model], rows: QuerySet[Any], fields: tuple[str, ...], person: Person) -> None:
    """Take the person out of these fields, and save only the rows that named it."""
    changed: list[Any] = []
    for row in rows.only("pk", *fields).iterator(chunk_size=BATCH):
        before = {name: getattr(row, name) for name in fields}
        after = {name: _fitting(model, name, person.redact(value)) for name, value in before.items()}
        if after != before:
            for name, value in after.items():
                setattr(row, name, value)
            changed.append(row)
    model._default_manager.bulk_update(changed, fields, batch_size=BATCH)


def _fitting(model: type[Model], name: str, value: Any) -> Any:
    longest = getattr(model._meta.get_field(name), "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value
