"""Taking a person out of everything that we keep. Called in one transaction by `actions.erase`; nothing brings it back.

What is deleted goes first; then names, addresses and numbers are taken out of what stays, and last the contact and the
login lose their own, because until then they say what to look for.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from balie.privacy import holdings
from balie.privacy.holdings import HOLDINGS, Fate
from balie.privacy.models import Export
from balie.privacy.persons import Person
from balie.tickets.models import Attachment, CallRequest, DraftFile, Message, Ticket, TicketEvent

BATCH = 500
_NOT_SIMPLY_DELETED = {"login", "mail_in", "draft_files"}


def erase(person: Person, *, with_files: bool) -> tuple[dict[str, int], list[File]]:
    """Erase; answers how many rows of each kind it touched, and files that perhaps nobody needs any more."""
    counts = {each.key: each.rows(person).count() for each in HOLDINGS}
    orphans = list(_files(person, with_files=with_files))
    involved = list(_conversations(person).values_list("pk", flat=True))
    _redact_conversations(person, involved)
    _redact_record(person)
    _redact_votes(person)
    _forget_mail(person)
    for holding in HOLDINGS:
        if holding.fate is Fate.DELETED and holding.key not in _NOT_SIMPLY_DELETED:
            holding.rows(person).delete()
    if with_files:
        holdings.attachments(person).delete()
    _redact_rows(Invitation, holdings.of_contact(Invitation, "invited_by")(person), ("name",), person)
    PhoneNumber.objects.filter(requested_by=person.contact or 0).update(requested_by=None)
    Export.objects.filter(Q(contact=person.contact or 0) | Q(user=person.user or 0)).delete()
    _forget_login(person)
    _forget_names(person)
    return counts, orphans


def _files(person: Person, *, with_files: bool) -> Iterable[File]:
    yield from (
        each.file
        for each in DraftFile.objects.filter(draft__contact=person.contact or 0).select_related("file")
    )
    exports = Export.objects.filter(
        Q(contact=person.contact or 0) | Q(user=person.user or 0), file__isnull=False
    )
    yield from (each.file for each in exports.select_related("file") if each.file is not None)
    if with_files:
        yield from (each.file for each in holdings.attachments(person).select_related("file"))


def _conversations(person: Person) -> QuerySet[Ticket]:
    """Where the person can be named: its own tickets, and those on which it worked."""
    at_work = Q(assigned_to=person.user or 0) | Q(messages__agent=person.user or 0)
    return Ticket.objects.filter(Q(pk__in=holdings.tickets_of(person).values("pk")) | at_work).distinct()


def _redact_conversations(person: Person, involved: list[int]) -> None:
    """What others wrote to the person names it too: whole tickets, not only its own messages."""
    theirs = Q(ticket__in=involved)
    messages = Message.objects.filter(theirs | Q(agent=person.user or 0))
    own = messages.filter(contact=person.contact or 0)
    own.update(quoted="", html="", has_remote_images=False)  # signatures, addresses, pictures of the person
    _redact_rows(Message, messages, ("text", "quoted", "html"), person)
    _redact_rows(Ticket, Ticket.objects.filter(pk__in=involved), ("subject", "decision"), person)
    _redact_rows(
        TicketEvent,
        TicketEvent.objects.filter(theirs | Q(who__in=holdings.called(person))),
        ("who", "data"),
        person,
    )
    _redact_rows(Attachment, Attachment.objects.filter(message__ticket__in=involved), ("name",), person)
    CallRequest.objects.filter(ticket__contact=person.contact or 0).delete()
    others = OutboundMail.objects.filter(theirs).exclude(person.is_sender("recipient"))
    _redact_rows(OutboundMail, others, ("subject", "text", "html"), person)


def _redact_record(person: Person) -> None:
    """Who did what stays provable; the names and addresses in it go, also where others did something to the person."""
    mentioned = holdings.record(person)
    for name in (*person.names, *person.emails, *person.phones):
        mentioned = mentioned.model.objects.filter(
            Q(pk__in=mentioned.values("pk")) | Q(data__icontains=name) | Q(who__icontains=name)
        )
    audit.redact(mentioned, person.redact)


def _redact_votes(person: Person) -> None:
    for vote in holdings.votes(person):
        Vote.objects.filter(pk=vote.pk).update(visitor=uuid4().hex * 2, why=person.redact(vote.why))


def _forget_mail(person: Person) -> None:
    """What was worked on stays as a row without content, so that the same mail does not come in twice."""
    received = holdings.received(person)
    received.exclude(state=InboundState.DONE).delete()
    received.update(raw=b"", size=0, sender="", subject="", message_id_header="", error="", reasons=[])
    holdings.sent(person).delete()


def _forget_login(person: Person) -> None:
    user = person.user
    if user is None:
        return
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
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


def _forget_names(person: Person) -> None:
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
